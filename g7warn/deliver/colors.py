"""Colours of grades and labels, the same in mails, charts and pages.

The grades run from blue to dark red through hues that people with red-green blindness tell apart by
lightness; nothing relies on colour alone: the grade is always written as well.
Source: Okabe and Ito, Color Universal Design, 2008 (grades); FIRST, TLP 2.0 (labels on black).
"""

from __future__ import annotations

from g7warn.domain.alert import Grade
from g7warn.domain.marking import Tlp

GRADE_COLORS: dict[Grade, str] = {
    Grade.BLIND: "#6e6e6e",
    Grade.NORMAL: "#009e73",
    Grade.WATCH: "#56b4e9",
    Grade.ADVISORY: "#e69f00",
    Grade.WARNING: "#d55e00",
    Grade.CRITICAL: "#7a0019",
}

TLP_COLORS: dict[Tlp, str] = {
    Tlp.CLEAR: "#ffffff",
    Tlp.GREEN: "#33ff00",
    Tlp.AMBER: "#ffc000",
    Tlp.AMBER_STRICT: "#ffc000",
    Tlp.RED: "#ff2b2b",
}
