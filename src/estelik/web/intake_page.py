"""The page of a telling: one line, its read-back, what was kept, and the life as this visitor has told it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from estelik.chronology import edtf
from estelik.daily import lines
from estelik.daily.lines import Draft
from estelik.daily.own import course
from estelik.daily.telling import WORDS_ALONE
from estelik.daily.today import today
from estelik.errors import NotFoundError
from estelik.ids import new_id
from estelik.intake.readback import readback
from estelik.language import dates, direction, events, people, statements
from estelik.language.tongues import tongue
from estelik.publication.drawing import Frame, draw
from estelik.publication.timeline_svg import key, svg
from estelik.views.together import together
from estelik.web import visiting
from estelik.web.page import page, spoken_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar import Request, Response

    from estelik.daily.own import Own
    from estelik.daily.telling import Line, Open, Telling, Wording
    from estelik.errors import Fault
    from estelik.intake.reading import Reading
    from estelik.language.reader import Reader
    from estelik.records import Statement
    from estelik.views.course import Ranges
    from estelik.views.person import PersonPage
    from estelik.web.session import Session

#: Beside the line, and beneath it where the screen is narrow.
_BESIDE: Final = Frame(512, 0, labelled=True)
_NARROW: Final = Frame(288, 0)


class Answer(NamedTuple):
    """What a line that is not kept yet comes to. ``draft``: its statement, where it is one; ``page``: the
    life with it; ``before``: without it; ``lines``: what Enter keeps, as it was typed and its cells: one
    line, or each of those that one line tells."""

    reading: Reading | None
    cells: dict[str, str]
    draft: Statement | None
    faults: tuple[Fault, ...]
    before: PersonPage | None
    page: PersonPage | None
    lines: tuple[tuple[str, dict[str, str]], ...] = ()


def shown(request: Request[Any, Any, Any], session: Session) -> Response[bytes]:
    """The whole page."""
    told = visiting.telling(session)
    before = visiting.earlier(session, told)
    spoken = spoken_by(session)
    return page(
        request,
        "intake.html.j2",
        session=session,
        visit=len(before.visits) + 1,
        tongue=tongue(spoken, told.language) if told.language else "",
        agreed=clock(told.agreed),
        today=today().toordinal(),
        **everything(session, told, before),
    )


def everything(session: Session, told: Telling, before: Own) -> dict[str, Any]:
    """What was kept, and what the line that is being written comes to."""
    hand = told.hand(session.member)
    spoken = spoken_by(session)
    return {
        "visits": _visits(spoken, before, told),
        "lines": [worded(spoken, told, one) for one in told.lines],
        "changing": next((n for n, one in enumerate(told.lines, 1) if one.id == hand.changing), 0),
        "accounts": _accounts(told, hand),
        "quoted": told.account[slice(*hand.passage)] if hand.passage else "",
        **answered(session, told, before, visiting.kept(told, before)),
    }


def answered(session: Session, told: Telling, before: Own, kept: tuple[Statement, ...]) -> dict[str, Any]:
    """What the line that is being written comes to, in words and in the drawing."""
    spoken, hand = spoken_by(session), told.hand(session.member)
    found = answer(session, told, before, hand, kept)
    there = found.page or found.before
    old = found.before if found.page is not None else None
    return {
        "told": told,
        "hand": hand,
        "answer": found,
        "correcting": correcting(spoken, before, hand),
        "meant": meant,
        "others": [
            (meant(one), _said(one, spoken.language))
            for one in (
                found.reading.alternatives if found.reading is not None and found.reading.complete else ()
            )
        ],
        "label": lambda event, place: events.label(spoken, event, place),
        "prose": _prose(spoken, found),
        "read_as": _read_as(spoken, found),
        "when": _when(spoken, found),
        "drawn": _drawn(there, old, spoken),
        "page_": there,
        "saved": clock(told.kept),
        "say_ranges": lambda spans: dates.ranges(spoken, spans),
    }


def answer(
    session: Session,
    told: Telling,
    before: Own,
    hand: Open,
    kept: tuple[Statement, ...],
    pick: str = "",
) -> Answer:
    """What a line that is being written says, and what follows from it; ``pick``: which of its other
    readings is meant (``meant``). Raises ``NotFoundError`` where it cannot be read so any more."""
    past = [one for one in kept if one.statement != hand.changing]
    day = today().toordinal()
    without = _course((*before.statements, *kept), told.about, day)
    if not hand.typed.strip() and not hand.cells:
        return Answer(None, {}, None, (), without, None)
    reading, cells = cells_of(session, told, before, hand, kept, pick)
    each: tuple[tuple[str, dict[str, str]], ...] = ((hand.typed, cells),)
    if reading is not None and reading.parts:
        each = tuple((one.line, one.cells | cells) for one in reading.parts)
    drafts = [Draft(new_id(), told.about, one) for _, one in each]
    if hand.changing:
        drafts[0] = drafts[0]._replace(id=hand.changing)
    others = tuple(one for one in lines.drafts(told) if one.id != hand.changing)
    if not all({"event", "fact"} & one.keys() for _, one in each) or (reading is not None and reading.faults):
        return Answer(reading, cells, None, (), without, None)
    checked = visiting.checked(told, before, (*others, *drafts))
    ids = {one.id for one in drafts}
    made = [one for one in checked.statements if one.statement in ids]
    faults = tuple(one for one in checked.faults if one.row > len(others))
    if len(made) < len(drafts) or faults:
        return Answer(reading, cells, None, faults, without, None)
    with_it = _course((*before.statements, *past, *made), told.about, day)
    return Answer(reading, cells, made[0], (), without, with_it, each)


def _course(told: Sequence[Statement], about: str, today: int) -> PersonPage | None:
    """The life by these statements; what does not go together is not shown unasked."""
    found = course(told, about, today=today)
    return None if found is None else together(found)


def cells_of(
    session: Session,
    told: Telling,
    before: Own,
    hand: Open,
    kept: Sequence[Statement],
    pick: str = "",
) -> tuple[Reading | None, dict[str, str]]:
    """The cells of what is being written: those of the small fields, or what the line says."""
    reading, cells = None, {name: text for name, text in hand.cells.items() if text}
    if not cells:
        reading = lines.read(told, (*before.statements, *kept), hand.typed, session.language, hand)
        if pick:
            found = next((one for one in reading.alternatives if meant(one) == pick), None)
            if found is None:
                raise NotFoundError("This line is read otherwise now.", safe="Your line is kept.")
            reading = found
        cells = dict(reading.cells)
    if hand.passage and not cells.get("quote"):
        cells["quote"] = told.account[slice(*hand.passage)].strip()
    if hand.changing and not cells.get("quote"):
        quote = told.line(hand.changing).now.cells.get("quote")
        cells |= {"quote": quote} if quote else {}
    if hand.correcting:
        cells["corrects"] = hand.correcting
    return reading, cells


def meant(reading: Reading) -> str:
    """A reading of a line, as a page names it: by what it says, since its place among others may change."""
    parts = reading.parts or (reading,)
    return " | ".join("; ".join(f"{name}: {text}" for name, text in one.cells.items()) for one in parts)


def _said(reading: Reading, language: str) -> Markup:
    """What was understood, in the language of the desk, whichever it was typed in."""
    parts = reading.parts or (reading,)
    return Markup(" ").join(words for one in parts if (words := readback(one.fields, language)))


def clock(moment: str) -> str:
    """The hour and minute of a moment (ISO), as clocks show them here."""
    return datetime.fromisoformat(moment).strftime("%H:%M") if moment else ""


def _prose(spoken: Reader, found: Answer) -> Markup | None:
    if found.reading is not None and not found.reading.faults:
        return _said(found.reading, spoken.language) or None
    return None if found.draft is None else lines.said(found.cells, spoken.language)


def _read_as(spoken: Reader, found: Answer) -> Markup | None:
    """The language in which the line was understood; None where it has no words, or none was."""
    reading = found.reading
    if (
        reading is None
        or not (reading.fields or reading.parts)
        or not any(letter.isalpha() for letter in reading.line)
    ):
        return None
    return tongue(spoken, reading.language)


def _when(spoken: Reader, found: Answer) -> Markup | None:
    """Between which days the event of the line then lies."""
    if found.draft is None or found.page is None or not found.draft.event or len(found.lines) > 1:
        return None
    row = next((one for one in found.page.events if one.event == found.draft.event), None)
    if row is None or not row.bounds:
        return None
    if found.draft.when and not _within(row.bounds[0].ranges, found.draft.when):
        # What was told before cannot be true together with this date: nothing is said beneath it unasked.
        return None
    return direction.trusted(f"<strong>{dates.ranges(spoken, row.bounds[0].ranges)}</strong>")


def _within(ranges: Ranges, when: str) -> bool:
    """Whether days lie within a date that was said, read as widely as it can be meant."""
    said = edtf.wide(edtf.parse(when))
    first, last = said[0].first, said[-1].last
    earliest, latest = ranges[0][0], ranges[-1][1]
    begun = first is None or (earliest is not None and first <= earliest)
    return begun and (last is None or (latest is not None and latest <= last))


def _drawn(now: PersonPage | None, old: PersonPage | None, spoken: Reader) -> dict[str, Any] | None:
    if now is None:
        return None
    beside, narrow = draw(now, spoken, _BESIDE, old), draw(now, spoken, _NARROW, old)
    if beside is None or narrow is None:
        return None
    name = direction.plain(
        spoken._("Timeline of %(person)s, as this visitor has told it", person=people.who(spoken, now.label))
    )
    return {
        "beside": svg(beside, name, kind="beside"),
        "narrow": svg(narrow, name, kind="slim"),
        "key": key(beside, spoken),
    }


def worded(spoken: Reader, told: Telling, one: Line) -> dict[str, Any]:
    """A line that was kept, in words, with how it was written before."""
    return {
        "id": one.id,
        "gone": one.gone,
        "now": _wording(spoken, told, one.now),
        "was": [_wording(spoken, told, wording) for wording in one.was],
        "whose": one.about if one.about != told.about else "",
        "corrects": "corrects" in one.now.cells,
    }


def _wording(spoken: Reader, told: Telling, wording: Wording) -> dict[str, Any]:
    alone = wording.cells.get("fact") == WORDS_ALONE
    return {
        "words": None if alone else lines.said(wording.cells, spoken.language),
        "typed": wording.typed,
        "quote": wording.cells.get("quote", ""),
        "language": wording.cells.get("language", told.language),
        "alone": alone,
    }


def _visits(spoken: Reader, before: Own, told: Telling) -> list[dict[str, Any]]:
    """Her earlier visits, the latest first, each line with its place (visit, line), which is no id."""
    now = {one.now.cells.get("corrects") for one in told.standing}
    return [
        {
            "number": visit.number,
            "told": dates.told(spoken, visit.told),
            "lines": [
                {
                    "number": number,
                    "words": statements.says(spoken, one),
                    "quote": one.quote,
                    "language": one.language,
                    "struck": corrected or one.statement in now,
                }
                for number, (one, corrected) in enumerate(visit.statements, start=1)
            ],
        }
        for visit in reversed(before.visits)
    ]


def correcting(spoken: Reader, before: Own, hand: Open) -> dict[str, Any] | None:
    """Which line of which visit is being corrected."""
    for visit in before.visits:
        for number, (one, _) in enumerate(visit.statements, start=1):
            if one.statement == hand.correcting:
                return {"visit": visit.number, "line": number, "words": statements.says(spoken, one)}
    return None


def _accounts(told: Telling, hand: Open) -> list[dict[str, Any]]:
    """Each account in its sentences, each with where it stands, and whether a line came of it."""
    out = []
    for begin, close in told.accounts:
        passages = []
        for first_, last_ in lines.sentences(told.account[begin:close]):
            start, end = begin + first_, begin + last_
            used = any(first < end and start < last for first, last in told.marked)
            chosen = hand.passage is not None and hand.passage[0] < end and start < hand.passage[1]
            text = told.account[start:end]
            passages.append({"start": start, "end": end, "text": text, "used": used, "chosen": chosen})
        out.append({"begin": begin, "passages": passages, "used": any(one["used"] for one in passages)})
    return out
