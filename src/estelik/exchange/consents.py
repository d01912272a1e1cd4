"""Consents from a sheet (``consents.csv``, docs/howto/record-consent.md) or from the options of a command:
the same cells, the same faults."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, get_args

import msgspec

from estelik.errors import Fault, Sentence, SheetError
from estelik.exchange.csv import table
from estelik.exchange.faults import filled
from estelik.records import consent as records
from estelik.records.consent import AUDIENCES, IDENTITIES, MEDIA, PURPOSES, Consent
from estelik.records.label import composed, is_seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

COLUMNS: Final = (
    *("consent", "giver", "scope", "of", "answer", "audience", "purpose", "identity", "media", "including"),
    *("from", "until", "condition", "concerns", "given", "manner", "language", "read_back", "recorder"),
    *("basis", "by", "url", "since", "renews", "note"),
)
REQUIRED: Final = ("giver", "scope", "given")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_URL: Final = re.compile(r"https?://[^\s/]+\S*")
_LONG: Final = 65_536
#: Column -> words of which one stands in it.
_ONE_OF: Final[dict[str, tuple[str, ...]]] = {
    "scope": get_args(records.Scope),
    "answer": get_args(records.Answer),
    "identity": IDENTITIES,
    "manner": get_args(records.Manner),
    "read_back": ("yes", "no"),
    "basis": get_args(records.Basis),
}
#: Column -> words of which several may stand in it, with semicolons between them.
_SOME_OF: Final[dict[str, tuple[str, ...]]] = {
    "audience": AUDIENCES,
    "purpose": PURPOSES,
    "media": MEDIA,
    "including": ("medical",),
}
#: code -> (what, do), of headers, which commands alone meet; ``%(about)s`` stands for the name of a column.
HEADER_WORDS: Final[dict[str, tuple[str, str]]] = {
    "missing-column": ("A column is missing: %(about)s.", "Add it."),
    "unknown-column": ("There is no such column in a sheet of consents.", "Rename it, or take it out."),
    "double-column": ("The column stands there twice.", "Keep one of them."),
}
#: The same of cells; ``%(about)s`` stands for words of a list, or for what is to be said.
WORDS: Final[dict[str, tuple[str, str]]] = {
    "blank": ("The cell is blank.", "Fill it in."),
    "too-long": ("The cell holds more than 64 kB.", "Say it shorter."),
    "control": ("The cell holds characters that cannot be seen.", "Type it again, on one line."),
    "word": ("This is not one of the words that may stand here.", "Write %(about)s."),
    "day": ("This is not a day.", "Write it like 2024-03-15."),
    "future": ("It is dated in the future.", "Nobody can have said yes yet: check the day."),
    "reversed": ("It ends before it begins.", "Exchange the two days, or check them."),
    "language": ("This is not a language tag.", "Write it like kk, ug, zh-Hans or ru (BCP 47)."),
    "url": ("This is not a web address.", "Write it whole, with https://."),
    "nobody": (
        "Nobody of this label told anything, or is spoken of.",
        "Check how it is written, or import first what was told.",
    ),
    "no-telling": (
        "There is no such telling.",
        "Write a testimony's label, or the id of a statement told in it, and import what was told first.",
    ),
    "not-all": ("It is for all, and yet for one thing.", "Leave this cell blank, or change the scope."),
    "no-for": (
        "A yes says to whom, and for what.",
        "Fill in this cell; several with semicolons between them.",
    ),
    "no-grants": ("A no allows nothing.", "Leave this cell blank, or change the answer."),
    "condition-nobody": (
        "The condition names nobody.",
        "Say whom it is about under `concerns`: labels that are in the casebook.",
    ),
    "concerns-alone": ("It says whom a condition is about, and there is none.", "Write the condition."),
    "needs": ("With this basis the cell has to be filled in.", "Say %(about)s."),
    "renews-unknown": ("It renews a consent that is nowhere.", "Check the id of the earlier one."),
    "renews-other": (
        "It renews a consent of somebody else.",
        "Check the id; everybody speaks for themselves.",
    ),
    "renews-later": ("It renews a consent that was given later.", "Check the days and the id."),
    "double-id": ("The id stands in this sheet twice.", "Give each consent an id of its own."),
    "changed": (
        "The casebook has this id already, with other content.",
        "A consent is never changed: withdraw it, or enter a new one that renews it.",
    ),
}
_NEEDS: Final = {
    "guardian": {"by": Sentence("who spoke for the giver")},
    "best-interest": {
        "by": Sentence("who decided"),
        "note": Sentence("why it is in the giver's best interest"),
    },
    "already-public": {"url": Sentence("where it is public"), "since": Sentence("since when it is public")},
}


class Known(msgspec.Struct, frozen=True):
    """What a sheet of consents is checked against: the labels of all who told or are spoken of, the key of
    the telling that each testimony's label or statement's id leads to, the consents that are there, today,
    and a key that ids are made with."""

    people: frozenset[str]
    tellings: Mapping[str, str]
    consents: Mapping[str, Consent]
    today: date
    key: bytes


class Entered(msgspec.Struct, frozen=True):
    """The consents to be entered, and how many were there already, unchanged."""

    fresh: tuple[Consent, ...]
    unchanged: int


def read(file: Path, known: Known) -> Entered:
    """The consents of a sheet. Raises ``SheetError`` (every fault) or ``UsageError`` (no such file)."""
    rows = table(file)
    faults: list[Fault] = []
    name = str(file)
    _, header = next(rows)
    columns = [one.strip().lower().removeprefix("\ufeff") for one in header]
    faults += [_fault(name, 1, "", "missing-column", one) for one in REQUIRED if one not in columns]
    for one in dict.fromkeys(columns):
        if one not in COLUMNS:
            faults.append(_fault(name, 1, one, "unknown-column"))
        elif columns.count(one) > 1:
            faults.append(_fault(name, 1, one, "double-column"))
    if faults:
        raise SheetError(faults)
    return entered(((row, dict(zip(columns, cells, strict=False))) for row, cells in rows), known, name)


def entered(rows: Iterable[tuple[int, Mapping[str, str]]], known: Known, file: str = "") -> Entered:
    """The consents of rows of cells, by column. Raises ``SheetError``."""
    faults: list[Fault] = []
    found: dict[str, tuple[int, Consent]] = {}
    for row, cells in rows:
        wrong = list(_wrong(cells, known))
        if wrong:
            faults += [_fault(file, row, column, code, about) for column, code, about in wrong]
            continue
        one = _consent(cells, known)
        if one.id in found:
            faults.append(_fault(file, row, "consent", "double-id"))
        found[one.id] = row, one
    fresh, unchanged = [], 0
    for row, one in found.values():
        there = known.consents.get(one.id)
        if there is None:
            fresh.append(one)
        elif msgspec.structs.replace(there, made="", device="") == one:
            unchanged += 1
        else:
            faults.append(_fault(file, row, "consent", "changed"))
        if one.renews:
            code = _renewal(one, known.consents.get(one.renews) or found.get(one.renews, (0, None))[1])
            if code:
                faults.append(_fault(file, row, "renews", code))
    if faults:
        raise SheetError(
            sorted(
                faults, key=lambda one: (one.row, COLUMNS.index(one.column) if one.column in COLUMNS else -1)
            )
        )
    return Entered(tuple(fresh), unchanged)


def _fault(file: str, row: int, column: str, code: str, about: str = "") -> Fault:
    what, do = HEADER_WORDS[code] if code in HEADER_WORDS else WORDS[code]
    return Fault(file, row, column, code, filled(what, about), filled(do, about))


def _wrong(cells: Mapping[str, str], known: Known) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: column, code, what its words say besides."""
    cell = {column: cells.get(column, "").strip() for column in COLUMNS}
    bad = set()
    for column, text in cell.items():
        for code, about in _alone(column, text, known.today):
            bad.add(column)
            yield column, code, about
    for column in REQUIRED:
        if not cell[column]:
            yield column, "blank", ""
    for one in ("giver", "concerns"):
        if any(label not in known.people for label in _list(cell[one])):
            yield one, "nobody", ""
    yield from _of(cell, known)
    no = cell["answer"] == "no"
    for column in ("audience", "purpose"):
        if not no and not cell[column]:
            yield column, "no-for", ""
    for column in ("identity", "media", "including", "condition"):
        if no and cell[column] and column not in bad:
            yield column, "no-grants", ""
    if cell["condition"] and not cell["concerns"]:
        yield "concerns", "condition-nobody", ""
    if cell["concerns"] and not cell["condition"]:
        yield "concerns", "concerns-alone", ""
    for column, what in _NEEDS.get(cell["basis"], {}).items():
        if not cell[column]:
            yield column, "needs", what
    if not bad & {"from", "until"} and cell["from"] and cell["until"] and cell["until"] < cell["from"]:
        yield "until", "reversed", ""


def _alone(column: str, text: str, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with a cell by itself."""
    if len(text.encode()) > _LONG:
        yield "too-long", ""
    elif column not in ("note", "condition") and not is_seen(composed(text)):
        yield "control", ""
    elif not text:
        return
    elif column in _ONE_OF:
        if text not in _ONE_OF[column]:
            yield "word", Sentence("one of: %(words)s", words=", ".join(_ONE_OF[column]))
    elif column in _SOME_OF:
        if set(_list(text)) - set(_SOME_OF[column]):
            yield "word", Sentence("some of: %(words)s", words="; ".join(_SOME_OF[column]))
    elif column in ("given", "from", "until", "since"):
        day = _day(text)
        if day is None:
            yield "day", ""
        elif column in ("given", "since") and day > today:
            yield "future", ""
    elif column == "language" and not _TAG.fullmatch(text):
        yield "language", ""
    elif column == "url" and not _URL.fullmatch(text):
        yield "url", ""


def _of(cell: Mapping[str, str], known: Known) -> Iterator[tuple[str, str, str]]:
    of = composed(cell["of"])
    if cell["scope"] == "all" and of:
        yield "of", "not-all", ""
    elif cell["scope"] == "person" and of not in known.people:
        yield "of", "nobody" if of else "blank", ""
    elif cell["scope"] == "testimony" and of not in known.tellings:
        yield "of", "no-telling" if of else "blank", ""


def _renewal(one: Consent, earlier: Consent | None) -> str:
    if earlier is None or earlier.id == one.id:
        return "renews-unknown"
    if earlier.giver != one.giver:
        return "renews-other"
    if earlier.given > one.given or earlier.renews == one.id:
        return "renews-later"
    return ""


def _consent(cells: Mapping[str, str], known: Known) -> Consent:
    cell: dict[str, Any] = {column: composed(cells.get(column, "").strip()) for column in COLUMNS}
    no = cell["answer"] == "no"
    of = known.tellings[cell["of"]] if cell["scope"] == "testimony" else cell["of"]
    # In the order of the vocabularies, whatever the order in the cell: the same consent is the same record.
    some = {
        column: tuple(word for word in words if word in _list(cell[column]))
        for column, words in _SOME_OF.items()
    }
    return Consent(
        id=cell["consent"] or _id(cell, known.key),
        giver=cell["giver"],
        scope=cell["scope"],
        given=cell["given"],
        audiences=some["audience"] or (AUDIENCES if no else ()),  # type: ignore[arg-type]
        purposes=some["purpose"] or (PURPOSES if no else ()),  # type: ignore[arg-type]
        of=of,
        answer=cell["answer"] or "yes",
        identity=cell["identity"] or "none",
        media=some["media"],  # type: ignore[arg-type]
        including=some["including"],  # type: ignore[arg-type]
        first=cell["from"],
        last=cell["until"],
        condition=cells.get("condition", "").strip(),
        concerns=tuple(_list(cell["concerns"])),
        manner=cell["manner"] or "spoken",
        language=cell["language"],
        read_back=cell["read_back"] == "yes",
        recorder=cell["recorder"],
        basis=cell["basis"] or "consent",
        by=cell["by"],
        url=cell["url"],
        since=cell["since"],
        renews=cell["renews"],
        note=cells.get("note", "").strip(),
    )


def _id(cell: Mapping[str, str], key: bytes) -> str:
    """An id for a row that has none: the same row has the same one."""
    said = msgspec.json.encode([cell[column] for column in COLUMNS])
    return "c" + hmac.new(key, said, "sha256").hexdigest()[:20]


def _list(text: str) -> list[str]:
    return [composed(one.strip()) for one in text.split(";") if one.strip()]


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
