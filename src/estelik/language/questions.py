"""Questions, encounters and differences in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.events import fact, label, noun
from estelik.language.numbers import listed
from estelik.language.reader import N_

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.views.person import Difference, Encounter, Question

_FIELDS = {
    "place": N_("where"),
    "by": N_("who did it"),
    "value": N_("what"),
    "when": N_("when"),
    "age": N_("the age"),
}
#: Bits above which an answer is said to settle much, or something.
_MUCH, _SOME = 3.0, 1.0


def asked(reader: Reader, question: Question) -> Markup:
    """The question itself."""
    event = label(reader, question.event)
    if question.ask == "how long":
        since = question.since or "birth"
        return reader._(
            "How long from %(since)s to %(event)s?",
            since=noun(reader, since),
            event=noun(reader, question.event),
        )
    if question.ask == "where":
        return reader._("%(event)s: where?", event=event)
    if question.ask == "who told":
        return reader._("%(event)s: from whom is it known?", event=event)
    return reader._("%(event)s: when?", event=event)


def of_whom(reader: Reader, question: Question) -> Markup:
    """Whom to ask, and what the answer would do."""
    if question.ask in ("where", "who told"):
        worth = reader._("It would not change a date.")
    elif question.expected_bits >= _MUCH:
        worth = reader._("It would narrow much of what is open.")
    elif question.expected_bits >= _SOME:
        worth = reader._("It would narrow some of what is open.")
    else:
        worth = reader._("It would narrow a little of what is open.")
    if not question.sources:
        return worth
    sources = listed(reader, [run(source) for source in question.sources], choice=True)
    return reader._("To ask of %(sources)s. %(worth)s", sources=sources, worth=worth)


def met(reader: Reader, encounter: Encounter) -> Markup:
    """Where and when two people may have been held together."""
    place = run(encounter.place)
    first, last = encounter.overlap
    when = dates.sometime(reader, first, last)
    if encounter.certain:
        return reader._("Certainly at the same place, %(place)s, %(when)s.", place=place, when=when)
    return reader._("Possibly at the same place, %(place)s, %(when)s.", place=place, when=when)


def differs(reader: Reader, difference: Difference) -> Markup:
    """What the sources say differently."""
    what = label(reader, difference.event) if difference.event else fact(reader, difference.fact)
    field = _FIELDS.get(difference.field)
    if not field or (difference.fact and difference.field == "value"):
        return what
    return reader._("%(what)s: %(field)s", what=what, field=reader._(field))
