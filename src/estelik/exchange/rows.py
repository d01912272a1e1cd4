"""From the rows of a sheet to statements: every rule that one row can break.

This is the loop that a million rows run through: what a cell means is looked
up by its text (``Verdicts``), closed words by all of a row's at once, and only
rows that are not plain take the slow path.
"""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from estelik import ids
from estelik.exchange import cell as forms
from estelik.exchange.columns import BY_NAME, CELL_LIMIT, NAMES, UNGRADED
from estelik.exchange.faults import spot
from estelik.exchange.ledger import points_at_itself
from estelik.records import LABELS, Statement
from estelik.records.label import composed, is_composed
from estelik.records.vocabulary import BIRTH, TOLD, compartment_of, fact_kind_of, kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.exchange.faults import Faults
    from estelik.exchange.ledger import Ledger
    from estelik.records import Answer, Compartment, Layer, Role, SubjectKind

#: A row of a file: its number as a spreadsheet shows it, its cells, and which
#: of them (by position) the file's own format refuses, with the fault's code.
Row = tuple[int, list[str], dict[int, str]]

#: Columns whose words are kept letter for letter, white space at their ends too.
_WORDS = ("quote", "note")
_LABELS = frozenset(LABELS)
#: Marks without width that Python calls printable.
_UNSEEN = "\u034f"

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
    wordy = [position[name] for name in _WORDS if name in position]
    seen, events, waiting, tellings = ledger.ids, ledger.events, ledger.waiting, ledger.tellings
    lives = ledger.lives
    compare, digest, digests = not ledger.known.empty, ledger.known.digest, ledger.digests
    dates, ages = forms.Verdicts(forms.date), forms.Verdicts(forms.years)
    gaps, grades = forms.Verdicts(forms.gap), forms.Verdicts(forms.grade)
    proofs, tongues = forms.Verdicts(forms.evidence), forms.Verdicts(forms.language)
    chains, happened, facts = forms.Verdicts(forms.via), forms.Verdicts(_event), forms.Verdicts(_fact)

    for number, line, refused in rows:
        joined = "".join(line)
        if not refused and (not joined or joined.isspace()):
            continue
        here = spot(file, number)
        count = faults.count
        muted: set[str] = set()
        if len(line) != width or nameless:
            _fit(line, refused, width, nameless, here, faults)
        plain = joined.isascii()
        if refused or len(joined) > _SHORT or not joined.isprintable() or (not plain and _UNSEEN in joined):
            muted = _unfit(line, refused, names, here, faults)
        cells = [cell and cell.strip() for cell in line]
        if "'" in joined:
            cells[:] = [forms.restored(cell) if cell[:1] == "'" else cell for cell in cells]
        for index in wordy:
            # A cell from which nothing was taken is still the same object.
            if cells[index] is not line[index] and cells[index]:
                cells[index] = forms.unguarded(line[index])
        cells.append("")
        # fmt: off
        (statement, testimony, source, told, about, about_kind, event, fact, value, answer, when, age, after,
         before, gap, place, by, role, via, layer, grade, expected, evidence, compartment, corrects, quote,
         language, note) = take(cells)
        written: tuple[tuple[str, str], ...] = ()
        if not is_composed(joined):
            labels, written = _composed((statement, about, event, fact, value, after, before, place, by,
                                         corrects, testimony, source, via))
            (statement, about, event, fact, value, after, before, place, by, corrects, testimony, source,
             via) = labels
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
        typed = closed.typed
        if grade and grades[grade]:
            add(here, "grade", "grade")
        elif grade == UNGRADED:
            # That nobody can judge it is what a blank says too.
            grade, typed = "", (*typed, "grade")
        if via and chains[via]:
            add(here, "via", "via")
        if evidence and proofs[evidence]:
            add(here, "evidence", "evidence")
        if language and tongues[language]:
            add(here, "language", "language")
        mentioned = None
        if not about:
            if "about" not in muted:
                add(here, "about", "no-about")
        elif about[0] != "?":
            mentioned = events.get(about)
            if mentioned is None:
                mentioned = events[about] = set()
            if event:
                mentioned.add(event)
        if event and happened[event]:
            add(here, "event", happened[event])
        if "/" in about or "/" in event:
            ledger.slashed.setdefault((about, event), here)
        if fact:
            if event:
                add(here, "event", "event-and-fact")
            elif closed.expected:
                add(here, "expected", "expected-fact")
            if facts[fact]:
                if facts[fact] != "counts":
                    add(here, "fact", facts[fact])
                elif value and forms.count(value):
                    add(here, "value", forms.count(value))
        elif not event and not muted & {"event", "fact"}:
            add(here, "event", "no-event")

        for column, reference in (("after", after), ("before", before)):
            if not reference or reference == TOLD:
                continue
            if points_at_itself(event, reference):
                add(here, column, "own-event")
            elif reference != BIRTH and (mentioned is None or "/" in reference or reference not in mentioned):
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
        lives.append(mentioned)
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
            evidence, closed.compartment, corrects, quote, language, note, typed, generated,
            written)
        # fmt: on
        if compare:
            digests[statement] = digest(made)
        yield made


def _event(label: str) -> str:
    """What is wrong with an event's label: a fault's code, or ""."""
    if label == TOLD:
        return "event-told"
    return "" if kind_of(label) else "event-label"


def _fact(label: str) -> str:
    """What is wrong with a fact's label: a fault's code; "counts" where its value is a number; or ""."""
    kind = fact_kind_of(label)
    return "counts" if kind == "count" else "" if kind else "fact-label"


def _composed(labels: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The labels (in the order of ``LABELS``) composed, and those that were not, with their columns.

    One keyboard writes a letter and its mark as one character, another as two, and
    a space may be one that does not break; the labels look the same and are the same.
    """
    made = tuple(map(composed, labels))
    changed = zip(LABELS, labels, made, strict=True)
    return made, tuple((column, label) for column, label, one in changed if label != one)


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


def generated_id(key: bytes, row: Statement, copy: int) -> str:
    """The id that a row which came without one gets under ``key``; ``copy``: which of the same content it is
    in its sheet, from 0."""
    content = "\x1f".join((
        row.testimony, row.source, row.told, row.about, row.about_kind, row.event, row.fact, row.value,
        row.answer, row.when, row.age, row.after, row.before, row.gap, row.place, row.by, row.role, row.via,
        row.layer, row.grade, "yes" if row.expected else "no", row.evidence, row.compartment, row.corrects,
        row.quote, row.language, row.note,
    ))  # fmt: skip
    return ids.derived_id(key, content, str(copy))


def _fit(
    cells: list[str], refused: dict[int, str], width: int, nameless: list[int], here: int, faults: Faults
) -> None:
    """Makes the row as wide as the header; what stands under no name is a fault."""
    beyond = [index for index in range(len(cells)) if index >= width or index in nameless]
    if any(cells[index].strip() or index in refused for index in beyond):
        from openpyxl.utils import get_column_letter

        first = next(index for index in beyond if cells[index].strip() or index in refused)
        faults.add(here, get_column_letter(first + 1), "nameless-column")
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
    """Empties the cells that cannot be read as text or as a label; the columns they stand in."""
    muted = set()
    fact = cells[names.index("fact")] if "fact" in names else ""
    kind = vocabulary().facts.get(fact_kind_of(fact))
    labels = _LABELS if kind is not None and kind.subject else _LABELS - {"value"}
    for index, cell in enumerate(cells):
        code = refused.get(index, "")
        if cell and not code:
            code = forms.content(cell) or (forms.label(cell) if names[index] in labels else "")
        if code:
            faults.add(here, names[index], code)
            muted.add(names[index])
            cells[index] = ""
    return muted
