"""The outlook is the fitted model's where there is one."""

from dataclasses import replace

import numpy as np
import pytest

from g7warn.domain.signal import Direction
from g7warn.models.forecast import Basis
from g7warn.signals.panel import Panel
from g7warn.signals.price.forecast import PriceForecast
from g7warn.signals.price.onset import PriceOnset
from g7warn.signals.price.outlook import look_ahead
from g7warn.signals.trained import TrainedModel
from tests.support.fitted import fitted_model
from tests.support.panels import AS_OF, calm_prices, price_panel

NOTE = "fitted model abababababab, trained on prices up to 2021-12"


def trained_panel() -> Panel:
    model = TrainedModel(
        model=fitted_model(), digest="ab" * 32, training_cutoff="2021-12", trained_at=AS_OF
    )
    spiking = calm_prices(seed=3)
    spiking[-3:] *= 2.0
    panel = price_panel(tin=calm_prices(), zinc=calm_prices(seed=2), nickel=spiking)
    return replace(panel, model=model)


@pytest.mark.parametrize("direction", list(Direction))
def test_odds_of_an_onset_are_those_of_the_model(direction: Direction) -> None:
    panel = trained_panel()
    said = fitted_model().predict(panel.monthly.log_prices).odds
    signals = [s for s in PriceOnset().compute(panel) if s.direction is direction]
    assert signals
    for signal in signals:
        row = panel.benchmarks[signal.mineral]
        assert signal.probability == said[f"onset_{direction}_6"].probability[row]
        year = dict(signal.evidence.values)["p_12m"]
        assert year == said[f"onset_{direction}_12"].probability[row]
        assert NOTE in signal.evidence.notes


def test_the_evidence_holds_the_odds_of_the_tail_and_what_was_learned() -> None:
    signal = next(s for s in PriceOnset().compute(trained_panel()) if s.mineral == "tin")
    values = dict(signal.evidence.values)
    assert {"p_tail_6m", "tail_move_pct", "p_6m_first_passage", "volatility_ratio"} <= set(values)
    assert 0.0 <= values["p_tail_6m"] <= 1.0
    assert any(name.startswith("learned_") for name in values)


def test_the_evidence_says_how_such_a_model_did_before() -> None:
    panel = trained_panel()
    assert panel.model is not None
    scores = {"onset_up_6_auc": 0.914, "onset_up_6_brier_skill": 0.352}
    judged = replace(panel, model=replace(panel.model, scores=scores))
    told = {s.direction: s.evidence.notes[-1] for s in PriceOnset().compute(judged)}
    assert told[Direction.UP].endswith("a ROC area of 0.91 and a Brier skill of 0.35")
    assert told[Direction.DOWN] == NOTE


def test_quantiles_are_those_of_the_model() -> None:
    panel = trained_panel()
    said = fitted_model().predict(panel.monthly.log_prices).forecast
    outlook = look_ahead(panel)
    np.testing.assert_array_equal(outlook.forecast.log_quantiles, said.log_quantiles)
    assert (np.array(outlook.forecast.basis) != Basis.NONE).all()
    assert all(NOTE in s.evidence.notes for s in PriceForecast().compute(panel))


def test_an_event_that_runs_has_no_onset_with_a_model_either() -> None:
    found = {(s.mineral, s.direction) for s in PriceOnset().compute(trained_panel())}
    assert ("nickel", Direction.UP) not in found
    assert ("tin", Direction.UP) in found
