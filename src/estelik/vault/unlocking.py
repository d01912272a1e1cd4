"""Unlocking: keys are derived in a thread of their own, beside whatever else has to be made ready."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from estelik.errors import CasebookError, Sentence
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from estelik.vault.keys import Keyring


class Unlocking(Thread):
    """The derivation of the keys, by ``unlock``, beside whatever else has to be made ready."""

    def __init__(self, unlock: Callable[[Path, bytes], Keyring], folder: Path, passphrase: bytes) -> None:
        super().__init__(name="unlock", daemon=True)
        self._unlock = unlock
        self._folder = folder
        self._passphrase = passphrase
        self._keyring: Keyring | None = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """See ``Thread.run``."""
        try:
            self._keyring = self._unlock(self._folder, self._passphrase)
        except BaseException as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error
        finally:
            del self._passphrase

    def result(self) -> Keyring:
        """The keys, once the thread was joined; raises what went wrong in it."""
        if self._keyring is None:
            raise self._error or CasebookError("The casebook was not opened.")
        return self._keyring


def check_key_file(folder: Path, compartments: Iterable[str]) -> None:
    """Raises ``CasebookError`` where files of a casebook are in a folder, and the key file is not."""
    # Without any of the files it is no casebook; with some of them it must not be taken for none.
    if (folder / keys.KEY_FILE).exists() or not any((folder / f"{one}.db").exists() for one in compartments):
        return
    raise CasebookError(
        Sentence("Missing from this casebook: %(files)s.", files=keys.KEY_FILE),
        safe="The other files were not touched; without it nobody can read them.",
        do="Keep them, and put it back from a copy of the casebook.",
    )
