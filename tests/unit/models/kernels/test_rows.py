import numpy as np
import pytest

from g7warn.models.forecast.volatility import DECAY, trace_volatility
from g7warn.models.kernels import rows
from g7warn.models.kernels.moves import largest_move
from g7warn.models.kernels.rows import BLOCK_ROWS, run_blocks


@pytest.mark.parametrize("n_rows", [0, 1, BLOCK_ROWS, BLOCK_ROWS + 1, 3 * BLOCK_ROWS])
def test_every_row_is_in_exactly_one_block(n_rows: int) -> None:
    visits = np.zeros(n_rows, dtype=int)

    def visit(block: slice) -> None:
        visits[block] += 1

    run_blocks(visit, n_rows)
    assert (visits == 1).all()


def test_an_error_in_a_block_reaches_the_caller() -> None:
    def fail(block: slice) -> None:
        raise ValueError(block.start)

    with pytest.raises(ValueError, match=r"^0$"):
        run_blocks(fail, 2 * BLOCK_ROWS)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_number_of_threads_changes_no_bit(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    six = np.cumsum(np.random.default_rng(2).normal(0.0, 0.05, size=(6, 60)), axis=1)
    many = np.tile(six, (BLOCK_ROWS, 1))
    monkeypatch.setattr(rows, "THREADS", threads)
    for part in (0, 1):
        alone, tiled = (trace_volatility(values, DECAY)[part] for values in (six, many))
        np.testing.assert_array_equal(tiled, np.tile(alone, (BLOCK_ROWS, 1)))
    moves = largest_move(many, is_up=True)
    np.testing.assert_array_equal(moves, np.tile(largest_move(six, is_up=True), (BLOCK_ROWS, 1)))
