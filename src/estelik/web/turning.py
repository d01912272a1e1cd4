"""Turning: a list that may become long, a page of it at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from estelik.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Turned(NamedTuple):
    """The ``rows`` of one page, its ``number`` (from 1), and how many ``pages`` there are."""

    rows: Sequence[Any]
    number: int
    pages: int


def turned(rows: Sequence[T], number: int, most: int) -> Turned:
    """The rows of a page that has ``most``; the first page is always there. Raises ``NotFoundError`` where
    there is no such page."""
    pages = max(1, -(-len(rows) // most))
    if not 0 < number <= pages:
        raise NotFoundError("There is no such page.", safe="", do="Look at the list.")
    return Turned(rows[(number - 1) * most : number * most], number, pages)
