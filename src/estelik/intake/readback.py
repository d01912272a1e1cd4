"""Read-back: what was understood, in words, and between which days the event then lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from estelik.chronology.timeline import solve
from estelik.identity import document
from estelik.intake.reading import statement
from estelik.language.dates import ranges
from estelik.language.direction import run
from estelik.language.events import label
from estelik.language.grades import chain, standing
from estelik.language.quotes import quoted
from estelik.language.reader import N_, reader
from estelik.language.statements import says

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.chronology.timeline import EventBounds
    from estelik.intake.reading import Field
    from estelik.language.reader import Reader
    from estelik.records import Judgement, Statement

#: The finest unit of a length that was said, and how far the event may lie on either side.
_HALF: Final = {
    "Y": N_("half a year either side"),
    "M": N_("half a month either side"),
    "W": N_("half a week either side"),
}
_WHOLE: Final = {
    "Y": N_("a year either side"),
    "M": N_("a month either side"),
    "W": N_("a week either side"),
    "D": N_("a day either side"),
}
_ASKED: Final = {
    "when": N_("when"),
    "where": N_("where"),
    "how long": N_("how long"),
    "who told": N_("who told"),
    "who did it": N_("who did it"),
}


#: Cells that are read back as they are written in a sheet.
_TECHNICAL: Final = ("grade", "evidence", "compartment", "corrects", "language")
_SILENT: Final = ("when", "age", "after", "before", "gap", "place", "by", "value")


def readback(fields: Sequence[Field], language: str) -> Markup:
    """What was understood, as a sentence of the desk's own; nothing where no event and no fact was."""
    cells = {field.column: field.value for field in fields}
    if not {"event", "fact"} & cells.keys():
        return Markup("")
    own = reader(language)
    said = statement(cells, "line", "line")
    if said.answer in ("unknown", "refused") and said.note in _ASKED and said.event:
        asked = own._("%(first)s, %(second)s", first=label(own, said.event), second=own._(_ASKED[said.note]))
        if said.answer == "unknown":
            return own._("%(what)s: could not say.", what=asked)
        return own._("%(what)s: would not say.", what=asked)
    words = says(own, said)
    more = [_either_side(own, said), *_beside(own, said, cells)]
    for one in more:
        if one:
            words = Markup(" ").join((words, own.capital(own._("%(what)s.", what=one))))
    return words


def _beside(own: Reader, said: Statement, cells: dict[str, str]) -> list[Markup]:
    """What the sentence of a statement leaves out: how it is known, and what has no words of its own."""
    out = []
    if said.via:
        out.append(chain(own, said))
    if said.role != "told" or said.layer != "asserted":
        out.append(standing(own, said))
    if said.by and said.fact:
        out.append(own._("done by: %(actor)s", actor=run(said.by)))
    if said.value and said.event:
        out.append(run(said.value))
    if document.is_doubtful(said.fact, said.value):
        out.append(own._("the last digit of this number does not fit the others: it may be misread"))
    if said.answer not in {"yes", "no"}:
        # The sentence says only that there was no answer.
        out += [run(f"{column}={value}") for column, value in cells.items() if column in _SILENT]
    out += [run(f"{column}={cells[column]}") for column in _TECHNICAL if column in cells]
    out += [run(quoted(text, said.language)) for text in (said.quote, said.note) if text]
    return out


def slack(language: str) -> list[str]:
    """What a read-back says of how much a length leaves open, for those who read it again."""
    return [str(reader(language)._(words)) for words in (*_HALF.values(), *_WHOLE.values())]


def _either_side(own: Reader, said: Statement) -> Markup:
    """How much the length of time leaves open, as a sentence."""
    gap = said.gap
    if not gap or gap[-1] not in "YMWD" or gap.startswith(("[", "<", ">", "±")) or "/" in gap:
        return Markup("")
    words = (_WHOLE if gap.startswith("~") else _HALF).get(gap[-1])
    return own._(words) if words else Markup("")


def bounds(
    statements: Sequence[Statement], draft: Statement, judgements: Sequence[Judgement] = ()
) -> EventBounds | None:
    """Between which days the event of a draft lies, once it is kept beside a person's statements.

    ``statements``: all of the life, and of lives that its events are counted from; what ``draft`` corrects no
    longer counts. None where the draft is no event, or its answer is not yes.
    """
    if not draft.event or draft.answer != "yes":
        return None
    for life in solve([*statements, draft], judgements=judgements):
        if life.key == draft.subject:
            return next((event for event in life.events if event.event == draft.event), None)
    return None


def between(found: EventBounds, language: str) -> Markup:
    """The days between which an event lies, in words: "between 30 December 2019 and 1 April 2021"."""
    return ranges(reader(language), found.ranges)
