"""Folder of a site: built beside the old one, checked, and put in its place whole.

``site.json`` in it has the hash of every file, sealed with the secret of the site: a folder that is no site
of ours, or that somebody edited, is not touched. Nothing of the old one is taken over: who is no longer in
the entries is in no file. What of it cannot be deleted is told, and what a build left that was stopped goes
at the next one beside it.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import ReleaseError, Sentence, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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


@contextmanager
def beside(folder: Path) -> Iterator[Path]:
    """A new folder beside it, which nobody else reads until it is put in its place, and which goes where it
    is not. Raises ``UsageError`` where none can be made."""
    new = folder.parent / f".{folder.name}.new"
    _cleared_for(folder)
    if not _clear(new):
        raise UsageError(
            Sentence(
                "In the folder beside it, %(folder)s, another build is under way, or what one left cannot be "
                "deleted.",
                folder=new.name,
            ),
            safe=_SAFE,
            do="Wait for it, or delete that folder, and build again.",
        )
    try:
        new.mkdir(parents=True, mode=0o700)
        (new / _OURS).touch()
    except OSError:
        raise UsageError(
            "The folder cannot be made.", safe=_SAFE, do="Check the folder around it, and that it has room."
        ) from None
    held = _held(new)
    try:
        yield new
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    finally:
        if held is not None:
            os.close(held)


def clear_stopped(folder: Path) -> int:
    """Takes away what builds left that were stopped, of this site or of another one beside it; how many."""
    found = folder.parent.glob(".*.new") if folder.parent.is_dir() else ()
    return sum(not one.is_symlink() and one.is_dir() and _is_ours(one) and _clear(one) for one in found)


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
    """Puts the new folder in the place of the old one, and takes the old one away. Raises ``UsageError``
    where it cannot be put there, ``ReleaseError`` where it was, and something of the old one stays."""
    old = _cleared_for(folder)
    os.chmod(new, 0o755)  # noqa: PTH101, S103 - a site is there to be read
    there = folder.exists()
    try:
        if there:
            folder.rename(old)
        new.rename(folder)
    except OSError:
        if there and not folder.exists():
            old.rename(folder)
        raise UsageError(
            "The folder of the site cannot be replaced by another.",
            safe=_SAFE,
            do="Name a folder that is no disk of its own, in one that you may write to.",
        ) from None
    left = [one.name for one in _olds(folder) if one.exists() and not _clear(one)]
    if left:
        raise ReleaseError(
            Sentence(
                "Files of the former site cannot be deleted: they lie beside the new one, in %(folder)s.",
                folder=left[0],
            ),
            safe="The new site is in its place.",
            do="Delete that folder as whoever may: until then what was withdrawn can be read in it.",
        )


#: So many folders of former sites that cannot be deleted lie beside one, at most.
_OLDS: Final = 100


def _olds(folder: Path) -> list[Path]:
    """Where the old site goes: the first, or another where something stays in it."""
    return [folder.parent / f".{folder.name}.old{number or ''}" for number in range(_OLDS)]


def _cleared_for(folder: Path) -> Path:
    """The first of these that is free, once what can be deleted is. Raises ``UsageError`` where one is
    somebody else's, or none is free."""
    for one in _olds(folder):
        if _clear(one):
            return one
    raise UsageError(
        "Too many former sites lie beside the folder, and cannot be deleted.",
        safe=_SAFE,
        do="Delete them as whoever may, and build again.",
    )


def _clear(folder: Path) -> bool:
    """Takes away what a build has left; whether nothing of it is there now: it cannot be deleted, or is still
    being built. Raises ``UsageError`` where it is somebody else's."""
    if not folder.exists() and not folder.is_symlink():
        return True
    if folder.is_symlink() or not _is_ours(folder):
        raise UsageError(
            Sentence(
                "Beside the folder lies another, %(name)s, that Estelik did not make.", name=folder.name
            ),
            safe=_SAFE,
            do="Move it away, and build again.",
        )
    held = _held(folder)
    if held is None:
        return False
    try:
        with suppress(OSError):
            # Whatever of it stays nobody else can come to.
            folder.chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return True
        with suppress(OSError):
            # It is ours, whatever of it stays.
            (folder / _OURS).touch()
        return False
    finally:
        os.close(held)


def _is_ours(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (_OURS, MANIFEST))


def _held(folder: Path) -> int | None:
    """A folder, held against others that build or clear (a handle, to be closed); None where one of them
    holds it. Who is killed holds nothing any more."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _seal(files: Mapping[str, str], key: bytes) -> str:
    listed = msgspec.json.encode([_KIND, sorted(files.items())])
    return hmac.new(key, b"manifest\0" + listed, hashlib.sha256).hexdigest()


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
