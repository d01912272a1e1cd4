"""Asking: what to ask next of somebody, about somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.timeline import label
from estelik.daily import solving
from estelik.errors import NotFoundError

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.chronology.questions import Question


def asked_of(casebook: Casebook, source: str, subject: str) -> list[Question]:
    """What to ask ``source`` next about ``subject`` (labels), the most telling first; nothing where nothing
    is recorded about that one."""
    try:
        found = solving.questions(solving.solved(casebook, subject))
    except NotFoundError:
        return []
    voices = {label(key) for key in casebook.lives.whose(source)} | {source}
    return [one for one in found if voices & set(one.sources)]
