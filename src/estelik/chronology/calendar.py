"""Days as integers, and the horizon within which everything lies.

A day is its proleptic Gregorian ordinal (``date.toordinal``); day 1 is
0001-01-01. Nothing here knows of hours or zones.
"""

from __future__ import annotations

from datetime import date
from typing import Final

#: The first and the last day of the horizon (contract, "Axioms").
HORIZON_FIRST: Final = date(1850, 1, 1).toordinal()
HORIZON_LAST: Final = date(2150, 12, 31).toordinal()


def iso(day: int | None) -> str | None:
    """The day as ISO 8601, or None for a day that nobody can name."""
    return None if day is None else date.fromordinal(day).isoformat()
