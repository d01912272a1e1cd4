"""Same place: labels of one life's events that name one place under two names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from estelik.places.where import Where
    from estelik.views.differences import SamePlace


class SameByPlaces:
    """Whether two labels name one place; what is said about places is read when that is first asked."""

    def __init__(self, about_places: Callable[[], Iterable[Statement]]) -> None:
        self._about_places = about_places
        self._where: Where | None = None

    def __call__(self, one: str, other: str) -> bool:
        """Whether they do, by what statements say or by the gazetteer."""
        if self._where is None:
            # Late: most lives are told of without two names for a place.
            from estelik.places.where import Where

            self._where = Where(self._about_places())
        return self._where.same(one, other)


def among(statements: Sequence[Statement], others: Mapping[str, Sequence[str]] | None = None) -> SameByPlaces:
    """By what these statements say about places; ``others``: by subject, further labels that were judged
    to be the same."""

    def about_places() -> Iterator[Statement]:
        told = [one for one in statements if one.about_kind == "place"]
        yield from told
        for place in dict.fromkeys(one.about for one in told):
            for label in (others or {}).get(place, ()):
                yield Statement("", place, about_kind="place", fact="name", value=label)

    return SameByPlaces(about_places)


class TwoNames(msgspec.Struct, frozen=True):
    """An event told of at one place under several names, and who uses which: name -> statement ids."""

    event: str
    names: Mapping[str, tuple[str, ...]]


def two_names(statements: Iterable[Statement], same_place: SamePlace) -> list[TwoNames]:
    """The events of one life whose live statements call one place by several names, in order of mention."""
    events: dict[str, dict[str, list[str]]] = {}
    for one in statements:
        if one.event and one.place and one.answer == "yes":
            events.setdefault(one.event, {}).setdefault(one.place, []).append(one.statement)
    found = []
    for event, told in events.items():
        first, *others = told
        if others and all(same_place(first, other) for other in others):
            found.append(TwoNames(event, {label: tuple(ids) for label, ids in told.items()}))
    return found
