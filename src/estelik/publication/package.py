"""Package: the descriptor of the open data set (Frictionless Data Package, Table Schema).

What the columns hold is said here once, in English: it is part of the format, as the names of columns are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.protection.leaf import Cleared, UnclearedError
from estelik.publication.fact_rows import (
    ConflictRow,
    EventRow,
    NameRow,
    PersonRow,
    SourceRow,
    StatementRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.publication.fact_rows import Front

#: A kind of value: of Table Schema, and what it has to be.
_Kind = tuple[str, dict[str, Any]]
_ID: Final[_Kind] = ("string", {"pattern": "[a-z2-7]{16}"})
_TEXT: Final[_Kind] = ("string", {})
_DAY: Final[_Kind] = ("date", {})
_TRUTH: Final[_Kind] = ("boolean", {})
_NUMBER: Final[_Kind] = ("integer", {"minimum": 0})


def _one_of(*values: str) -> _Kind:
    return "string", {"enum": list(values)}


class Column(msgspec.Struct, frozen=True):
    """One column: the kind of its values, whether every row has one, and what it says."""

    name: str
    kind: _Kind
    words: str
    required: bool = False


class Table(msgspec.Struct, frozen=True):
    """One table. ``key``: the columns that no two rows have alike; ``leads``: which column leads to the key
    of which table ("": of this one)."""

    name: str
    rows: type[msgspec.Struct]
    words: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    leads: tuple[tuple[str, str], ...] = ()


#: How doubt is said in this data, which is the first thing that anybody has to know who uses it.
DOUBT: Final = (
    "What people told, and what follows from it; nothing here is a finding of fact. An event has no date "
    "but the first and the last day on which it can lie as it was told, and no day between them is likelier "
    "than another. Where accounts contradict, all of them are here, named as such, and none is preferred: an "
    "event with consistent = false has the days of all of them taken together. What rests on hearsay alone "
    "says so. "
    "Who is not here may be missing because nobody told of her, because it may not be said, or because she "
    "does not want it: from an absence nothing follows, and from a count no total. Names are given as people "
    "allowed it; some are pseudonyms. Do not try to find out who they stand for."
)
#: How cells are changed on account of spreadsheets.
SIGNS: Final = (
    "In the CSV files an apostrophe stands before =, +, - or @ (also of full width) where a cell, or what "
    "follows a semicolon, a tab or the end of a line in it, begins with one: a spreadsheet would take it for "
    "a formula. The JSON lines have the text as it is. Files are UTF-8; an empty cell (null) says that "
    "nothing was told, or that it is not said."
)

_PERSON: Final = Column("person", _ID, "Who it is about.")
TABLES: Final = (
    Table(
        "persons",
        PersonRow,
        "Everybody who is told of, as far as people allowed.",
        ("id",),
        (
            Column(
                "id",
                _ID,
                "The same in each build of this release, while she is called the same.",
                required=True,
            ),
            Column("name", _TEXT, "What she is called here; ?... is somebody unnamed.", required=True),
            Column("consistent", _TRUTH, "Whether all that is told can be true together.", required=True),
            Column(
                "consistent_wide",
                _TRUTH,
                "Whether it can if ages and lengths of time may be a little off.",
                required=True,
            ),
            Column("complete", _TRUTH, "Whether all contradictions were found.", required=True),
            Column("statements", _NUMBER, "How many statements are about her.", required=True),
            Column("sources", _NUMBER, "In how many tellings (sources.csv) she is spoken of.", required=True),
        ),
    ),
    Table(
        "sources",
        SourceRow,
        "One row a telling: who told, and when.",
        ("id",),
        (
            Column("id", _ID, "The telling.", required=True),
            Column("name", _TEXT, "Who or what told; empty where nobody is named."),
            Column("told", _TEXT, "When (EDTF); the year alone where somebody is not named."),
            Column("statements", _NUMBER, "How many statements were told in it.", required=True),
        ),
    ),
    Table(
        "events",
        EventRow,
        "When each event of a life can have been, worked out from the statements in this data set alone.",
        ("id",),
        (
            Column("id", _ID, "The event.", required=True),
            Column("person", _ID, "In whose life.", required=True),
            Column("event", _TEXT, "Its label: kind, with # or : what tells it from others.", required=True),
            Column("kind", _TEXT, "Its kind.", required=True),
            Column("title", _TEXT, "Its kind in words.", required=True),
            Column("earliest", _DAY, "The first day on which it can lie; empty: nobody can name one."),
            Column("latest", _DAY, "The last day on which it can lie; empty: nobody can name one."),
            Column("ranges", _TEXT, "All days on which it can lie: EDTF, one of a set."),
            Column("within", _TEXT, "The day, month or year in which it lies for certain, if there is one."),
            Column("place", _TEXT, "Where, if all who name a place name the same."),
            Column("consistent", _TRUTH, "Whether the days are the same in every account.", required=True),
            Column("hearsay", _TRUTH, "Whether it stands only on what was passed on.", required=True),
            Column("expected", _TRUTH, "Whether it was still to come whenever told of.", required=True),
            Column("statements", _NUMBER, "How many say that it happened; 0: it follows.", required=True),
        ),
        (("person", "persons"),),
    ),
    Table(
        "statements",
        StatementRow,
        "One row for each thing that one source said in one telling: what all else rests on.",
        ("id",),
        (
            Column("id", _ID, "The statement.", required=True),
            Column("source", _ID, "The telling that it is from.", required=True),
            Column(
                "about_kind",
                _one_of("person", "organisation", "place", "group"),
                "What it is about.",
                required=True,
            ),
            Column("about", _TEXT, "Whom or what it is about, as it is called here.", required=True),
            _PERSON,
            Column("event", _ID, "The event that it tells of."),
            Column(
                "standing",
                _one_of("counted", "corrected", "set-aside", "layer-set-aside"),
                "Whether the days rest on it: not where its source corrected it, a member set it aside, or "
                "weak layers gave way to what was asserted.",
                required=True,
            ),
            Column("happened", _TEXT, "The label of the event."),
            Column("fact", _TEXT, "Or the kind of fact,"),
            Column("value", _TEXT, "and its value."),
            Column("answer", _one_of("yes", "no", "unknown", "refused"), "no: it was not so.", required=True),
            Column("when", _TEXT, "When, as told (EDTF)."),
            Column("age", _TEXT, "At which age, as told."),
            Column("after", _TEXT, "After which event,"),
            Column("before", _TEXT, "before which event,"),
            Column("gap", _TEXT, "and how long (ISO 8601 duration, or bounds in brackets)."),
            Column("place", _TEXT, "Where."),
            Column("by", _TEXT, "Done by whom."),
            Column(
                "role",
                _one_of("perceived", "told", "inferred", "document", "coerced"),
                "How the source knows.",
                required=True,
            ),
            Column("via", _TEXT, "Through whom it came; ? is somebody who is not named."),
            Column(
                "layer",
                _one_of("asserted", "background", "presumption", "implicature"),
                "How it was said.",
                required=True,
            ),
            Column("expected", _TRUTH, "Whether it was still to come when told.", required=True),
            Column("corrects", _ID, "The earlier statement that it stands for."),
            Column("url", _TEXT, "Where it is public."),
            Column("quote", _TEXT, "The words in which it was told."),
            Column("language", _TEXT, "Their language (BCP 47)."),
        ),
        (("source", "sources"), ("person", "persons"), ("event", "events"), ("corrects", "")),
    ),
    Table(
        "names",
        NameRow,
        "Names, in every script and spelling in which they were given.",
        ("statement",),
        (
            Column("statement", _ID, "The statement that gives it.", required=True),
            Column("person", _ID, "Whose name it is.", required=True),
            Column("name", _TEXT, "The name.", required=True),
            Column("language", _TEXT, "Its language and script (BCP 47)."),
            Column("kind", _TEXT, "What sort of name it is."),
        ),
        (("statement", "statements"), ("person", "persons")),
    ),
    Table(
        "conflicts",
        ConflictRow,
        "What does not agree: one row for each statement in it. None is preferred.",
        ("conflict", "statement"),
        (
            Column("conflict", _ID, "The contradiction or difference.", required=True),
            Column("statement", _ID, "A statement in it.", required=True),
            Column(
                "kind",
                _one_of("contradiction", "difference"),
                "contradiction: they cannot all be true in time; difference: they say different things.",
                required=True,
            ),
            Column("about", _TEXT, "Whose life it is in, as it is called here.", required=True),
            _PERSON,
            Column("field", _TEXT, "Of a difference: the column of statements.csv in which they differ."),
            Column("value", _TEXT, "Of a difference: what this one says."),
        ),
        (("statement", "statements"), ("person", "persons")),
    ),
)


def descriptor(front: Front, files: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    """The descriptor (``datapackage.json``) of these files: by name the bytes and the SHA-256 of each.

    All in it are words of this module, and what ``front`` says. Raises UnclearedError where that is no leaf.
    """
    resources = []
    for table in TABLES:
        leads = tuple((column, to) for column, to in table.leads if not to or files[f"{to}.jsonl"][0])
        resources.append(_resource(table, table.leads, "csv", *files[f"{table.name}.csv"]))
        # Of a table without rows the file is empty, and readers stumble over that: it is not listed.
        if files[f"{table.name}.jsonl"][0]:
            resources.append(_resource(table, leads, "jsonl", *files[f"{table.name}.jsonl"]))
    return {
        "profile": "tabular-data-package",
        "name": "estelik",
        "title": _said(front.title),
        "description": f"{DOUBT}\n\n{SIGNS}",
        "homepage": _said(front.address),
        "version": _said(front.day),
        "licenses": [
            {
                "name": _said(front.licence),
                "title": _said(front.licence_title),
                "path": _said(front.licence_address),
            },
        ],
        "resources": resources,
    }


def _resource(
    table: Table, leads: tuple[tuple[str, str], ...], ending: str, size: int, digest: str
) -> dict[str, Any]:
    # The tables in CSV lead to each other, those in JSON lines likewise.
    suffix = "" if ending == "csv" else "-lines"
    keys = [
        {"fields": [column], "reference": {"resource": f"{to}{suffix}" if to else "", "fields": ["id"]}}
        for column, to in leads
    ]
    made: dict[str, Any] = {
        "name": f"{table.name}{suffix}",
        "path": f"{table.name}.{ending}",
        "profile": "tabular-data-resource",
        "title": table.words,
        "format": ending,
        "mediatype": "text/csv" if ending == "csv" else "application/x-ndjson",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
            **({"foreignKeys": keys} if keys else {}),
        },
    }
    if ending == "csv":
        made["dialect"] = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"}
    return made


def _field(column: Column) -> dict[str, Any]:
    kind, more = column.kind
    constraints = {**({"required": True} if column.required else {}), **more}
    return {
        "name": column.name,
        "type": kind,
        "description": column.words,
        **({"constraints": constraints} if constraints else {}),
    }


def _said(value: object) -> str:
    if not isinstance(value, Cleared):
        raise UnclearedError(value)
    return str.__str__(value)
