"""Written: words that lie in no file, to be taken in as one."""

from __future__ import annotations

from estelik.media.memory import Memory


class Written(Memory):
    """Words in memory, with a name as a file has one."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.path = self.name = name
        self.write(text.encode())
