"""Inhibition: an open alert that makes a smaller one about the same mineral say nothing new."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from g7warn.alerts.policy import GradeName
from g7warn.domain.notice import MsgType
from g7warn.domain.signal import Family
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from g7warn.domain.alert import AlertEvent, Fingerprint, Grade
    from g7warn.domain.notice import Notice


class Side(BaseModel):
    """Alerts on one side of a rule.

    Attributes:
        families: Kinds of stress.
        lowest: Lowest grade; `from` in the file.
        highest: Highest grade; `up_to` in the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    families: frozenset[Family]
    lowest: GradeName = Field(alias="from")
    highest: GradeName = Field(alias="up_to")

    def holds(self, fingerprint: Fingerprint, grade: Grade) -> bool:
        """Return whether an alert stands on this side."""
        return fingerprint.family in self.families and self.lowest <= grade <= self.highest


class InhibitRule(BaseModel):
    """One sentence of `inhibit.yaml`.

    Attributes:
        name: The rule in words; it stands in the ledger.
        source: What mutes.
        target: What is muted.
        is_same_direction: Whether both must point the same way.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    source: Side
    target: Side
    is_same_direction: bool = False


def parse_inhibit_rules(text: str) -> tuple[InhibitRule, ...]:
    """Return the rules that a YAML text states.

    Raises:
        ConfigurationError: Unknown keys, families or grades.
    """
    try:
        return tuple(InhibitRule.model_validate(entry) for entry in yaml.safe_load(text) or ())
    except (ValidationError, yaml.YAMLError) as error:
        message = f"the inhibition rules are wrong: {error}"
        raise ConfigurationError(message) from None


@cache
def load_inhibit_rules() -> tuple[InhibitRule, ...]:
    """Return the rules of `inhibit.yaml`."""
    folder = resources.files("g7warn.alerts")
    return parse_inhibit_rules(folder.joinpath("inhibit.yaml").read_text("utf-8"))


def find_inhibitor(
    notice: Notice, *, open_alerts: Iterable[AlertEvent], rules: Sequence[InhibitRule]
) -> str:
    """Return the rule that mutes `notice`, and by which alert; empty where none does.

    Args:
        notice: What would be sent.
        open_alerts: Newest events of the open alerts; those of another status mute nothing.
        rules: What mutes what.
    """
    if notice.msg_type == MsgType.CANCEL:
        return ""
    about = notice.fingerprint
    hits = [rule for rule in rules if rule.target.holds(about, notice.grade)]
    for event in open_alerts if hits else ():
        other = event.assessment.fingerprint
        if event.status != notice.status or event.alert_id == notice.alert_id:
            continue
        if (other.mineral, other.area) != (about.mineral, about.area):
            continue
        for rule in hits:
            is_aligned = other.direction == about.direction or not rule.is_same_direction
            if is_aligned and rule.source.holds(other, event.grade):
                return f"{rule.name} ({event.alert_id})"
    return ""
