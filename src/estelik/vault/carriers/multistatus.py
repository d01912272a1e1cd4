"""What a WebDAV server says about the files of a folder, read as it arrives.

The server may be anybody's: nothing but element names and text is looked at,
and a document type, with which XML can be blown up, ends the reading.
"""

from __future__ import annotations

import posixpath
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from estelik.vault.carriers.failures import TransferError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What is asked of the server (RFC 4918, section 9.1).
QUESTION = (
    b'<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop>'
    b"<getcontentlength/><getlastmodified/><resourcetype/></prop></propfind>"
)
#: Characters of one value; longer ones are no path and no number.
_LONGEST = 4096


class Entry(NamedTuple):
    """A file of a folder: the last part of its path, its bytes, and when it was changed (seconds, or 0)."""

    name: str
    size: int
    changed: float


def entries(chunks: Iterable[bytes]) -> list[Entry]:
    """The plain files that an answer to ``QUESTION`` lists; raises ``TransferError`` for any other answer."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 (expat takes it by place only)
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError:
        raise _not_understood() from None
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: list[Entry] = []
        self._text = ""
        self._said: dict[str, str] = {}

    def refuse(self, *_: object) -> None:
        raise _not_understood()

    def start(self, name: str, _: object) -> None:
        self._text = ""
        if name == "DAV: response":
            self._said = {}
        elif name == "DAV: collection":
            self._said["collection"] = "yes"

    def text(self, text: str) -> None:
        if len(self._text) < _LONGEST:
            self._text += text

    def end(self, name: str) -> None:
        if name in {"DAV: href", "DAV: getcontentlength", "DAV: getlastmodified"} and self._text.strip():
            self._said.setdefault(name.removeprefix("DAV: "), self._text.strip())
        elif name == "DAV: response":
            self._close()
        self._text = ""

    def _close(self) -> None:
        size = self._said.get("getcontentlength", "")
        if "collection" not in self._said and size.isdecimal():
            name = posixpath.basename(unquote(urlsplit(self._said.get("href", "")).path))
            self.found.append(Entry(name, int(size), _moment(self._said.get("getlastmodified", ""))))


def _moment(text: str) -> float:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return 0.0


def _not_understood() -> TransferError:
    return TransferError(
        "The server's list of files cannot be understood.",
        safe="Nothing was changed.",
        do="Check that the address is that of a WebDAV folder.",
    )
