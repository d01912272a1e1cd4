"""Judgement: a member's decision, with a reason; a later one may withdraw it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Decision = Literal[
    "set-aside", "allow-question", "verified", "withdrawn", "same", "different", "unsure", "split"
]

#: The decisions on who is who.
ON_IDENTITY: Final = frozenset({"same", "different", "unsure", "split"})


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A subject that a judgement on who is who names.

    ``label``; for somebody unnamed (``?...``) also the ``statement`` (its own
    id) that speaks of that one; for what was split off also the ``testimony``
    in which the label stands for another person. In the vault ``testimony`` is
    the id of its record, and ``record`` (the id of a subject's record, for
    somebody unnamed of the statement's) stands in place of a label that has no
    place in the judgement's compartment.
    """

    label: str = ""
    statement: str = ""
    testimony: str = ""
    record: str = ""


class Judgement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One decision.

    ``set-aside``: ``statement`` is kept and shown, no longer reasoned with.
    ``allow-question``: ``event`` of ``subject`` may be asked of ``source``
    although asking could make a survivor relive the worst.
    ``verified``: ``statement`` was held against what it rests on, and says what that says.
    ``withdrawn``: the judgement ``withdraws`` no longer holds.
    ``same``, ``different``, ``unsure``: whether two ``subjects`` are one.
    ``split``: what a telling says under a label (the one of ``subjects``) is
    about somebody else.
    ``made`` is the ISO day on which it was made, ``device`` the id of the
    device on which it was.
    """

    id: str
    decision: Decision
    reason: str
    made: str
    statement: str = ""
    subject: str = ""
    event: str = ""
    source: str = ""
    withdraws: str = ""
    subjects: tuple[Named, ...] = ()
    device: str = ""
