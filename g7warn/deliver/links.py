"""Links in messages: those that act carry a token for one purpose, one member and one subject.

Links that read (the alert's page, a notice's full text) carry none: who follows them shows the
member's own access token, so that a forwarded message opens nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from g7warn.deliver.message import LinkKind

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.deliver.signing import TokenSigner
    from g7warn.domain.notice import Notice

ACKNOWLEDGE, MUTE, UNSUBSCRIBE = "acknowledge", "mute", "unsubscribe"
"""Purposes of tokens; a token for one opens no other."""

ACT_DAYS = 30
"""Life of a link that acts on an alert. Judgement: an alert unanswered for a month is settled."""

UNSUBSCRIBE_DAYS = 400
"""Life of a link to unsubscribe. Judgement: old mails are found again within a year or so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMaker:
    """Makes the links of one installation.

    Attributes:
        base_url: Where members reach the pages, without a slash at the end; empty for no links.
        signer: Makes the tokens.
    """

    base_url: str
    signer: TokenSigner = field(repr=False)

    def make(
        self,
        notice: Notice,
        *,
        member_id: str,
        endpoint_id: str,
        contact_id: str = "",
        as_of: datetime,
    ) -> dict[LinkKind, str]:
        """Return the addresses for one notice and one endpoint, to be given to `compose_message`.

        Args:
            notice: What is told.
            member_id: To whom.
            endpoint_id: Where.
            contact_id: The person, empty for a shared endpoint.
            as_of: Begin of the links' life.

        Raises:
            ConfigurationError: The installation has no secret key.
        """
        if not self.base_url:
            return {}
        act = {
            "alert": notice.alert_id,
            "sequence": str(notice.sequence),
            "member": member_id,
            "contact": contact_id,
        }
        acts_until = as_of + timedelta(days=ACT_DAYS)
        urls = {
            LinkKind.PAGE: f"{self.base_url}/alerts/{quote(notice.alert_id)}",
            LinkKind.ACKNOWLEDGE: self._act(ACKNOWLEDGE, act, acts_until),
            LinkKind.MUTE: self._act(MUTE, act, acts_until),
            LinkKind.FULL_TEXT: f"{self.base_url}/notices/{quote(notice.identifier)}",
        }
        if not notice.alert_id:
            urls = {}
        return urls | self.make_unsubscribe(
            member_id=member_id, endpoint_id=endpoint_id, as_of=as_of
        )

    def make_unsubscribe(
        self, *, member_id: str, endpoint_id: str, as_of: datetime
    ) -> dict[LinkKind, str]:
        """Return the address that pauses what is not mandatory at one endpoint."""
        if not self.base_url:
            return {}
        claims = {"member": member_id, "endpoint": endpoint_id}
        until = as_of + timedelta(days=UNSUBSCRIBE_DAYS)
        return {LinkKind.UNSUBSCRIBE: self._act(UNSUBSCRIBE, claims, until)}

    def _act(self, purpose: str, claims: dict[str, str], until: datetime) -> str:
        token = self.signer.make(purpose, claims, expires_at=until)
        return f"{self.base_url}/{purpose}/{token}"
