"""Card sheet: what an entry card says, as leaves, worked out from a projection of the gate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from markupsafe import Markup

from estelik.errors import PublicationError
from estelik.language import accounts, dates, events, numbers, people, questions, summary, tongues
from estelik.language.direction import Direction, plain, run
from estelik.protection.leaf import Cleared, Phrase
from estelik.publication.drawing import MIDDLE, Drawing, draw
from estelik.publication.marks import Box, Label
from estelik.publication.timeline_svg import key, svg
from estelik.views.dossier import pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.language.reader import Reader
    from estelik.protection.gate import Projection
    from estelik.views.person import EventRow, PersonPage, Source

#: So many events and sources a card names at most; the entry has all.
_EVENTS: Final = 24
_SOURCES: Final = 24
#: How wide a drawing is on paper (mm), and how high a line of its words (px of the drawing).
_WIDE: Final = 180
_LINE: Final = 16


class Given(msgspec.Struct, frozen=True):
    """A name as somebody gave it; ``language`` is the tag of its run, ``tongue`` that in words."""

    text: Phrase
    tongue: Phrase | None


class Line(msgspec.Struct, frozen=True):
    """An event of the table: what, when, and what has to be said of it."""

    what: Phrase
    when: Phrase
    doubt: Phrase | None


class Words(msgspec.Struct, frozen=True):
    """The headings of a card, in its language."""

    timeline: Phrase
    mirrored: Phrase | None
    event: Phrase
    when: Phrase
    uncertain: Phrase
    sources: Phrase
    drafted: Phrase | None


class CardSheet(msgspec.Struct, frozen=True):
    """All that stands on a card."""

    language: Cleared
    direction: Cleared
    name: Phrase
    names: tuple[Given, ...]
    summary: tuple[Phrase, ...]
    drawing: Phrase | None
    key: tuple[tuple[Phrase, Phrase], ...]
    lines: tuple[Line, ...]
    doubts: tuple[Phrase, ...]
    sources: tuple[Phrase, ...]
    foot: tuple[Phrase, ...]
    words: Words


def card_sheet(projection: Projection, life: str, reader: Reader, *, address: str, today: int) -> CardSheet:
    """The card of one life (its key in the projection) for one reader.

    Raises PublicationError where nothing of that life leaves.
    """
    return _sheet(_page(projection, life, today), reader, address, today)


def cited(projection: Projection, life: str, today: int) -> set[str]:
    """The statements (numbers in the projection) that the card of a life rests on: what is told of her, and
    what is told of others from which something of hers follows. Raises as ``card_sheet`` does."""
    return {line.statement.statement for line in _page(projection, life, today).statements}


def _page(projection: Projection, life: str, today: int) -> PersonPage:
    if not any(one.subject == life for one in projection.statements):
        raise PublicationError(
            "Nothing of this may be shown to them, for this purpose, on this day.",
            do="Say why of a statement: estelik consent why ID --for ... --purpose ...",
        )
    label = life.split("\x1f", 1)[0]
    made = pages(projection.statements, projection.judgements, today=today, subjects=[label])
    return next(page for page in made if page.key == life)


def _sheet(page: PersonPage, reader: Reader, address: str, today: int) -> CardSheet:
    drawing = draw(page, reader, MIDDLE)
    name = plain(people.who(reader, page.label))
    told = [one for one in page.events if one.bounds]
    return CardSheet(
        language=Cleared(reader.language),
        direction=Cleared(reader.direction),
        name=Phrase(people.who(reader, page.label)),
        names=tuple(_names(page, reader)),
        summary=tuple(Phrase(words) for words, _ in summary.summary(reader, page, _uncited)),
        drawing=None if drawing is None else Phrase(_drawn(drawing, name)),
        key=() if drawing is None else tuple((Phrase(a), Phrase(b)) for a, b in key(drawing, reader)),
        lines=tuple(_line(one, reader) for one in told[:_EVENTS]),
        doubts=tuple(_doubts(page, reader)),
        sources=tuple(_sources(page.sources, reader)),
        foot=tuple(_foot(reader, address, today)),
        words=Words(
            Phrase(reader._("Timeline")),
            Phrase(reader._("from right to left")) if _turned(reader.direction) else None,
            Phrase(reader._("Event")),
            Phrase(reader.capital(reader._("when"))),
            Phrase(reader._("What is not certain")),
            Phrase(reader._("Sources")),
            Phrase(
                reader._(
                    "The sentences of this page were drafted in this language and have not yet been reviewed."
                )
            )
            if reader.drafted
            else None,
        ),
    )


def _drawn(drawing: Drawing, name: str) -> Markup:
    """The drawing with its words beside it, each set at its place: weasyprint sets the text of an SVG letter
    by letter, which takes Arabic script apart."""
    marks = tuple(one for one in drawing.pieces if not isinstance(one, Label))
    washes = [(one.y, one.y + one.height) for one in marks if isinstance(one, Box) and one.role == "wash"]
    words = [
        _set(one, drawing, washed=any(top <= one.y <= bottom for top, bottom in washes))
        for one in drawing.pieces
        if isinstance(one, Label)
    ]
    body = svg(msgspec.structs.replace(drawing, pieces=marks), name, kind="middle")
    return Markup('<div class="drawing" style="height: {}mm">{}{}</div>').format(
        _mm(drawing.height), body, Markup("").join(words)
    )


def _set(label: Label, drawing: Drawing, *, washed: bool) -> Markup:
    x, y = label.x, label.y - _LINE / 2
    if label.anchor == "middle":
        place = f"left: {_mm(x - label.width)}mm; width: {_mm(2 * label.width)}mm; text-align: center"
    elif (label.anchor == "end") != drawing.mirrored:
        place = f"right: {_mm(drawing.width - x)}mm"
    else:
        place = f"left: {_mm(x)}mm"
    halo = (" halo on-wash" if washed else " halo") if label.halo else ""
    return Markup('<span class="at {}{}" style="top: {}mm; {}">{}</span>').format(
        label.role, halo, _mm(y), place, label.text
    )


def _mm(pixels: float) -> str:
    """A length of the drawing on paper, where it is 180 mm wide."""
    return f"{pixels * _WIDE / MIDDLE.width:.2f}"


def _turned(direction: Direction) -> bool:
    return direction == "rtl"


def _uncited(_: tuple[int, ...]) -> Markup:
    # A card has no statements to lead to.
    return Markup("")


def _names(page: PersonPage, reader: Reader) -> Iterable[Given]:
    for name in page.names:
        if name.text != page.label:
            tongue = Phrase(tongues.tongue(reader, name.language)) if name.language else None
            yield Given(Phrase(run(name.text, name.language)), tongue)


def _line(row: EventRow, reader: Reader) -> Line:
    # Where accounts differ, each has its own days; none comes first by merit.
    when = list(dict.fromkeys(dates.ranges(reader, one.ranges) for one in row.bounds))
    notes = []
    if len(row.bounds) > 1:
        notes.append(reader._("dates that depend on which account is kept"))
    if row.hearsay:
        notes.append(reader._("only if hearsay is admitted"))
    if row.expected:
        notes.append(reader._("still to come when it was told"))
    return Line(
        Phrase(events.label(reader, row.event, row.place)),
        Phrase(numbers.listed(reader, when, choice=True)),
        Phrase(numbers.listed(reader, notes)) if notes else None,
    )


def _doubts(page: PersonPage, reader: Reader) -> Iterable[Phrase]:
    for one in page.contradictions:
        yield Phrase(reader.capital(accounts.cannot_both(reader, page, one)))
    for difference in page.differences:
        values = numbers.listed(reader, [run(value.text) for value in difference.values])
        what = questions.differs(reader, difference)
        yield Phrase(reader._("%(fact)s: %(value)s", fact=what, value=values))


def _sources(sources: Iterable[Source], reader: Reader) -> Iterable[Phrase]:
    for one in list(sources)[:_SOURCES]:
        who = run(one.label) if one.label else reader._("a telling")
        words = [dates.told(reader, day) for day in one.told]
        yield (
            Phrase(reader._("%(first)s, %(second)s", first=who, second=numbers.listed(reader, words)))
            if words
            else Phrase(who)
        )


def _foot(reader: Reader, address: str, today: int) -> Iterable[Phrase]:
    yield Phrase(dates.day(reader, today))
    if address:
        yield Phrase(run(address))
