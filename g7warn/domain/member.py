"""Members: who is told, what they may see, what they want to hear, and by which way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict

from g7warn.domain.alert import Grade
from g7warn.domain.marking import Audience, Realm
from g7warn.domain.signal import Direction, Family
from g7warn.errors import ConfigurationError

ALL: frozenset[str] = frozenset({"*"})
"""Every mineral, those of later catalogues too. An empty set is none: nothing opens by omission."""

LANGUAGES: tuple[str, ...] = ("en", "fr", "de", "it", "ja")
"""Languages in which notices are written."""


class ContactRole(StrEnum):
    """What a person is for, in the order in which an unanswered alert reaches them."""

    FIRST = "first"
    SECOND = "second"
    DUTY_OFFICER = "duty_officer"
    ANALYST = "analyst"


class Mode(StrEnum):
    """Whether notices come one by one or gathered once a day."""

    IMMEDIATE = "immediate"
    DIGEST = "digest"


_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*$")  # names stand in CAP identifiers and in paths
_STRICT = ConfigDict(extra="forbid")  # a misspelt key in a member's file is refused, not ignored


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        message = f"{name[:40]!r} is no name: use letters, digits, dot, underscore and hyphen"
        raise ConfigurationError(message, name=name[:40])


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"{zone!r} is no IANA time zone: write one like Europe/Paris"
        raise ConfigurationError(message, zone=zone) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person at a member.

    Attributes:
        contact_id: Unique within the member.
        name: As the person is addressed.
        role: What the person is for.
        email: For the directory; notices go to endpoints.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    contact_id: str
    name: str
    role: ContactRole = ContactRole.FIRST
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address on one channel.

    Attributes:
        endpoint_id: Unique in the installation.
        channel: Name of the channel as registered: file, slack, email, webhook, feed, ...
        address: What the channel needs: a path, a channel name, an e-mail address, a URL.
        secret_ref: Name under which the store keeps its secret; empty where it needs none.
        contact_id: The person it belongs to; empty for a shared one (a Slack channel, a feed).
        realm: Actual or exercise: an endpoint carries one kind of notice for its whole life.
        options: What its channel needs beside, as that channel documents; no secrets.
        is_enabled: False once its receiver said it is gone, or an operator switched it off.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    endpoint_id: str
    channel: str
    address: str = field(repr=False)
    secret_ref: str = ""
    contact_id: str = ""
    realm: Realm = Realm.ACTUAL
    options: dict[str, str] = field(default_factory=dict, hash=False)
    is_enabled: bool = True

    def __post_init__(self) -> None:
        """Refuse an endpoint on the desk.

        Raises:
            ConfigurationError: The realm is one from which nothing is sent, or the name is none.
        """
        _check_name(self.endpoint_id)
        if self.realm == Realm.DESK:
            message = f"endpoint {self.endpoint_id!r}: choose the realm actual or exercise"
            raise ConfigurationError(message, endpoint=self.endpoint_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Hours of the day, in a place's own time, in which only the loudest notices come.

    Attributes:
        starts: First minute, local time.
        ends: First minute after, local time; earlier than `starts` means the next morning.
        zone: IANA time zone, e.g. Asia/Tokyo.
        broken_by: Lowest grade that comes all the same.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    starts: time
    ends: time
    zone: str
    broken_by: Grade = Grade.CRITICAL

    def __post_init__(self) -> None:
        """Refuse an unknown zone and hours of no length.

        Raises:
            ConfigurationError: One of these.
        """
        _check_zone(self.zone)
        if self.starts == self.ends:
            message = f"quiet hours from {self.starts} to {self.ends} last no time or all day"
            raise ConfigurationError(message, zone=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a member wants to hear at one endpoint. It narrows what it may see, never widens it.

    Attributes:
        subscription_id: Unique within the member.
        endpoint_id: Where it goes.
        minerals: Mineral codes, or `ALL`.
        families: Kinds of stress.
        directions: Up, down or both.
        minimum_grade: Lowest grade of interest; Blind is governed by `wants_blind`.
        wants_blind: Whether to hear that a mineral cannot be seen.
        language: One of `LANGUAGES`.
        mode: One by one, or gathered once a day.
        quiet_hours: None for none.
        digest_at: When a day's gathered notices come, local time.
        digest_zone: IANA time zone of `digest_at`.
        operating_point: Lowest probability at which to be told, 0 to 1: the member's own trade of
            misses against false alarms. What is observed has probability 1.
        daily_budget: Most new alerts a day; 0 for no limit. Critical ones are never held back.
        is_mandatory: Whether a one-click unsubscribe leaves it alone.
        is_paused: Whether the member has stopped it for now; a mandatory one cannot be.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    subscription_id: str
    endpoint_id: str
    minerals: frozenset[str] = ALL
    families: frozenset[Family] = frozenset(Family)
    directions: frozenset[Direction] = frozenset(Direction)
    minimum_grade: Grade = Grade.WATCH
    wants_blind: bool = True
    language: str = "en"
    mode: Mode = Mode.IMMEDIATE
    quiet_hours: QuietHours | None = None
    digest_at: time = time(7)
    digest_zone: str = "UTC"
    operating_point: float = 0.0
    daily_budget: int = 0
    is_mandatory: bool = False
    is_paused: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ConfigurationError: An unknown language or time zone, a probability outside 0 to 1, or
                a mandatory subscription that is paused.
        """
        _check_zone(self.digest_zone)
        for fault, is_present in (
            (f"language {self.language!r}: write {LANGUAGES}", self.language not in LANGUAGES),
            ("operating point: write 0 to 1", not 0 <= self.operating_point <= 1),
            ("daily budget: write 0 or more", self.daily_budget < 0),
            ("a mandatory stream cannot be paused", self.is_mandatory and self.is_paused),
        ):
            if is_present:
                message = f"subscription {self.subscription_id!r}: {fault}"
                raise ConfigurationError(message, subscription=self.subscription_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A government or body that takes part.

    Attributes:
        member_id: Unique name, e.g. `jp`.
        name: As it is addressed.
        audiences: Circles it belongs to.
        minerals: Mineral codes shared with it, or `ALL`.
        realms: Worlds it takes part in.
        is_active: False for one that has left: it is kept and sees nothing.
        is_secretariat: Whether unanswered alerts of others reach it last.
        contacts: Its people.
        endpoints: Its addresses.
        subscriptions: What it wants to hear, and where.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    member_id: str
    name: str
    audiences: frozenset[Audience]
    minerals: frozenset[str] = ALL
    realms: frozenset[Realm] = frozenset({Realm.ACTUAL, Realm.EXERCISE})
    is_active: bool = True
    is_secretariat: bool = False
    contacts: tuple[Contact, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    def __post_init__(self) -> None:
        """Refuse dangling names, so that nothing is routed to nowhere.

        Raises:
            ConfigurationError: A subscription names no endpoint of this member, an endpoint no
                contact of it, or the member's name is none.
        """
        _check_name(self.member_id)
        endpoints = {endpoint.endpoint_id for endpoint in self.endpoints}
        contacts = {contact.contact_id for contact in self.contacts} | {""}
        faults = [s.endpoint_id for s in self.subscriptions if s.endpoint_id not in endpoints]
        faults += [e.contact_id for e in self.endpoints if e.contact_id not in contacts]
        if faults:
            message = f"member {self.member_id!r} names what it does not have: {sorted(faults)}"
            raise ConfigurationError(message, member=self.member_id, missing=faults)

    def endpoint(self, endpoint_id: str) -> Endpoint:
        """Return one of the member's endpoints.

        Raises:
            ConfigurationError: It has no such endpoint.
        """
        for endpoint in self.endpoints:
            if endpoint.endpoint_id == endpoint_id:
                return endpoint
        message = f"member {self.member_id!r} has no endpoint {endpoint_id!r}"
        raise ConfigurationError(message, member=self.member_id, endpoint=endpoint_id)
