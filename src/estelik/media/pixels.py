"""Pictures as pixels: out of the file that somebody brought, and into a new one that has nothing else.

Between the two lies nothing but rows of pixels in memory: what unpacks a
hostile file never writes the new one, and what writes that never saw the other.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import EvidenceError
from estelik.media import child, packing, unpacking
from estelik.media.kind import LOOKED_AT, kind
from estelik.media.memory import Memory, room, too_large
from estelik.media.unpacking import PIXELS, Header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What the format of each media type is called, and which type it becomes.
FORMATS: Final = {
    "image/jpeg": ("JPEG", "image/jpeg"),
    "image/png": ("PNG", "image/png"),
    "image/webp": ("WEBP", "image/png"),
    "image/tiff": ("TIFF", "image/png"),
    "image/avif": ("AVIF", "image/png"),
}
_FAULTS: Final = {
    "large": (
        f"This picture has more than {PIXELS // 1_000_000} million pixels.",
        "Make a smaller one of a working copy.",
    ),
    "several": (
        "There is more than one picture in this file.",
        "Save the one that is meant in a file of its own, out of a working copy.",
    ),
    "deep": (
        "The colours of this picture are numbers that no screen shows.",
        "Save a working copy with 8 bits a colour.",
    ),
}
#: What the line before the pixels may have, in bytes.
_HEADER: Final = 4096
#: A picture can be packed no worse than this.
_LARGEST: Final = PIXELS * 4
_BLACK: Final = b"\0\0\0"
_YELLOW: Final = b"\xff\xe0\0"
#: Digits as five rows of three points, from 0 to 9.
_DIGITS: Final = (
    0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71111, 0o75757, 0o75717,
)  # fmt: skip
_STEPS: Final = {"first", "turned", "reduced", "flattened", "converted"}


class Box(NamedTuple):
    """A rectangle of a picture as it is seen: its left and upper edge, its width and height, in pixels."""

    x: int
    y: int
    width: int
    height: int


class Pixels(NamedTuple):
    """A picture that was unpacked: its rows in memory, three bytes a pixel (sRGB); by which ``steps``."""

    memory: Memory
    width: int
    height: int
    steps: tuple[str, ...]


def check(type_: str) -> None:
    """Raises ``EvidenceError`` where pictures of this media type cannot be made anew."""
    if type_ not in FORMATS:
        raise EvidenceError(
            "This is no picture that can be made anew: JPEG, PNG, WebP, TIFF or AVIF.",
            do="Save a working copy as one of these, and add it.",
        )


@contextmanager
def unpacked(file: int, type_: str) -> Iterator[Pixels]:
    """The pixels of a picture of this media type, in an open file.

    Raises ``EvidenceError`` that says what keeps it from being unpacked.
    """
    check(type_)
    with Memory() as memory:
        incoming = _Incoming(memory)
        started = child.command("unpacking", FORMATS[type_][0])
        largest = _HEADER + 3 * PIXELS
        status = child.run(started, file, incoming.take, largest=largest, patience=2 * unpacking.SECONDS)
        found = incoming.header()
        if found is not None and found.fault in _FAULTS:
            what, do = _FAULTS[found.fault]
            raise EvidenceError(what, do=do)
        sound = found is not None and found.width > 0 and found.height > 0 and set(found.steps) <= _STEPS
        if status != 0 or found is None or not sound or memory.size != 3 * found.width * found.height:
            raise _damaged(slow=status is None)
        yield Pixels(memory, found.width, found.height, found.steps)


def fill(pixels: Pixels, boxes: Sequence[Box]) -> None:
    """Makes these boxes black: what was there is nowhere any more. They lie within the picture."""
    for box in boxes:
        _paint(pixels, box, _BLACK)


def number(pixels: Pixels, boxes: Sequence[Box]) -> None:
    """Draws an edge around each box, and beside it its number, from 1."""
    line = max(1, min(pixels.width, pixels.height) // 300)
    for place, (x, y, width, height) in enumerate(boxes, 1):
        right, bottom = x + width - line, y + height - line
        for edge in (
            Box(x, y, width, line), Box(x, bottom, width, line),
            Box(x, y, line, height), Box(right, y, line, height),
        ):  # fmt: skip
            _paint(pixels, edge, _YELLOW)
        dot = max(line, height // 24)
        digits = [_DIGITS[int(one)] for one in str(place)]
        across = dot * (4 * len(digits) + 1)
        # Beside the face, where there is room.
        left = x - across if x >= across else x
        _paint(pixels, Box(left, y, across, 7 * dot), _BLACK)
        for at, digit in enumerate(digits):
            for point in range(15):
                if digit >> (14 - point) & 1:
                    row, column = divmod(point, 3)
                    corner = (left + dot * (4 * at + column + 1), y + dot * (row + 1))
                    _paint(pixels, Box(*corner, dot, dot), _YELLOW)


def _paint(pixels: Pixels, box: Box, colour: bytes) -> None:
    """Gives one colour to that part of a box that lies in the picture."""
    left, right = max(0, box.x), min(pixels.width, box.x + box.width)
    row = colour * max(0, right - left)
    for y in range(max(0, box.y), min(pixels.height, box.y + box.height)):
        pixels.memory.put(row, 3 * (y * pixels.width + left))


@contextmanager
def packed(pixels: Pixels, type_: str) -> Iterator[tuple[Memory, str]]:
    """A file in memory that has these pixels and nothing else, made after one of this media type; its own
    media type."""
    word, becomes = FORMATS[type_][1].removeprefix("image/").upper(), FORMATS[type_][1]
    pixels.memory.settle()
    with Memory() as memory:
        started = child.command("packing", word, str(pixels.width), str(pixels.height))
        status = child.run(
            started, pixels.memory.fileno(), memory.write, largest=_LARGEST, patience=2 * packing.SECONDS
        )
        if status != 0 or kind(memory.beginning(LOOKED_AT)) != becomes:
            raise EvidenceError(
                "No new picture could be made.", do="Try again on a computer with more memory."
            )
        memory.settle()
        yield memory, becomes


class _Incoming:
    """What a child says: a line, then pixels."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._line = b""
        self._whole = False

    def take(self, piece: bytes) -> None:
        if not self._whole:
            line, end, piece = (self._line + piece).partition(b"\n")
            self._line, self._whole = line[:_HEADER], bool(end)
        if piece:
            if self._memory.size + len(piece) > room():
                raise too_large()
            self._memory.write(piece)

    def header(self) -> Header | None:
        try:
            return msgspec.json.decode(self._line, type=Header) if self._whole else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None


def _damaged(*, slow: bool) -> EvidenceError:
    if slow:
        return EvidenceError(
            "Unpacking this picture took too long.", do="Make a smaller one of a working copy."
        )
    return EvidenceError(
        "This picture is damaged or cut short, or asks for too much.",
        do="Ask for it to be sent again, and add it as it comes.",
    )
