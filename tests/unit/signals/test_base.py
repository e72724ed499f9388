"""The register, and computing all indicators together."""

from dataclasses import dataclass

import pytest

from g7warn.domain.signal import Family, Signal
from g7warn.errors import ConfigurationError, InsufficientHistory
from g7warn.signals.base import compute_signals, list_indicators, register
from g7warn.signals.panel import Panel
from g7warn.signals.price.observed_move import ObservedMove
from tests.support.panels import calm_prices, price_panel


@dataclass(frozen=True, slots=True)
class Failing:
    name: str = "failing"
    family: Family = Family.PRICE

    def compute(self, panel: Panel) -> list[Signal]:
        raise InsufficientHistory("tin: three prices are too few")


def test_one_indicator_without_data_stops_no_other() -> None:
    panel = price_panel(tin=calm_prices())
    batch = compute_signals(panel, indicators=[Failing(), ObservedMove()])
    assert {signal.indicator for signal in batch.signals} == {"observed_move"}
    assert batch.failures == {"failing": "tin: three prices are too few"}


def test_every_family_has_an_indicator() -> None:
    assert {one.family for one in list_indicators()} == set(Family)


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ConfigurationError, match="observed_move"):
        register(ObservedMove)
