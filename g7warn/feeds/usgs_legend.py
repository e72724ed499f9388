"""What the words and signs in place of a figure mean to the USGS.

Source: legend below the tables of the Mineral Commodity Summaries 2025 ("E Net exporter. NA Not
available. W Withheld to avoid disclosing company proprietary data. - Zero.", a long dash before
the last word); below those of Data Series 140, NA and W alone.
"""

from __future__ import annotations

from typing import Final

ABSENT_MARKS: Final = frozenset({"", "NA", "XX"})
"""Nothing is known: no row. XX says "not applicable"."""

WITHHELD_MARKS: Final = frozenset({"W", "Withheld", "E"})
"""Known, and not told: no row, but counted. `E`, a net exporter, stands in place of a share."""

_ZERO_MARKS: Final = frozenset({"\u2014", "\u2013", "--"})
"""Nothing was produced or traded. The long dash as printed, as a shorter one and in ASCII."""


def read_zero(text: str) -> str:
    """Return `0` for a dash, any other text as it is.

    The data files of 2025 write 0 where the printed tables have the dash.
    """
    return "0" if text in _ZERO_MARKS else text
