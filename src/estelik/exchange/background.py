"""A public list of people as CSV: whom else somebody could be, and what is out of whom already.

Columns: ``id`` has to be there, and one at least of ``sex``, ``born``, ``ethnicity``,
``citizenship``, ``occupation`` (several with ``;`` between them), ``children``, and kinds
of event: ``arrest`` has when it was, ``arrest place`` where. Times are in EDTF. ``person``
is the key of the life in the casebook, where the list is known to speak of it. Others are
named, and not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.chronology.edtf import parse
from estelik.chronology.edtf_date import EdtfError
from estelik.errors import Sentence, UsageError
from estelik.exchange.csv import table
from estelik.identity.sex import sex_of
from estelik.names.spelling import folded
from estelik.protection.fact import Fact
from estelik.records.vocabulary import BIRTH, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from estelik.protection.placed import Placed

_VALUES: Final = ("ethnicity", "citizenship", "occupation")
_KNOWN: Final = ("sex", "born", "children", *_VALUES)
_PLACE: Final = " place"


class Background(NamedTuple):
    """``pool``: facts of all on the list, by the list's own ids; ``out``: those of people whom the casebook
    knows, by their lives' keys, as released by the list; the columns that are ``ignored``."""

    pool: tuple[Fact, ...]
    out: tuple[Fact, ...]
    ignored: tuple[str, ...]


def read(file: Path, placed: Placed) -> Background:
    """A list. Raises ``UsageError`` for what is none: it says the row, never what stands in it."""
    rows = table(file)
    header = [cell.strip().lower() for cell in next(rows)[1]]
    kinds = vocabulary().kinds
    known = [one for one in header if one in _KNOWN or one.removesuffix(_PLACE) in kinds]
    if "id" not in header or not known:
        raise UsageError(
            Sentence("%(file)s: without a column id, or without any that tells of people.", file=str(file)),
            do=Sentence(
                "Name them in the first row: id, and some of %(words)s, arrest, arrest place.",
                words=", ".join(_KNOWN),
            ),
        )
    if len(set(header)) < len(header):
        raise UsageError(
            Sentence("%(file)s: a column comes twice.", file=str(file)), do="Rename one of them."
        )
    pool: dict[str, list[Fact]] = {}
    out: list[Fact] = []
    for number, row in rows:
        if not any(row):
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
        if not cells["id"] or cells["id"] in pool:
            raise UsageError(
                Sentence("%(file)s, row %(row)s: without an id of its own.", file=str(file), row=number),
                do="Give each row its own id.",
            )
        found = list(_facts(file, number, {name: cells[name] for name in known}, placed))
        pool[cells["id"]] = [msgspec.structs.replace(one, person=cells["id"]) for one in found]
        if cells.get("person"):
            out += [msgspec.structs.replace(one, person=cells["person"], release=file.name) for one in found]
    if not pool:
        raise UsageError(
            Sentence("%(file)s: nobody is on this list.", file=str(file)), do="Give a list with people on it."
        )
    ignored = tuple(name for name in header if name not in ("id", "person", *known))
    return Background(tuple(one for each in pool.values() for one in each), tuple(out), ignored)


def _facts(file: Path, number: int, cells: Mapping[str, str], placed: Placed) -> Iterator[Fact]:
    for name, cell in cells.items():
        if not cell:
            continue
        if name == "sex":
            yield Fact("", name, value=sex_of(cell) or folded(cell))
        elif name in _VALUES:
            for one in filter(None, map(folded, cell.split(";"))):
                yield Fact("", name, value=one, occasion=one if name == "occupation" else "")
        elif name == "children":
            if not cell.isdecimal() or len(cell) > 4:
                raise UsageError(
                    Sentence(
                        "%(file)s, row %(row)s, column %(column)s: this is no number.",
                        file=str(file),
                        row=number,
                        column=name,
                    ),
                    do="Write 3.",
                )
            yield Fact("", name, "number", first=int(cell), last=int(cell))
        elif name.endswith(_PLACE):
            topic = name.removesuffix(_PLACE)
            yield Fact("", topic, "place", placed.key(cell), occasion=topic)
        else:
            topic = BIRTH if name == "born" else name
            first, last = _time(file, number, name, cell)
            if topic != BIRTH:
                yield Fact("", topic, "kind", occasion=topic)
            yield Fact("", topic, "when", first=first, last=last, occasion=topic)


def _time(file: Path, number: int, name: str, cell: str) -> tuple[int | None, int | None]:
    try:
        spans = parse(cell).spans
    except EdtfError as error:
        raise UsageError(
            Sentence(
                "%(file)s, row %(row)s, column %(column)s: this is no date.",
                file=str(file),
                row=number,
                column=name,
            ),
            do="Write it as 1984, 1984-05 or 1984-05-03.",
        ) from error
    return spans[0].first, spans[-1].last
