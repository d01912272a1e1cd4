"""Verdict: a judgement on who is who as it is reasoned with, its subjects by their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from estelik.records import Judgement, Named

Answer = Literal["same", "different", "unsure", "split"]
#: The keys (``Statement.subject``) of two subjects, in order.
Pair = tuple[str, str]


class Verdict(msgspec.Struct, frozen=True, order=True):
    """One judgement that holds.

    ``one`` and ``other`` are keys of subjects (``Statement.subject``). A
    ``split`` says that what is told under the label ``one`` in ``telling``
    (``Statement.telling``) is about ``other``, a subject of its own that is
    called ``split_name``. ``made`` is an ISO day, ``device`` the id of the
    device on which it was made.
    """

    id: str
    decision: Answer
    one: str
    other: str
    reason: str = ""
    made: str = ""
    device: str = ""
    telling: str = ""

    @property
    def pair(self) -> Pair:
        """The two subjects, in order."""
        return pair(self.one, self.other)


def pair(one: str, other: str) -> Pair:
    """Two keys in order: which was named first says nothing."""
    return (one, other) if one <= other else (other, one)


def key(named: Named) -> str:
    """The key of a subject that is named by its label (not by a record), its testimony as
    ``Statement.telling`` has it."""
    if named.testimony:
        return split_name(named.label, named.testimony)
    return f"{named.label}\x1f{named.statement}" if named.statement else named.label


def verdict(judgement: Judgement) -> Verdict | None:
    """A judgement on who is who whose subjects are named by their labels (``key``); None for one that says
    nothing: of a subject and itself, or of less than it should."""
    found, decision = judgement.subjects, judgement.decision
    more = judgement.reason, judgement.made, judgement.device
    if decision == "split" and len(found) == 1 and found[0].testimony:
        (one,) = found
        return Verdict(judgement.id, "split", one.label, key(one), *more, one.testimony)
    if decision in ("same", "different", "unsure") and len(found) == 2 and key(found[0]) != key(found[1]):
        return Verdict(judgement.id, decision, key(found[0]), key(found[1]), *more)
    return None


def split_name(label: str, telling: str) -> str:
    """What somebody is called who shares a label with somebody else, after the telling that speaks of her.

    ``telling`` as ``Statement.telling`` has it: the testimony's label, or who told it and when.
    """
    shown = ", ".join(part for part in telling.split("\x1f") if part)
    return f"{label} ({shown})"


def shown(key: str) -> str:
    """A key as it is shown, and may be typed: the label, of somebody unnamed with the statement's id."""
    label, _, own = key.partition("\x1f")
    return f"{label} ({own})" if own else label
