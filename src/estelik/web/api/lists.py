"""Lists: filters of the registry that members keep under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta

from estelik.daily import lists
from estelik.web.api.act import act
from estelik.web.api.registry import Which, wanted
from estelik.web.api.shape import Address, read

if TYPE_CHECKING:
    from estelik.records.saved_list import SavedList
    from estelik.web.bearers import Bearer


class ListSaved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a list is of, and its name."""

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
    of: Which = Which()


class KeptList(msgspec.Struct, frozen=True):
    """A list that is kept: its name, who keeps it (empty: not known), since when, and what it is of: send
    that to `/api/registry`."""

    address: Address
    name: str
    member: str
    made: str
    of: Which


class ListsFound(msgspec.Struct, frozen=True):
    """The lists that are kept, in order of entry."""

    lists: tuple[KeptList, ...]


class ListTakenBack(msgspec.Struct, frozen=True):
    """It is no list any more."""

    taken_back: bool


@act("GET", "/api/lists", "Lists that members keep under a name.", gives=ListsFound,
     leads={"take_back_list": "/lists/0/address"})  # fmt: skip
def list_lists(bearer: Bearer) -> ListsFound:
    """The lists that are kept."""
    return ListsFound(tuple(_list(bearer, one.list, one.member) for one in lists.saved(bearer.casebook)))


@act("POST", "/api/lists", "Keep what a list is of under a name.", takes=ListSaved, gives=KeptList,
     status=201, refusals=(409, 422), leads={"take_back_list": "/address"})  # fmt: skip
def save_list(bearer: Bearer, asked: ListSaved) -> KeptList:
    """Keeps a list."""
    made = lists.save(bearer.casebook, bearer.watch.listing, asked.name, wanted(asked.of))
    return _list(bearer, made, bearer.member)


@act("POST", "/api/lists/{address}/withdrawal", "Take a list back.", gives=ListTakenBack, status=201,
     refusals=(404, 409))  # fmt: skip
def take_back_list(bearer: Bearer, address: str) -> ListTakenBack:
    """Takes a list back."""
    lists.take_back(bearer.casebook, read(bearer, "list", address))
    return ListTakenBack(taken_back=True)


def _list(bearer: Bearer, one: SavedList, member: str) -> KeptList:
    which = msgspec.convert(lists.of(one), Which, from_attributes=True)
    return KeptList(bearer.addresses.of("list", one.id), one.name, member, one.made, which)


ACTS: Final = (list_lists, save_list, take_back_list)
