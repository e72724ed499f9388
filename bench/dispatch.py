"""From accepted assessments to notices in the outbox: 60 minerals x 200 members.

    python bench/dispatch.py [--database URL] [--json FILE]

Four runs are timed: the first notices, an escalation of all, a run that adds nothing, and one in
which nobody has acknowledged in time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from g7warn.alerts.lifecycle import advance
from g7warn.domain.alert import Assessment, Fingerprint, Grade
from g7warn.domain.marking import Audience
from g7warn.domain.member import Endpoint, Member, Subscription
from g7warn.domain.signal import Certainty, Direction, Family, Severity
from g7warn.pipeline.dispatch import Office, dispatch
from g7warn.store import alerts
from g7warn.store.engine import begin_writing, open_store, upgrade
from g7warn.store.members import put_members

START = datetime(2022, 4, 5, tzinfo=UTC)
STEPS = (
    ("first", Grade.ADVISORY, 0),
    ("escalation", Grade.WARNING, 24),
    ("idle", Grade.WARNING, 25),
    ("reminder", Grade.WARNING, 48),
)
"""Name of the run, grade of every mineral, hours after the first."""
OFFICE = Office(sender="g7warn@example.org")


def make_members(count: int) -> list[Member]:
    """Return members that are told everything at one endpoint each."""
    return [
        Member(
            member_id=f"m{number}",
            name=f"Member {number}",
            audiences=frozenset({Audience.G7}),
            endpoints=(Endpoint(endpoint_id=f"e{number}", channel="file", address=f"m{number}"),),
            subscriptions=(Subscription(subscription_id="all", endpoint_id=f"e{number}"),),
        )
        for number in range(count)
    ]


def make_assessments(count: int, grade: Grade, as_of: datetime) -> list[Assessment]:
    """Return one assessment for each of `count` minerals."""
    return [
        Assessment(
            fingerprint=Fingerprint(
                mineral=f"mineral{number}", family=Family.PRICE, direction=Direction.UP
            ),
            as_of=as_of,
            grade=grade,
            severity=Severity.SEVERE,
            certainty=Certainty.LIKELY,
            probability=0.7,
            horizon_months=6,
            criterion="monthly price at least 50 % above today's within 6 months",
            headline="a price rise is likely",
            reasons=("The price grew by 48 % in six months, above 97 % of its past.",) * 3,
            signals=(),
        )
        for number in range(count)
    ]


def main() -> int:
    """Time the runs and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minerals", type=int, default=60)
    parser.add_argument("--members", type=int, default=200)
    parser.add_argument("--database", help="address of an empty store; a new SQLite file without")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="g7warn-dispatch-") as folder:
        engine = open_store(given.database or f"sqlite:///{folder}/store.sqlite")
        upgrade(engine)
        put_members(engine, make_members(given.members), at=START)
        result: dict[str, float] = {"minerals": given.minerals, "members": given.members}
        for name, grade, hours in STEPS:
            now = START + timedelta(hours=hours)
            started = time.perf_counter()
            found = make_assessments(given.minerals, grade, now)
            with begin_writing(engine) as connection:
                known = alerts.read_events(engine, as_of=now)
                alerts.append(connection, advance(known, found, as_of=now))
            counts = dispatch(engine, office=OFFICE, as_of=now)
            result[f"{name}_seconds"] = round(time.perf_counter() - started, 2)
            result[f"{name}_queued"] = counts["queued"]
        engine.dispose()
    print(json.dumps(result))
    if given.json:
        given.json.write_text(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
