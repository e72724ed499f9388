"""Payloads, runs, quarantine, held releases and vintages, on both databases."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from g7warn.domain.vintage import CellChange, VintageDiff
from g7warn.errors import ConfigurationError, IllegalTransition
from g7warn.store import holds, observations, payloads, quarantine, runs, vintages
from g7warn.store.engine import begin_writing
from g7warn.store.holds import HoldState
from g7warn.store.quarantine import QuarantineState
from g7warn.store.runs import Run, RunState
from g7warn.store.vintages import Vintage
from tests.support.observing import NICKEL, day

if TYPE_CHECKING:
    from sqlalchemy import Engine

NOW = day("2022-05-01")


@dataclass(frozen=True)
class Fetched:
    body: bytes
    address: str = "https://example.org/prices.xlsx"
    media_type: str = ""
    fetched_at: datetime = NOW
    licence: str = "CC BY 4.0"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def test_payload_is_kept_byte_for_byte_and_once(store: Engine) -> None:
    payload = Fetched(body=bytes(range(256)) * 100)
    assert payloads.put(store, payload, "worldbank")
    assert not payloads.put(store, payload, "worldbank")
    assert payloads.read_body(store, payload.sha256) == payload.body


def test_same_bytes_for_two_feeds_are_two_notes_and_one_body(store: Engine) -> None:
    payload = Fetched(body=b"shared")
    assert payloads.put(store, payload, "production")
    assert payloads.put(store, payload, "reserves")
    note = payloads.list_payloads(store, "reserves")[0]
    assert (note.address, note.licence, note.fetched_at) == (
        payload.address,
        payload.licence,
        payload.fetched_at,
    )


def test_absent_payload_is_told(store: Engine) -> None:
    with pytest.raises(ConfigurationError, match="no payload"):
        payloads.read_body(store, "0" * 64)


@pytest.mark.parametrize(
    ("state", "is_ingested"), [("stored", True), ("held", False), ("refused", False)]
)
def test_only_a_stored_run_counts_as_ingested(store: Engine, state: str, is_ingested: bool) -> None:
    payload = Fetched(body=b"x")
    payloads.put(store, payload, "worldbank")
    assert not payloads.is_ingested(store, payload.sha256, "worldbank")
    run = Run(feed="worldbank", payload=payload.sha256, state=RunState(state), ran_at=NOW)
    with begin_writing(store) as connection:
        runs.add(connection, run)
    assert payloads.is_ingested(store, payload.sha256, "worldbank") is is_ingested
    assert not payloads.is_ingested(store, payload.sha256, "other")


def test_runs_come_back_newest_first_with_their_report(store: Engine) -> None:
    first = Run(
        feed="worldbank",
        payload="a" * 64,
        state=RunState.STORED,
        ran_at=NOW,
        fetched_at=NOW,
        released_at=NOW,
        accepted=10,
        quarantined=2,
        new=10,
        last_period="2022-04",
        report={"critical": []},
    )
    second = replace(first, state=RunState.REFUSED, error="too many", ran_at=NOW + timedelta(1))
    with begin_writing(store) as connection:
        runs.add(connection, first)
        runs.add(connection, second)
        runs.add(connection, replace(first, feed="other"))
    assert runs.history(store, "worldbank") == (second, first)
    assert runs.latest(store)["worldbank"] == second
    assert runs.totals(store)["worldbank"] == {"accepted": 10, "quarantined": 2}


def refused(value: float = math.nan, raw: str = "n/a") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "series_id": NICKEL,
                "period": "2022-03",
                "value": value,
                "unit": "USD/t",
                "status": "A",
                "conf": "F",
                "known_at": pd.Timestamp("2022-04-05", tz="UTC"),
                "is_estimated": True,
                "payload": "a" * 64,
                "raw": raw,
                "expectation": "spike",
                "reason": "stands out",
            }
        ]
    )


def add(store: Engine, table: pd.DataFrame) -> int:
    with begin_writing(store) as connection:
        return quarantine.add(connection, table, feed="worldbank", payload="a" * 64, found_at=NOW)


def decide(store: Engine, key: int, state: QuarantineState, reason: str = "checked") -> None:
    with begin_writing(store) as connection:
        quarantine.decide(
            connection, [key], state=state, reason=reason, by="analyst", at=day("2022-06-01")
        )


def test_row_is_quarantined_once_however_often_it_comes(store: Engine) -> None:
    assert add(store, refused(9e9, "9e9")) == 1
    assert add(store, refused(9e9, "9e9")) == 0
    row = quarantine.list_rows(store, feed="worldbank", state=QuarantineState.QUARANTINED)[0]
    assert (row.series_id, row.period, row.raw, row.expectation, row.reason) == (
        NICKEL,
        "2022-03",
        "9e9",
        "spike",
        "stands out",
    )
    assert quarantine.show(store, row.key) == row
    assert quarantine.list_rows(store, feed="other") == ()


def test_released_row_is_known_from_its_release_on(store: Engine) -> None:
    add(store, refused(33924.0, "33924"))
    key = quarantine.list_rows(store)[0].key
    decide(store, key, QuarantineState.RELEASED, "the move is real")
    assert len(observations.read(store, as_of=day("2022-05-31"))) == 0
    table = observations.read(store, as_of=day("2022-06-01")).table
    assert table["value"].tolist() == [33924.0]
    row = quarantine.show(store, key)
    assert (row.state, row.decided_by, row.decided_reason) == (
        "released",
        "analyst",
        "the move is real",
    )
    assert row.decided_at == day("2022-06-01")


def test_rejected_row_is_kept_and_never_stored(store: Engine) -> None:
    add(store, refused(9e9, "9e9"))
    key = quarantine.list_rows(store)[0].key
    decide(store, key, QuarantineState.REJECTED)
    assert len(observations.read(store, as_of=day("2023-01-01"))) == 0
    assert quarantine.show(store, key).state == "rejected"
    with pytest.raises(IllegalTransition, match="rejected by analyst"):
        decide(store, key, QuarantineState.RELEASED)


def test_text_cannot_be_released_as_a_number(store: Engine) -> None:
    add(store, refused())
    with pytest.raises(IllegalTransition, match="'n/a'"):
        decide(store, quarantine.list_rows(store)[0].key, QuarantineState.RELEASED)


def test_decision_needs_a_reason_and_a_row(store: Engine) -> None:
    add(store, refused())
    key = quarantine.list_rows(store)[0].key
    with pytest.raises(ConfigurationError, match="reason"):
        decide(store, key, QuarantineState.REJECTED, " ")
    with pytest.raises(ConfigurationError, match="no row"):
        decide(store, key + 1, QuarantineState.REJECTED)


def test_release_is_held_once_and_decided_once(store: Engine) -> None:
    facts = {"feed": "imf", "payload": "b" * 64, "released_at": NOW, "found_at": NOW}
    with begin_writing(store) as connection:
        assert holds.add(connection, **facts, reason="ends earlier")
        assert not holds.add(connection, **facts, reason="ends earlier")
    assert holds.find_state(store, feed="imf", payload="b" * 64) is HoldState.HELD
    assert holds.find_state(store, feed="imf", payload="c" * 64) is None
    key = holds.list_holds(store)[0].key
    decision = {"state": HoldState.REJECTED, "reason": "wrong file", "by": "analyst", "at": NOW}
    with begin_writing(store) as connection:
        holds.decide(connection, key, **decision)
    assert holds.list_holds(store) == ()
    assert holds.list_holds(store, state=None)[0].decided_reason == "wrong file"
    with pytest.raises(IllegalTransition), begin_writing(store) as connection:
        holds.decide(connection, key, **decision)


def test_what_a_release_changed_comes_back(store: Engine) -> None:
    diff = VintageDiff(
        new=1,
        revised=2,
        withdrawn=1,
        unchanged=7,
        previous_last_period="2022-03",
        last_period="2022-02",
        shortened=(NICKEL,),
        changes=(CellChange(series_id=NICKEL, period="2022-01", before=1.0, after=2.0),),
    )
    vintage = Vintage(feed="imf", payload="b" * 64, released_at=NOW, diff=diff)
    with begin_writing(store) as connection:
        assert vintages.add(connection, vintage)
        assert not vintages.add(connection, vintage)
    assert vintages.list_vintages(store, "imf") == (vintage,)


def test_withdrawn_value_comes_back_as_withdrawn(store: Engine) -> None:
    change = CellChange(series_id=NICKEL, period="2022-01", before=1.0, after=math.nan)
    diff = VintageDiff(
        new=0,
        revised=0,
        withdrawn=1,
        unchanged=0,
        previous_last_period="2022-03",
        last_period="2022-03",
        changes=(change,),
    )
    with begin_writing(store) as connection:
        vintages.add(connection, Vintage(feed="imf", payload="c" * 64, released_at=NOW, diff=diff))
    assert math.isnan(vintages.list_vintages(store, "imf")[0].diff.changes[0].after)
