"""From the rows of a sheet to statements: every rule that one row can break.

This is the loop that a million rows run through: what a cell means is looked
up by its text (``Verdicts``), closed words by all of a row's at once, and only
rows that are not plain take the slow path.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from estelik import ids
from estelik.exchange import cell as forms
from estelik.exchange.columns import BY_NAME, CELL_LIMIT, NAMES
from estelik.exchange.faults import spot
from estelik.exchange.ledger import points_at_itself
from estelik.records import Statement
from estelik.records.vocabulary import BIRTH, TOLD, fact_kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.exchange.faults import Faults
    from estelik.exchange.ledger import Ledger
    from estelik.records import Answer, Compartment, Layer, Role, SubjectKind

#: A row of a file: its number as a spreadsheet shows it, its cells, and which
#: of them (by position) the file's own format refuses, with the fault's code.
Row = tuple[int, list[str], dict[int, str]]

#: No cell of a row shorter than this can be over the limit (4 bytes a character at most).
_SHORT = CELL_LIMIT // 4


class Words(NamedTuple):
    """A row's closed words with defaults filled in; ``typed`` are those written
    out though they are the default, ``wrong`` those that are not in the list."""

    about_kind: SubjectKind
    answer: Answer
    role: Role
    layer: Layer
    expected: bool
    compartment: Compartment
    typed: tuple[str, ...]
    wrong: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def words(
    about_kind: str, answer: str, role: str, layer: str, expected: str, compartment: str, fact: str
) -> Words:
    """The closed words of a row, from the cells as they stand there."""
    written = {
        "about_kind": about_kind,
        "answer": answer,
        "role": role,
        "layer": layer,
        "expected": expected,
        "compartment": compartment,
    }
    default = {name: BY_NAME[name].default for name in written} | {"compartment": compartment_of(fact)}
    filled = {name: word or default[name] for name, word in written.items()}
    return Words(
        cast("SubjectKind", filled["about_kind"]),
        cast("Answer", filled["answer"]),
        cast("Role", filled["role"]),
        cast("Layer", filled["layer"]),
        filled["expected"] == "yes",
        cast("Compartment", filled["compartment"]),
        tuple(name for name, word in written.items() if word and word == default[name]),
        tuple(name for name, word in filled.items() if word not in BY_NAME[name].allowed),
    )


def compartment_of(fact: str) -> Literal["testimony", "medical"]:
    """The compartment of a row whose compartment is blank."""
    kind = vocabulary().facts.get(fact_kind_of(fact)) if fact else None
    return "medical" if kind is not None and kind.health else "testimony"


def header(cells: Sequence[str], where: int, faults: Faults) -> tuple[str, ...] | None:
    """The column names of a header row ("" for a column without one), or None with its faults noted."""
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    unknown = sorted({name for name in names if name and name not in BY_NAME})
    missing = [name for name in ("about",) if name not in names]
    if "event" not in names and "fact" not in names:
        missing.append("event")
    if missing and (unknown or len(missing) == 2):
        faults.add(where, "", "not-a-header")
        return None
    if missing:
        faults.add(where, "", "missing-column", "`about`" if missing == ["about"] else "`event` or `fact`")
    for name in unknown:
        shown = "".join(letter if letter.isprintable() else "?" for letter in name[:60])
        faults.add(where, shown, "unknown-column")
    for name in sorted({name for name in names if name in BY_NAME and names.count(name) > 1}):
        faults.add(where, name, "double-column")
    good = not missing and not unknown and len(set(filter(None, names))) == sum(map(bool, names))
    return tuple(names) if good else None


def statements(
    rows: Iterable[Row], names: Sequence[str], file: int, key: bytes, ledger: Ledger
) -> Iterator[Statement]:
    """The statements of the rows below a header; rows with faults are noted and left out."""
    faults = ledger.faults
    add = faults.add
    width = len(names)
    position = {name: index for index, name in enumerate(names)}
    take = itemgetter(*(position.get(name, width) for name in NAMES))
    nameless = [index for index, name in enumerate(names) if not name]
    seen, events, waiting, tellings = ledger.ids, ledger.events, ledger.waiting, ledger.tellings
    compare, digest, digests = not ledger.known.empty, ledger.known.digest, ledger.digests
    dates, ages = forms.Verdicts(forms.date), forms.Verdicts(forms.years)
    gaps, grades = forms.Verdicts(forms.gap), forms.Verdicts(forms.grade)
    proofs, tongues = forms.Verdicts(forms.evidence), forms.Verdicts(forms.language)

    for number, line, refused in rows:
        joined = "".join(line)
        if not refused and (not joined or joined.isspace()):
            continue
        here = spot(file, number)
        count = faults.count
        muted: set[str] = set()
        if len(line) != width or nameless:
            _fit(line, refused, width, nameless, here, faults)
        if refused or len(joined) > _SHORT or not joined.isprintable():
            muted = _unfit(line, refused, names, here, faults)
        cells = [cell and cell.strip() for cell in line]
        if "'" in joined:
            cells[:] = [forms.restored(cell) if cell[:1] == "'" else cell for cell in cells]
        cells.append("")
        # fmt: off
        (statement, testimony, source, told, about, about_kind, event, fact, value, answer, when, age, after,
         before, gap, place, by, role, via, layer, grade, expected, evidence, compartment, corrects, quote,
         language, note) = take(cells)
        # fmt: on
        closed = words(about_kind, answer, role, layer, expected, compartment, fact)
        for column in closed.wrong:
            add(here, column, "word", ", ".join(BY_NAME[column].allowed))

        if told and dates[told]:
            add(here, "told", dates[told])
        if when and dates[when]:
            add(here, "when", dates[when])
        if age:
            if ages[age]:
                add(here, "age", ages[age])
            elif event == BIRTH:
                add(here, "age", "age-at-birth")
        if gap:
            if gaps[gap]:
                add(here, "gap", gaps[gap])
            if bool(after) == bool(before) and not muted & {"after", "before"}:
                add(here, "gap", "gap-alone")
        if grade and grades[grade]:
            add(here, "grade", "grade")
        if evidence and proofs[evidence]:
            add(here, "evidence", "evidence")
        if language and tongues[language]:
            add(here, "language", "language")
        if not about:
            if "about" not in muted:
                add(here, "about", "no-about")
        elif about[0] != "?":
            mentioned = events.get(about)
            if mentioned is None:
                mentioned = events[about] = set()
            if event:
                mentioned.add(event)
        if event and fact:
            add(here, "event", "event-and-fact")
        elif not event and not fact and not muted & {"event", "fact"}:
            add(here, "event", "no-event")

        for column, reference in (("after", after), ("before", before)):
            if not reference or reference == TOLD:
                continue
            if points_at_itself(event, reference):
                add(here, column, "own-event")
            elif reference != BIRTH and (
                not about or about[0] == "?" or reference not in events.get(about, ())
            ):
                waiting.append((here, column, about, event, reference))

        generated = not statement
        if generated:
            # fmt: off
            statement = _identifier(key, ledger, "\x1f".join((
                testimony, source, told, about, closed.about_kind, event, fact, value, closed.answer, when,
                age, after, before, gap, place, by, closed.role, via, closed.layer, grade,
                "yes" if closed.expected else "no", evidence, closed.compartment, corrects, quote, language,
                note)))
            # fmt: on
        if statement in seen:
            add(here, "statement", "double-row" if generated else "double-id", faults.place(seen[statement]))
            continue
        seen[statement] = here
        if corrects:
            if corrects == statement:
                add(here, "corrects", "corrects-itself")
            else:
                ledger.corrections[statement] = corrects
        if testimony and told:
            tellings.setdefault(testimony, {}).setdefault(told, []).append(statement)
        if faults.count != count:
            continue
        # fmt: off
        made = Statement(
            statement, about, testimony, source, told, closed.about_kind, event, fact, value, closed.answer,
            when, age, after, before, gap, place, by, closed.role, via, closed.layer, grade, closed.expected,
            evidence, closed.compartment, corrects, quote, language, note, closed.typed, generated)
        # fmt: on
        if compare:
            digests[statement] = digest(made)
        yield made


def _identifier(key: bytes, ledger: Ledger, content: str) -> str:
    """The id of a row without one: always the same for the same content, and
    for the n-th row of that content in an import."""
    first = ids.derived_id(key, content, "0")
    copies = ledger.copies
    if first not in ledger.made:
        ledger.made.add(first)
        return first
    copies[first] = copies.get(first, 0) + 1
    return ids.derived_id(key, content, str(copies[first]))


def _fit(
    cells: list[str], refused: dict[int, str], width: int, nameless: list[int], here: int, faults: Faults
) -> None:
    """Makes the row as wide as the header; what stands under no name is a fault."""
    beyond = [index for index in range(len(cells)) if index >= width or index in nameless]
    if any(cells[index].strip() or index in refused for index in beyond):
        faults.add(here, "", "nameless-column")
    for index in nameless:
        if index < len(cells):
            cells[index] = ""
    for index in beyond:
        refused.pop(index, None)
    del cells[width:]
    cells.extend([""] * (width - len(cells)))


def _unfit(
    cells: list[str], refused: dict[int, str], names: Sequence[str], here: int, faults: Faults
) -> set[str]:
    """Empties the cells that cannot be read as text; the columns they stand in."""
    muted = set()
    for index, cell in enumerate(cells):
        code = refused.get(index) or (forms.content(cell) if cell else "")
        if code:
            faults.add(here, names[index], code)
            muted.add(names[index])
            cells[index] = ""
    return muted
