"""Seeded damage: flips, cuts, doublings and swaps, also inside the parts of a workbook."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

_TOKENS = (b"", b",", b"\n", b'"', b"NaN", b"1e308", b"-", b"\x00", b"<", b"&a;", b"9999", b"=A1")


def mutate(body: bytes, generator: random.Random) -> bytes:
    """Return the payload with one to four damages; a workbook is mostly damaged inside a part."""
    if body.startswith(b"PK") and generator.random() < 0.8:
        return _mutate_part(body, generator)
    return _damage(body, generator)


def _damage(body: bytes, generator: random.Random) -> bytes:
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


def _mutate_part(body: bytes, generator: random.Random) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        chosen = generator.choice([name for name in names if name.endswith(".xml")])
        for name in names:
            part = old.read(name)
            new.writestr(name, _damage(part, generator) if name == chosen else part)
    return stream.getvalue()
