"""Indicator kernels: causal scores of every month of every series, whole matrices at once.

Promise: (series x time) float64 in, NaN = missing; the same shape out, NaN where nothing can be
said. Column t reads columns up to t alone; the input is never written to; the same input gives the
same bits on any number of threads. A change whose one end is missing is missing: no gap is filled.

May import: errors, `models.compiled`, NumPy, SciPy, numba.

To add a kernel, add a file with a `@compiled` row loop and a checked function around it, and a row
in `tests/contract/test_kernels.py`.
"""
