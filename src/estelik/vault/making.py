"""Making: a casebook appears in its folder whole, or not at all."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from estelik.errors import CasebookError
from estelik.vault import keys, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.vault.running import Presence


@contextmanager
def making(folder: Path) -> Iterator[tuple[Path, Presence]]:
    """A folder beside ``folder`` in which a casebook is made; at the end, whole, it is moved into place. From
    then on it is for the caller to end the presence of this process.

    Raises ``CasebookError`` where ``folder`` is not new or empty.
    """
    _check_free(folder)
    presence = running.enter(None)
    new = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir(mode=0o700)
        yield new, presence
        new.rename(folder)
        keys.sync_folder(folder.parent)
    except BaseException as error:
        presence.leave()
        if isinstance(error, OSError):
            raise CasebookError(
                "The casebook cannot be made here.", do="Choose an empty or new folder that you may write to."
            ) from None
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _check_free(folder: Path) -> None:
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        taken = True
    if taken:
        there = (folder / keys.KEY_FILE).exists()
        raise CasebookError(
            "There is a casebook in this folder already."
            if there
            else "There is something in this folder already.",
            do="Choose a new or empty folder.",
        )
