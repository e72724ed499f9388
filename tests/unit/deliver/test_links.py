from __future__ import annotations

from datetime import timedelta

from g7warn.deliver.links import ACKNOWLEDGE, UNSUBSCRIBE, LinkMaker
from g7warn.deliver.message import LinkKind
from g7warn.deliver.signing import TokenSigner
from tests.support.notices import SENT, make_notice

SIGNER = TokenSigner(b"installation secret")


def test_each_link_holds_a_token_for_its_purpose_and_its_reader() -> None:
    urls = LinkMaker(base_url="https://g7.example", signer=SIGNER).make(
        make_notice(), member_id="jp", endpoint_id="jp-mail", contact_id="duty", as_of=SENT
    )
    acknowledge = urls[LinkKind.ACKNOWLEDGE].removeprefix("https://g7.example/acknowledge/")
    assert SIGNER.read(ACKNOWLEDGE, acknowledge, as_of=SENT + timedelta(days=29)) == {
        "alert": "nickel-price-up-1",
        "sequence": "1",
        "member": "jp",
        "contact": "duty",
    }
    unsubscribe = urls[LinkKind.UNSUBSCRIBE].rpartition("/")[2]
    claims = SIGNER.read(UNSUBSCRIBE, unsubscribe, as_of=SENT + timedelta(days=399))
    assert claims == {"member": "jp", "endpoint": "jp-mail"}
    assert urls[LinkKind.PAGE] == "https://g7.example/alerts/nickel-price-up-1"


def test_without_an_address_of_its_own_an_installation_makes_no_links() -> None:
    maker = LinkMaker(base_url="", signer=SIGNER)
    assert maker.make(make_notice(), member_id="jp", endpoint_id="e", as_of=SENT) == {}
