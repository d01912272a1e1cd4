"""Two official registers of Argentina's disappeared, as statements.

The first four columns of the table are one register, the last three the other.
Both say how old somebody was when detained; dates come in the Spanish of the
registers: to the day, to the month, over days or months, and early, in the
middle or late in a month or a year.
"""

from __future__ import annotations

import calendar
import csv
import re
from typing import TYPE_CHECKING

from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
#: Parts of a month by days, and parts of a year by months.
_PARTS = {"princ": (1, 10), "med": (11, 20), "fines": (21, 31), "1 quinc": (1, 15), "2 quinc": (16, 31)}
_THIRDS = {"princ": (1, 4), "med": (5, 8), "fines": (9, 12)}


def people(path: Path) -> list[list[Statement]]:
    """Each person's statements, of both registers; a cell that says nothing makes none."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [statements(row) for row in csv.DictReader(lines)]


def statements(row: dict[str, str]) -> list[Statement]:
    """What the two registers say about one person."""
    person = row["id_unico_ruvte"]
    born, taken = "birth", "detention"
    cells = [
        ("ruvte-age", taken, "", _age(row["edad_al_momento_del_hecho"])),
        ("ruvte-birth", born, _year(row["anio_nacimiento"]), ""),
        ("ruvte-date", taken, date(row["fecha_lugar_detencion_secuestro"]), ""),
        ("parque-age", taken, "", _age(row["edad"])),
        ("parque-birth", born, date(row["fecha_de_nacimiento"]), ""),
        ("parque-date", taken, date(row["fecha_de_secuestro"]), ""),
    ]
    return [
        Statement(
            f"{person}.{name}",
            person,
            testimony=f"{person}.{name.split('-')[0]}",
            source=name.split("-")[0],
            event=event,
            when=when,
            age=age,
            role="document",
        )
        for name, event, when, age in cells
        if when or age
    ]


def _age(cell: str) -> str:
    found = re.match(r"\d+", cell)
    return found[0] if found else ""


def _year(cell: str) -> str:
    return cell if re.fullmatch(r"\d{4}", cell) else ""


def date(cell: str) -> str:
    """A register's date, with or without a place after it, as EDTF; "" where it says none."""
    text = re.split(r"\s{2,}", cell.strip())[0].replace("ñ ", " ").replace("1ñ", "01")
    if not text or text == "---":
        return ""
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
        return _day(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d\d)-(\d\d)/(\d\d)/(\d{4})", text):
        return f"{_day(found[1], found[3], found[4])}/{_day(found[2], found[3], found[4])}"
    if found := re.fullmatch(r"(\d\d)/(\d\d)-(\d\d)/(\d\d)/(\d{4})", text):
        return f"{_day(found[1], found[2], found[5])}/{_day(found[3], found[4], found[5])}"
    if found := re.fullmatch(r"([A-Z]{3})[/ ](\d{4})", text):
        return f"{found[2]}-{_MONTHS[found[1]]:02}"
    if found := re.fullmatch(r"([A-Z]{3})-([A-Z]{3})[/ ](\d{4})", text):
        return f"{found[3]}-{_MONTHS[found[1]]:02}/{found[3]}-{_MONTHS[found[2]]:02}"
    if found := re.fullmatch(r"([a-z0-9 ]+)/(\d\d)/(\d{4})", text):
        first, last = _PARTS[found[1]]
        last = min(last, calendar.monthrange(int(found[3]), int(found[2]))[1])
        return f"{_day(str(first), found[2], found[3])}/{_day(str(last), found[2], found[3])}"
    if found := re.fullmatch(r"([a-z]+)(?:-([a-z]+))?/(\d{4})", text):
        first, last = _THIRDS[found[1]][0], _THIRDS[found[2] or found[1]][1]
        return f"{found[3]}-{first:02}/{found[3]}-{last:02}"
    if found := re.fullmatch(r"AñO/(\d{4})", text):
        return found[1]
    if found := re.fullmatch(r"AñOS/(\d\d)(\d\d)-(\d\d)", text):
        return f"{found[1]}{found[2]}/{found[1]}{found[3]}"
    raise ValueError(text)


def _day(day: str, month: str, year: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"
