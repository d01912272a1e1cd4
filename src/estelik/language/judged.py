"""Decisions on who is who, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.events import label
from estelik.language.numbers import listed
from estelik.language.people import who

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.views.who import Judged


def judged(reader: Reader, decision: Judged) -> Markup:
    """What was decided, when, by whom if that is known, and why."""
    return signed(reader, _what(reader, decision), decision.made, decision.by, decision.reason)


def signed(reader: Reader, what: Markup, made: str, by: str, reason: str) -> Markup:
    """``what`` was decided (a sentence), on which day (ISO), by which member ("": not known), and why."""
    day = _day(reader, made)
    if by:
        return reader._(
            "%(what)s Judged by %(member)s, %(date)s: %(reason)s",
            what=what,
            member=run(by),
            date=day,
            reason=run(reason),
        )
    return reader._("%(what)s Judged %(date)s: %(reason)s", what=what, date=day, reason=run(reason))


def taken_back(reader: Reader, made: str, by: str, reason: str) -> Markup:
    """That a decision was taken back on a day (ISO), by which member ("": not known), and why."""
    day = _day(reader, made)
    if by:
        return reader._(
            "Taken back by %(member)s, %(date)s: %(reason)s", member=run(by), date=day, reason=run(reason)
        )
    return reader._("Taken back %(date)s: %(reason)s", date=day, reason=run(reason))


def set_aside(reader: Reader, cited: Markup) -> Markup:
    """That a statement is set aside; ``cited``: its number, as a link."""
    return reader._("Statement%(numbers)s is set aside.", numbers=cited)


def allowed(reader: Reader, event: str, source: str) -> Markup:
    """That somebody may be asked about an event."""
    return reader._(
        "%(person)s may be asked about this: %(event)s.", person=run(source), event=label(reader, event)
    )


def _day(reader: Reader, made: str) -> Markup:
    try:
        return dates.day(reader, date.fromisoformat(made).toordinal())
    except ValueError:
        return run(made)


def _what(reader: Reader, decision: Judged) -> Markup:
    one, other = who(reader, decision.one), who(reader, decision.other)
    if decision.decision == "same":
        return reader._("%(one)s and %(other)s are the same.", one=one, other=other)
    if decision.decision == "different":
        return reader._("%(one)s and %(other)s are not the same.", one=one, other=other)
    if decision.decision == "unsure":
        return reader._(
            "Nobody can say yet whether %(one)s and %(other)s are the same.", one=one, other=other
        )
    return reader._("%(other)s is somebody else than %(one)s.", one=one, other=other)


def labels(reader: Reader, others: tuple[str, ...]) -> Markup:
    """The other labels of a life, one after the other."""
    return reader._(
        "Judged to be the same: %(labels)s", labels=listed(reader, [who(reader, one) for one in others])
    )
