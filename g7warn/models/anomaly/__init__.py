"""Detectors of anomalies and change points, and scores turned into comparable probabilities.

Promise: a detector keeps the direction of what it found, is deterministic, never writes to its
input and says nothing about a missing value. What looks ahead, the outcomes that calibration
learns from, is named `future_...` and used for origins whose window has closed alone.

May import: domain, errors, `models.compiled`, `models.kernels`, NumPy, SciPy, numba.

To add a detector, write `<name>.py` with a class under `@DETECTORS.enter`; it is found by
itself, and `tests/contract/test_detectors.py` asks it to keep the promise.
"""
