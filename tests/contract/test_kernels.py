"""Every kernel keeps the promise of `models.kernels`."""

from collections.abc import Callable

import numpy as np
import pytest

from g7warn.models.kernels.alps import score_alps
from g7warn.models.kernels.growth import expanding_percentile, growth_percentile, log_change
from g7warn.models.kernels.ifpa import score_ifpa
from g7warn.models.kernels.moves import largest_move, reversal
from g7warn.models.kernels.record import record_age
from g7warn.models.kernels.robust import change_z, robust_z
from g7warn.models.kernels.variability import excessive_variability

Kernel = Callable[[np.ndarray], np.ndarray]

KERNELS: dict[str, Kernel] = {
    "log_change": lambda x: log_change(x, periods=3),
    "expanding_percentile": expanding_percentile,
    "growth_percentile": growth_percentile,
    "robust_z": robust_z,
    "change_z": change_z,
    "record_age_high": lambda x: record_age(x, is_high=True),
    "record_age_low": lambda x: record_age(x, is_high=False),
    "alps": score_alps,
    "ifpa": score_ifpa,
    "largest_rise": lambda x: largest_move(x, is_up=True),
    "largest_fall": lambda x: largest_move(x, is_up=False),
    "reversal": lambda x: reversal(x, is_up=True),
    "variability": lambda x: excessive_variability(x, is_up=True)[1],
}
each_kernel = pytest.mark.parametrize("kernel", [pytest.param(k, id=n) for n, k in KERNELS.items()])


def build_matrix(*, n_rows: int = 6, n_times: int = 420, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.cumsum(rng.standard_t(5, size=(n_rows, n_times)) * 0.04, axis=1) + 7.0
    values[1, 100:110] = np.nan
    values[2, :60] = np.nan
    return values


@each_kernel
def test_the_shape_is_kept_and_the_input_is_not_written_to(kernel: Kernel) -> None:
    values = build_matrix()
    values.flags.writeable = False
    assert kernel(values).shape == values.shape


@each_kernel
def test_a_wild_future_leaves_the_past_as_it_was(kernel: Kernel) -> None:
    values = build_matrix()
    wild = values.copy()
    wild[:, 350:] = 40.0 - wild[:, 350:]
    np.testing.assert_array_equal(kernel(wild)[:, :350], kernel(values)[:, :350])


@each_kernel
def test_a_cut_future_leaves_the_past_as_it_was(kernel: Kernel) -> None:
    values = build_matrix()
    np.testing.assert_array_equal(kernel(values[:, :350].copy()), kernel(values)[:, :350])


@each_kernel
def test_the_same_input_gives_the_same_bits(kernel: Kernel) -> None:
    np.testing.assert_array_equal(kernel(build_matrix()), kernel(build_matrix()))


@each_kernel
def test_a_missing_value_has_no_score(kernel: Kernel) -> None:
    assert np.isnan(kernel(build_matrix())[1, 100:110]).all()


@each_kernel
def test_rows_do_not_disturb_one_another(kernel: Kernel) -> None:
    values = build_matrix()
    np.testing.assert_array_equal(kernel(values[3:4].copy())[0], kernel(values)[3])


@each_kernel
def test_another_price_unit_changes_no_score(kernel: Kernel) -> None:
    values = build_matrix()
    np.testing.assert_allclose(
        kernel(values + np.log(1000.0)), kernel(values), rtol=1e-6, atol=1e-8, equal_nan=True
    )


@each_kernel
def test_a_single_point_gives_no_error_and_no_alarm(kernel: Kernel) -> None:
    scores = kernel(np.array([[4.0]]))
    assert np.isnan(scores[0, 0]) or scores[0, 0] in {0.0, 1.0}


@each_kernel
def test_a_constant_series_gives_a_calm_score_or_none(kernel: Kernel) -> None:
    newest = kernel(np.full((1, 420), 4.0))[0, -1]
    assert np.isnan(newest) or newest in {0.0, 0.5, 1.0}


@each_kernel
def test_blocks_of_rows_on_threads_give_what_one_block_gives(kernel: Kernel) -> None:
    values = np.tile(build_matrix(n_times=300), (700, 1))
    np.testing.assert_array_equal(kernel(values)[-6:], kernel(build_matrix(n_times=300)))
