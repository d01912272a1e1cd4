"""The child process that parses one hostile file (``python -m estelik.media.parser KIND <file``).

It has nothing to lose: it is started without keys and environment, loads one
library, confines itself, and only then looks at the file. The answer is one
JSON document.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any

import msgspec

from estelik.media import confinement
from estelik.media.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Reads the file on standard input, and answers on standard output."""
    name = sys.argv[1]
    module = import_module(f"estelik.media.{name}")
    parse: Callable[[IO[bytes]], dict[str, Any]] = module.parse
    module.load()
    confinement.confine()
    with os.fdopen(0, "rb", closefd=False) as file:
        found = parse(file)
    os.write(1, msgspec.json.encode(msgspec.convert(found, Facts)))
    # No library is asked to clean up after a hostile file.
    os._exit(0)


if __name__ == "__main__":
    main()
