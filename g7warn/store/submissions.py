"""Submissions: what became of each file that a member handed over; the runs are the receipts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from g7warn.store import runs
from g7warn.store.engine import begin_reading
from g7warn.store.runs import RunState
from g7warn.store.schema import PAYLOADS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from g7warn.store.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One file of a member.

    Attributes:
        member_id: Who handed it over.
        file: Its name.
        received_at: When it was handed over.
        version: 1 for the member's first file that was stored, counted up from there; 0 for one
            of which nothing was.
        run: What became of it.
    """

    member_id: str
    file: str
    received_at: datetime
    version: int
    run: Run


def list_submissions(engine: Engine, *, feed: str, scheme: str) -> tuple[Submission, ...]:
    """Return the files that members handed over, oldest first.

    Args:
        engine: The store.
        feed: Feed of submissions.
        scheme: Beginning of the address of what a member handed over itself.

    Raises:
        StoreUnavailable: The database did not answer.
    """
    notes = PAYLOADS.c
    chosen = select(PAYLOADS).where(notes.feed == feed, notes.address.startswith(scheme))
    with begin_reading(engine) as connection:
        files = connection.execute(chosen.order_by(notes.fetched_at, notes.key)).all()
    newest = runs.latest_of_payloads(engine, feed)
    versions: Counter[str] = Counter()
    found = []
    for file in files:
        if file.sha256 not in newest:
            continue
        run, member = newest[file.sha256], file.address.removeprefix(scheme).partition("/")[0]
        versions[member] += run.state is RunState.STORED
        found.append(
            Submission(
                member_id=member,
                file=file.address.rpartition("/")[2],
                received_at=file.fetched_at,
                version=versions[member] if run.state is RunState.STORED else 0,
                run=run,
            )
        )
    return tuple(found)
