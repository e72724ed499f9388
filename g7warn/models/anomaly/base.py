"""What a detector promises, what it returns, and the register of all of them."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from g7warn.models.compiled import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """What a detector says about the newest value of every series.

    Attributes:
        z: One a series, in standard normal deviations, whatever the detector; positive for a rise,
            negative for a fall, 0 where nothing was found, NaN where nothing can be said.
        since: First column of what was found; -1 where nothing was.
    """

    z: FloatArray
    since: IntArray


class Detector(Protocol):
    """A way of telling an unusual series from a usual one."""

    @property
    def name(self) -> str:
        """Name under which it is registered."""
        ...

    def detect(self, values: FloatArray) -> Findings:
        """Judge the newest value of every series by all earlier ones.

        Args:
            values: Series x time, usually log prices; NaN = missing. Never written to. A finding
                as of an earlier time is made by cutting the matrix.

        Raises:
            ValidationFailed: Not a float64 matrix of finite or missing numbers.
        """
        ...


_DETECTORS: dict[str, Detector] = {}

Registered = TypeVar("Registered", bound="type[Detector]")


def register_detector(detector_class: Registered) -> Registered:
    """Enter a detector class, built without arguments, into the register.

    Raises:
        ConfigurationError: Another detector has the same name.
    """
    detector = detector_class()
    if detector.name in _DETECTORS:
        message = f"two detectors are named {detector.name!r}; rename one"
        raise ConfigurationError(message, detector=detector.name)
    _DETECTORS[detector.name] = detector
    return detector_class


@cache
def list_detectors() -> tuple[Detector, ...]:
    """Return all detectors by name, after importing every module of the package."""
    package = importlib.import_module("g7warn.models.anomaly")
    for module in pkgutil.iter_modules(package.__path__, prefix="g7warn.models.anomaly."):
        importlib.import_module(module.name)
    return tuple(_DETECTORS[name] for name in sorted(_DETECTORS))
