"""The feed: readers fetch it with their token; sending means that the delivery counts as made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock


class FeedChannel(Generic[MessageT_contra]):
    """Hold each message ready; the web serves from the outbox what was delivered here."""

    kind = "feed"

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        read_options(ChannelOptions, options, kind=self.kind)
        del clock
        self.accepts = accepts

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Hold the message ready for its reader.

        Raises:
            ChannelRejected: The message is of the other world.
        """
        del endpoint
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        thread = message.content.alert_id
        return Receipt(reference=idempotency_key, thread=thread, detail="held for its reader")
