"""Lists: filters of the registry that members keep under a name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from estelik.errors import NotFoundError, UsageError
from estelik.ids import new_id
from estelik.index import lists
from estelik.index.kept import Kept
from estelik.records.label import composed
from estelik.records.saved_list import LIST, SavedList, TakenBack
from estelik.records.stored import lies_in
from estelik.records.vocabulary import fact_kind_of
from estelik.views.registry import Filter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.daily.listing import Listing
    from estelik.index.lists import Saved

#: Letters of a name at most, and lives that are asked where a place or a people is known.
_LONGEST: Final = 200
_ASKED: Final = 50
#: In which compartment a list lies that could lie in several.
_PREFERRED: Final = ("testimony", "casework", "medical", "source", "public")
#: What was read of the lists of each casebook.
_KEPT: Final[WeakKeyDictionary[Casebook, Kept]] = WeakKeyDictionary()


def saved(casebook: Casebook) -> list[Saved]:
    """The lists that hold, in order of entry, as far as this member can open them."""
    kept = _KEPT.setdefault(casebook, Kept(LIST))
    return lists.every(casebook.vault.store, casebook.vault.registrar, kept)


def found(casebook: Casebook, id_: str) -> Saved:
    """The list with this id. Raises ``NotFoundError``."""
    for one in saved(casebook):
        if one.list.id == id_:
            return one
    raise NotFoundError("This list was taken back meanwhile.", safe="Nothing else was changed.", do="")


def of(one: SavedList) -> Filter:
    """What a list is of."""
    return Filter(
        one.state,
        one.surely,
        one.place,
        one.ethnicity,
        one.since,
        one.until,
        one.lacks,
        one.contradicts,
        one.kind,
    )


def save(casebook: Casebook, listing: Listing, name: str, wanted: Filter) -> SavedList:
    """Saves a list under a name, in a compartment in which the place and the people that it names are known.

    Raises ``UsageError`` for a name that is empty, too long or there already, and where no compartment knows
    all of it.
    """
    called = composed(" ".join(name.split()))
    if not called or len(called) > _LONGEST or not called.isprintable():
        raise UsageError(
            "The list needs a name.", safe="Nothing was saved.", do="Say in a few words what it is of."
        )
    made = datetime.now(UTC).isoformat(timespec="seconds")
    new = SavedList(
        new_id(),
        called,
        made,
        casebook.vault.device,
        wanted.kind,
        wanted.state,
        wanted.surely,
        wanted.place,
        wanted.ethnicity,
        wanted.since,
        wanted.until,
        wanted.lacks,
        wanted.apart,
    )
    where = _where(casebook, listing, wanted)
    with casebook.entering():
        if any(one.list.name == called for one in saved(casebook)):
            raise UsageError(
                "There is a list of this name already.", safe="Nothing was saved.", do="Choose another name."
            )
        lists.enter(casebook.vault.store, where, new)
    return new


def take_back(casebook: Casebook, id_: str) -> None:
    """Takes a list back: it is no list any more, here and, after a sync, elsewhere. Raises
    ``NotFoundError``."""
    with casebook.entering():
        one = found(casebook, id_)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        lists.enter(
            casebook.vault.store, one.compartment, TakenBack(new_id(), id_, made, casebook.vault.device)
        )


def _where(casebook: Casebook, listing: Listing, wanted: Filter) -> str:
    """The compartment in which a list has its place: whoever opens it learns of no place that she could not
    know."""
    held = casebook.vault.store.schemas
    common = {name for name in _PREFERRED if name in held}
    if wanted.place:
        known = listing.of(Filter(place=wanted.place, kind=wanted.kind)).found[:_ASKED]
        common &= _known(casebook, (one.key for one in known), place=wanted.place)
    if wanted.ethnicity:
        known = listing.of(Filter(ethnicity=wanted.ethnicity, kind=wanted.kind)).found[:_ASKED]
        common &= _known(casebook, (one.key for one in known), ethnicity=wanted.ethnicity)
    for name in _PREFERRED:
        if name in common:
            return name
    raise UsageError(
        "What this list is of is known in different compartments: no list can name all of it.",
        safe="Nothing was saved.",
        do="Save it without the place, or without the ethnicity.",
    )


def _known(casebook: Casebook, keys: Iterable[str], *, place: str = "", ethnicity: str = "") -> set[str]:
    """The compartments in which a statement about one of these lives says so."""
    members = casebook.lives.resolution.members
    labels = {one.split("\x1f")[0] for key in keys for one in members(key)}
    told = casebook.statements(labels)
    return {
        str(lies_in(one))
        for one in told
        if (place and one.place == place)
        or (ethnicity and fact_kind_of(one.fact) == "ethnicity" and one.value == ethnicity)
    }
