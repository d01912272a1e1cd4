"""Orphans: sealed files of this computer that no ledger names, nor the office file.

An interrupted sealing leaves them behind, or an interrupted change of the roll.
Nothing leads to them; what they hold is sealed again under other names.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from estelik.vault.carriers import carrier
from estelik.vault.carriers.carrier import STALE
from estelik.vault.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from estelik.vault.store import Store

_KINDS: Final = ("segment", "page", "table", "epoch", "roll")


def sweep(store: Store, shelf: Path, rolls: Iterable[str]) -> int:
    """Takes the orphans away that are older than a day; how many.

    ``shelf``: the folder of the sealed files; ``rolls``: the files of the roll
    that are known.
    """
    before = time.time() - STALE
    old = [
        path
        for kind in _KINDS
        for path in (shelf / carrier.HOME / kind).glob("*")
        if carrier.is_name(path.name) and path.lstat().st_mtime < before
    ]
    if not old:
        return 0
    # Read after the files were listed: a file that is a day old was named long ago, or never.
    named = set(rolls)
    with store.read() as connection:
        for schema in store.schemas.values():
            ledger = Ledger(connection, schema)
            lines = ledger.lines()
            named |= {line.name for line in lines} | {line.page for line in lines}
            named |= {name for name, *_ in ledger.tables()}
            named |= {name for name, *_ in ledger.epoch_files()}
    orphans = [path for path in old if path.name not in named]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)
