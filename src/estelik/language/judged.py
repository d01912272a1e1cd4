"""Decisions on who is who, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.numbers import listed
from estelik.language.people import who

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.views.who import Judged


def judged(reader: Reader, decision: Judged) -> Markup:
    """What was decided, when, by whom if that is known, and why."""
    what = _what(reader, decision)
    try:
        day = dates.day(reader, date.fromisoformat(decision.made).toordinal())
    except ValueError:
        day = run(decision.made)
    if decision.by:
        return reader._(
            "%(what)s Judged by %(member)s, %(date)s: %(reason)s",
            what=what,
            member=run(decision.by),
            date=day,
            reason=run(decision.reason),
        )
    return reader._("%(what)s Judged %(date)s: %(reason)s", what=what, date=day, reason=run(decision.reason))


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
