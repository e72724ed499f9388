"""Who asks: an operator of this installation, or a member with its access token.

A token is shown as `Authorization: Bearer`, or kept in a cookie that no script can read after it
was entered on the login page. A member's token is `<endpoint id>~<secret>` of one of its feed
endpoints: rotating the endpoint's secrets rotates the token. An operator's token is made by
`g7warn serve` and ends after twelve hours.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import HTTPException, Request
from starlette.status import HTTP_401_UNAUTHORIZED, HTTP_403_FORBIDDEN

from g7warn.alerts.entitlement import is_entitled
from g7warn.errors import ChannelRejected

if TYPE_CHECKING:
    from datetime import datetime

    from g7warn.alerts.entitlement import Marked
    from g7warn.clock import Clock
    from g7warn.deliver.signing import TokenSigner
    from g7warn.domain.member import Endpoint, Member
    from g7warn.web.records import Records

COOKIE = "g7warn_access"
OPERATOR = "operator"
OPERATOR_HOURS = 12
"""Life of an operator's token. Judgement: one shift."""

FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks.

    Attributes:
        member: The member; None for an operator.
        endpoint: The member's endpoint whose token was shown; None for an operator.
    """

    member: Member | None = None
    endpoint: Endpoint | None = None

    @property
    def is_operator(self) -> bool:
        """Whether the visitor runs this installation."""
        return self.member is None

    @property
    def name(self) -> str:
        """How the visitor is addressed."""
        return self.member.name if self.member else OPERATOR

    def may_see(self, thing: Marked) -> bool:
        """Return whether the visitor is entitled to a thing; operators see all."""
        return self.member is None or is_entitled(self.member, thing)


@dataclass(frozen=True, slots=True)
class Gate:
    """Tells who asks, and refuses those it does not know.

    Attributes:
        records: Knows the members' tokens.
        signer: Knows the operators' tokens.
        clock: Tokens end.
    """

    records: Records
    signer: TokenSigner = field(repr=False)
    clock: Clock

    def make_operator_token(self, *, as_of: datetime) -> str:
        """Return a token that opens everything for `OPERATOR_HOURS`."""
        until = as_of + timedelta(hours=OPERATOR_HOURS)
        return self.signer.make(OPERATOR, {}, expires_at=until)

    def identify(self, token: str) -> Visitor | None:
        """Return who holds a token, None where nobody does."""
        endpoint_id, separator, secret = token.partition("~")
        if separator:
            return self._identify_member(endpoint_id, secret)
        try:
            self.signer.read(OPERATOR, token, as_of=self.clock.now())
        except ChannelRejected:
            return None
        return Visitor()

    def require_visitor(self, request: Request) -> None:
        """Let in operators and members; the visitor is kept in `request.state.visitor`.

        Raises:
            HTTPException: 401, nobody known.
        """
        request.state.visitor = self._find_visitor(request)

    def require_operator(self, request: Request) -> None:
        """Let in operators alone.

        Raises:
            HTTPException: 401, nobody known; 403, a member.
        """
        self.require_visitor(request)
        if not visitor_of(request).is_operator:
            raise HTTPException(HTTP_403_FORBIDDEN, "for operators of this installation")

    def require_member(self, request: Request) -> None:
        """Let in members alone: what they do is done in their name.

        Raises:
            HTTPException: 401, nobody known; 403, an operator.
        """
        self.require_visitor(request)
        if visitor_of(request).is_operator:
            raise HTTPException(HTTP_403_FORBIDDEN, "for members: operators cannot answer for one")

    def _find_visitor(self, request: Request) -> Visitor:
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
        visitor = self.identify(token) if token else None
        if visitor is None:
            headers = {"WWW-Authenticate": 'Bearer realm="g7warn"'}
            text = "no valid access token: enter it at /login or send it as Bearer"
            raise HTTPException(HTTP_401_UNAUTHORIZED, text, headers=headers)
        return visitor

    def _identify_member(self, endpoint_id: str, secret: str) -> Visitor | None:
        access = self.records.find_access(endpoint_id)
        known = [s.get_secret_value().encode() for s in access.secrets] if access else [b""]
        given = secret.encode("utf-8", "surrogateescape")
        # Every secret is compared, so that the time taken tells nothing.
        matches = [bool(one) and hmac.compare_digest(one, given) for one in known]
        if access is None or not any(matches):
            return None
        is_open = access.member.is_active and access.endpoint.is_enabled
        if not is_open or access.endpoint.channel != FEED:
            return None
        return Visitor(member=access.member, endpoint=access.endpoint)


def visitor_of(request: Request) -> Visitor:
    """Return the visitor that one of the gate's dependencies has let in."""
    visitor: Visitor = request.state.visitor
    return visitor
