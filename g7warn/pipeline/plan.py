"""What the orchestrator must know before anything runs: feeds, schedules, assets and `as_of`.

DAG files are parsed every few seconds, so this module imports nothing heavier than YAML and hands
out plain values. The feeds are those of the catalogue: a dataset added there is a DAG.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from g7warn.domain.period import parse_as_of, refuse_far_future
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ALERTS_URI = "g7warn://alerts"
"""Asset: alert events were appended, or looked for and not found."""

TAG = "g7warn"

AS_OF_FIELD: dict[str, Any] = {
    "type": ["null", "string"],
    "title": "As of",
    "description": "Use only what was known at this date (2022-04-05) or time; empty: now.",
}
"""The field of the form of a manual run, as a JSON schema."""

RETRY_POLICY: dict[str, Any] = {
    "default": "fail",  # a fault of the program: trying again changes nothing
    "rules": [
        {
            "exception": "g7warn.errors.SourceRateLimited",
            "action": "retry",
            "retry_delay": 900.0,
            "reason": "the publisher asked to slow down",
        },
        {
            "exception": "g7warn.errors.TransientError",
            "action": "retry",
            "reason": "the same call may succeed later",
        },
        {
            "exception": "g7warn.errors.PermanentError",
            "action": "fail",
            "reason": "a person must act: the message says how",
        },
        {
            "exception": "g7warn.errors.DataError",
            "action": "fail",
            "reason": "the data are at fault: recorded, older data stay in use",
        },
    ],
}
"""The reaction to each branch of `errors.py`, in the form that Airflow reads; first match wins."""

TASK_DEFAULTS: dict[str, Any] = {
    "owner": "g7warn operations",
    "retries": 4,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(hours=1),
}
"""What every task starts from; four tries after the first span about half an hour."""

CONTINUOUS = "@continuous"
"""Schedule of Airflow: the next run begins when one ends."""

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""A day before any run of a continuous DAG. Without one its first run stands for no time at all,
and Airflow 3.3.2 takes the second for the same run and never starts it. (A cron schedule has none:
with one it would run as soon as it is seen.)"""

_HOUR_BY_FREQUENCY = {"D": "*/6", "W": "*/6"}
_DAYS_BY_FREQUENCY = {"A": "1", "S": "1"}
_DROP_SCHEME = "drop://"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPlan:
    """One feed as the orchestrator sees it: strings only.

    Attributes:
        feed: Name in the catalogue.
        title: English title.
        publisher: Who publishes it.
        licence: Under which terms.
        frequency: SDMX code of its periods: A, S, Q, M, W or D.
        is_dropped: Whether an operator puts its files into a watched folder.
    """

    feed: str
    title: str
    publisher: str
    licence: str
    frequency: str
    is_dropped: bool = False

    @property
    def dag_id(self) -> str:
        """Name of the DAG that ingests it."""
        return f"g7warn_ingest_{self.feed}"

    @property
    def asset_uri(self) -> str:
        """Asset that an ingestion of this feed emits."""
        return f"g7warn://observations/{self.feed}"

    @property
    def schedule(self) -> str:
        """Cron text, UTC: when to look for a new release, at the feed's own minute.

        Looking is cheap (an unchanged payload is known by its hash), so monthly files are asked for
        daily, daily ones every six hours, yearly ones on Mondays. For the drop folder one run
        always waits: the next begins when it ends.

        Example:
            >>> FeedPlan(feed="x", title="", publisher="", licence="", frequency="A").schedule
            '3 5 * * 1'
        """
        if self.is_dropped:
            return CONTINUOUS
        minute = zlib.crc32(self.feed.encode()) % 60
        hour = _HOUR_BY_FREQUENCY.get(self.frequency, "5")
        return f"{minute} {hour} * * {_DAYS_BY_FREQUENCY.get(self.frequency, '*')}"

    @property
    def doc(self) -> str:
        """Markdown for the operator who opens the DAG."""
        arrival = (
            "An operator puts its files into the drop folder (`G7WARN_DROP`). One run always "
            "waits for the next file, in the triggerer; half-written files are left alone, and a "
            "refused one is tried again once it is replaced."
            if self.is_dropped
            else f"It is asked for at `{self.schedule}` (UTC); an unchanged file stores nothing."
        )
        by_trigger = "" if self.is_dropped else ", or Trigger with an `as_of`"
        return (
            f"**{self.title}**, {self.publisher} ({self.licence}).\n\n{arrival}\n\n"
            "Fetches every new version, checks it against the expectation suite, stores what is "
            "accepted and quarantines the rest with its reason. Only news is announced to the "
            "assessment; without any, the last task is skipped.\n\n"
            "* **Red, retried**: the publisher did not answer; it heals by itself.\n"
            "* **Red at once**: a person must act; the task's log says what and how. Older data "
            "stay in use.\n"
            f"* What came in: `g7warn feeds status`; what was refused: `g7warn quarantine list`.\n"
            f"* By hand: `g7warn ingest --feed {self.feed}`{by_trigger}."
        )


@cache
def list_feeds() -> tuple[FeedPlan, ...]:
    """Return the catalogue's feeds in alphabetical order.

    Raises:
        ConfigurationError: An entry of the catalogue lacks what the orchestrator needs.
    """
    folder = resources.files("g7warn").joinpath("feeds", "catalog")
    texts = (
        file.read_text("utf-8")
        for file in (folder.iterdir() if folder.is_dir() else ())
        if file.name.endswith(".yaml")
    )
    entries = (entry for text in texts for entry in yaml.load(text, Loader=_LOADER) or ())  # noqa: S506 - a safe loader, the fast one where it is built
    return tuple(sorted(map(_read_entry, entries), key=lambda plan: plan.feed))


@cache
def approval_minutes() -> float:
    """Return how long a duty officer has for an answer, as the policy of alerts says."""
    text = resources.files("g7warn").joinpath("alerts", "policy.yaml").read_text("utf-8")
    return float(yaml.load(text, Loader=_LOADER)["approval_deadline_minutes"])  # noqa: S506 - likewise


def _read_entry(entry: Mapping[str, Any]) -> FeedPlan:
    try:
        addresses = [
            address for document in entry["documents"] for address in document.get("addresses", ())
        ]
        return FeedPlan(
            feed=entry["feed"],
            title=entry["title"],
            publisher=entry["publisher"],
            licence=entry["licence"],
            frequency=entry["frequency"],
            is_dropped=bool(addresses)
            and all(address.startswith(_DROP_SCHEME) for address in addresses),
        )
    except (KeyError, TypeError) as error:
        message = f"a catalogue entry cannot be planned: {error}; see feeds/catalog"
        raise ConfigurationError(message, entry=str(entry)[:200]) from error


def as_of(context: Mapping[str, Any]) -> datetime:
    """Return the instant whose knowledge a task uses, from what Airflow hands it.

    The first that is there: what a person asked for; the newest triggering event; the run's
    logical date; the instant the run became due. Pure: no clock, no input.

    Args:
        context: The task's context.

    Raises:
        ConfigurationError: What a person asked for is no date, or of a mistyped year.
    """
    run = context["dag_run"]
    if asked := _asked(context):
        return refuse_far_future(parse_as_of(asked), now=run.run_after)
    if instants := [_event_as_of(event) for event in _events(context)]:
        return max(instants)
    instant: datetime = run.logical_date or run.run_after
    return instant.astimezone(UTC)


def has_news(counts: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Return whether an ingestion is worth an assessment: new or revised rows, or a replay.

    Example:
        >>> has_news({"new": 0, "revised": 0}, {}), has_news({"new": 3}, {})
        (False, True)
    """
    return bool(counts.get("new") or counts.get("revised") or _asked(context))


def event_extra(context: Mapping[str, Any]) -> dict[str, str | bool]:
    """Return what an asset event carries on to the DAGs that wait for it.

    `is_replay` says that a person asked for this instant, here or up the chain. In a replay the
    next DAG takes the same `as_of`; otherwise it takes the event's own time, because what was
    fetched after the run became due is known only from then on.
    """
    is_replay = bool(_asked(context)) or any(_is_replay(event) for event in _events(context))
    return {"as_of": as_of(context).isoformat(), "is_replay": is_replay}


def _asked(context: Mapping[str, Any]) -> str:
    return str((context.get("params") or {}).get("as_of") or "")


def _events(context: Mapping[str, Any]) -> list[Any]:
    by_asset: Mapping[Any, Iterable[Any]] = context.get("triggering_asset_events") or {}
    return [event for asset in by_asset for event in by_asset[asset]]


def _is_replay(event: Any) -> bool:  # noqa: ANN401 - Airflow's own type, unknown here
    return bool((event.extra or {}).get("is_replay"))


def _event_as_of(event: Any) -> datetime:  # noqa: ANN401 - Airflow's own type, unknown here
    if _is_replay(event):
        return parse_as_of(event.extra["as_of"])
    happened_at: datetime = event.timestamp
    return happened_at.astimezone(UTC)
