"""Clauses: a line that tells two things or more, each of them read by itself.

A line is taken apart only where every part names what it is about, all of it is understood, and nothing in
one part can hold for another: no doubt, no denial, no teller, no other person. Else it stays one line that is
not understood.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec
from markupsafe import Markup

from estelik.intake.line import read
from estelik.intake.readback import readback
from estelik.intake.reading import Context, Field, Reading
from estelik.intake.rulebook import rulebook
from estelik.records.vocabulary import BIRTH, TOLD, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.intake.rulebook import Rulebook

#: More is no line but an account.
_MOST: Final = 4
#: Places at which a line is tried; each costs two readings.
_TRIED: Final = 8
#: Other readings of a line.
_OTHERS: Final = 6
#: Facts that a short phrase says whole; any other may hold the words that follow.
_FACTS: Final = ("sentence", "count")
#: What may hold for all of the line, wherever in it it stands.
_WIDE: Final = frozenset({"answer", "role", "via", "layer", "expected", "quote", "grade", "corrects"})


def clauses(line: str, language: str, context: Context | None = None) -> Reading:
    """What a line says; where it tells several things, its ``parts``. Raises UsageError for a language
    without a table."""
    whole = read(line, language, context)
    if "twice" not in whole.faults or "too-long" in whole.faults:
        return whole
    rules = rulebook(whole.language)
    if _is_of_two(rules, line):
        return whole
    parts = _parts(line, rules, whole.language, context or Context(), _MOST)
    if len(parts) < 2:
        return whole
    made = _together(line, whole, parts)
    others = (
        _together(line, whole, [*parts[:place], other, *parts[place + 1 :]])
        for place, part in enumerate(parts)
        for other in part.alternatives
    )
    return msgspec.structs.replace(made, alternatives=tuple(islice(others, _OTHERS)))


def grounded(found: Reading, events: Collection[str]) -> Reading:
    """The same, and before it the event that it was after, where nobody has told of that one: whoever was in
    a camp for a year was taken to it. ``events``: the labels of what was told."""
    if not found.complete:
        return found
    parts: list[Reading] = []
    told = set(events)
    for part in found.parts or (found,):
        label = part.cells.get("after", "")
        if kind_of(label) and label != TOLD and "/" not in label and label not in told:
            if _WIDE & part.cells.keys():
                return found
            fields = (Field("event", label, 0, 0, assumed=True),)
            said = readback(fields, found.language)
            parts.append(Reading("", found.language, fields, prose=said, rules=found.rules))
        parts.append(part)
        told |= {label, part.cells.get("event", "")}
    others = tuple(grounded(one, events) for one in found.alternatives)
    made = found if len(parts) == max(1, len(found.parts)) else _together(found.line, found, parts)
    return msgspec.structs.replace(made, alternatives=others)


def _together(line: str, whole: Reading, parts: list[Reading]) -> Reading:
    """One reading of all parts."""
    said = Markup(" ").join(one.prose for one in parts)
    # Each part counts from the one before it; the page says of the first that took something from there.
    before = next((one for one in parts if one.from_before), parts[0]).from_before
    return Reading(
        line, whole.language, prose=said, rules=whole.rules, from_before=before, parts=tuple(parts)
    )


def _parts(line: str, rules: Rulebook, language: str, context: Context, most: int) -> list[Reading]:
    """The line in parts that each say one thing; none where it cannot be taken apart so."""
    whole = read(line, language, context)
    if _is_one(whole):
        return [whole]
    if most < 2:
        return []
    for match in list(rules.between.finditer(line))[:_TRIED]:
        head, tail = line[: match.start()].strip(), line[match.end() :].strip()
        if not head or not tail:
            continue
        first = read(head, language, context)
        if not _is_one(first):
            continue
        rest = _parts(tail, rules, language, _after(first, context), most - 1)
        if rest:
            return [first, *rest]
    return []


def _is_one(part: Reading) -> bool:
    """Whether a part says one thing whole, and nothing that may hold for another part."""
    cells = part.cells
    named = any(one.column in ("event", "fact") and not one.assumed for one in part.fields)
    fact = cells.get("fact", "").partition(":")[0]
    return part.complete and named and not _WIDE & cells.keys() and (not fact or fact in _FACTS)


def _after(told: Reading, context: Context) -> Context:
    """What is known once a part was told."""
    event = told.cells.get("event", "")
    events = tuple(one for one in context.events if one != event)
    when = told.cells.get("when", "") if event != BIRTH else ""
    return msgspec.structs.replace(
        context, events=(*events, event) if event else events, when=when, asked=None
    )


def _is_of_two(rules: Rulebook, line: str) -> bool:
    """Whether a line names two who may not be the same: who tells, her, him."""
    folded = rules.grammar.fold(line)
    return sum(bool(one.search(folded)) for one in rules.persons) > 1
