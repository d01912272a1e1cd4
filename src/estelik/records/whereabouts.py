"""Whereabouts: what a place label stands for, as far as statements and its words tell."""

from __future__ import annotations

import msgspec


class Whereabouts(msgspec.Struct, frozen=True):
    """A place as two questions: the one facility it names (a key that all its
    names share), or None where it only names an area; and the areas, by key,
    that it is or lies in. ``like``: keys that two facilities share which may be
    one under two names. ``name`` is the label to show."""

    name: str
    facility: str | None
    areas: frozenset[str]
    like: frozenset[str] = frozenset()
