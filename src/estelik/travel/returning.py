"""Returning: what was added in a travel casebook is entered at home, once however often it is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, count
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import CasebookError, Sentence
from estelik.exchange.rows import generated_id
from estelik.index import excerpt, group, journeys, judged, reader
from estelik.records import stored
from estelik.records.evidence import EVIDENCE
from estelik.records.journey import Homecoming
from estelik.records.judgement import ON_IDENTITY
from estelik.records.stored import JUDGEMENT, STATEMENT
from estelik.travel import files
from estelik.vault.device import id_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from estelik.casebook import Casebook
    from estelik.index.excerpt import Row
    from estelik.index.journeys import Journey
    from estelik.records import Judgement, Named, Statement
    from estelik.travel.files import Files

#: How many rows of one content a sheet has at most whose ids are made again.
_COPIES: Final = 100


class Additions(NamedTuple):
    """What was added on the way and is not at home yet.

    ``statements`` and ``judgements``: as they are entered at home; ``renamed``:
    ids that another statement has at home -> those that they get; ``files``:
    records of evidence; ``there``: how many additions are at home already;
    ``apart``: how many are about something that home no longer holds, and are
    left out; ``altered``: how many records that went along are not what they
    were; ``gone``: how many of these home no longer holds.
    """

    journey: Journey
    statements: list[Statement]
    judgements: list[Judgement]
    renamed: dict[str, str]
    files: Files
    there: int
    apart: int
    altered: int
    gone: int

    def new(self) -> int:
        """How many records there are to enter."""
        return len(self.statements) + len(self.judgements) + self.files.records()


def look(home: Casebook, travel: Casebook) -> Additions:
    """What was added in ``travel``. Nothing is written. Raises ``CasebookError`` for a casebook that did not
    leave from ``home``."""
    journey = _journey(home, travel)
    rows = list(excerpt.every(travel.vault.store))
    added, altered, gone, lost = _compared(home, journey, rows)
    beyond = {row.compartment for row in added} - set(home.vault.store.held)
    if beyond:
        raise CasebookError(
            Sentence(
                "Something was added to a compartment that you do not hold: %(words)s.",
                words=", ".join(sorted(beyond)),
            ),
            do="Let somebody take it in who holds it: estelik member list",
        )
    mark = id_of(bytes.fromhex(journey.casebook))[:4]
    bodies = {row.id for row in added if row.kind == STATEMENT}
    statements, renamed, there, apart = _statements(home, travel, _added(travel, bodies), lost, mark)
    judgements = []
    made = {one.id for one in home.judgements()}
    here = _Here(home, travel, statements, renamed)
    for row in added:
        if row.kind == JUDGEMENT:
            one = stored.decode_judgement(row.body.encode())
            if one.id in made:
                there += 1
            elif one.statement in lost.statements or one.withdraws in lost.judgements:
                apart += 1
            elif one.decision in ON_IDENTITY:
                brought = here.named(one)
                judgements += [brought] if brought is not None else []
                apart += brought is None
            else:
                to = renamed.get(one.statement, one.statement)
                judgements.append(msgspec.structs.replace(one, statement=to))
    found = files.compared(home, travel, [row for row in added if row.kind == EVIDENCE], lost.others, renamed)
    return Additions(
        journey,
        statements,
        judgements,
        {old: new for old, new in renamed.items() if not _is_made(old, new)},
        found,
        there + found.there,
        apart + found.apart,
        altered,
        gone,
    )


class _Here:
    """Judgements on who is who, their subjects named as they are at home once the statements are entered."""

    def __init__(
        self, home: Casebook, travel: Casebook, statements: list[Statement], renamed: dict[str, str]
    ) -> None:
        self._home, self._travel = home, travel
        self._statements, self._renamed = statements, renamed

    def named(self, judgement: Judgement) -> Judgement | None:
        """The judgement as it is entered at home; None where home does not hold whom it is on."""
        store = self._travel.vault.store
        with store.read() as connection:
            found = judged.opened(connection, store.schemas, [judgement])
        if not found:
            return None
        subjects = tuple(
            msgspec.structs.replace(one, statement=self._renamed.get(one.statement, one.statement))
            for one in found[0].subjects
        )
        labels = {one.label for one in subjects}
        told = [*self._home.statements(labels), *self._statements]
        if not all(any(_speaks(said, one) for said in told) for one in subjects):
            return None
        return msgspec.structs.replace(judgement, subjects=subjects)


def _speaks(statement: Statement, named: Named) -> bool:
    return (
        statement.about == named.label
        and named.statement in ("", statement.statement)
        and named.testimony in ("", statement.telling)
    )


def enter(home: Casebook, travel: Casebook, additions: Additions) -> list[str]:
    """Enters additions at home: statements all or none, then decisions, then evidence; what an interruption
    leaves out the next return enters. The ids of files that could not be taken in whole."""
    if additions.statements:
        home.add_statements(additions.statements)
    for judgement in additions.judgements:
        home.add_judgement(judgement)
    damaged = files.enter(home, travel, additions.files)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    if not damaged:
        homecoming = Homecoming(additions.journey.casebook, made, home.vault.device)
        journeys.come_home(home.vault.store, additions.journey, homecoming)
    return damaged


def _journey(home: Casebook, travel: Casebook) -> Journey:
    root = travel.vault.office.root.hex()
    for one in journeys.every(home.vault.store):
        if one.casebook == root:
            return one
    raise CasebookError(
        "This is no travel casebook that left from here.",
        safe="Nothing was entered.",
        do="If it left from another computer of the office, take in what that has noted first: estelik sync",
    )


class _Lost(NamedTuple):
    """What went along and is no longer at home: ids of statements (their own), of judgements (their own), of
    other records."""

    statements: set[str]
    judgements: set[str]
    others: set[str]


def _compared(home: Casebook, journey: Journey, rows: list[Row]) -> tuple[list[Row], int, int, _Lost]:
    """The rows that were added, how many of those that went along are altered, and how many not here now."""
    went = {id_ for ids in journey.records.values() for id_ in ids}
    here = {
        (compartment, id_): body
        for compartment, ids in journey.records.items()
        for id_, body in excerpt.known(home.vault.store, compartment, ids).items()
    }
    back = {(row.compartment, row.id): row for row in rows if row.id in went}
    lost = _Lost(set(), set(), set())
    altered = gone = 0
    for compartment, ids in journey.records.items():
        for id_ in ids:
            row, body = back.get((compartment, id_)), here.get((compartment, id_))
            if body is None:
                gone += 1
                _lose(lost, row)
            elif row is None or row.body != body:
                altered += 1
    # One that went along, and lies in another compartment now.
    altered += sum(
        not any(row.id in ids for name, ids in journey.records.items() if name == row.compartment)
        for row in back.values()
    )
    return [row for row in rows if row.id not in went], altered, gone, lost


def _lose(lost: _Lost, row: Row | None) -> None:
    if row is None:
        return
    if row.kind == STATEMENT:
        lost.statements.add(stored.decode_statement(row.body.encode()).statement)
    elif row.kind == JUDGEMENT:
        lost.judgements.add(stored.decode_judgement(row.body.encode()).id)
    else:
        lost.others.add(row.id)


def _added(travel: Casebook, ids: Collection[str]) -> list[Statement]:
    """The statements of these records, in order of entry."""
    store = travel.vault.store
    with store.read() as connection:
        return reader.of_records(connection, store.schemas, ids)


def _statements(
    home: Casebook, travel: Casebook, added: list[Statement], lost: _Lost, mark: str
) -> tuple[list[Statement], dict[str, str], int, int]:
    """Statements as they are entered at home, what became of their ids, how many are there, and how many
    correct one that home no longer holds."""
    if not added:
        return [], {}, 0, 0
    known = home.known()
    became: dict[str, str] = {}
    apart = there = 0
    out: list[Statement] = []
    for row, one in zip(added, _told_at_home(home, added), strict=True):
        if one.corrects in lost.statements:
            apart += 1
            lost.statements.add(one.statement)
            continue
        wanted = _made_again(home, travel, row)
        said = msgspec.structs.replace(one, corrects=became.get(one.corrects, one.corrects))
        for tried in chain((wanted,), (f"{wanted}~{mark}{number or ''}" for number in count())):
            candidate = msgspec.structs.replace(said, statement=tried)
            digest = known.digests([tried]).get(tried)
            if digest is None or digest == known.digest(candidate):
                break
        if candidate.statement != one.statement:
            became[one.statement] = candidate.statement
        if digest is None:
            out.append(candidate)
        else:
            there += 1
    return out, became, there, apart


def _made_again(home: Casebook, travel: Casebook, row: Statement) -> str:
    """The id of a row that came without one, as an import at home would have made it: the sheet may be
    imported there, too."""
    if row.generated:
        for copy in range(_COPIES):
            if generated_id(travel.statement_key, row, copy) == row.statement:
                return generated_id(home.statement_key, row, copy)
    return row.statement


def _is_made(old: str, new: str) -> bool:
    return "~" not in new.removeprefix(old)


def _told_at_home(home: Casebook, added: Iterable[Statement]) -> list[Statement]:
    """Statements that name a telling as it was seen on the way, by its opaque id, name it as home does."""
    added = list(added)
    store = home.vault.store
    with store.read() as connection:
        tellings = reader.tellings(connection, store.schemas, {one.testimony for one in added})
        corrected = {
            one.statement: one
            for one in group.owned(connection, store.schemas, {one.corrects for one in added} - {""})
        }
    out = []
    for one in added:
        telling = tellings.get(one.testimony)
        if telling is None:
            out.append(one)
            continue
        label, source, told = telling
        before, via = corrected.get(one.corrects), ""
        if before is not None and _of(before, *telling):
            # What the same person said in the same telling, through the same others.
            source, via = before.source, before.via
        out.append(
            msgspec.structs.replace(
                one,
                testimony=label,
                source=one.source or source,
                via=one.via or via,
                told=one.told or told,
            )
        )
    return out


def _of(one: Statement, label: str, source: str, told: str) -> bool:
    """Whether a statement belongs to a telling."""
    return one.testimony == label and (bool(label) or (one.source, one.told) == (source, told))
