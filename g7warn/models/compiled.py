"""Compile a numeric loop to machine code and keep its type for the type checker."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = ["BoolArray", "FloatArray", "IntArray", "compiled"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Return `function` compiled by numba, cached on disk, releasing the interpreter lock.

    Args:
        function: Loops over NumPy arrays only; the same source runs, slowly, without numba.
    """
    return cast("Function", numba.njit(cache=True, nogil=True)(function))
