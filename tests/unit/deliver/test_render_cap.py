from __future__ import annotations

import capvalidator
import pytest
from lxml import etree

from g7warn.deliver.render_cap import render_cap
from g7warn.deliver.signing import CapSigner, make_signer, verify_cap
from g7warn.domain.alert import EventKind, Grade
from g7warn.domain.marking import Tlp
from g7warn.domain.notice import ActualNotice, ExerciseNotice, MsgType, Notice
from g7warn.errors import ChannelRejected
from tests.support.messages import POISON
from tests.support.notices import SENT, make_notice

CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}


@pytest.fixture(scope="module")
def signer() -> CapSigner:
    return make_signer("g7warn@example.org", as_of=SENT)


@pytest.mark.parametrize("kind", [ActualNotice, ExerciseNotice])
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="raised"),
        pytest.param({"tlp": Tlp.RED, "addresses": ("jp",)}, id="red"),
        pytest.param({"kind": EventKind.ENDED, "msg_type": MsgType.CANCEL}, id="ended"),
        pytest.param({"grade": Grade.BLIND, "findings": ()}, id="blind"),
        pytest.param({"criterion": POISON, "rule": "a\x00<b>"}, id="poison"),
    ],
)
def test_every_document_is_valid_and_signed_for_the_official_validator(
    kind: type[Notice], facts: dict[str, object], signer: CapSigner
) -> None:
    document = render_cap(
        make_notice(kind, **facts), signer=signer, web="https://g7.example/1?a=b&c"
    )
    verdict = capvalidator.validate_cap_message(document, strict=True)
    assert (verdict.passed, verdict.message) == (True, "CAP XML file is valid.")


def test_each_language_has_its_own_info_block() -> None:
    infos = etree.fromstring(render_cap(make_notice())).findall("c:info", CAP)
    headlines = {
        i.findtext("c:language", "", CAP): i.findtext("c:headline", "", CAP) for i in infos
    }
    assert headlines == {
        "en": "[TLP:CLEAR] Nickel: Warning, price rise likely (72%) within 6 months",
        "fr": "[TLP:CLEAR] Nickel : Avertissement, hausse du prix – probable (72\u00a0%) "  # noqa: RUF001
        "d’ici 6 mois",  # noqa: RUF001
        "de": "[TLP:CLEAR] Nickel: Warnung, Preisanstieg wahrscheinlich (72\u00a0%) "
        "innerhalb von 6 Monaten",
        "it": "[TLP:CLEAR] Nichel: Allerta, aumento del prezzo – probabile (72%) "  # noqa: RUF001
        "entro 6 mesi",
        "ja": "[TLP:CLEAR] ニッケル：警報、価格上昇（可能性が高い、72%、6か月以内）",  # noqa: RUF001
    }


def test_a_changed_document_is_refused_by_us_and_by_the_validator(signer: CapSigner) -> None:
    changed = render_cap(make_notice(), signer=signer).replace(b">warning<", b">normal<")
    assert not capvalidator.validate_cap_message(changed, strict=True).passed
    with pytest.raises(ChannelRejected, match="not signed by the known certificate"):
        verify_cap(changed, certificate_pem=signer.certificate_pem)


def test_a_document_signed_by_somebody_else_is_refused(signer: CapSigner) -> None:
    foreign = render_cap(make_notice(), signer=make_signer("other", as_of=SENT))
    with pytest.raises(ChannelRejected, match="not signed by the known certificate"):
        verify_cap(foreign, certificate_pem=signer.certificate_pem)


@pytest.mark.parametrize(
    "document", [b"", b"<a/>", b"<a", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"]
)
def test_what_is_no_signed_document_is_refused(document: bytes, signer: CapSigner) -> None:
    with pytest.raises(ChannelRejected):
        verify_cap(document, certificate_pem=signer.certificate_pem)


def test_the_private_key_shows_in_no_repr(signer: CapSigner) -> None:
    assert "PRIVATE" not in repr(signer)
