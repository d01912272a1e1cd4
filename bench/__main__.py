"""Runs the measurements: `python -m bench` all of them, `python -m bench NAME...` some.

Each module of this folder with a ``main()`` is one measurement. Its docstring
says what is measured; ``main()`` measures, prints a table, and fails when
answers differ.
"""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import ModuleInfo, iter_modules


def main(wanted: list[str]) -> int:
    """Runs the measurements of these names, or all; the exit status."""
    modules = {module.name: import_module(f"bench.{module.name}") for module in _others()}
    measurements = {name: module for name, module in modules.items() if hasattr(module, "main")}
    unknown = [name for name in wanted if name not in measurements]
    if unknown:
        print(f"No such measurement: {', '.join(unknown)}.", file=sys.stderr)
        print(f"There are: {', '.join(measurements)}.", file=sys.stderr)
        return 2
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()};"
        f" {os.getloadavg()[0]:.1f} at work already"
    )
    for name in wanted or measurements:
        print(f"\n{name}: {(measurements[name].__doc__ or '').partition(chr(10))[0]}", flush=True)
        measurements[name].main()
    return 0


def _others() -> list[ModuleInfo]:
    return [
        module for module in iter_modules([str(Path(__file__).parent)]) if not module.name.startswith("_")
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
