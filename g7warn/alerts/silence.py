"""Silences: what nobody, or one member, wants to hear for a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from g7warn.domain.notice import MsgType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from g7warn.domain.delivery import Silence
    from g7warn.domain.notice import Notice


def find_silence(
    notice: Notice, *, silences: Iterable[Silence], as_of: datetime, member_id: str = ""
) -> Silence | None:
    """Return the silence that covers `notice`, or None where none does.

    Args:
        notice: What would be sent. A cancel is never silenced: it closes what was opened.
        silences: All known; those that have ended or not begun cover nothing.
        as_of: Instant of the decision.
        member_id: Whose silences count; empty for those that hold for everybody.
    """
    if notice.msg_type == MsgType.CANCEL:
        return None
    about = notice.fingerprint
    for silence in silences:
        if silence.member_id != member_id or not silence.starts_at <= as_of < silence.ends_at:
            continue
        if all(
            wanted in {"", found}
            for wanted, found in (
                (silence.mineral, about.mineral),
                (silence.family, about.family),
                (silence.direction, about.direction),
                (silence.alert_id, notice.alert_id),
            )
        ):
            return silence
    return None
