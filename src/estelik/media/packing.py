"""The child process that makes a picture out of pixels.

It is started as ``python -m estelik.media.packing FORMAT WIDTH HEIGHT <pixels``.
It has never seen the file that the pixels came from, and so has nothing else
of it to put in.
"""

from __future__ import annotations

import mmap
import os
import sys
from typing import Any, Final

from estelik.media import confinement
from estelik.media.unpacking import MEMORY

SECONDS: Final = 120
#: How each format is written: nothing that was seen is lost where that can be.
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "JPEG": {"quality": 92, "subsampling": 0},
    "PNG": {},
}


def main() -> None:
    """Reads the pixels on standard input, and answers with a picture on standard output."""
    kind, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    from PIL import Image

    Image.init()
    confinement.confine(memory=MEMORY, seconds=SECONDS)
    with (
        mmap.mmap(0, 3 * width * height, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ) as pixels,
        os.fdopen(1, "wb", closefd=False) as out,
    ):
        image = Image.frombytes("RGB", (width, height), pixels)  # type: ignore[arg-type]
        image.save(out, kind, **_OPTIONS[kind])
        out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
