"""Cells: which columns a line can fill, and what may stand in each (contract, "Columns")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, get_args

from estelik.chronology import age, duration, edtf
from estelik.records.statement import Answer, Compartment, Layer, Role
from estelik.records.vocabulary import fact_kind_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FORMS: Final[dict[str, Callable[[str], object]]] = {
    "when": edtf.parse,
    "age": age.parse,
    "gap": duration.parse,
}
_CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "answer": get_args(Answer),
    "role": get_args(Role),
    "layer": get_args(Layer),
    "compartment": get_args(Compartment),
    "expected": ("yes", "no"),
}
#: The columns that a line can fill, in the sheet's order; whose life it is and who tells, the desk says.
COLUMNS: Final = (
    *("event", "fact", "value", "answer", "when", "age", "after", "before", "gap", "place", "by", "role"),
    *(
        "via",
        "layer",
        "grade",
        "expected",
        "evidence",
        "compartment",
        "corrects",
        "quote",
        "language",
        "note",
    ),
)


def wrong(column: str, value: str) -> bool:
    """Whether a column does not take a value, or is none that a line can fill."""
    if column not in COLUMNS:
        return True
    if not value:
        # An event that is still to be found: what "later" counts from.
        return column not in ("after", "before")
    if column in _FORMS:
        try:
            _FORMS[column](value)
        except ValueError:
            return True
    if column in _CLOSED:
        return value.lower() not in _CLOSED[column]
    if column == "grade":
        return not re.fullmatch(r"[A-Fa-f][1-6]", value)
    if column == "event":
        return not kind_of(value) or value == "told"
    return column == "fact" and not fact_kind_of(value)


def closed(column: str, value: str) -> str:
    """The value as the sheet spells it."""
    if column in _CLOSED:
        return value.lower()
    return value.upper() if column == "grade" else value


def order(columns: Iterable[str]) -> list[str]:
    """Columns in the sheet's order."""
    return sorted(columns, key=COLUMNS.index)
