"""Submit: a member's own figures into the store, against a receipt."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from g7warn.errors import ConfigurationError, DataError, PermanentError
from g7warn.feeds.base import Payload, hash_body
from g7warn.feeds.sources.member_submission import SCHEME
from g7warn.pipeline.ingest import ingest_payload
from g7warn.pipeline.wiring import open_workspace
from g7warn.store.members import read_member
from g7warn.store.submissions import list_submissions

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from g7warn.settings import Settings
    from g7warn.store.submissions import Submission

FEED = "member_submission"

LARGEST_BYTES = 16 * 1024 * 1024
"""Larger files are no tables of one member. Judgement: some 200,000 rows."""

_DIGITS = 12


def submit(path: Path, *, member_id: str, settings: Settings | None = None) -> dict[str, Any]:
    """Take a member's SDMX-CSV file and return its receipt; the same file again gives the same one.

    Rows that are refused, and a file that is refused whole, stand in the receipt with the reason.
    A later file of the member replaces the values it repeats; both versions stay in the store.

    Args:
        path: The file.
        member_id: Whose it is; rows of another contributor are refused.
        settings: In place of the environment's.

    Raises:
        ConfigurationError: No such member, the file cannot be read or is too large, or another
            member handed in the same bytes.
        StoreUnavailable: The database does not answer.
    """
    body = _read_file(path)
    with open_workspace(settings) as workspace:
        member = read_member(workspace.engine, member_id)
        payload = Payload(
            address=f"{SCHEME}{member.member_id}/{path.name}",
            body=body,
            sha256=hash_body(body),
            media_type="text/csv",
            fetched_at=workspace.clock.now(),
        )
        _refuse_of_others(workspace.engine, payload, member_id=member.member_id)
        with suppress(DataError, PermanentError):  # what was refused stands in the receipt
            ingest_payload(workspace, payload, feed=FEED)
    return show_receipt(_name_receipt(member_id, payload.sha256), settings=settings)


def _refuse_of_others(engine: Engine, payload: Payload, *, member_id: str) -> None:
    """Refuse bytes that another member handed in: a receipt names one member for good."""
    for one in list_submissions(engine, feed=FEED, scheme=SCHEME):
        if one.run.payload == payload.sha256 and one.member_id != member_id:
            message = (
                "these very bytes came in before, under another name, and nothing of them was "
                "taken now: send your own; if the name was wrong then, add an empty line and send "
                "them again"
            )
            raise ConfigurationError(message, member=member_id)


def list_receipts(*, member_id: str = "", settings: Settings | None = None) -> list[dict[str, Any]]:
    """Return the receipts of a member, or of all, oldest first.

    Each holds receipt, member, file, sha256, received_at, state, version, accepted, quarantined,
    new, revised, unchanged, last_period, message, and reasons: what was refused, how often, with
    examples.
    """
    with open_workspace(settings) as workspace:
        found = list_submissions(workspace.engine, feed=FEED, scheme=SCHEME)
    return [_describe(one) for one in found if member_id in {"", one.member_id}]


def show_receipt(receipt: str, *, settings: Settings | None = None) -> dict[str, Any]:
    """Return one receipt.

    Raises:
        ConfigurationError: There is no such receipt.
    """
    for one in list_receipts(settings=settings):
        if one["receipt"] == receipt:
            return one
    message = f"no receipt {receipt!r}: `g7warn submission list` names those there are"
    raise ConfigurationError(message, receipt=receipt)


def _read_file(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            message = f"{path.name} is larger than {LARGEST_BYTES:,} bytes: send it in parts"
            raise ConfigurationError(message, file=path.name)
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise ConfigurationError(message, file=path.name) from error


def _name_receipt(member_id: str, sha256: str) -> str:
    return f"{member_id}-{sha256[:_DIGITS]}"


def _describe(one: Submission) -> dict[str, Any]:
    run = one.run
    expectations: Any = run.report.get("expectations", ())
    return {
        "receipt": _name_receipt(one.member_id, run.payload),
        "member": one.member_id,
        "file": one.file,
        "sha256": run.payload,
        "received_at": one.received_at.isoformat(),
        "state": str(run.state),
        "version": one.version,
        "accepted": run.accepted,
        "quarantined": run.quarantined,
        "new": run.new,
        "revised": run.revised,
        "unchanged": run.unchanged,
        "last_period": run.last_period,
        "message": run.error,
        "reasons": [
            {"defect": it["defect"], "rows": it["rows"], "examples": it["examples"]}
            for it in expectations
            if not it["is_met"]
        ],
    }
