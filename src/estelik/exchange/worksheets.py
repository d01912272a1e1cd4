"""The worksheets of a workbook that are not read: what stands in them must not go lost unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from estelik.exchange.template import WORDS_HEADER, examples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.exchange.rows import Row


def overlooked(rows: Iterable[Row]) -> Literal["", "rows", "other"]:
    """What a worksheet holds that nobody reads: rows of a statement sheet, something other, or nothing.

    The template's own pages are nothing: its words, and its examples as long
    as they are as they were.
    """
    header: list[str] = []
    own: frozenset[frozenset[tuple[str, str]]] = frozenset()
    for _, line, refused in rows:
        cells = [cell.strip() for cell in line]
        if not any(cells) and not refused:
            continue
        if not header:
            header = [cell.lower() for cell in cells]
            if tuple(header[: len(WORDS_HEADER)]) == WORDS_HEADER:
                return ""
            if "about" not in header or not _TOLD.intersection(header):
                return "other"
            own = _examples()
        elif refused or frozenset((n, c) for n, c in zip(header, cells, strict=False) if c) not in own:
            return "rows"
    return ""


_TOLD: Final = frozenset(("event", "fact"))


def _examples() -> frozenset[frozenset[tuple[str, str]]]:
    """The rows of the template's page of examples: column and cell of what is not blank."""
    header, *lines = examples()
    return frozenset(
        frozenset((n, c.strip()) for n, c in zip(header, line, strict=False) if c.strip()) for line in lines
    )
