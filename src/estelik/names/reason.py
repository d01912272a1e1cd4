"""Reason: what speaks for two names being one person's, and what against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from estelik.names import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.names.comparison import Matched
    from estelik.names.name import Name
    from estelik.names.part import Part, Role
    from estelik.names.script import Script

#: ``same``, ``alike``, ``other``: how two words fit; ``root``: the father's or family's name is the same,
#: formed in another way; ``short``: one is short for the other; ``initial``: a letter that fits;
#: ``unmatched``: a word that the other name lacks; ``sexes``: the endings tell a man and a woman;
#: ``siblings``: all is the same but the given name; ``nothing``: one of them is no name; ``scripts``: they
#: are compared across scripts.
Kind = Literal[
    "same",
    "alike",
    "other",
    "root",
    "short",
    "initial",
    "unmatched",
    "sexes",
    "siblings",
    "nothing",
    "scripts",
]
_SAME: Final = 0.8
_ALIKE: Final = 0.45


class Reason(NamedTuple):
    """A reason: its kind, the roles of the words it is about in each name, and the scripts of both names."""

    kind: Kind
    left: Role = "any"
    right: Role = "any"
    scripts: tuple[Script, Script] = ("Zyyy", "Zyyy")


def reasons(left: Name, right: Name, matched: Sequence[Matched], *, sexes: int) -> tuple[Reason, ...]:
    """Why two names fit as they do. ``matched``: which of their words go together; ``sexes``: -1 where their
    endings tell different ones."""
    if not left.parts or not right.parts:
        return (Reason("nothing"),)
    ours, theirs = _words(left), _words(right)
    out: list[Reason] = []
    if left.script != right.script:
        out.append(Reason("scripts", scripts=(left.script, right.script)))
    for one in matched:
        mine, other = _at(ours, one.left), _at(theirs, one.right)
        out.append(Reason(_kind(one, mine, other), _role(mine), _role(other)))
    spare = max(len(ours), len(theirs)) - len(matched)
    out += [Reason("unmatched")] * max(spare, 0)
    if sexes < 0:
        out.append(Reason("sexes"))
    if _siblings(out):
        out.append(Reason("siblings"))
    return tuple(out)


def _words(name: Name) -> list[Part]:
    out = []
    for part in name.parts:
        if part.role != "honorific":
            whole = part.marker or " " in part.text
            pieces = [part.text] if whole else part.text.split("-")
            out += [part] * len([piece for piece in pieces if any(map(str.isalpha, piece))])
    return out


def _at(parts: Sequence[Part], place: int) -> Part | None:
    return parts[place] if place < len(parts) else None


def _role(part: Part | None) -> Role:
    return part.role if part is not None else "any"


def _kind(one: Matched, mine: Part | None, other: Part | None) -> Kind:
    if (mine is not None and mine.initial) or (other is not None and other.initial):
        return "initial" if one.share > 0 else "other"
    if one.share < _ALIKE:
        return "other"
    if one.kind == matching.SHORT:
        return "short"
    if one.kind == matching.ROOT:
        return "root"
    return "same" if one.share >= _SAME else "alike"


def _siblings(found: Iterable[Reason]) -> bool:
    """Whether the father's or family's name is the same, and the given name is not."""
    kin = ("patronym", "surname", "father")
    family = [one for one in found if one.left in kin and one.right in kin]
    given = [one for one in found if one.left not in kin and one.right not in kin and one.kind == "other"]
    return bool(family) and bool(given) and all(one.kind in ("same", "root", "alike") for one in family)
