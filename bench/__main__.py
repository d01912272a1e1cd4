"""Runs the measurements: `python -m bench` all of them, `python -m bench NAME...` some.

Each module of this folder is one measurement. Its docstring says what is
measured, its ``main()`` measures, prints a table, and fails when answers differ.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules


def main(wanted: list[str]) -> int:
    """Runs the measurements of these names, or all; the exit status."""
    names = [module.name for module in iter_modules([str(Path(__file__).parent)]) if module.name[0] != "_"]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        print(
            f"No measurement is called {', '.join(unknown)}. There are: {', '.join(names)}.", file=sys.stderr
        )
        return 2
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    for name in wanted or names:
        module = import_module(f"bench.{name}")
        print(f"\n{name}: {(module.__doc__ or '').partition(chr(10))[0]}", flush=True)
        module.main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
