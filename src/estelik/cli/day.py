"""Days as they are given to commands: the user's own today, or an ISO day."""

from __future__ import annotations

from datetime import date

from estelik.daily.today import today
from estelik.errors import UsageError


def day(text: str | None) -> date:
    """The day that was given, or today. Raises ``UsageError`` where it is none."""
    try:
        return today() if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError("This is not a day.", do="Write it like 2026-11-22.") from None
