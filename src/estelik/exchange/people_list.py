"""A public list of people as CSV: who is on it, in the form in which people are compared.

Columns: ``id`` and ``name`` (several names with ``;`` between them) have to be there; ``sex``, ``born``
(EDTF, as in a statement sheet), ``place``, ``father`` and ``document`` may. Others are named, and not
looked at.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.chronology.edtf import parse
from estelik.chronology.edtf_date import EdtfError
from estelik.errors import UsageError
from estelik.exchange.csv import table
from estelik.identity import document
from estelik.identity.profile import Profile
from estelik.identity.sex import sex_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NEEDED: Final = ("id", "name")
KNOWN: Final = (*NEEDED, "sex", "born", "place", "father", "document")


class PeopleList(NamedTuple):
    """``people`` by the list's own ids as keys, in its order; the columns that are ``ignored``."""

    people: tuple[Profile, ...]
    ignored: tuple[str, ...]


def read(file: Path) -> PeopleList:
    """A list. Raises ``UsageError`` for what is none: it says the row, never what stands in it."""
    rows = table(file)
    header = [cell.strip().lower() for cell in next(rows)[1]]
    _check(file, header)
    people: dict[str, Profile] = {}
    for number, row in rows:
        if not any(row):
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
        if not cells["id"].isprintable():
            raise UsageError(
                f"{file}, row {number}: its id has signs that cannot be shown.",
                do="Give each row a plain id.",
            )
        if not cells["id"] or cells["id"] in people:
            raise UsageError(
                f"{file}, row {number}: without an id of its own.", do="Give each row its own id."
            )
        people[cells["id"]] = _person(file, number, cells)
    return PeopleList(tuple(people.values()), tuple(name for name in header if name not in KNOWN))


def _check(file: Path, header: list[str]) -> None:
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise UsageError(
            f"{file}: without the columns {', '.join(missing)}.", do="Name them in the first row."
        )
    if len(set(header)) < len(header):
        raise UsageError(f"{file}: a column comes twice.", do="Rename one of them.")


def _person(file: Path, number: int, cells: Mapping[str, str]) -> Profile:
    father = cells.get("father", "")
    given = [one.strip() for one in cells["name"].split(";") if one.strip()]
    # One word beside whose child it is: only both are a name.
    names = [f"{one}·{father}" if father and " " not in one else one for one in given]
    papers = cells.get("document", "")
    return Profile(
        cells["id"],
        tuple(names),
        sex_of(cells.get("sex", "")),
        _born(file, number, cells.get("born", "")),
        tuple(filter(None, [cells.get("place", "")])),
        (),
        (("", document.plain(papers)),) if papers else (),
    )


def _born(file: Path, number: int, text: str) -> tuple[date | None, date | None]:
    if not text:
        return None, None
    try:
        spans = parse(text).spans
    except EdtfError as error:
        raise UsageError(
            f"{file}, row {number}, column born: this is no date.",
            do="Write it as 1984, 1984-05 or 1984-05-03.",
        ) from error
    return _day(spans[0].first), _day(spans[-1].last)


def _day(day: int | None) -> date | None:
    return date.fromordinal(day) if day is not None and 0 < day < date.max.toordinal() else None
