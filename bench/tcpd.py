"""The Turing change point data: reading them, and the two scores of their benchmark."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MARGIN = 5
"""Places by which a found change point may miss an annotated one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotated:
    """One series and the change points that each annotator marked."""

    name: str
    values: np.ndarray
    marks: tuple[frozenset[int], ...]


def read_series(folder: Path) -> list[Annotated]:
    """Return all annotated series; missing values are interpolated for every detector alike."""
    annotations = json.loads((folder / "annotations.json").read_text("utf-8"))
    found = []
    for name, marks in sorted(annotations.items()):
        record = json.loads((folder / name / f"{name}.json").read_text("utf-8"))
        raw = np.array([np.nan if v is None else v for v in record["series"][0]["raw"]], float)
        places = np.arange(raw.size)
        known = ~np.isnan(raw)
        values = np.interp(places, places[known], raw[known])
        found.append(
            Annotated(name=name, values=values, marks=tuple(map(frozenset, marks.values())))
        )
    return found


def count_hits(marked: Iterable[int], found: Iterable[int]) -> int:
    """Return how many marks have a found point of their own within the margin."""
    free, hits = set(found), 0
    for mark in sorted(marked):
        near = min(free, key=lambda point: (abs(mark - point), point), default=None)
        if near is not None and abs(mark - near) <= MARGIN:
            free.remove(near)
            hits += 1
    return hits


def f1(series: Annotated, found: Iterable[int]) -> float:
    """Return F1: precision against all annotators' marks together, recall averaged over them.

    The first place counts as a change point that everybody finds.

    Source:
        van den Burg and Williams (2020), "An evaluation of change point detection algorithms".
    """
    points = {0, *found}
    everyone = set().union({0}, *series.marks)
    precision = count_hits(everyone, points) / len(points)
    recall = np.mean([count_hits({0, *m}, points) / len({0, *m}) for m in series.marks])
    return float(2.0 * precision * recall / (precision + recall))


def covering(series: Annotated, found: Iterable[int]) -> float:
    """Return how well the found segments cover each annotator's, averaged over annotators."""
    n = series.values.size
    segments = cut(found, n)
    scores = []
    for marks in series.marks:
        total = 0.0
        for a, b in cut(marks, n):
            overlaps = [
                (min(b, d) - max(a, c)) / (max(b, d) - min(a, c))
                for c, d in segments
                if min(b, d) > max(a, c)
            ]
            total += (b - a) * max(overlaps)
        scores.append(total / n)
    return float(np.mean(scores))


def cut(points: Iterable[int], n: int) -> list[tuple[int, int]]:
    """Return the half-open segments between change points."""
    edges = sorted({0, n} | {int(point) for point in points if 0 < point < n})
    return list(pairwise(edges))
