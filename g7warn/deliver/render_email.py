"""E-mail: HTML and text parts, the chart inline, headers that nothing can be injected into.

Source: RFC 5322 (message), RFC 2369 and RFC 8058 (one-click unsubscribe), RFC 3834 (automatic
mail), RFC 2387 (related parts).
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from g7warn.deliver.colors import GRADE_COLORS, TLP_COLORS
from g7warn.deliver.message import LinkKind
from g7warn.deliver.neutral import clean_line
from g7warn.deliver.render_text import render_text
from g7warn.errors import ChannelRejected

if TYPE_CHECKING:
    from datetime import datetime

    from jinja2 import Template

    from g7warn.deliver.message import Message

SUBJECT_LIMIT = 180
"""Characters of a subject. Judgement: label, status and headline fit; phones show about 60."""

_ADDRESS = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}$")
_ID = re.compile(r"[^A-Za-z0-9._-]+")


def render_email(
    message: Message, *, sender: str, recipient: str, message_id: str, sent_at: datetime
) -> EmailMessage:
    """Return a message as an e-mail, ready to be sent and signed by the mail server.

    Args:
        message: What to say.
        sender: Address in From, e.g. `alerts@g7warn.example`.
        recipient: Address in To.
        message_id: Message-ID without brackets, as `name_message` makes it.
        sent_at: Date of the mail, aware.

    Raises:
        ChannelRejected: Sender or recipient is no plain e-mail address.
    """
    content = message.content
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("g7warn", addr_spec=check_address(sender))
    mail["To"] = Address(addr_spec=check_address(recipient))
    mail["Subject"] = clean_line(content.marked_title, limit=SUBJECT_LIMIT)
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = f"<{message_id}>"
    if message.thread:
        mail["In-Reply-To"] = mail["References"] = f"<{clean_line(message.thread)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = content.language
    mail["X-TLP"] = content.tlp.label
    mail["X-G7warn-Status"] = str(content.status)
    if url := content.find_link(LinkKind.UNSUBSCRIBE):
        mail["List-Unsubscribe"] = f"<{url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(render_text(message), cte="quoted-printable")
    chart_cid = f"chart-{message_id}" if content.chart else ""
    html = _template().render(
        message=message, chart_cid=chart_cid, grade_colors=GRADE_COLORS, tlp_colors=TLP_COLORS
    )
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    part = mail.get_body(("html",))
    if content.chart and part is not None:
        part.add_related(
            content.chart.png, "image", "png", cid=f"<{chart_cid}>", filename="chart.png"
        )
    return mail


def name_message(idempotency_key: str, *, sender: str) -> str:
    """Return the Message-ID of a delivery: the same over all attempts, so readers drop repeats."""
    host = check_address(sender).rpartition("@")[2]
    return f"{_ID.sub('-', idempotency_key)[:120]}@{host}"


def check_address(address: str) -> str:
    """Return an e-mail address that can carry nothing but itself.

    Raises:
        ChannelRejected: It is no plain address; it is not repeated in the message.
    """
    if not _ADDRESS.match(address) or ".." in address:
        text = "the e-mail address is not of the form name@host"
        raise ChannelRejected(text, channel="email")
    return address


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("g7warn.deliver"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("email.html")
