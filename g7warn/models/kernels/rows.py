"""Check a matrix, and work on blocks of its rows on two threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from g7warn.errors import ValidationFailed
from g7warn.models.compiled import FloatArray

THREADS: Final = 2
"""Blocks run at once. Compiled loops release the interpreter lock; plain threads survive the
forks of a task runner, which numba's own thread layers do not."""

BLOCK_ROWS: Final = 2_000
"""Rows of a block: 4 MB of 240 months, so that what a kernel writes is still near the processor
when it is read again. A matrix of one block is done before a second thread has started."""


def check_matrix(values: FloatArray) -> None:
    """Refuse what is not a (series x time) matrix of finite or missing float64.

    Raises:
        ValidationFailed: Wrong shape or type, or an infinite value: the logarithm of zero, say.
    """
    if not isinstance(values, np.ndarray) or values.ndim != 2 or values.dtype != np.float64:
        kind = f"{getattr(values, 'dtype', type(values).__name__)}"
        raise ValidationFailed(
            f"an indicator reads a float64 matrix series x time, got {kind} of shape "
            f"{np.shape(values)}; build it with one row a series",
            shape=list(np.shape(values)),
        )
    if np.isinf(values).any():
        rows = np.flatnonzero(np.isinf(values).any(axis=1))
        raise ValidationFailed(
            f"{rows.size} series hold infinite values (first: row {rows[0]}); a price of zero "
            "has no logarithm: mark it missing",
            rows=[int(row) for row in rows[:20]],
        )


def run_rows(kernel: Callable[..., None], values: FloatArray, *arguments: Any) -> FloatArray:  # noqa: ANN401 - the kernel's own numbers
    """Return what `kernel(values, out, *arguments)` writes into `out`, NaN where it writes nothing.

    Args:
        kernel: Compiled loop over rows that are independent of one another.
        values: Series x time.
        *arguments: Further numbers of the kernel, the same for every row.
    """
    out = np.empty(values.shape)

    def work(block: slice) -> None:
        out[block] = np.nan
        kernel(values[block], out[block], *arguments)

    run_blocks(work, len(values))
    return out


def run_blocks(work: Callable[[slice], None], n_rows: int) -> None:
    """Call `work` once for each block of rows, on `THREADS` threads.

    Args:
        work: Reads and writes the rows of its block alone, so that the order of the blocks and
            the number of threads change nothing; releases the interpreter lock where it counts.
        n_rows: Rows of the whole matrix.
    """
    blocks = [slice(start, start + BLOCK_ROWS) for start in range(0, n_rows, BLOCK_ROWS)]
    if len(blocks) > 1:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(work, blocks))
    else:
        for block in blocks:
            work(block)
