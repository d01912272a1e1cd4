"""Judgement: a member's decision, with a reason; a later one may withdraw it."""

from __future__ import annotations

from typing import Literal

import msgspec

Decision = Literal["set-aside", "allow-question", "withdrawn"]


class Judgement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One decision.

    ``set-aside``: ``statement`` is kept and shown, no longer reasoned with.
    ``allow-question``: ``event`` of ``subject`` may be asked of ``source``
    although asking could make a survivor relive the worst.
    ``withdrawn``: the judgement ``withdraws`` no longer holds.
    ``made`` is the ISO day on which it was made.
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
