"""Folder of a site: built beside the old one, checked, and put in its place whole.

``site.json`` in it has the hash of every file, sealed with the secret of the site: a folder that is no site
of ours, or that somebody edited, is not touched. Nothing of the old one is taken over: who is no longer in
the entries is in no file.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import Sentence, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: The file that says what is in a site.
MANIFEST: Final = "site.json"
_KIND: Final = "estelik site 1"
#: Lies in a folder while it is built.
_OURS: Final = ".estelik-building"
_SAFE: Final = "Nothing was published; the folder is as it was."


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is in a site: the SHA-256 of each file by its path, and a seal over all of it."""

    kind: str
    files: dict[str, str]
    seal: str


def check(folder: Path, key: bytes) -> None:
    """Raises ``UsageError`` unless a site can be put here: the folder is not there, is empty, or is a site
    that was built under this key and is as it was built."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError("This is no folder.", safe=_SAFE, do="Name a folder for the site.")
    if not folder.exists() or not any(folder.iterdir()):
        return
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        raise UsageError(
            "This folder is not empty, and is no site that Estelik built.",
            safe=_SAFE,
            do="Name an empty folder, or one in which the site was before.",
        ) from None
    if not hmac.compare_digest(found.seal, _seal(found.files, key)):
        raise UsageError(
            "This site was built by another casebook, or its list of files was edited.",
            safe=_SAFE,
            do="Look at what is in it, move it away, and build again.",
        )
    there = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }
    there.pop(MANIFEST, None)
    same = there.keys() == found.files.keys() and all(
        not path.is_symlink() and _hashed(path) == found.files[name] for name, path in there.items()
    )
    if not same:
        raise UsageError(
            "Somebody edited this site: files in it are not as they were built.",
            safe=_SAFE,
            do="Look at what is in it, move it away, and build again.",
        )


def beside(folder: Path) -> Path:
    """A new folder beside it, which nobody else reads until it is put in its place."""
    new = folder.parent / f".{folder.name}.new"
    _clear(new)
    try:
        new.mkdir(parents=True, mode=0o700)
        (new / _OURS).touch()
    except OSError:
        raise UsageError(
            "The folder cannot be made.", safe=_SAFE, do="Check the folder around it, and that it has room."
        ) from None
    return new


def seal(new: Path, files: Mapping[str, str], key: bytes) -> int:
    """Writes the manifest; how large it is."""
    for path in new.iterdir():
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    listed = dict(sorted(files.items()))
    data = msgspec.json.encode(Manifest(_KIND, listed, _seal(listed, key)))
    (new / MANIFEST).write_bytes(data)
    (new / _OURS).unlink()
    return len(data)


def swap(new: Path, folder: Path) -> None:
    """Puts the new folder in the place of the old one, and takes the old one away."""
    old = folder.parent / f".{folder.name}.old"
    _clear(old)
    os.chmod(new, 0o755)  # noqa: PTH101, S103 - a site is there to be read
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Takes away what a build that was stopped has left. Raises ``UsageError`` where it is somebody
    else's."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not any((folder / name).is_file() for name in (_OURS, MANIFEST)):
        raise UsageError(
            Sentence(
                "Beside the folder lies another, %(name)s, that Estelik did not make.", name=folder.name
            ),
            safe=_SAFE,
            do="Move it away, and build again.",
        )
    shutil.rmtree(folder, ignore_errors=True)


def _seal(files: Mapping[str, str], key: bytes) -> str:
    listed = msgspec.json.encode([_KIND, sorted(files.items())])
    return hmac.new(key, b"manifest\0" + listed, hashlib.sha256).hexdigest()


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
