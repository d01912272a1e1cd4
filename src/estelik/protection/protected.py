"""Protected: who is not named in a draft, what they are called, and where one of them may be named after
all.

Somebody who said yes by name, of all or of what is said of her, is open in every telling; who said it of one
telling alone is open in that one.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import msgspec

from estelik.names.name import parse
from estelik.protection.masking import kind
from estelik.protection.permission import permissions
from estelik.protection.relation import kin
from estelik.protection.text import is_plain
from estelik.protection.voice import NAMED, PSEUDONYM
from estelik.records.label import composed
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.identity.resolution import Resolution
    from estelik.protection.gate import Projection
    from estelik.protection.release import Material
    from estelik.records import Statement


class Open(msgspec.Struct, frozen=True):
    """People who may be named: ``everywhere``, and ``here`` but not those ``kept`` here. There are as many as
    tellings: each refers to the same set of all."""

    everywhere: AbstractSet[str]
    here: AbstractSet[str]
    kept: AbstractSet[str]

    def __contains__(self, person: object) -> bool:
        return (person in self.everywhere and person not in self.kept) or person in self.here


class Protected:
    """``told``: all statements, as lives have them. ``more``: labels of others who must not be named (who can
    be reached)."""

    def __init__(
        self, projection: Projection, material: Material, told: Sequence[Statement], more: Iterable[str] = ()
    ) -> None:
        self._resolution, self._asked = material.resolution, projection.asked
        self._permitted = permissions(material.consents, material.resolution)
        self._some: dict[str, list[str]] = {}
        for one in material.consents.given:
            if one.scope == "testimony":
                self._some.setdefault(one.of, []).append(one.giver)
        hidden = {self._person(projection.lives[one]) for one in projection.pseudonymous}
        hidden |= {self._person(label) for label, level in projection.tellers.values() if level == PSEUDONYM}
        self._everywhere = {
            person
            for person in {self._person(one.giver) for one in material.consents.given}
            if person not in hidden and self._level(person) >= NAMED
        }
        self._hidden = hidden
        self._open: dict[str, Open] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._of: dict[str, set[str]] = {}
        people = _people(material, told, more)
        for label, person in self._labels(told, people):
            self._names.setdefault(person, {})[label] = None
            self._of.setdefault(_plain(label), set()).add(person)
        # Who is spoken of as a person, or was asked, is one, whatever else bears the label by mistake.
        self._things = {one.about for one in told if one.about_kind != "person"}
        self._things -= {self._person(label) for label in people} if self._things else set()

    def _person(self, label: str) -> str:
        return stands_for(label, self._resolution)

    def _level(self, person: str, telling: str = "") -> int:
        return self._permitted.somebody(person, self._asked, telling).level

    def _labels(self, told: Sequence[Statement], people: Iterable[str]) -> Iterator[tuple[str, str]]:
        """What people are called, each with whom it stands for."""
        for one in told:
            # A document is nobody: "county notice".
            labels = [*one.chain[one.role == "document" and _is_small(one.source) :]]
            if one.about_kind == "person":
                labels.append(one.about.partition("\x1f")[0])
                if kind(one.fact) == "name":
                    yield one.value, self._person(one.subject)
            known = vocabulary().facts.get(kind(one.fact))
            if known is not None and known.subject:
                labels.append(one.value)
            yield from ((label, self._person(label)) for label in labels)
        yield from ((label, self._person(label)) for label in sorted(people))

    @property
    def names(self) -> dict[str, list[str]]:
        """All names of those who are not named everywhere in this draft: who is spoken of, who told, who is
        named as a relative or in a chain."""
        sometimes = {self._person(giver) for givers in self._some.values() for giver in givers}
        open_ = self._everywhere - sometimes
        return {
            whose: [one for one in own if is_name(one)]
            for whose, own in self._names.items()
            if whose not in open_ and whose not in self._things
        }

    def open(self, telling: str) -> Open:
        """Who may be named in a telling (its key; "": anywhere)."""
        known = self._open.get(telling)
        if known is None:
            givers = {self._person(giver) for giver in self._some.get(telling, ())}
            here = {
                person
                for person in givers
                if person not in self._hidden and self._level(person, telling) >= NAMED
            }
            known = self._open[telling] = Open(self._everywhere, here, givers - here)
        return known

    def bearers(self, name: str) -> tuple[str, ...]:
        """Who is called so, with whatever spaces and capitals."""
        return tuple(sorted(self._of.get(_plain(name), ())))

    def own_name(self, label: str, life: str, telling: str) -> bool:
        """Whether a label is but the name of somebody who may be named there; ``life``: whose it is, where
        that is known."""
        whose = {self._person(life)} if life else set(self.bearers(label))
        open_ = self.open(telling)
        return any(person in open_ for person in whose) and is_plain(label)


def _plain(label: str) -> str:
    return " ".join(composed(label).casefold().split())


def _people(material: Material, told: Sequence[Statement], more: Iterable[str]) -> set[str]:
    """The labels that are of people: of whom somebody spoke as one, who was asked, who can be reached."""
    found = {one.about for one in material.statements if one.about_kind == "person"}
    found |= {one.about.partition("\x1f")[0] for one in told if one.about_kind == "person"}
    found |= {one.value for one in told if one.value and one.fact.startswith("relation")}
    found |= {one.giver for one in material.consents.given}
    return found | {one.who for one in material.consents.pseudonyms} | set(more)


def _is_small(label: str) -> bool:
    """Whether a label is in small letters, in a script that has others."""
    return label == label.lower() != label.upper()


def is_name(label: str) -> bool:
    """Whether a label can be somebody's name. In small letters it is one, too ("gulnar tursun"), where it
    does not say what somebody is ("elderly woman", "her aunt")."""
    if not label or label.startswith("?"):
        return False
    return not _is_small(label) or (is_plain(label) and not kin(label) and parse(label).kind == "name")


def stands_for(label: str, resolution: Resolution) -> str:
    """The label that a person is known by who has several: the first that is one; of somebody unnamed the
    first key."""
    members = resolution.members(label)
    return next((one for one in members if "\x1f" not in one), members[0])


def is_unnamed(person: str) -> bool:
    """Whether nobody says what somebody is called (``stands_for`` gave this)."""
    return "\x1f" in person
