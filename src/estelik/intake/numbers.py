"""Numbers: how many, and how sharp that is, as an age or a count of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.chronology.age import MAX_AGE

if TYPE_CHECKING:
    from estelik.intake.table import Grammar


class Number(NamedTuple):
    """``how``: is, about, nearly, range, over, past, least, under, most or tens; ``start``: where it
    begins."""

    how: str
    low: int
    high: int
    start: int


def number(grammar: Grammar, how: str, slots: list[tuple[str, str]], start: int) -> Number | None:
    """The number that a pattern of ``counting`` found; None where it is none."""
    if how == "tens":
        tens = next(grammar.tens[text] for slot, text in slots if slot == "tens")
        return Number(how, tens, tens + 9, start)
    found = [grammar.number(text) for slot, text in slots if slot == "n"]
    if how == "past" and found[0] % 10 == 0:
        # Sixty and some: not yet seventy.
        return Number(how, found[0], found[0] + 9, start)
    if how == "running":
        # Her 35th year: she was 34.
        return Number("is", found[0] - 1, found[0] - 1, start) if found[0] else None
    if how == "nominal":
        # Counted in China from one at birth, and one more at each new year.
        return Number("range", found[0] - 2, found[0] - 1, start) if found[0] > 1 else None
    if found[0] > found[-1]:
        return None
    return Number(how, found[0], found[-1], start)


def age(found: Number) -> str:
    """An age, in the sheet's form; "" where nobody is that old."""
    how, low, high = found.how, found.low, found.high
    if high > MAX_AGE:
        return ""
    if how in ("about", "nearly"):
        return f"~{low}"
    if how in ("over", "least") or (how == "past" and low == high):
        return f"{low}..{MAX_AGE}"
    if how in ("under", "most"):
        most = low - (how == "under")
        return f"0..{most}" if most >= 0 else ""
    return str(low) if low == high else f"{low}..{high}"


def count(found: Number) -> str:
    """A count, in the sheet's form, which has no word for "about"."""
    how, low, high = found.how, found.low, found.high
    if how in ("over", "least") or (how == "past" and low == high):
        return f"{low + (how != 'least')}.."
    if how in ("under", "most", "nearly"):
        return f"..{low - (how == 'under')}" if low else ""
    return str(low) if low == high else f"{low}..{high}"
