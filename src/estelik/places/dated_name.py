"""Dated name: what a place was called, and when."""

from __future__ import annotations

from typing import Literal

import msgspec

from estelik.chronology import edtf
from estelik.names import script

#: Whether a name was a place's name on a day: so, not so, or nobody says.
Held = Literal["yes", "no", "perhaps"]


class DatedName(msgspec.Struct, frozen=True):
    """A name of a place.

    ``when``: an EDTF interval, from its first to its last day; empty where nobody says. ``language``: its
    BCP 47 tag, if known. ``statement``: the id of the statement that says so; empty in the gazetteer.
    """

    text: str
    when: str = ""
    language: str = ""
    statement: str = ""

    @property
    def script(self) -> script.Script:
        """The script it is written in."""
        return script.of(self.text)

    def held(self, on: str) -> Held:
        """Whether it was the name on the days of ``on`` (EDTF): on all of them, on none, or on some or nobody
        knows."""
        if not self.when or not on:
            return "perhaps"
        days, held = edtf.parse(on).spans, edtf.parse(self.when)
        if not any(_meet(day, span) for day in days for span in held.spans):
            return "no"
        if held.unknown_start or held.unknown_end:
            return "perhaps"
        covered = all(any(_within(day, span) for span in held.spans) for day in days)
        return "yes" if covered else "perhaps"


def _meet(one: edtf.Span, other: edtf.Span) -> bool:
    return (one.first is None or other.last is None or one.first <= other.last) and (
        other.first is None or one.last is None or other.first <= one.last
    )


def _within(day: edtf.Span, span: edtf.Span) -> bool:
    begun = span.first is None or (day.first is not None and day.first >= span.first)
    lasts = span.last is None or (day.last is not None and day.last <= span.last)
    return begun and lasts
