"""The columns of a statement sheet, as data.

Order, names and closed lists are those of the statement-sheet contract; the
texts are what a documenter reads in the template and in messages.
"""

from __future__ import annotations

from typing import Final

import msgspec

#: The most that one cell may hold, in bytes of UTF-8.
CELL_LIMIT: Final = 64 * 1024
#: The grade that a blank cell means.
UNGRADED: Final = "F6"


class Column(msgspec.Struct, frozen=True):
    """One column.

    ``allowed`` is its closed list of words (empty where anything may stand);
    ``default`` is what a blank cell means, where a blank means something;
    ``help`` says what goes in it; ``width`` is its width in the template, in
    characters.
    """

    name: str
    help: str
    allowed: tuple[str, ...] = ()
    default: str = ""
    width: int = 14


COLUMNS: Final[tuple[Column, ...]] = (
    Column("statement", "An id of your own for this row. Leave it blank and one is made for you.", width=12),
    Column(
        "testimony",
        "Which telling this row belongs to: an interview, a letter, an article. "
        "Blank: one telling for each source and date told.",
        width=16,
    ),
    Column("source", "Who told it.", width=16),
    Column("told", "When it was told: 2023-01-04, 2023-01 or 2023.", width=12),
    Column(
        "about",
        "Whose life this is. Always the same label for the same person. "
        "Start it with ? for somebody unnamed: such rows are never joined.",
        width=16,
    ),
    Column(
        "about_kind",
        "Blank for a person.",
        allowed=("person", "organisation", "place", "group"),
        default="person",
    ),
    Column(
        "event",
        "What happened: arrest, release, arrival ... (third page). "
        "Add # and a number when it happened more than once: release#2. Write either an event or a fact.",
        width=16,
    ),
    Column(
        "fact",
        "Something that is no event: occupation, relation:brother, illness ... (third page). "
        "Write either an event or a fact.",
        width=16,
    ),
    Column(
        "value", "What the fact is: words, a number, or for a relation the other person's label.", width=16
    ),
    Column(
        "answer",
        "Blank or yes: it is so. no: it did not happen. unknown: asked, could not say. "
        "refused: asked, would not say.",
        allowed=("yes", "no", "unknown", "refused"),
        default="yes",
    ),
    Column(
        "when", "The date: 2018-03-15, 2018-03, 2018, about 2018~, between 2017/2018, since 2018/..", width=14
    ),
    Column("age", "How old the person was: 76, between 60..65, about ~50.", width=8),
    Column(
        "after",
        "It happened after this event. Also told (the day of the telling), birth, "
        "or another person's event: Ajar/release.",
    ),
    Column("before", "It happened before this event. Written as in the column after."),
    Column(
        "gap",
        "How long after, or before: P1Y9M (a year and nine months), ~P2Y (about two years), "
        "P2D/P7D (two to seven days), >P1Y (more than a year), <P3M (less than three months).",
        width=10,
    ),
    Column("place", "Where."),
    Column("by", "Who did it."),
    Column(
        "role",
        "How the source knows. perceived: saw or lived it. told: heard it (also when blank). "
        "inferred: concluded it. document: it is written there. coerced: said under pressure.",
        allowed=("perceived", "told", "inferred", "document", "coerced"),
        default="told",
    ),
    Column("via", "Through whom the source has it, nearest first: friend > neighbour."),
    Column(
        "layer",
        "Blank or asserted: it was said. background, presumption, implicature: weaker, "
        "given up first where things contradict each other.",
        allowed=("asserted", "background", "presumption", "implicature"),
        default="asserted",
    ),
    Column("grade", "How reliable the source is, A to F, and how credible this is, 1 to 6: B2.", width=8),
    Column(
        "expected",
        "yes when it was still to come as it was told: a release that is due.",
        allowed=("yes", "no"),
        default="no",
        width=10,
    ),
    Column(
        "evidence",
        "Where it can be checked: a web address or a file's hash, then #t=73 (seconds) or #page=2, "
        "then a space and the day it was captured.",
        width=18,
    ),
    Column(
        "compartment",
        "Who may see it. Blank: medical for facts about health, source for numbers of documents, "
        "testimony for all else.",
        allowed=("testimony", "medical", "casework", "source", "public"),
        default="testimony",
    ),
    Column(
        "corrects", "The id of the earlier row that this one replaces. The earlier one is kept.", width=12
    ),
    Column("quote", "The words as they were said.", width=30),
    Column("language", "The language of those words: kk, ug, zh, ru, en.", width=10),
    Column("note", "Anything else.", width=24),
)

NAMES: Final[tuple[str, ...]] = tuple(column.name for column in COLUMNS)
BY_NAME: Final[dict[str, Column]] = {column.name: column for column in COLUMNS}
