"""Time stamps (RFC 3161): an authority outside says that evidence was there at a time.

What goes to the authority is one hash: of random bytes together with the
hashes of the sealed and of the unsealed file. It can be compared with nothing,
and tells nothing. Stamps are checked without a network, with the authority's
certificate that is kept beside them.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from estelik.errors import EvidenceError
from estelik.evidence.der import ordered
from estelik.evidence.working_copy import exhibit
from estelik.index import evidence as index
from estelik.index.evidence import Fresh
from estelik.records.evidence import Evidence, Stamp, StampRequest

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

    from estelik.vault.vault import Vault

#: The size of an answer, in bytes, that is looked at.
LARGEST: Final = 1 << 20
_BLIND: Final = 32
_GRANTED: Final = 0
_EXPIRED: Final = ("certificate has expired", "certificate is not yet valid")


def stamped(evidence: Evidence, blind: bytes) -> bytes:
    """What a stamp is over: its SHA-256 is what the authority gets."""
    return b"estelik stamp 1\0" + blind + bytes.fromhex(evidence.blob.sha256) + bytes.fromhex(evidence.sha256)


def ask(vault: Vault, id_: str) -> bytes:
    """A new request for an authority, which is recorded; each has random bytes of its own."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    one, blind = exhibit(vault, id_), secrets.token_bytes(_BLIND)
    query = (
        TimestampRequestBuilder()
        .data(stamped(one.evidence, blind))
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    made = StampRequest(one.id, _now(), blind, query.as_bytes(), str(query.nonce))
    index.enter(vault.store, [Fresh(one.compartment, made)])
    return query.as_bytes()


def answer(vault: Vault, id_: str, response: bytes, certificate: bytes) -> Stamp:
    """Takes the answer of an authority, once it holds; ``certificate``: the authority's, in PEM.

    Raises ``EvidenceError`` that says what is wrong with it.
    """
    one = exhibit(vault, id_)
    found = _parsed(response)
    try:
        text = certificate.decode("ascii")
    except UnicodeDecodeError:
        raise _no_certificate() from None
    requests = [
        (name, request)
        for name, request in reversed(one.requests.items())
        if _is_over(found, one.evidence, request)
    ]
    if not requests:
        raise EvidenceError(
            "This time stamp is over something else than was asked for.",
            do="Give the answer to a request for this very evidence.",
        )
    name, request = requests[0]
    made = Stamp(one.id, name, response, text, found.tst_info.gen_time.isoformat(timespec="seconds"))
    check(made, request, one.evidence)
    if all(name != other.request for other in one.stamps.values()):
        index.enter(vault.store, [Fresh(one.compartment, made)])
    return made


def check(stamp: Stamp, request: StampRequest | None, evidence: Evidence) -> None:
    """Raises ``EvidenceError`` where a stamp does not hold for this evidence."""
    from cryptography import x509
    from rfc3161_client import VerificationError, VerifierBuilder

    found = _parsed(stamp.response)
    if request is None or not _is_over(found, evidence, request):
        raise EvidenceError("A time stamp is over something else than this evidence.", safe="")
    try:
        roots = x509.load_pem_x509_certificates(stamp.certificate.encode())
    except ValueError:
        raise _no_certificate() from None
    builder = VerifierBuilder(roots=[], intermediates=[]).nonce(int(request.nonce))
    for root in roots:
        if not root.not_valid_before_utc <= found.tst_info.gen_time <= root.not_valid_after_utc:
            raise _expired()
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(found, stamped(evidence, request.blind))
    except VerificationError as error:
        raise _refused(str(error)) from None
    except Exception:  # noqa: BLE001 (what the library makes of a certificate that somebody crafted)
        raise _tampered() from None
    if found.tst_info.gen_time.isoformat(timespec="seconds") != stamp.time:
        raise _tampered()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _parsed(response: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response

    try:
        found = decode_timestamp_response(ordered(response[:LARGEST]))
        granted = found.status == _GRANTED
        if granted:
            # All of it is read now, so that what is no stamp is known at once.
            _ = found.tst_info.gen_time, found.signed_data
    except Exception:  # noqa: BLE001 (the library raises what its parser happens to)
        raise EvidenceError(
            "This is no time stamp that can be read.", do="Give the file as the authority sent it."
        ) from None
    if not granted:
        raise EvidenceError(
            "The authority did not grant this time stamp.", do="Ask again, or ask another authority."
        )
    return found


def _is_over(found: TimeStampResponse, evidence: Evidence, request: StampRequest) -> bool:
    imprint = found.tst_info.message_imprint
    return (
        imprint.message == hashlib.sha256(stamped(evidence, request.blind)).digest()
        and str(found.tst_info.nonce) == request.nonce
    )


def _refused(text: str) -> EvidenceError:
    if any(word in text for word in _EXPIRED):
        return _expired()
    if "certificate verify error" in text:
        return EvidenceError(
            "The time stamp is not signed by the authority whose certificate was given.",
            do="Give the certificate that the authority publishes.",
        )
    if "EKU" in text or "leaf certificate" in text:
        return EvidenceError(
            "The time stamp is signed with a certificate that is not for time stamps.",
            do="Ask another authority.",
        )
    return _tampered()


def _expired() -> EvidenceError:
    return EvidenceError(
        "The certificate of the authority was not valid at the time of the time stamp.",
        do="Give the certificate that was valid then, or ask another authority.",
    )


def _tampered() -> EvidenceError:
    return EvidenceError(
        "The time stamp was changed since the authority signed it.", do="Ask the authority for it again."
    )


def _no_certificate() -> EvidenceError:
    return EvidenceError(
        "This is no certificate in PEM.", do="Give the certificate that the authority publishes."
    )
