"""Candidate: two subjects who may be one, put before a member to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.identity.evidence import Evidence
from estelik.identity.verdict import pair

if TYPE_CHECKING:
    from estelik.identity.verdict import Pair


class Candidate(msgspec.Struct, frozen=True):
    """Two subjects (keys, ``Statement.subject``) who may be one: ``score`` from 0 to 1, and in words why.

    ``names``: of each the name that fits, and the ``evidence`` beside them; the reasons are to be had from
    these where none are given. ``linked``: linkage found them, and why is worked out when it is asked.
    """

    one: str
    other: str
    score: float
    reasons: tuple[str, ...] = ()
    names: tuple[str, str] = ("", "")
    evidence: tuple[Evidence, ...] = ()
    linked: bool = False

    @property
    def pair(self) -> Pair:
        """The two subjects, in order."""
        return pair(self.one, self.other)
