"""Casebooks that open at once.

To derive a key from a passphrase takes half a second on two cores, by design. Where many commands are run
one after the other on a casebook that is made as users make it, they derive its keys at no cost. That a
command of a user does not is tested in cli/test_command_line.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Mapping

CHEAP: Final = keys.Cost(memory=8, passes=1, lanes=1)


def at_once(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which what commands make opens at once."""
    folders = (str(Path(__file__).resolve().parent / "at_once"), environment.get("PYTHONPATH", ""))
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, folders))}
