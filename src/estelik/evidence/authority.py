"""A time stamp authority on the network (RFC 3161, section 3.4), for whoever chooses to ask one directly."""

from __future__ import annotations

from typing import Final

from estelik.errors import EvidenceError
from estelik.evidence.stamp import LARGEST

_SECONDS: Final = 30
_OK: Final = 200


def post(address: str, query: bytes) -> bytes:
    """The answer of the authority at ``address`` (``https://...``). Raises ``EvidenceError``.

    The authority learns that somebody asks, from where, and one hash that tells nothing.
    """
    import urllib3

    if not address.startswith(("https://", "http://")):
        raise EvidenceError("This is no address of an authority.", do="It begins with https:// or http://.")
    try:
        with urllib3.PoolManager(retries=False, timeout=_SECONDS) as pool:
            answer = pool.request(
                "POST",
                address,
                body=query,
                headers={
                    "Content-Type": "application/timestamp-query",
                    "Accept": "application/timestamp-reply",
                },
                redirect=False,
                preload_content=False,
            )
            data = answer.read(LARGEST + 1)
            status = answer.status
            answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        raise EvidenceError(
            "The authority does not answer.",
            safe="The request is recorded; no time stamp was.",
            do="Check the address, or use --request and --answer.",
        ) from None
    if status != _OK or len(data) > LARGEST:
        raise EvidenceError(
            "The authority does not give a time stamp.",
            safe="The request is recorded; no time stamp was.",
            do="Check the address, or ask another authority.",
        )
    return data
