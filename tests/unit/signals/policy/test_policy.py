"""Restrictions by stage and exposure, and the calendar of known dates."""

import pandas as pd
import pytest

from g7warn.domain.signal import Severity
from g7warn.signals.panel import Panel, build_panel
from g7warn.signals.policy.hazard_calendar import HazardCalendar
from g7warn.signals.policy.measures import Level, read_restrictions
from g7warn.signals.policy.restriction import CHANCE, RestrictionExposure
from tests.support.panels import AS_OF, build_frame, build_rows


def step(measure: str, on: str, level: float, *, known: str = "2021-01-01") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "series_id": [f"gallium.policy.{measure}.cn.policy_notices"],
            "period": [on],
            "value": [level],
            "unit": ["stage"],
            "known_at": [pd.Timestamp(known, tz="UTC")],
        }
    )


def panel_of(*tables: pd.DataFrame, share: float = 0.98) -> Panel:
    production = [
        build_rows(f"gallium.refine.production.{area}.usgs", [value], last="2020", unit="t")
        for area, value in (("cn", share), ("jp", 1.0 - share))
    ]
    return build_panel(build_frame(*tables, *production), as_of=AS_OF)


@pytest.mark.parametrize("level", list(Level))
def test_the_probability_follows_the_stage(level: Level) -> None:
    (signal,) = RestrictionExposure().compute(panel_of(step("export_ban", "2021-06-01", level)))
    assert signal.probability == CHANCE[level]
    assert signal.severity is (Severity.NONE if level is Level.LAPSED else Severity.EXTREME)


@pytest.mark.parametrize(
    ("measure", "share", "severity"),
    [
        pytest.param("export_ban", 0.98, Severity.EXTREME, id="ban on nearly all"),
        pytest.param("export_licence", 0.98, Severity.SEVERE, id="licence on nearly all"),
        pytest.param("export_ban", 0.12, Severity.MODERATE, id="ban on an eighth"),
        pytest.param("export_tax", 0.12, Severity.MINOR, id="tax on an eighth"),
    ],
)
def test_the_severity_follows_the_supply_at_stake(
    measure: str, share: float, severity: Severity
) -> None:
    panel = panel_of(step(measure, "2021-06-01", 3.0), share=share)
    (signal,) = RestrictionExposure().compute(panel)
    assert signal.severity is severity


def test_the_newest_stage_that_has_begun_holds() -> None:
    steps = [step("export_ban", "2021-02-01", 1.0), step("export_ban", "2021-06-01", 3.0)]
    later = step("export_ban", "2022-11-01", 0.0)
    (found,) = read_restrictions(panel_of(*steps, later))
    assert found.level is Level.IN_FORCE
    assert found.on == "2021-06-01"


def test_a_stage_whose_day_lies_ahead_is_announced() -> None:
    (found,) = read_restrictions(panel_of(step("export_ban", "2022-06-01", 3.0)))
    assert found.level is Level.ANNOUNCED
    assert found.on == "2022-06-01"


def test_an_unknown_exposure_is_no_small_one_and_is_told() -> None:
    frame = build_frame(step("export_ban", "2021-06-01", 3.0))
    (signal,) = RestrictionExposure().compute(build_panel(frame, as_of=AS_OF))
    assert signal.severity is Severity.MODERATE
    assert any("unknown" in note for note in signal.evidence.notes)


def test_measures_on_imports_hold_back_no_exports() -> None:
    assert read_restrictions(panel_of(step("import_tariff", "2021-06-01", 3.0))) == []


@pytest.mark.parametrize(
    ("on", "severity"),
    [
        pytest.param("2022-05-01", Severity.MODERATE, id="near"),
        pytest.param("2022-08-01", Severity.MINOR, id="in sight"),
        pytest.param("2023-08-01", Severity.NONE, id="far"),
    ],
)
def test_a_known_date_grows_as_it_comes_nearer(on: str, severity: Severity) -> None:
    (signal,) = HazardCalendar().compute(panel_of(step("hazard", on, 1.0)))
    assert signal.severity is severity
    assert on in signal.reason


def test_a_date_that_has_passed_is_no_hazard() -> None:
    assert HazardCalendar().compute(panel_of(step("hazard", "2022-04-01", 1.0))) == []
