"""The child process that becomes ffmpeg or ffprobe, with all limits on it.

It is started as ``python -m estelik.media.ffmpeg PROGRAM WRITTEN WORDS...``:
``written`` is how many bytes a file may have that it writes. It can read its
own programs and libraries, and what it was handed open.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from estelik.media import confinement

MEMORY: Final = 2 << 30
SECONDS: Final = 300
#: Where programs and their libraries lie.
_LIBRARIES: Final = ("/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache")


def main() -> None:
    """Confines itself, and goes on as that program."""
    program, written, words = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    readable = (*_LIBRARIES, str(Path(program).resolve().parent))
    confinement.confine(memory=MEMORY, seconds=SECONDS, written=written, readable=readable)
    os.execve(program, [program, *words], {})  # noqa: S606 (no shell is what is wanted)


if __name__ == "__main__":
    main()
