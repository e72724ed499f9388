"""Benchmark: score the forecasts, odds and alerts on any price tables."""

from __future__ import annotations

import csv
import resource
from typing import TYPE_CHECKING, Any

import pandas as pd

from g7warn.errors import ConfigurationError, ValidationFailed
from g7warn.verification.benchmark import evaluate_prices

if TYPE_CHECKING:
    from pathlib import Path

_KIB_PER_MIB = 1024
_MOST_BYTES = 512 * 1024 * 1024


def benchmark(prices: Path, pool: Path, *, seed: int = 0) -> dict[str, Any]:
    """Return the scores of the series in `prices`, forecast by models trained on `pool` alone.

    Args:
        prices: CSV `series_id,period,value,unit`, monthly: the series that are scored.
        pool: The same: the series that are trained on; scored ones are left out of it.
        seed: The same seed gives the same figures.

    Returns:
        As `verification.benchmark.evaluate_prices`, with the peak memory of this process in MiB.

    Raises:
        ConfigurationError: A file cannot be read.
        ValidationFailed: A file is no such table, or holds no series that can be used.
    """
    result = evaluate_prices(read_table(prices), read_table(pool), seed=seed)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**result, "peak_memory_mib": round(peak_kib / _KIB_PER_MIB)}


def read_table(path: Path) -> pd.DataFrame:
    """Return a CSV as text and numbers; cells that are no number stay as they were found.

    Raises:
        ConfigurationError: The file is absent, unreadable or larger than 512 MiB.
        ValidationFailed: The file is no CSV.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            message = f"{path} is larger than 512 MiB: split it"
            raise ConfigurationError(message, path=str(path))
        return pd.read_csv(path, dtype={"series_id": str, "period": str, "unit": str})
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise ConfigurationError(message, path=str(path)) from error
    except (
        pd.errors.ParserError,
        pd.errors.EmptyDataError,
        UnicodeDecodeError,
        csv.Error,
    ) as error:
        message = f"{path} is no CSV with the columns series_id, period, value, unit: {error}"
        raise ValidationFailed(message, path=str(path)) from error
