"""Where tests put their files: in memory, where there is room for them.

What is entered is written through to the disk each time; thousands of tests would wait for it, and use a
third more of the processor. Whoever sets TMPDIR decides otherwise.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

_MEMORY: Final = "/dev/shm"  # noqa: S108 (each makes a folder of its own in it, as in /tmp)
#: What is to be free for programs and files: a whole run takes much less than half of it.
_ROOM: Final = 6 << 30


def settle() -> None:
    """Has this process, and those that it begins, put temporary files into memory. Nothing changes where
    there is too little, or where what lies there may not be run."""
    if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK | os.X_OK) and _roomy():
        os.environ["TMPDIR"] = tempfile.tempdir = _MEMORY


def _roomy() -> bool:
    found = os.statvfs(_MEMORY)
    if found.f_flag & os.ST_NOEXEC or found.f_bavail * found.f_frsize < _ROOM:
        return False
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    (free,) = [int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")]
    return free << 10 >= _ROOM
