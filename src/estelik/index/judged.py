"""Judged: judgements on who is who, between the form in which they lie in the vault and that in which they
are reasoned with.

A judgement lies where all whom it names are known anyway. Where no compartment
knows both, it lies in the stricter one of theirs, and names the other by the
id of a record that only those can look up who hold that one's compartment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

from msgspec.structs import replace

from estelik.errors import CasebookError, NotFoundError, Sentence
from estelik.identity.verdict import verdict
from estelik.index import reader, tables
from estelik.records import Named, SubjectKind, stored
from estelik.records.judgement import ON_IDENTITY
from estelik.records.label import composed
from estelik.records.mention import stands_in
from estelik.records.stored import STATEMENT, SUBJECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.identity.verdict import Verdict
    from estelik.records import Judgement
    from estelik.vault.connection import Connection

#: Where a judgement on people known in several compartments lies, and which of them is the stricter one.
_PREFERRED: Final = ("testimony", "casework", "medical", "source", "public")
_STRICTER: Final = ("public", "testimony", "casework", "medical", "source")
_KINDS: Final = get_args(SubjectKind)
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Shorter words are like many others; and so surely one word of a reason is one of a name.
_TELLING: Final = 4
_SURELY: Final = 0.7
_CHUNK = 500


class _Place(NamedTuple):
    """A record that stands for a subject in one compartment, and that of the telling it is split off by."""

    record: str
    testimony: str = ""


def in_force(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements on who is who that nobody withdrew."""
    made = list(judgements)
    withdrawn = {one.withdraws for one in made if one.decision == "withdrawn"}
    return [one for one in made if one.decision in ON_IDENTITY and one.id not in withdrawn]


def verdicts(
    connection: Connection, schemas: Mapping[str, str], judgements: Iterable[Judgement]
) -> list[Verdict]:
    """What is judged of who is who and holds; without what names a subject that is not here."""
    found = map(verdict, opened(connection, schemas, in_force(judgements)))
    return [one for one in found if one is not None]


def opened(connection: Connection, schemas: Mapping[str, str], made: Sequence[Judgement]) -> list[Judgement]:
    """Judgements on who is who with their subjects by label, as before ``sealed``; without what names a
    subject that is not here."""
    if not made:
        return []
    named = [one for judgement in made for one in judgement.subjects]
    found_keys = keys(connection, schemas, {one.record for one in named} - {""})
    found = reader.tellings(connection, schemas, {one.testimony for one in named} - {""})
    tellings = {id_: label or f"\x1f{source}\x1f{told}" for id_, (label, source, told) in found.items()}
    out = []
    for judgement in made:
        subjects = tuple(_named(one, found_keys, tellings) for one in judgement.subjects)
        if all(one.label for one in subjects):
            out.append(replace(judgement, subjects=subjects))
    return out


def _named_in(reason: str, label: str) -> bool:
    """Whether a reason has a label, or one of its words in another writing or spelling."""
    said = composed(" ".join(reason.split()))
    if stands_in(said, label):
        return True
    from estelik.names.comparison import compare_all  # late: it loads numpy

    words = [word for word in _WORD.findall(said) if len(word) >= _TELLING]
    own = [word for word in _WORD.findall(label) if len(word) >= _TELLING]
    return any(found.score >= _SURELY for word in own for found in compare_all(word, words))


def _named(named: Named, keys: Mapping[str, Named], tellings: Mapping[str, str]) -> Named:
    """A subject by its label, "" where that is not here."""
    own = keys.get(named.record, Named()) if named.record else named
    return replace(own, testimony=tellings.get(named.testimony, named.testimony))


def strictest(compartments: Iterable[str]) -> str:
    """The one of these compartments that fewest hold."""
    return max(compartments, key=_STRICTER.index)


def keys(connection: Connection, schemas: Mapping[str, str], ids: set[str]) -> dict[str, Named]:
    """The subjects that these records (subjects; statements about somebody unnamed) stand for."""
    out: dict[str, Named] = {}
    ordered = sorted(ids)
    for schema in schemas.values():
        for start in range(0, len(ordered), _CHUNK):
            chunk = tuple(ordered[start : start + _CHUNK])
            rows = connection.execute(
                f"SELECT one.id, one.kind, CAST(one.body AS BLOB), CAST(subject.body AS BLOB) "
                f"FROM {schema}.record AS one LEFT JOIN {schema}.record AS subject "
                "ON one.kind = ? AND subject.id = one.body ->> '$.subject' "
                f"WHERE one.id IN ({', '.join('?' * len(chunk))}) AND one.kind IN (?, ?)",
                (STATEMENT, *chunk, SUBJECT, STATEMENT),
            )
            for id_, kind, body, subject in rows:
                if kind == SUBJECT:
                    out[id_] = Named(stored.decode_subject(body).label)
                elif subject is not None:
                    label = stored.decode_subject(subject).label
                    out[id_] = Named(label, stored.decode_statement(body).statement)
    return out


def sealed(connection: Connection, schemas: Mapping[str, str], judgement: Judgement) -> tuple[str, Judgement]:
    """The compartment in which a judgement on who is who has its place, and the judgement as it lies there.

    Its ``subjects`` have labels, and of a testimony what ``Statement.telling``
    has. Raises ``NotFoundError`` where one is not there, and ``CasebookError``
    for a reason that names somebody who is not known in that compartment.
    """
    known = _known(connection, schemas, judgement.subjects)
    preferred = _preferred(known)
    where = strictest(preferred)
    named = []
    for one, found, home in zip(judgement.subjects, known, preferred, strict=True):
        if where in found:
            named.append(replace(one, testimony=found[where].testimony))
            continue
        if _named_in(judgement.reason, one.label):
            raise CasebookError(
                Sentence(
                    "This decision lies in the compartment %(where)s, where one of the two is not known; "
                    "the reason has that name.",
                    where=where,
                ),
                do="Give the reason without the name.",
            )
        named.append(Named(record=found[home].record, testimony=found[home].testimony))
    return where, replace(judgement, subjects=tuple(named))


def home(connection: Connection, schemas: Mapping[str, str], subjects: Sequence[Named]) -> str:
    """The compartment in which a judgement on these subjects would lie. Raises ``NotFoundError``."""
    return strictest(_preferred(_known(connection, schemas, subjects)))


def _known(
    connection: Connection, schemas: Mapping[str, str], subjects: Sequence[Named]
) -> list[dict[str, _Place]]:
    known = [places(connection, schemas, one) for one in subjects]
    if not all(known):
        raise NotFoundError(
            "Nothing is recorded about one of these subjects.", do="Check how the label is written."
        )
    return known


def _preferred(known: Sequence[Mapping[str, _Place]]) -> list[str]:
    """Of each subject the compartment that it is named in."""
    common = set.intersection(*(set(one) for one in known))
    return [next(name for name in _PREFERRED if name in (common or found)) for found in known]


def places(connection: Connection, schemas: Mapping[str, str], named: Named) -> dict[str, _Place]:
    """The records that stand for a subject, by compartment."""
    if named.testimony:
        return _told_in(connection, schemas, named)
    out: dict[str, _Place] = {}
    for name, schema in schemas.items():
        if named.statement:
            wanted = tables.name(STATEMENT, named.statement)
            for seq, _ in tables.statements(connection, schema, {wanted}).values():
                sql = f"SELECT id FROM {schema}.record WHERE seq = ?"
                out[name] = _Place(connection.execute(sql, (seq,)).scalar_one())
        else:
            names = set(tables.names_of(SUBJECT, [(named.label, kind) for kind in _KINDS]))
            found = sorted(tables.names(connection, schema, names).values())
            if found:
                out[name] = _Place(found[0])
    return out


def _told_in(connection: Connection, schemas: Mapping[str, str], named: Named) -> dict[str, _Place]:
    found = reader.Reader(connection, schemas)
    term = tables.term(tables.SUBJECT, named.label)
    found.read(
        {
            name: {seq for _, seqs in tables.postings(connection, schema, {term}) for seq in seqs}
            for name, schema in schemas.items()
        }
    )
    out: dict[str, _Place] = {}
    for name, _, record, statement in found.entries():
        if statement.about == named.label and statement.telling == named.testimony:
            out.setdefault(name, _Place(record.subject, record.testimony))
    return out
