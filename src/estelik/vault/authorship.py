"""Authorship: who entered a record, signed as the last member of its body.

What is entered on a computer that several people share is sealed by that
computer; who of them it was shows by a signature of her seat, made before the
record is written. It lies in the body and nowhere else, so that it is erased with it.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.vault.signed import genuine, sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.vault.device import Signer
    from estelik.vault.standing import Standing

_DOMAIN: Final = b"estelik authorship 1"
#: One way to write it: 64 bytes in Base64.
_SIGNED: Final = re.compile(r',?"seat":\["([a-z2-7]{26})","([A-Za-z0-9+/]{85}[AQgw]==)"\]\}', re.ASCII)
_LONGEST: Final = 140
_EMPTY: Final = len("{}")


class Author(NamedTuple):
    """Who signs what is entered: her seat, or the computer itself, and her id as a member."""

    signer: Signer
    member: str

    def signed(self, compartment: str, kind: str, ids: Sequence[str], bodies: Iterable[str]) -> Iterator[str]:
        """The bodies of records of one kind (JSON objects), each with its signature."""
        device = self.signer.device.id
        for id_, body in zip(ids, bodies, strict=False):
            made = sign(_DOMAIN, _said(self.member, kind, id_, body), compartment, self.signer)
            comma = "," if len(body) > _EMPTY else ""
            yield f'{body[:-1]}{comma}"seat":["{device}","{base64.b64encode(made).decode()}"]}}'


def claimed(body: str) -> str:
    """The id of the device that a body names as its author; "" where it names none."""
    found = _found(body)
    return found[1] if found else ""


def author(compartment: str, kind: str, id_: str, body: str, standing: Standing, office: bytes) -> str:
    """The id of the device that signed a record as its author; "" where there is no signature, or it is not
    of a device that the roll names, for the member whose it says it is. Whether that still belongs to the
    office is not asked: what she entered stays hers."""
    found = _found(body)
    device = standing.devices.get(found[1]) if found else None
    if found is None or device is None:
        return ""
    signature = base64.b64decode(found[2])
    said = _said(device.member, kind, id_, f"{body[: -len(found[0])]}}}")
    return device.id if genuine(_DOMAIN, said, signature, device.key, office, compartment) else ""


def _found(body: str) -> re.Match[str] | None:
    start = body.rfind('"seat":', -_LONGEST)
    # Behind a comma, but where nothing else is in the body.
    return _SIGNED.fullmatch(body, start - (start > 1)) if start > 0 else None


def _said(member: str, kind: str, id_: str, body: str) -> str:
    # With the member: nobody can make it another's by saying later that the device is.
    return f"{member}\0{kind}\0{id_}\0{body}"
