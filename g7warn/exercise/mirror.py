"""A mirror of simulated payloads: a folder with `manifest.csv`, served like recorded real files."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from g7warn.exercise.pink_sheet import write_pink_sheet
from g7warn.exercise.production import write_world_production
from g7warn.exercise.world import load_world
from g7warn.feeds.catalog import get_dataset

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.exercise.world import World

LICENCE = "simulated by g7warn for demonstration, no data of the publisher"
FEEDS: tuple[str, ...] = ("worldbank", "usgs_mcs")
"""Feeds that the simulated mirror serves."""


def write_mirror(folder: Path, *, world: World | None = None) -> Path:
    """Write the simulated payloads and their manifest; return the manifest's path.

    Args:
        folder: Made where it is absent; files of an earlier writing are replaced.
        world: What is simulated; the world of `world.yaml` where none is given.
    """
    world = world or load_world()
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for feed, document, name, body in _build_payloads(world):
        (folder / name).write_bytes(body)
        addresses = get_dataset(feed).list_addresses()
        address = next(text for text in addresses if document in text)
        rows.append([address, name, f"{world.issued_on}T00:00:00+00:00", LICENCE])
    manifest = folder / "manifest.csv"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["url", "file", "retrieved_at", "licence"])
        writer.writerows(rows)
    return manifest


def _build_payloads(world: World) -> list[tuple[str, str, str, bytes]]:
    """Return feed, part of the document's address, file name and bytes of each payload."""
    prices = get_dataset("worldbank")
    unit_by_name = {rule.names[0]: rule.unit for rule in prices.series}
    workbook = write_pink_sheet(world, unit_by_name=unit_by_name)
    table = write_world_production(world)
    return [
        ("worldbank", "CMO-Historical-Data-Monthly", "SIMULATED-pink-sheet.xlsx", workbook),
        ("usgs_mcs", "MCS2025_World_Data", "SIMULATED-world-production.csv", table),
    ]
