"""Seeded damage: to bytes, to the words and numbers of a text, to the cells of a workbook.

Bytes test the readers of zip, XML and JSON; words and cells test what stands behind them, because
the damaged file is still well formed.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

SLIPS = (10.0, 0.1, 100.0, 0.01, 1000.0, 0.001, 2204.62, 1 / 2204.62, -1.0, 0.0)
"""Factors by which figures go wrong: a decimal point, a unit, pounds for tonnes, a sign."""
_TOKENS = (b"", b",", b"\n", b'"', b"NaN", b"1e308", b"-", b"\x00", b"<", b"&a;", b"9999", b"=A1")
_WORDS = (b"", b"NaN", b"1e308", b"-1", b"0", b"1,234.5", b"1.234,5", b"W", b"..", b"x", b"=1+1")
_WORD = re.compile(rb"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?|[A-Za-z_][\w ]*")
_CELL = re.compile(rb"<c ([^>]*?)(/>|>.*?</c>)", re.DOTALL)
_ROW = re.compile(rb"<row .*?</row>", re.DOTALL)
_STRING = re.compile(rb"<si>.*?</si>", re.DOTALL)
_PLACE = re.compile(rb'(<c r=")([A-Z]+)(\d+")')
_TYPES = (b"s", b"str", b"b", b"e", b"d", b"n", b"inlineStr", b"?")


def mutate(body: bytes, generator: random.Random) -> bytes:
    """Return the payload with one to four damages, or one damage that leaves it well formed."""
    if not body.startswith(b"PK"):
        return generator.choice((_damage_bytes, damage_words))(body, generator)
    if generator.random() < 0.1:
        return _damage_bytes(body, generator)
    return _damage_part(body, generator)


def _damage_bytes(body: bytes, generator: random.Random) -> bytes:
    damaged = bytearray(body)
    for _ in range(generator.randint(1, 4)):
        if not damaged:
            break
        at = generator.randrange(len(damaged))
        length = generator.choice((1, 1, 2, 8, 64, 512))
        kind = generator.randrange(6)
        if kind == 0:
            damaged[at] = generator.randrange(256)
        elif kind == 1:
            del damaged[at : at + length]
        elif kind == 2:
            damaged[at:at] = damaged[at : at + length]
        elif kind == 3:
            damaged[at : at + 1] = generator.choice(_TOKENS)
        elif kind == 4:
            del damaged[at:]
        else:
            other = generator.randrange(len(damaged))
            damaged[at : at + length], damaged[other : other + length] = (
                damaged[other : other + length],
                damaged[at : at + length],
            )
    return bytes(damaged)


def damage_words(body: bytes, generator: random.Random) -> bytes:
    """Return a text with a word or number exchanged, or a line or a column moved."""
    kind = generator.randrange(5)
    if kind == 0:
        return _swap_found(body, _WORD, generator)
    if kind == 1:
        return _replace_found(body, _WORD, generator, generator.choice(_WORDS))
    if kind == 2:
        return _replace_found(body, _WORD, generator, None)
    lines = body.split(b"\n")
    at, other = generator.randrange(len(lines)), generator.randrange(len(lines))
    if kind == 3:
        lines[at : at + 1] = generator.choice(([], [lines[at]] * 2, [lines[other]]))
    else:
        left, right = sorted(generator.sample(range(12), 2))
        lines[at:] = [_swap_cells(line, left, right) for line in lines[at:]]
    return b"\n".join(lines)


def _swap_cells(line: bytes, left: int, right: int) -> bytes:
    cells = line.split(b",")
    if right < len(cells):
        cells[left], cells[right] = cells[right], cells[left]
    return b",".join(cells)


def _find(body: bytes, form: re.Pattern[bytes], generator: random.Random) -> re.Match[bytes] | None:
    return form.search(body, generator.randrange(len(body) + 1)) or form.search(body)


def _replace_found(
    body: bytes, form: re.Pattern[bytes], generator: random.Random, text: bytes | None
) -> bytes:
    """Return the body with something found exchanged; without a text, by a slip of its number."""
    found = _find(body, form, generator)
    if found is None:
        return body
    new = text if text is not None else _slip(found[0], generator)
    return body[: found.start()] + new + body[found.end() :]


def _slip(word: bytes, generator: random.Random) -> bytes:
    try:
        return b"%r" % (float(word) * generator.choice(SLIPS))
    except ValueError:
        return word[:-1] + b"x" + word[-1:]


def _swap_found(body: bytes, form: re.Pattern[bytes], generator: random.Random) -> bytes:
    one, other = _find(body, form, generator), _find(body, form, generator)
    if one is None or other is None or one.start() == other.start():
        return body
    if one.start() > other.start():
        one, other = other, one
    between = body[one.end() : other.start()]
    return body[: one.start()] + other[0] + between + one[0] + body[other.end() :]


def _damage_part(body: bytes, generator: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        sheets = [name for name in names if "/sheet" in name or "/sharedStrings" in name]
        parts = sheets if generator.random() < 0.9 else names
        chosen = generator.choice([name for name in parts if name.endswith(".xml")])
        for name in names:
            part = old.read(name)
            if name == chosen:
                is_bytes = name not in sheets or generator.random() < 0.2
                part = (
                    _damage_bytes(part, generator) if is_bytes else _damage_cells(part, generator)
                )
            new.writestr(name, part)
    return stream.getvalue()


def _damage_cells(part: bytes, generator: random.Random) -> bytes:
    """Return a sheet or the table of texts with one damage that a spreadsheet would open."""
    if b"<si>" in part:
        return generator.choice((_swap_found, _rewrite_found))(part, _STRING, generator)
    kind = generator.randrange(8)
    if kind < 4:
        return _rewrite_found(part, _CELL, generator)
    if kind == 4:
        return _swap_found(part, _CELL, generator)
    if kind == 5:
        return _swap_found(part, _ROW, generator)
    if kind == 6:
        first = generator.choice(b"BCDEFGH").to_bytes(1, "big")
        return _PLACE.sub(lambda at: at[1] + _move(at[2], first) + at[3], part)
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="B5:F9"/></mergeCells>'
    return part.replace(b"</sheetData>", merged)


def _move(column: bytes, first: bytes) -> bytes:
    """Return the next column's letter from `first` on: the figures leave their headers."""
    if len(column) > 1 or column < first or column == b"Z":
        return column
    return bytes([column[0] + 1])


def _rewrite_found(part: bytes, form: re.Pattern[bytes], generator: random.Random) -> bytes:
    found = _find(part, form, generator)
    if found is None:
        return part
    text = found[0]
    kind = generator.randrange(6)
    if kind < 2:
        inner = re.compile(rb"(?<=<v>)[^<]*|(?<=<t>)[^<]*")
        new = _replace_found(text, inner, generator, None if kind else generator.choice(_WORDS))
    elif kind == 2:
        bare = re.sub(rb' t="\w+"', b"", text)
        new = bare.replace(b"<c ", b'<c t="%s" ' % generator.choice(_TYPES), 1)
    elif kind == 3:
        new = text.replace(b"<v>", b"<f>SUM(A1:A9)</f><v>", 1)
    else:
        new = generator.choice((b"", text * 2))
    return part[: found.start()] + new + part[found.end() :]
