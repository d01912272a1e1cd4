"""Durations as they are typed on a command line: 90s, 30m, 8h."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from click import Context, Parameter

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_LONGEST: Final = 24 * 3600


class _Duration(click.ParamType[int]):
    """Seconds, minutes or hours: 90s, 30m, 8h."""

    name = "duration"

    def convert(self, value: object, param: Parameter | None, ctx: Context | None) -> int:
        """The seconds."""
        found = re.fullmatch(r"([1-9][0-9]{0,4})([smh])", str(value))
        seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
        if not 0 < seconds <= _LONGEST:
            self.fail("not a time", param, ctx)
        return seconds


DURATION: Final = _Duration()
