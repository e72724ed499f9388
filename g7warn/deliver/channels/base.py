"""What a channel promises, and where channels are found.

A channel takes a rendered-to-content message to one endpoint, once a call. It decides nothing:
whether, to whom and when is decided before (`alerts.decide`), and again-or-not by the outbox, from
the branch of the error alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from g7warn.deliver.message import ActualMessage, ExerciseMessage, Message
from g7warn.errors import ChannelRejected, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock

MessageT_contra = TypeVar("MessageT_contra", bound=Message, contravariant=True)
OptionsT = TypeVar("OptionsT", bound="ChannelOptions")

ENTRY_POINT_GROUP = "g7warn.channels"

_BUILT_IN: dict[str, str] = {
    "console": "g7warn.deliver.channels.console:ConsoleChannel",
    "email": "g7warn.deliver.channels.email:EmailChannel",
    "feed": "g7warn.deliver.channels.feed:FeedChannel",
    "file": "g7warn.deliver.channels.file:FileChannel",
    "slack": "g7warn.deliver.channels.slack:SlackChannel",
    "webhook": "g7warn.deliver.channels.webhook:WebhookChannel",
}
"""Kind -> where its class is; imported when the channel is opened, so that none pays for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockedEndpoint:
    """An endpoint with its secrets at hand: where a channel takes a message.

    Attributes:
        address: Slack channel id, e-mail address, webhook address, or folder below the drop.
        secrets: Secrets shared with the receiver, newest first; their values show in no repr.
        options: What this endpoint alone needs, as its channel documents.
    """

    address: str = field(repr=False)
    secrets: tuple[SecretStr, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a channel took a message.

    Attributes:
        reference: What the receiver calls it: Slack timestamp, Message-ID, webhook id, file name.
        thread: What a later message of the same alert gives as `Message.thread`; may be empty.
        detail: What the receiver answered, one line, no secrets.
    """

    reference: str
    thread: str = ""
    detail: str = ""


class Channel(Protocol[MessageT_contra]):
    """A way to readers."""

    @property
    def kind(self) -> str:
        """Name in subscriptions and in the outbox."""
        ...

    @property
    def accepts(self) -> type[Message]:
        """The one type of message it takes."""
        ...

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Take `message` to `endpoint`, once.

        Args:
            message: What to say; of exactly the type in `accepts`.
            endpoint: Where to.
            idempotency_key: Same over all attempts of one delivery; given to the receiver
                wherever its protocol can carry it, so that a repeat is recognised.

        Raises:
            ChannelUnavailable: Not now; with `retry_after_seconds` where the receiver named it.
            ChannelRejected: Never; with `is_endpoint_gone` where the endpoint is no more.
        """
        ...


class ChannelOptions(BaseModel):
    """What an installation decides about one kind of channel; each channel extends it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelFactory(Protocol):
    """How a channel is opened; the class of a channel is its factory."""

    def __call__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[Message]
    ) -> Channel[Message]:
        """Return a channel; the arguments are those of `open_channel`."""
        ...


def list_channel_kinds() -> tuple[str, ...]:
    """Return the kinds that can be opened: built in, and those of installed packages."""
    return tuple(sorted({*_BUILT_IN, *entry_points(group=ENTRY_POINT_GROUP).names}))


def open_channel(
    kind: str,
    *,
    clock: Clock,
    accepts: type[ActualMessage | ExerciseMessage] = ActualMessage,
    options: Mapping[str, object] | None = None,
) -> Channel[Message]:
    """Return a channel of a kind, ready to send.

    Args:
        kind: One of `list_channel_kinds()`; a built-in name cannot be taken over.
        clock: For what must carry the present instant (signatures, dates).
        accepts: Type of message it takes: a channel is for real messages or for practice.
        options: Settings of this kind, as its options class documents.

    Raises:
        ConfigurationError: No such kind, or options that it does not understand.
    """
    if accepts not in {ActualMessage, ExerciseMessage}:
        message = f"channel {kind!r} must accept ActualMessage or ExerciseMessage"
        raise ConfigurationError(message, channel=kind)
    return _find_factory(kind)(options=options or {}, clock=clock, accepts=accepts)


def read_options(model: type[OptionsT], options: Mapping[str, object], *, kind: str) -> OptionsT:
    """Return checked options.

    Raises:
        ConfigurationError: An unknown or ill-typed option; named, its value never shown.
    """
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        message = f"options of channel {kind!r} are wrong: {'; '.join(faults)}"
        raise ConfigurationError(message, channel=kind, options=faults) from None


def refuse_other_world(message: Message, *, accepts: type[Message], kind: str) -> None:
    """Stop a message of the other world: the types say it, this holds where types were lost.

    Raises:
        ChannelRejected: The message is not of exactly the type the channel accepts.
    """
    if type(message) is not accepts:
        given = type(message).__name__
        text = f"channel {kind!r} takes {accepts.__name__}, not {given}: nothing was sent"
        raise ChannelRejected(text, channel=kind)


def _find_factory(kind: str) -> ChannelFactory:
    if kind in _BUILT_IN:
        module, name = _BUILT_IN[kind].split(":")
        factory: ChannelFactory = getattr(import_module(module), name)
        return factory
    for entry in entry_points(group=ENTRY_POINT_GROUP, name=kind):
        loaded: ChannelFactory = entry.load()
        return loaded
    known = ", ".join(list_channel_kinds())
    message = f"no channel {kind!r}; there are: {known}"
    raise ConfigurationError(message, channel=kind)
