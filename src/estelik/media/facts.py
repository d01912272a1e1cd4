"""What the metadata of a file says, and the child process that is asked for it.

A file from outside may be made to harm whoever opens it. The parent therefore
never parses one: it starts a process of its own for each file (``child``).
What that answers is believed no more than the file.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import msgspec

from estelik.media import child
from estelik.media.confinement import SECONDS
from estelik.records.evidence import Capture, Maker

#: What the parser of each type is called (``media.parser``); other types have no metadata that is read.
PARSERS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("image/jpeg", "image/png", "image/gif", "image/tiff", "image/webp", "image/bmp", "image/avif"),
        "image",
    ),
    "application/pdf": "pdf",
    **dict.fromkeys(
        ("audio/mpeg", "audio/amr", "audio/flac", "audio/ogg", "audio/wav", "audio/mp4", "video/mp4",
         "video/quicktime", "video/3gpp", "video/x-matroska", "video/x-msvideo", "video/mpeg",
         "video/x-ms-asf", "video/x-flv", "image/heic", "image/heif"),
        "recording",
    ),
}  # fmt: skip
#: Bytes that an answer may have at most, and letters a word in it.
_LARGEST: Final = 64 * 1024
_LONGEST: Final = 200
#: Seconds by the clock on the wall: a process that waits uses none of its own.
_PATIENCE: Final = 3 * SECONDS
_TAKEN: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?", re.ASCII)


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a child process answers: numbers and words out of the metadata of one file."""

    taken: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    pages: int = 0
    device: str = ""
    serial: str = ""
    author: str = ""
    software: str = ""
    position: tuple[float, float] | None = None


class Read(msgspec.Struct, frozen=True):
    """Metadata, divided by what it tells about: the content, and whoever made it."""

    capture: Capture = Capture()
    maker: Maker = Maker()


def read(file: int, kind: str) -> Read:
    """The metadata of the open ``file`` (a descriptor that can be read), which is of this media type.

    Whatever the file does, this comes back: what could not be read is said in
    ``capture.unread``.
    """
    parser = PARSERS.get(kind)
    if parser is None:
        return Read()
    answer, status = _asked(parser, file)
    if answer is None:
        return _unread("slow")
    if status != 0:
        return _unread("damaged")
    try:
        facts = msgspec.json.decode(answer, type=Facts)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _unread("damaged")
    return _sound(facts)


def command(parser: str) -> list[str]:
    """How the child process is started."""
    return child.command("parser", parser)


def _asked(parser: str, file: int) -> tuple[bytes | None, int]:
    answer: list[bytes] = []
    status = child.run(command(parser), file, answer.append, largest=_LARGEST, patience=_PATIENCE)
    return (None, -1) if status is None else (b"".join(answer), status)


def _unread(why: str) -> Read:
    return Read(Capture(unread=why))


def _sound(facts: Facts) -> Read:
    """What was answered, as far as it can be."""
    position = facts.position
    if position is not None and not (abs(position[0]) <= 90 and abs(position[1]) <= 180):
        position = None
    return Read(
        Capture(
            facts.taken if _TAKEN.fullmatch(facts.taken) else "",
            _count(facts.width),
            _count(facts.height),
            round(facts.seconds, 3) if 0 <= facts.seconds < 1e9 else 0.0,
            _count(facts.pages),
        ),
        Maker(_word(facts.device), _word(facts.serial), _word(facts.author), _word(facts.software), position),
    )


def _count(number: int) -> int:
    return number if 0 <= number < 1 << 53 else 0


def _word(text: str) -> str:
    """A word without what could move a cursor or turn the direction of writing."""
    seen = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text[: 4 * _LONGEST])
    return unicodedata.normalize("NFC", " ".join(seen.split()))[:_LONGEST]
