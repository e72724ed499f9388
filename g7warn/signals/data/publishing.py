"""What each mineral has from each source, whether prices or facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from g7warn.domain.mineral import list_minerals
from g7warn.domain.series import ObsStatus

if TYPE_CHECKING:
    from g7warn.signals.panel import Panel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Published:
    """What is known of a mineral from one source.

    Attributes:
        mineral: Catalogue code.
        source: Last word of the series ids.
        rows: Its newest observation of each series: series_id, stage, measure, period,
            known_at, is_estimated, tlp. Projections do not count: they tell nothing of today.
    """

    mineral: str
    source: str
    rows: pd.DataFrame

    @property
    def newest(self) -> str:
        """Label of the newest period."""
        return str(self.rows["period"].max())


@lru_cache(maxsize=2)  # two indicators ask in turn; a panel is a value and never changes
def read_published(panel: Panel) -> tuple[Published, ...]:
    """Return what the catalogue's feeds deliver of each watched mineral, by mineral and source."""
    facts = panel.facts[panel.facts["status"] != ObsStatus.FORECAST].sort_values("period")
    newest = pd.concat([facts.drop_duplicates("series_id", keep="last"), _newest_prices(panel)])
    watched = {mineral.code for mineral in list_minerals()}
    newest = newest[
        newest["mineral"].isin(watched) & newest["source"].isin(panel.publications.datasets)
    ]
    return tuple(
        Published(mineral=str(mineral), source=str(source), rows=rows)
        for (mineral, source), rows in newest.groupby(["mineral", "source"], sort=True)
    )


def _newest_prices(panel: Panel) -> pd.DataFrame:
    prices = panel.monthly
    return pd.DataFrame(
        [
            {
                "series_id": about.series_id,
                "mineral": about.mineral,
                "stage": "market",
                "measure": "price",
                "source": about.series_id.rpartition(".")[2],
                "period": prices.periods[prices.newest_column(row)],
                "known_at": pd.Timestamp(about.vintage_at),
                "is_estimated": about.is_estimated,
                "tlp": int(about.tlp),
            }
            for row, about in enumerate(prices.rows)
            if prices.newest_column(row) >= 0
        ]
    )
