"""Casebooks that open at once.

To derive a key from a passphrase takes half a second on two cores, by design. Where many commands are run
one after the other on a casebook that was made as users make it, it is given a key file of the same
passphrase and keys that takes no time.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from estelik.errors import PassphraseError
from estelik.vault import keys

if TYPE_CHECKING:
    from pathlib import Path

CHEAP: Final = keys.Cost(memory=8, passes=1, lanes=1)


def cheapen(folder: Path, passphrase: bytes, seen: set[Path]) -> None:
    """Lets what lies in ``folder``, opens with ``passphrase`` and is not among what was ``seen`` before open
    at once."""
    for file in set(folder.glob(f"*/{keys.KEY_FILE}")) - seen:
        seen.add(file)
        if json.loads(file.read_bytes())["cost"]["memory"] != keys.STANDARD.memory:
            continue
        with suppress(PassphraseError):
            ring = keys.unlock(file.parent, passphrase)
            names, _ = ring.packed()
            file.unlink()
            keys.create(file.parent, passphrase, (), CHEAP, given={name: ring[name] for name in names})
