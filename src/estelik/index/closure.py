"""Closures: all records that a statement, a telling, a source, a subject or a file of evidence is made of.

What a decision to erase, restrict or hold is about is told in people's words;
what it names are the opaque ids of records. Every record is read for it: such
decisions are few, and must miss nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from estelik.errors import NotFoundError
from estelik.records.consent import CONSENT
from estelik.records.evidence import EVIDENCE
from estelik.records.risk import RISK
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.records.visit import VISIT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from estelik.vault.connection import Connection

#: What a decision can be about.
What = Literal["statement", "testimony", "source", "subject", "evidence"]
#: What is said where there is nothing of a name.
WORDS: Final = {
    "statement": ("There is no statement of this name.",),
    "testimony": ("There is no testimony of this name.",),
    "source": ("There is no source of this name.",),
    "subject": ("There is no subject of this name.",),
    "evidence": ("There is no file of evidence of this name.",),
}
_CHUNK = 500


class Closure(NamedTuple):
    """What one decision is about. ``records``: their ids, by compartment; ``named``: of each compartment the
    ids that they and their statements name; ``statements``: the own ids of the statements among them;
    ``evidence``: how many files of evidence are.

    What hangs on it and stays: ``corrections``, the own ids of statements that
    correct one of them; ``revived``, of statements that one of them corrects,
    and that count again without it; ``references``, of statements that name the
    subject in other cells; ``files``, the ids of evidence that bears on it, or that the source brought.
    """

    records: dict[str, list[str]]
    named: dict[str, list[str]]
    statements: list[str]
    evidence: int
    corrections: list[str]
    revived: list[str]
    references: list[str]
    files: list[str]


def closure(connection: Connection, schemas: Mapping[str, str], what: What, name: str) -> Closure:
    """The closure of a statement (its own id), a testimony (its label, or the own id of a statement told in
    it), a source or subject (its label), a file of evidence (its id, or how that begins).

    Raises ``NotFoundError`` where there is nothing of that name.
    """
    return _Search(connection, schemas).closure(what, name)


class _Search:
    def __init__(self, connection: Connection, schemas: Mapping[str, str]) -> None:
        self._run = connection.execute
        self._schemas = schemas
        #: compartment -> the records found, in order
        self._found: dict[str, dict[str, None]] = {}
        #: The ids of evidence that a source brought.
        self._brought: set[str] = set()

    def closure(self, what: What, name: str) -> Closure:
        """The closure of one thing."""
        relations = ""
        if what == "statement":
            self._take(self._rows(STATEMENT, "statement", [name]))
        elif what == "testimony":
            self._testimonies(self._tellings(name))
        elif what == "source":
            self._source(name)
        elif what == "subject":
            self._subject(name)
            relations = name
        else:
            self._evidence(name)
        if not self._found:
            raise NotFoundError(
                *WORDS[what],
                safe="Nothing was changed.",
                do="Check how it is written; `estelik export` shows ids and labels.",
            )
        own = self._own_ids()
        files = sorted({*self._relations(own, relations), *self._brought})
        self._judgements(own, relations)
        corrections = [one for one in self._cells("corrects", own) if one not in own]
        revived = sorted(set(self._corrected(own)) - set(own))
        references = [] if what != "subject" else [one for one in self._naming(name) if one not in own]
        counts = sum(len(self._those(where, EVIDENCE, "file")) for where in self._found)
        records = {where: list(ids) for where, ids in self._found.items() if ids}
        return Closure(records, self._named(), own, counts, corrections, revived, references, files)

    # What belongs to it

    def _tellings(self, name: str) -> list[str]:
        """The ids of the testimonies with this label, or that this statement was told in."""
        found = [record for _, record in self._rows(TESTIMONY, "label", [name])] if name else []
        if not found:
            for where, record in self._rows(STATEMENT, "statement", [name]):
                found += self._values(where, [record], "testimony")
        return found

    def _testimonies(self, tellings: Collection[str]) -> None:
        self._take((where, record) for where, record in self._by_id(TESTIMONY, tellings))
        self._take(self._rows(PROVENANCE, "testimony", tellings))
        self._take(self._rows(STATEMENT, "testimony", tellings))

    def _source(self, name: str) -> None:
        """A source, what it told, and that it brought things: not the things themselves."""
        sources = [record for _, record in self._rows(SOURCE, "label", [name])]
        if not sources:
            # She was expected, and never told.
            self._visits(name)
            return
        self._take(self._by_id(SOURCE, sources))
        provenances = [record for _, record in self._rows(PROVENANCE, "source", sources)]
        own = [record for _, record in self._rows(TESTIMONY, "source", sources)]
        self._take(self._by_id(PROVENANCE, provenances))
        self._take(self._rows(STATEMENT, "provenance", provenances))
        self._take(
            (where, record)
            for where, record in self._rows(STATEMENT, "testimony", own)
            if not self._values(where, [record], "provenance")
        )
        # A telling that several took part in stays for the others.
        tellings = {one for where in self._schemas for one in self._values(where, provenances, "testimony")}
        others = {
            telling
            for where, record in self._rows(PROVENANCE, "testimony", [*tellings, *own])
            if record not in set(provenances)
            for telling in self._values(where, [record], "testimony")
        }
        self._take(self._by_id(TESTIMONY, ({*own} | tellings) - others))
        brought = self._rows(EVIDENCE, "source", sources)
        self._brought = {file for where, one in brought for file in self._values(where, [one], "evidence")}
        self._take(brought)
        self._take(self._rows(JUDGEMENT, "source", [name]))
        self._consents(name)

    def _subject(self, name: str) -> None:
        ids = [record for _, record in self._rows(SUBJECT, "label", [name])]
        self._take(self._by_id(SUBJECT, ids))
        self._take(self._rows(STATEMENT, "subject", ids))
        self._take(self._rows(JUDGEMENT, "subject", [name]))
        self._consents(name)

    def _consents(self, name: str) -> None:
        """What somebody said of consent, or others did of her, with all that was done about it; what she is
        called outside; what threatens her; when she comes, or is spoken of."""
        given = [*self._rows(CONSENT, "giver", [name]), *self._rows(CONSENT, "of", [name])]
        self._take(given)
        own = [one for where, record in given for one in self._values(where, [record], "id")]
        self._take(self._rows(CONSENT, "consent", own))
        self._take(self._rows(CONSENT, "who", [name]))
        risks = self._rows(RISK, "about", [name])
        self._take(risks)
        own = [one for where, record in risks for one in self._values(where, [record], "id")]
        self._take(self._rows(RISK, "risk", own))
        self._visits(name)

    def _visits(self, name: str) -> None:
        """When somebody comes, or is spoken of, and what came of it."""
        visits = [*self._rows(VISIT, "who", [name]), *self._rows(VISIT, "about", [name])]
        self._take(visits)
        own = [one for where, record in visits for one in self._values(where, [record], "id")]
        self._take(self._rows(VISIT, "visit", own))

    def _evidence(self, name: str) -> None:
        for where, schema in self._schemas.items():
            like = f"{name}%" if name.isalnum() else ""
            found = self._run(
                f"SELECT id FROM {schema}.record WHERE kind = ? AND id LIKE ? AND body ->> '$.what' = 'file'",
                (EVIDENCE, like),
            ).scalars()
            self._take((where, record) for record in list(found))
        files = [record for ids in self._found.values() for record in ids]
        if len(files) > 1:
            raise NotFoundError("Several files of evidence have an id that begins so.", safe="")
        self._take(self._rows(EVIDENCE, "result", files))
        while files:
            # What was made of it shows what it shows.
            rows = self._rows(EVIDENCE, "evidence", files)
            self._take(rows)
            results = {one for where, record in rows for one in self._values(where, [record], "result")}
            known = {record for ids in self._found.values() for record in ids}
            files = sorted(results - known)
            self._take(self._by_id(EVIDENCE, files))

    def _relations(self, own: Collection[str], subject: str) -> list[str]:
        """Takes what says that evidence bears on it; the ids of that evidence that stays."""
        rows = self._rows(EVIDENCE, "statement", own)
        rows += self._rows(EVIDENCE, "subject", [subject] if subject else [])
        self._take(rows)
        taken = {record for ids in self._found.values() for record in ids}
        return sorted(
            {file for where, record in rows for file in self._values(where, [record], "evidence")} - taken
        )

    def _judgements(self, own: Collection[str], subject: str) -> None:
        """Takes the decisions about these statements, and those that withdraw one of them; of those on who is
        who what names a subject, one of these statements, or any of these records."""
        self._take(self._rows(JUDGEMENT, "statement", own))
        taken = {record for ids in self._found.values() for record in ids}
        self._take(self._on_identity("label", [subject]))
        self._take(self._on_identity("statement", own))
        for field in ("record", "testimony"):
            self._take(self._on_identity(field, taken))
        while True:
            made = [
                one
                for where in self._schemas
                for one in self._values(where, self._those(where, JUDGEMENT), "id")
            ]
            rows = self._rows(JUDGEMENT, "withdraws", made)
            if not self._take(rows):
                return

    def _named(self) -> dict[str, list[str]]:
        """The tellings, provenances and subjects that statements among the records name, by compartment."""
        out = {}
        for where in self._found:
            statements = self._those(where, STATEMENT)
            ids = {
                one
                for field in ("subject", "testimony", "provenance")
                for one in self._values(where, statements, field)
            }
            out[where] = sorted(ids)
        return out

    # What hangs on it

    def _own_ids(self) -> list[str]:
        return [
            own
            for where in self._found
            for own in self._values(where, self._those(where, STATEMENT), "statement")
        ]

    def _cells(self, cell: str, values: Collection[str]) -> list[str]:
        """The own ids of the statements that have one of these values in a cell."""
        return [
            own
            for where, record in self._rows(STATEMENT, cell, values)
            for own in self._values(where, [record], "statement")
        ]

    def _corrected(self, own: Collection[str]) -> list[str]:
        """What these statements correct and no other one does."""
        named = {
            cell
            for where in self._found
            for cell in self._values(where, self._those(where, STATEMENT), "corrects")
        }
        return [one for one in named if not set(self._cells("corrects", [one])) - set(own)]

    def _naming(self, label: str) -> list[str]:
        """The own ids of statements that name a subject as a value, or an event of it."""
        out = self._cells("value", [label])
        for schema in self._schemas.values():
            for cell in ("after", "before"):
                out += self._run(
                    f"SELECT body ->> '$.statement' FROM {schema}.record WHERE kind = ? "
                    f"AND substr(body ->> '$.{cell}', 1, ?) = ?",
                    (STATEMENT, len(label) + 1, f"{label}/"),
                ).scalars()
        return sorted(set(out))

    # Reading

    def _take(self, rows: object) -> bool:
        """Takes records in; whether any was new."""
        new = False
        for where, record in rows:  # type: ignore[attr-defined]
            known = self._found.setdefault(where, {})
            new = new or record not in known
            known[record] = None
        return new

    def _rows(self, kind: str, field: str, values: Collection[str]) -> list[tuple[str, str]]:
        """The records of a kind that have one of these values in a field: compartment, id."""
        return self._having(kind, f"body ->> '$.{field}' IN ({{marks}})", values)

    def _on_identity(self, field: str, values: Collection[str]) -> list[tuple[str, str]]:
        """The decisions on who is who that name one of these values in a field of their subjects."""
        named = f"SELECT 1 FROM json_each(body, '$.subjects') WHERE value ->> '$.{field}' IN ({{marks}})"
        return self._having(JUDGEMENT, f"EXISTS ({named})", values)

    def _having(self, kind: str, condition: str, values: Collection[str]) -> list[tuple[str, str]]:
        """The records of a kind for which a condition holds with one of these values for its ``{marks}``."""
        out: list[tuple[str, str]] = []
        wanted = sorted(set(values) - {""})
        for where, schema in self._schemas.items():
            for start in range(0, len(wanted), _CHUNK):
                chunk = tuple(wanted[start : start + _CHUNK])
                found = self._run(
                    f"SELECT id FROM {schema}.record WHERE kind = ? "
                    f"AND {condition.format(marks=_marks(chunk))} ORDER BY seq",
                    (kind, *chunk),
                ).scalars()
                out += [(where, record) for record in list(found)]
        return out

    def _by_id(self, kind: str, ids: Collection[str]) -> list[tuple[str, str]]:
        """Those of these records that are of a kind: compartment, id."""
        wanted = sorted(set(ids))
        return [
            (where, record)
            for where in self._schemas
            for record in self._select(where, wanted, "id", "AND kind = ?", (kind,))
        ]

    def _values(self, where: str, ids: Collection[str], field: str) -> list[str]:
        """What these records of a compartment have in a field, where they have anything there."""
        return self._select(where, sorted(set(ids)), f"body ->> '$.{field}'")

    def _those(self, where: str, kind: str, what: str = "") -> list[str]:
        """Those records of a kind in a compartment that were taken."""
        more, values = (
            ("AND kind = ? AND body ->> '$.what' = ?", (kind, what))
            if what
            else (
                "AND kind = ?",
                (kind,),
            )
        )
        return self._select(where, list(self._found.get(where, ())), "id", more, values)

    def _select(
        self, where: str, ids: list[str], column: str, more: str = "", values: tuple[str, ...] = ()
    ) -> list[str]:
        out: list[str] = []
        for start in range(0, len(ids), _CHUNK):
            chunk = tuple(ids[start : start + _CHUNK])
            out += self._run(
                f"SELECT {column} FROM {self._schemas[where]}.record WHERE id IN ({_marks(chunk)}) {more}",
                (*chunk, *values),
            ).scalars()
        return [one for one in out if one]


def _marks(chunk: tuple[object, ...]) -> str:
    return ", ".join("?" * len(chunk))
