"""What g7warn says, in each reader's language; numbers, dates and countries in its own form.

The catalogues are the gettext files `locale/<language>.po`, read as they are: a binary `.mo` would
be a second copy that can lag behind, and reading one costs 20 ms once a process. Message ids are
names (`grade.warning`), so that English is a translation like the others. TLP labels and CAP codes
are in no catalogue: they are never translated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from g7warn.domain.member import LANGUAGES
from g7warn.domain.period import Frequency, Period
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime

    from babel.messages.catalog import Catalog

FALLBACK = "en"

SIGNIFICANT_DIGITS = 4
"""Digits of a price. Judgement: markets quote no more that matters to a reader."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language: sentences from its catalogue, numbers and dates from CLDR.

    Attributes:
        language: en, fr, de, it or ja.
    """

    language: str

    def say(self, key: str, **values: str) -> str:
        """Return a sentence with its values filled in.

        Raises:
            ConfigurationError: The catalogue has no such message, or it wants another value.

        Example:
            >>> Words("de").say("grade.warning")
            'Warnung'
        """
        forms = _read_forms(self.language, key)
        if not forms:
            message = f"locale/{self.language}.po has no message {key!r}: add it"
            raise ConfigurationError(message, language=self.language, key=key)
        return self._fill(key, forms[0], values)

    def count(self, key: str, number: int) -> str:
        """Return a sentence about a number of things, in the right plural form.

        Example:
            >>> Words("de").count("within.months", 6)
            'innerhalb von 6 Monaten'
        """
        forms = _read_forms(self.language, key)
        if not forms:
            message = f"locale/{self.language}.po has no plural message {key!r}: add it"
            raise ConfigurationError(message, language=self.language, key=key)
        is_one = Locale.parse(self.language).plural_form(number) == "one"
        form = forms[0] if is_one or len(forms) == 1 else forms[1]
        return self._fill(key, form, {"count": self.number(number, digits=0)})

    def has(self, key: str) -> bool:
        """Return whether the catalogue has a message."""
        return bool(_read_forms(self.language, key))

    def wants(self, key: str) -> set[str]:
        """Return the names of the values that a message is filled with."""
        texts = _read_forms(self.language, key)
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}

    def number(self, value: float, *, digits: int | None = None) -> str:
        """Return a number in the language's form.

        Args:
            value: Any finite number; NaN and infinities become a dash.
            digits: Decimals; where None, four significant digits.

        Example:
            >>> Words("fr").number(33924.2) == "33\u202f920", Words("de").number(4.0312)
            (True, '4,031')
        """
        if not math.isfinite(value):
            return "\N{EN DASH}"
        if digits is None:
            value = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
            digits = max(0, SIGNIFICANT_DIGITS - 1 - _magnitude(value))
            pattern = "#,##0" + ("." + "#" * digits if digits else "")
        else:
            pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(value, format=pattern, locale=self.language))

    def percent(self, share: float, *, digits: int = 0, is_signed: bool = False) -> str:
        """Return a share as percent in the language's form; a sign on request.

        Example:
            >>> Words("en").percent(0.724), Words("ja").percent(0.5, is_signed=True)
            ('72%', '+50%')
        """
        if not math.isfinite(share):
            return "\N{EN DASH}"
        pattern = str(Locale.parse(self.language).percent_formats[None].pattern)
        pattern = pattern.replace("#,##0", "#,##0" + ("." + "0" * digits if digits else ""))
        text = str(format_percent(share, format=pattern, locale=self.language))
        return f"+{text}" if is_signed and share > 0 else text

    def months(self, number: float) -> str:
        """Return a length of time in whole months.

        Example:
            >>> Words("en").months(1), Words("it").months(6)
            ('1 month', '6 mesi')
        """
        return self.count("months", round(number))

    def date(self, instant: datetime) -> str:
        """Return the day of an instant, in UTC.

        Example:
            >>> from datetime import UTC, datetime
            >>> Words("de").date(datetime(2022, 4, 5, tzinfo=UTC))
            '5. April 2022'
        """
        return str(format_date(instant, format="long", locale=self.language))

    def instant(self, instant: datetime) -> str:
        """Return day and minute of an instant, with UTC named.

        Example:
            >>> from datetime import UTC, datetime
            >>> Words("en").instant(datetime(2022, 4, 5, 18, 30, tzinfo=UTC))
            'April 5, 2022, 18:30 UTC'
        """
        return f"{self.date(instant)}, {instant.astimezone(UTC):%H:%M} UTC"

    def period(self, label: str) -> str:
        """Return a period's label in words: a month by its name, others as they are.

        Example:
            >>> Words("it").period("2022-03")
            'marzo 2022'
        """
        try:
            period = Period.parse(label)
        except ConfigurationError:
            return label
        if period.frequency is not Frequency.MONTHLY:
            return label
        skeleton = "y年M月" if self.language == "ja" else "MMMM y"
        return str(format_date(period.starts_at, format=skeleton, locale=self.language))

    def area(self, code: str) -> str:
        """Return the name of an area: `world`, or a country by its ISO code."""
        names = Locale.parse(self.language).territories
        return self.say("area.world") if code == "world" else names.get(code.upper(), code.upper())

    def mineral(self, code: str) -> str:
        """Return the name of a mineral, its code in words where the catalogue has none."""
        key = f"mineral.{code}"
        return self.say(key) if self.has(key) else code.replace("_", " ").capitalize()

    def unit(self, unit: str) -> str:
        """Return a unit in the language's form: `USD/t` or its suffix `usd_per_t`."""
        suffix = unit.lower().replace("/", "_per_").replace(" ", "_")
        key = f"unit.{suffix}"
        return self.say(key) if self.has(key) else unit

    def _fill(self, key: str, template: str, values: dict[str, str]) -> str:
        try:
            return template.format_map(values)
        except (KeyError, IndexError, ValueError) as error:
            message = f"locale/{self.language}.po: {key!r} wants {error}, which it is not given"
            raise ConfigurationError(message, language=self.language, key=key) from error


def open_words(language: str) -> Words:
    """Return a language, English where it is none of ours: a notice is never lost for words."""
    return Words(language if language in LANGUAGES else FALLBACK)


@cache
def _read_catalog(language: str) -> Catalog:
    path = resources.files("g7warn.deliver").joinpath("locale", f"{language}.po")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def _read_forms(language: str, key: str) -> tuple[str, ...]:
    entry = _read_catalog(language).get(key)
    string = entry.string if entry is not None else None
    if not string:
        return ()
    return (string,) if isinstance(string, str) else tuple(string)


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0
