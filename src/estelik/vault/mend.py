"""Mending: a good copy takes the place of a damaged one.

Sealed files are never replaced, but for this: the bytes that are there are not
those that the ledger knows, and the bytes that come are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.errors import SealError
from estelik.vault.carriers.failures import CarrierError, MissingError
from estelik.vault.envelope import LARGEST
from estelik.vault.sync import whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.links import Trouble
    from estelik.vault.stock import Piece


def mend(good: Carrier, bad: Carrier, sealed: Sequence[Piece], troubles: Iterable[Trouble]) -> set[Trouble]:
    """Puts files from ``good`` in place of those that ``bad`` lacks, or that are damaged there.

    Gives the troubles that are none any more. What is damaged on both stays as
    it is.
    """
    known = {(one.kind, one.name): one for one in sealed}
    mended = set()
    for trouble in troubles:
        of = known.get((trouble.kind, trouble.name))
        if of is None or trouble.what not in {"missing", "damaged", "differs"}:
            continue
        try:
            data = whole(good, of)
        except (SealError, CarrierError):
            continue
        if not _same(bad, trouble.kind, trouble.name, data):
            try:
                bad.remove(trouble.kind, trouble.name, damaged=True)
                bad.write(trouble.kind, trouble.name, data)
            except CarrierError:
                # Something that is no file bears its name; a carrier that is gone says so here.
                bad.names(trouble.kind)
                continue
        mended.add(trouble)
    return mended


def _same(carrier: Carrier, kind: str, name: str, data: bytes) -> bool:
    try:
        return carrier.read(kind, name, LARGEST) == data
    except MissingError:
        return False
    except CarrierError:
        # A spot of the disk that can no longer be read; a carrier that is gone says so here.
        carrier.names(kind)
        return False
