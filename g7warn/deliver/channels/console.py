"""The console: messages as plain text on a stream, for operators and first steps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Generic

from g7warn.deliver.channels.base import (
    ChannelOptions,
    MessageT_contra,
    Receipt,
    UnlockedEndpoint,
    read_options,
    refuse_other_world,
)
from g7warn.deliver.render_text import render_text
from g7warn.errors import ChannelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from g7warn.clock import Clock


class ConsoleChannel(Generic[MessageT_contra]):
    """Write each message to standard output; it cannot tell a repeat."""

    kind = "console"

    def __init__(
        self, *, options: Mapping[str, object], clock: Clock, accepts: type[MessageT_contra]
    ) -> None:
        read_options(ChannelOptions, options, kind=self.kind)
        del clock
        self.accepts = accepts

    def send(
        self, message: MessageT_contra, *, endpoint: UnlockedEndpoint, idempotency_key: str
    ) -> Receipt:
        """Print the message.

        Raises:
            ChannelUnavailable: The stream is closed, or its disk full.
            ChannelRejected: The message is of the other world.
        """
        refuse_other_world(message, accepts=self.accepts, kind=self.kind)
        try:
            sys.stdout.write(f"To {endpoint.address or 'console'}\n{render_text(message)}\n")
            sys.stdout.flush()
        except (OSError, ValueError) as error:
            text = f"standard output does not take messages: {error}"
            raise ChannelUnavailable(text, channel=self.kind) from error
        return Receipt(reference=idempotency_key, thread=message.content.alert_id)
