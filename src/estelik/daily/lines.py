"""Lines: what was typed or filled in becomes a statement, looked at by the rules of a sheet's row."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.exchange import cell as forms
from estelik.exchange import rows
from estelik.exchange.columns import NAMES
from estelik.exchange.faults import Faults
from estelik.exchange.ledger import Known, Ledger
from estelik.intake import table
from estelik.intake.clauses import grounded
from estelik.intake.line import read as read_in
from estelik.intake.readback import readback
from estelik.intake.reading import Context, Field
from estelik.intake.tongues import understood, wanted
from estelik.records.label import composed, is_seen
from estelik.records.vocabulary import BIRTH, TOLD, kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from markupsafe import Markup

    from estelik.daily.telling import Open, Telling
    from estelik.errors import Fault
    from estelik.intake.reading import Reading
    from estelik.language.reader import Reader
    from estelik.records import Statement

#: The languages that a line can be typed in.
LANGUAGES: Final = table.LANGUAGES
#: Letters of a name at most.
_LABEL: Final = 500
#: The small fields, in their order.
COLUMNS: Final = (
    *("event", "fact", "value", "answer", "when", "age", "after", "before", "gap"),
    *("place", "by", "role", "via", "quote", "language", "note"),
)
#: A sentence with what closes it, in any script; a line of its own is one.
_SENTENCE: Final = re.compile(r"[^\s.!?…。！？؟][^.!?…。！？؟\n]*[.!?…。！？؟]*[”\"»’」)]*")


class Draft(NamedTuple):
    """A line that is not kept yet: the id of its statement, whom it is about, its cells."""

    id: str
    about: str
    cells: Mapping[str, str]


class Checked(NamedTuple):
    """The statements of all lines that can be entered, and what is wrong with the others: ``Fault.row`` is
    the number of the line, from 1."""

    statements: tuple[Statement, ...]
    faults: tuple[Fault, ...]


def read(telling: Telling, statements: Sequence[Statement], typed: str, desk: str, hand: Open) -> Reading:
    """What a typed line says, in whichever of ``LANGUAGES`` it was typed; ``statements``: what the same
    source has told so far; ``desk``: the language of the desk, which counts, and then that of the telling,
    where two languages understand as much."""
    told = [one for one in statements if one.about == telling.about and one.statement != hand.changing]
    # "He would be 62 now" is a birth, and not what she speaks of next.
    last = [one for one in reversed(told) if one.before != TOLD]
    last += [one for one in told if one.before == TOLD]
    events = tuple(dict.fromkeys(one.event for one in last if one.event and kind_of(one.event)))
    context = Context(
        about=telling.about,
        events=events[::-1],
        day=telling.told,
        asked=hand.asked,  # type: ignore[arg-type]
        people=telling.abouts,
        places=tuple(dict.fromkeys(one.place for one in statements if one.place)),
        when=_before(telling, hand),
        births=tuple(_births(statements, telling.about)),
    )
    if hand.correcting:
        # What corrects one statement is one.
        return understood(typed, wanted(desk, telling.language), context, apart=False)
    return grounded(understood(typed, wanted(desk, telling.language), context), events)


def _before(telling: Telling, hand: Open) -> str:
    """The date that the line before said, or that was said of its event, "" where it said none, told of a
    birth, or was about somebody else."""
    before = list(telling.standing)
    changed = next((place for place, one in enumerate(before) if one.id == hand.changing), len(before))
    last = before[changed - 1] if changed else None
    if last is None or last.about != telling.about or last.now.cells.get("event", BIRTH) == BIRTH:
        return ""
    # "He was 55", said of the arrest that was dated the line before that.
    event = last.now.cells["event"]
    said = {
        one.now.cells.get("when", "")
        for one in before[:changed]
        if one.about == telling.about and one.now.cells.get("event") == event
    } - {""}
    return last.now.cells.get("when", "") or (said.pop() if len(said) == 1 else "")


def _births(statements: Sequence[Statement], about: str) -> Iterator[tuple[str, str]]:
    """Whose birth was told beside hers, by name, and by what they are to her."""
    born = {one.about for one in statements if one.event == BIRTH and one.about != about}
    for one in born:
        yield one, f"{one}/{BIRTH}"
    for told in statements:
        kind, _, relative = told.fact.partition(":")
        if kind == "relation" and told.about == about and told.value in born:
            yield relative, f"{told.value}/{BIRTH}"


def made_ready(desk: str, told: str) -> None:
    """Reads the rules of all languages: the likely ones now, the others meanwhile."""
    first, *others = wanted(told, desk)
    read_in("1", first)
    threading.Thread(target=lambda: [read_in("1", one) for one in others], daemon=True).start()


def drafts(telling: Telling) -> tuple[Draft, ...]:
    """The lines that are kept, each as its statement is to be."""
    return tuple(Draft(one.id, one.about, one.now.cells) for one in telling.standing)


def said(cells: Mapping[str, str], language: str) -> Markup:
    """What these cells say, as a sentence of the desk."""
    return readback([Field(column, value, 0, 0) for column, value in cells.items()], language)


def visible(text: str) -> str:
    """What was typed without the characters that no cell holds."""
    return forms.CONTROL.sub(" ", text)


def is_label(text: str) -> bool:
    """Whether somebody can be called so in a statement."""
    return 0 < len(text) <= _LABEL and is_seen(text) and not (forms.label(text) or forms.content(text))


def called(typed: str) -> str:
    """What somebody is called, as a field of a page brings it: without the marks of direction and the soft
    hyphens that come along where a name is copied from a text, since no label has them."""
    return composed(forms.unhidden(typed).strip())


def kinds(reader: Reader) -> tuple[tuple[str, str], ...]:
    """The kinds of event, by their codes, and what the reader calls them."""
    every = ((code, reader.gettext(kind.label)) for code, kind in vocabulary().kinds.items())
    return tuple(sorted(every, key=lambda one: one[1]))


def sentences(account: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of an account begin and end."""
    return tuple(match.span() for match in _SENTENCE.finditer(account))


def checked(telling: Telling, lines: Iterable[Draft], known: Known, key: bytes) -> Checked:
    """The statements of these lines, beside what is ``known``, as the rows of a sheet would be checked."""
    faults = Faults(("",))
    ledger = Ledger(known, faults)
    cells: Iterator[rows.Row] = (
        (number, _row(telling, one), {}) for number, one in enumerate(lines, start=1)
    )
    made = list(rows.statements(cells, NAMES, 0, key, ledger))
    ledger.close()
    return Checked(tuple(made), tuple(faults.listed()))


def known(statements: Sequence[Statement]) -> Known:
    """What these statements alone hold, for checking lines: whether others told of an event is not looked
    at."""
    there = {one.statement: one for one in statements}
    events: dict[str, set[str]] = {}
    for one in statements:
        events.setdefault(one.about, set()).update({one.event} - {""})
    return Known(
        events=lambda wanted: {label: events[label] for label in wanted if label in events},
        digest=lambda _: b"",
        digests=lambda ids: {id_: b"" for id_ in ids if id_ in there},
        told=lambda _: {},
        subjects=lambda ids: {id_: there[id_].about for id_ in ids if id_ in there},
        references=lambda _: {},
        empty=True,
    )


def _row(telling: Telling, line: Draft) -> list[str]:
    row = {
        **line.cells,
        "statement": line.id,
        "testimony": telling.testimony,
        "source": telling.source,
        "told": telling.told,
        "about": line.about,
    }
    lived = telling.source == line.about and not row.get("via")
    if lived and row.get("answer", "yes") in ("", "yes"):
        # Whoever tells of her own life lived it.
        row["role"] = row.get("role") or "perceived"
    if row.get("quote") and not row.get("language"):
        row["language"] = telling.language
    return [row.get(name, "") for name in NAMES]
