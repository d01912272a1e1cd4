"""Releases: what a draft lets out, once what its editors changed is changed and what was withdrawn is gone.

Statements and people are named by fingerprints (``fingerprint``): a release is remembered when what it was
made of is erased."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.errors import ReleaseError
from estelik.identity.resolution import Resolution
from estelik.identity.verdict import Verdict
from estelik.protection.gate import cleared
from estelik.records import Judgement, Statement
from estelik.records.consent import Consents

if TYPE_CHECKING:
    from estelik.protection.gate import Projection
    from estelik.protection.permission import Asked
    from estelik.records.release import Change, Release

#: The columns whose cells an editor can make say less.
ROUGHER = frozenset(
    {"when", "age", "after", "before", "gap", "place", "by", "value", "told", "quote", "via", "evidence"}
)


class Material(msgspec.Struct, frozen=True):
    """All that a release is made from: statements as they lie in the casebook, decisions, consents."""

    statements: Sequence[Statement]
    judgements: Sequence[Judgement]
    verdicts: Sequence[Verdict]
    resolution: Resolution
    consents: Consents


def fingerprint(key: bytes, kind: Literal["person", "statement", "finding", "event"], text: str) -> str:
    """What stands for a person (the label), a statement (its own id), a finding or the
    label of an event in a release."""
    return hmac.new(key, f"{kind}\x1f{text}".encode(), "sha256").hexdigest()[:32]


def draw(release: Release, material: Material, asked: Asked, key: bytes) -> Projection:
    """What a release lets out. Raises ``ReleaseError`` where it was withdrawn."""
    return cleared(
        drafted(release, material, key),
        material.judgements,
        material.verdicts,
        material.resolution,
        material.consents,
        asked,
    )


def drafted(release: Release, material: Material, key: bytes) -> list[Statement]:
    """The statements that a release is drawn from, as its editors let them say. Raises ``ReleaseError`` where
    it was withdrawn."""
    if release.withdrawn:
        raise ReleaseError("This release was withdrawn.", do="Draft another.")
    wanted = set(release.draft.people)
    gone = {one for each in release.retractions for one in each.people}
    changes: dict[str, list[Change]] = {}
    for change in release.changes:
        changes.setdefault(change.statement, []).append(change)
    left = []
    for one in material.statements:
        people = people_of(one, material.resolution, key)
        if gone & people or (wanted and one.about_kind == "person" and not wanted & people):
            continue
        changed = _changed(one, changes.get(fingerprint(key, "statement", one.statement), ()))
        if changed is not None:
            left.append(changed)
    return left


def people_of(statement: Statement, resolution: Resolution, key: bytes) -> set[str]:
    """The fingerprints of whom a statement is about: of each label of the life."""
    members = resolution.members(resolution.key(statement))
    return {fingerprint(key, "person", one) for one in members}


def _changed(statement: Statement, changes: Sequence[Change]) -> Statement | None:
    """The statement as the editors let it say; None where it is left out."""
    cells = {}
    for one in changes:
        if not one.column:
            return None
        if one.column in ROUGHER:
            cells[one.column] = one.to
    if not cells:
        return statement
    changed = msgspec.structs.replace(statement, **cells)
    if not (changed.after or changed.before):
        changed = msgspec.structs.replace(changed, gap="")
    return changed


def seal(projection: Projection) -> str:
    """The print of all that leaves (SHA-256): two drafts with the same one let out the same."""
    leaving = msgspec.json.encode((projection.statements, projection.judgements, projection.asked.audience))
    return hashlib.sha256(leaving).hexdigest()
