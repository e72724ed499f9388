"""Reliability diagrams of the odds: what was said against what came, from a benchmark's figures.

    python bench/quality.py --json figures.json
    python bench/reliability.py figures.json [--out reliability.png]

A point on the diagonal is honest; one above it was too calm, one below it cried too loud. Months
of one event stand side by side, so that a point of 50 months may rest on five events.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

PANELS = {
    "spike6": "spike within 6 months",
    "crash6": "crash within 6 months",
    "tail_up": "largest rise in 6 months in the own top tenth",
    "spike12": "spike within 12 months",
    "crash12": "crash within 12 months",
    "tail_down": "largest fall in 6 months in the own top tenth",
}

CROWDED = 0.08
"""Classes below stand too close for their months to be written beside them."""


def draw(figures: dict, out: Path) -> None:
    """Draw one panel a target: observed over stated, with the months of each class."""
    canvas, axes = plt.subplots(2, 3, figsize=(13, 8.5), constrained_layout=True)
    for axis, (name, title) in zip(axes.flat, PANELS.items(), strict=True):
        classes, scores = figures["reliability"][name], figures[name]
        stated, observed, months = zip(*classes, strict=True)
        axis.plot([0, 1], [0, 1], color="0.6", linewidth=1)
        axis.axhline(scores["rate"], color="0.8", linestyle=":", linewidth=1)
        axis.plot(stated, observed, "o-", color="#1f5f8b")
        for x, y, n in classes:
            if x >= CROWDED:
                place = {"xytext": (4, -11), "textcoords": "offset points", "size": 8}
                axis.annotate(f"{n:.0f}", (x, y), **place)
        axis.set(xlim=(0, 1), ylim=(0, 1), xlabel="stated", ylabel="observed")
        skill = scores["brier_skill"]
        axis.set_title(f"{title}\n{sum(months):.0f} months, Brier skill {skill:.2f}", fontsize=10)
    canvas.suptitle(f"Odds since {figures['odds_scored_from']}; figures = series-months in a class")
    canvas.savefig(out, dpi=110)


def main() -> None:
    """Read the figures of a benchmark, write the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--out", type=Path, default=Path("reliability.png"))
    arguments = parser.parse_args()
    draw(json.loads(arguments.figures.read_text(encoding="utf-8")), arguments.out)
    print(f"wrote {arguments.out}")


if __name__ == "__main__":
    main()
