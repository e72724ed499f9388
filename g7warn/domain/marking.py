"""Marking: who may see a thing (TLP 2.0), and whether it is real (CAP status)."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tlp(IntEnum):
    """FIRST Traffic Light Protocol 2.0, ordered from open to strict; labels are never translated.

    Source: FIRST, Traffic Light Protocol version 2.0, 2022.
    """

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """The label as it must be written.

        Example:
            >>> Tlp.AMBER_STRICT.label
            'TLP:AMBER+STRICT'
        """
        return "TLP:" + self.name.replace("_", "+")

    @classmethod
    def parse(cls, label: str) -> Tlp:
        """Return what a label stands for.

        Example:
            >>> Tlp.parse("TLP:AMBER+STRICT").name
            'AMBER_STRICT'
        """
        return cls[label.removeprefix("TLP:").replace("+", "_")]

    @classmethod
    def strictest(cls, labels: Iterable[Tlp]) -> Tlp:
        """Return the strictest of the labels, CLEAR where there is none."""
        return max(labels, default=cls.CLEAR)


class Realm(StrEnum):
    """The worlds that never mix. Nothing that is sent belongs to the desk."""

    ACTUAL = "actual"
    EXERCISE = "exercise"
    DESK = "desk"


class MessageStatus(StrEnum):
    """CAP 1.2 `status`: what a message is meant for."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"

    @property
    def realm(self) -> Realm:
        """The world this status belongs to; a draft stays on the desk.

        Example:
            >>> MessageStatus.TEST.realm, MessageStatus.SYSTEM.realm
            (<Realm.EXERCISE: 'exercise'>, <Realm.ACTUAL: 'actual'>)
        """
        return _REALMS[self]


_REALMS = {
    MessageStatus.ACTUAL: Realm.ACTUAL,
    MessageStatus.SYSTEM: Realm.ACTUAL,
    MessageStatus.EXERCISE: Realm.EXERCISE,
    MessageStatus.TEST: Realm.EXERCISE,
    MessageStatus.DRAFT: Realm.DESK,
}


class Audience(StrEnum):
    """Circles of recipients."""

    G7 = "g7"
    PARTNER = "partner"
    LIKE_MINDED = "like_minded"
    NAMED = "named"
