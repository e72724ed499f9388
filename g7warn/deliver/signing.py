"""Signatures: on CAP documents for everyone, on links for the one reader they were made for.

Source: W3C, XML Signature Syntax and Processing 1.1 (enveloped, RSA-SHA256); RFC 2104 (HMAC),
RFC 5869 (HKDF).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import SignatureMethod
from signxml.exceptions import InvalidInput, InvalidSignature
from signxml.signer import XMLSigner
from signxml.verifier import XMLVerifier

from g7warn.errors import ChannelRejected, ConfigurationError

CERTIFICATE_YEARS = 5
"""Life of a certificate made here. Judgement: receivers are asked to pin a new one rarely."""

_SEPARATOR = b"\x1f"


@dataclass(frozen=True, slots=True)
class CapSigner:
    """Signs CAP documents with an RSA key.

    Attributes:
        key_pem: Private key, PEM, not encrypted.
        certificate_pem: Certificate that receivers know, PEM.
    """

    key_pem: bytes = field(repr=False)
    certificate_pem: bytes

    def sign(self, document: bytes) -> bytes:
        """Return the document with an enveloped signature as its last element.

        Raises:
            ConfigurationError: Key or certificate cannot be used.
        """
        signer = XMLSigner(signature_algorithm=SignatureMethod.RSA_SHA256)
        try:
            signed = signer.sign(
                _parse(document), key=self.key_pem, cert=self.certificate_pem.decode()
            )
        except (ValueError, TypeError, InvalidInput) as error:
            message = f"the key or certificate for CAP cannot sign: {type(error).__name__}"
            raise ConfigurationError(message) from error
        return bytes(etree.tostring(signed, xml_declaration=True, encoding="UTF-8"))


def verify_cap(document: bytes, *, certificate_pem: bytes) -> bytes:
    """Return the part of a CAP document that is signed with a known certificate.

    Read nothing but what is returned: text outside the signed part proves nothing.

    Args:
        document: XML as received.
        certificate_pem: Certificate that the sender gave by another way; the one inside the
            document is not trusted.

    Raises:
        ChannelRejected: No signature, a wrong one, or one of somebody else.
    """
    try:
        result = XMLVerifier().verify(_parse(document), x509_cert=certificate_pem.decode())
        results = result if isinstance(result, list) else [result]
    except (InvalidSignature, InvalidInput, etree.XMLSyntaxError, ValueError) as error:
        message = f"the CAP document is not signed by the known certificate: {error}"
        raise ChannelRejected(message) from error
    return bytes(etree.tostring(results[0].signed_xml))


def make_signer(name: str, *, as_of: datetime) -> CapSigner:
    """Return a new key with a self-signed certificate, for an installation without a PKI.

    Args:
        name: Common name, the CAP sender.
        as_of: Begin of the certificate's life.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(as_of - timedelta(days=1))
        .not_valid_after(as_of + timedelta(days=365 * CERTIFICATE_YEARS))
        .sign(key, hashes.SHA256())
    )
    return CapSigner(
        key_pem=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
    )


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Makes and reads the tokens of links that act, one key a purpose.

    Attributes:
        secret: The installation's secret key; never used as it is. Several joined by commas: the
            first signs, all are read, so that a key can be replaced without breaking links.
    """

    secret: bytes = field(repr=False)

    def make(self, purpose: str, claims: dict[str, str], *, expires_at: datetime) -> str:
        """Return a token that says `claims` until `expires_at` and serves one purpose.

        Raises:
            ConfigurationError: The installation has no secret key.
        """
        body = {"e": int(expires_at.timestamp()), "c": claims}
        payload = json.dumps(body, separators=(",", ":"), sort_keys=True).encode()
        return _encode(payload) + "." + _encode(self._sign(purpose, payload))

    def read(self, purpose: str, token: str, *, as_of: datetime) -> dict[str, str]:
        """Return what a token of our own making says.

        Raises:
            ChannelRejected: Not ours, for another purpose, or expired (context `is_expired`).
        """
        head, _, tail = token.partition(".")
        try:
            payload, signature = _decode(head), _decode(tail)
        except (ValueError, binascii.Error):
            payload, signature = b"", b""
        keys = self.secret.split(b",")
        if not any(
            hmac.compare_digest(signature, self._sign(purpose, payload, key=key)) for key in keys
        ):
            message = "the link's token is not valid"
            raise ChannelRejected(message, purpose=purpose, is_expired=False)
        body = json.loads(payload)
        if as_of >= datetime.fromtimestamp(body["e"], tz=UTC):
            message = "the link's token has expired"
            raise ChannelRejected(message, purpose=purpose, is_expired=True)
        return dict(body["c"])

    def derive(self, purpose: str, *, key: bytes = b"") -> bytes:
        """Return 32 bytes of key for one purpose, of the first key where none is given.

        Raises:
            ConfigurationError: The installation has no secret key.
        """
        key = (key or self.secret.split(b",")[0]).strip()
        if not key:
            message = "links cannot be signed: set G7WARN_SECRET_KEY"
            raise ConfigurationError(message)
        info = b"g7warn" + _SEPARATOR + purpose.encode()
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(key)

    def _sign(self, purpose: str, payload: bytes, *, key: bytes = b"") -> bytes:
        return hmac.new(self.derive(purpose, key=key), payload, hashlib.sha256).digest()


def _parse(document: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    return etree.fromstring(document, parser)


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
