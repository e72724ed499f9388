"""Publishers' country names and codes to the area token of a series id, without guessing.

Present countries come from the country_converter library (its table of names, codes and regular
expressions). What it cannot know stands here: states that are no more, groups that some publishers
count as one, and spellings that mean something else than they seem to.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from g7warn.domain.place import WORLD

HISTORICAL: dict[str, str] = {
    "soviet union": "suhh",
    "soviet union (former)": "suhh",
    "ussr": "suhh",
    "u.s.s.r.": "suhh",
    "former ussr": "suhh",
    "yugoslavia": "yucs",
    "yugoslavia (former)": "yucs",
    "yugoslavia, fed. rep. of": "yucs",
    "former yugoslavia": "yucs",
    "czechoslovakia": "cshh",
    "czechoslovakia (former)": "cshh",
    "german democratic republic": "ddde",
    "germany, democratic republic": "ddde",
    "german dem rep": "ddde",
    "german democratic rep": "ddde",
    "german federal republic": "de",
    "german dem rep (former)": "ddde",
    "fmr dem. rep. of germany": "ddde",
    "fmr fed. rep. of germany": "de",
    "german fed rep (former)": "de",
    "germany, federal republic": "de",
    "fmr ussr": "suhh",
    "fmr yugoslavia": "yucs",
    "fmr sudan": "sd",
    "serbia and montenegro": "csxx",
    "serbia & montenegro": "csxx",
    "serbia and montenegro (...2005)": "csxx",
    "rhodesia": "rhzw",
    "zaire": "zrcd",
    "netherlands antilles": "anhh",
    "netherlands antilles (...2010)": "anhh",
    "belgium-luxembourg": "belux",
    "belgium & luxembourg": "belux",
    "pacific is. trust territory": "pchh",
}
"""States that are no more: ISO 3166-3 in lower case; `belux` is the customs union up to 1998."""

_EXPLICIT: dict[str, str] = {
    "world": WORLD,
    "world total": WORLD,
    "global": WORLD,
    "burma": "mm",
    "congo (kinshasa)": "cd",
    "congo (brazzaville)": "cg",
    "congo, democratic republic": "cd",
    "congo, d.r.": "cd",
    "drc": "cd",
    "dr congo": "cd",
    "congo": "cg",
    "korea": "kr",
    "korea, republic of": "kr",
    "korea (rep. of)": "kr",
    "korea, rep. of": "kr",
    "korea, north": "kp",
    "korea, dem. p.r. of": "kp",
    "korea (dem. p. r. of)": "kp",
    "china, mainland": "cn",
    "hong kong sar": "hk",
    "china, hong kong sar": "hk",
    "china, macao sar": "mo",
    "taiwan, china": "tw",
    "chinese taipei": "tw",
    "other asia, nes": "tw",
    "turkey": "tr",
    "t\u00fcrkiye": "tr",
    "kosovo": "xk",
    "eu": "eu",
    "eu27": "eu",
    "european union": "eu",
    "uk": "gb",
    "usa": "us",
    "rsa": "za",
    "brasil": "br",
    "brasilia": "br",
    "libanon": "lb",
    "turkyie": "tr",
}
_ISO2_FIXES = {"uk": "gb", "el": "gr"}
_AGGREGATE = re.compile(
    r"\b(other|others|rest|total|excluding|except|former|unspecified countries|nes|n\.e\.s|not "
    r"elsewhere|areas|countries|free zones|bunkers|special categories|and)\b",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\s*\([^()]*\)\s*\d*$")
_OTHER_CODES = {
    "sun": "suhh",
    "yug": "yucs",
    "scg": "csxx",
    "csk": "cshh",
    "ddr": "ddde",
    "zar": "zrcd",
    "el": "gr",
    "uk": "gb",
    "xk": "xk",
    "xkx": "xk",
    "eu": "eu",
    "eu27": "eu",
    "eu27_2020": "eu",
}
_AND_IS_PART = ("bosnia", "trinidad", "antigua", "sao tome", "s\u00e3o tom\u00e9", "saint")


class _Country(NamedTuple):
    iso2: str
    iso3: str
    m49: str
    pattern: re.Pattern[str]


def _first_code(text: str) -> str:
    """Return the code of a cell such as `GR` or `^GB$|^UK$`."""
    return re.sub(r"[^A-Z]", "", text.split("|", maxsplit=1)[0]).lower()


@cache
def _table() -> tuple[_Country, ...]:
    """Read the library's own table; its class does not load under this pandas release."""
    text = resources.files("country_converter").joinpath("country_data.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    return tuple(
        _Country(
            iso2=_ISO2_FIXES.get(code := _first_code(row["ISO2"]), code),
            iso3=row["ISO3"].lower(),
            m49=row["ISOnumeric"],
            pattern=re.compile(row["regex"], re.IGNORECASE),
        )
        for row in rows
        if not row["obsolete"]
    )


@cache
def find_area(name: str) -> str:
    """Return the area token of a publisher's name; empty where it names no single area.

    A note in brackets at the end is left aside ("Brazil (beneficiated)"). Groups ("Other
    countries", "United States and Canada") and names that fit two countries have no token.

    Example:
        >>> find_area("Congo (Kinshasa)"), find_area("USSR"), find_area("Other countries")
        ('cd', 'suhh', '')
    """
    words = " ".join(name.replace("\u00a0", " ").split()).casefold()
    for text in (words, _NOTE.sub("", words)):
        known = _EXPLICIT.get(text) or HISTORICAL.get(text)
        if known:
            return known
    text = _NOTE.sub("", words)
    is_group = _AGGREGATE.search(text) and not text.startswith(_AND_IS_PART)
    if not text or is_group:
        return ""
    found = {country.iso2 for country in _table() if country.pattern.search(text)}
    return found.pop() if len(found) == 1 else ""


@cache
def area_from_code(code: str) -> str:
    """Return the area token of an ISO alpha-2, alpha-3 or UN M49 code; empty where unknown.

    Example:
        >>> area_from_code("CHN"), area_from_code("156"), area_from_code("W00")
        ('cn', 'cn', 'world')
    """
    text = code.strip().lower()
    if text in {"w00", "wld", "0", "_t", "w", "001", "1w"}:
        return WORLD
    if text in {"s19", "490"}:
        return "tw"  # Comtrade's "Other Asia, nes"
    for country in _table():
        if text in {country.iso2, country.iso3} or text.lstrip("0") == country.m49:
            return country.iso2
    return _OTHER_CODES.get(text, "")
