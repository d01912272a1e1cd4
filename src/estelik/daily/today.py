"""Today: the user's own day."""

from __future__ import annotations

from datetime import date


def today() -> date:
    """The day that it is where the user is."""
    return date.today()  # noqa: DTZ011 (the user's own day)
