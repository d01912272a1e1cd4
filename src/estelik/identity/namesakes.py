"""Namesakes: people who may bear a name, and two who may be one person by theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from estelik.names.reason import Reason


class Found(NamedTuple):
    """Somebody (a key) with a ``name`` of theirs, how well it fits and why; "" and no reason where it is the
    number of a document that fits."""

    key: str
    name: str
    score: float
    why: tuple[Reason, ...] = ()


class Alike(NamedTuple):
    """Two people (keys) with the names that fit best, and how well; "" for names that do not fit, where it is
    one number of a document that both have."""

    one: str
    other: str
    score: float
    names: tuple[str, str]
