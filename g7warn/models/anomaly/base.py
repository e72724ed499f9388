"""What a detector promises, what it returns, and the register of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from g7warn.domain.register import Register

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


DETECTORS: Final[Register[Detector]] = Register(role="detector", package="g7warn.models.anomaly")
"""Every detector by name; a class enters under `@DETECTORS.enter`."""
