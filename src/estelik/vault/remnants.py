"""Remnants: what goes from the folder of a casebook, also where a power cut comes in between.

A compartment that is no longer held loses its key, then its file. That this was
meant stands beside it from before until after: a file without a key that
nobody has announced stays where it is. Its key may be in another copy of the
key file.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The file that whoever makes a casebook holds a lock on.
AT_WORK: Final = ".making"


def announce(folder: Path, compartment: str) -> None:
    """Says that the file of a compartment goes once its key is gone."""
    os.close(os.open(_announced(folder, compartment), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    keys.sync_folder(folder)


def sweep(folder: Path, compartments: Iterable[str]) -> None:
    """Takes away those of the files of these ``compartments`` that were announced and have no key any more.
    What cannot be taken away now is tried again the next time."""
    with suppress(OSError):
        # Whoever made this casebook was cut off just after it was whole.
        (folder / AT_WORK).unlink(missing_ok=True)
        for compartment in compartments:
            announced = _announced(folder, compartment)
            if announced.exists():
                with keys.alone(folder):
                    if compartment not in keys.names(folder):
                        (folder / f"{compartment}.db").unlink(missing_ok=True)
                        (folder / f"{compartment}.db-journal").unlink(missing_ok=True)
                        keys.sync_folder(folder)
                    announced.unlink(missing_ok=True)


def _announced(folder: Path, compartment: str) -> Path:
    return folder / f".{compartment}.db.gone"
