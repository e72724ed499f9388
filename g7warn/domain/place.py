"""Places: ISO 3166 areas, and the groups of countries that decide audiences and dependence."""

from __future__ import annotations

from dataclasses import dataclass

WORLD = "world"
"""Area token of a worldwide total or benchmark."""

G7: frozenset[str] = frozenset({"ca", "de", "fr", "gb", "it", "jp", "us"})
"""The seven; the EU takes part in the G7 as a non-enumerated member."""

EU: frozenset[str] = frozenset(
    {
        *("at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es"),
        *("fi", "fr", "gr", "hr", "hu", "ie", "it", "lt", "lu"),
        *("lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk"),
    }
)
"""Member states, ISO 3166 alpha-2 (Greece is `gr`, not the EU's own `el`), since 2020-02-01."""

PARTNERS: frozenset[str] = frozenset({"au"})
"""Partners of the mechanism: Australia. Like-minded countries are named in the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bloc:
    """The countries on whose supply a member may rely.

    Attributes:
        like_minded: Further ISO alpha-2 codes, lower case, beside G7, EU and partners.
    """

    like_minded: frozenset[str] = frozenset()

    @property
    def countries(self) -> frozenset[str]:
        """All countries inside: G7, EU, partners and like-minded."""
        return G7 | EU | PARTNERS | self.like_minded

    def is_outside(self, area: str) -> bool:
        """Return whether `area` is a single country outside the bloc.

        Example:
            >>> Bloc().is_outside("cn"), Bloc().is_outside("au"), Bloc().is_outside("world")
            (True, False, False)
        """
        return len(area) == len("cn") and area not in self.countries
