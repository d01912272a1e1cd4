"""Examining: whom a release would give away, and what its editors decide of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from estelik.daily.releasing import (
    asked_today,
    by_whom,
    check_reason,
    enter,
    material,
    opened,
    said,
)
from estelik.errors import NotFoundError, ReleaseError, Sentence, UsageError
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from estelik.casebook import Casebook
    from estelik.protection.examination import Examination, Examined, Surroundings
    from estelik.protection.gate import Projection
    from estelik.protection.mending import Rougher
    from estelik.protection.placed import Placed
    from estelik.records.release import Change, Release

#: So many members have to let a finding stand.
TWO: Final = 2


def examined(casebook: Casebook, found: Release, lists: Sequence[Path] = ()) -> tuple[Examination, Placed]:
    """A draft looked at, against all that was published before, and public ``lists`` (CSV)."""
    from estelik.protection.examination import Examination
    from estelik.protection.release import draw, seal

    around, placed = surroundings(casebook, lists)
    made = material(casebook)
    projection = draw(found, made, asked_today(found.draft), casebook.statement_key)
    # What went out of this very release, as it is now, adds nothing to it.
    print_ = seal(projection)
    other = [one for one in around.published if (one.release, one.print) != (found.draft.id, print_)]
    around = replace(around, published=other)
    return Examination(projection, made, around, casebook.statement_key, found.draft.title), placed


def surroundings(casebook: Casebook, lists: Sequence[Path] = ()) -> tuple[Surroundings, Placed]:
    """What a draft, or a report for others, is looked at against."""
    from estelik.exchange.background import read
    from estelik.index.consents import risks
    from estelik.places.atlas import Atlas
    from estelik.protection.examination import Surroundings
    from estelik.protection.placed import Placed
    from estelik.records.release import Draft, Publication
    from estelik.records.risk import standing

    placed = Placed(Atlas(casebook.lives.about_places()))
    pools = [read(one, placed) for one in lists]
    every = [one.record for one in said(casebook)]
    public = {one.id for one in every if isinstance(one, Draft) and one.audience == "public"}
    left = [one for one in every if isinstance(one, Publication)]
    published = [one for one in left if one.release in public and not one.recipient]
    around = Surroundings(
        placed,
        published,
        [one.pool for one in pools],
        [fact for one in pools for fact in one.out],
        standing(risks(casebook.vault.store, casebook.out_of_sight())),
        [one for one in left if one not in published],
    )
    return around, placed


def rulings(casebook: Casebook, found: Release) -> dict[str, set[str]]:
    """By finding the members who let it stand, as their devices signed it, and belong to the office today."""
    from estelik.records.release import Ruling

    members = casebook.vault.registrar.standing.members
    out: dict[str, set[str]] = {}
    for one in said(casebook):
        if (
            isinstance(one.record, Ruling)
            and one.record.release == found.draft.id
            and members[one.member].present
        ):
            out.setdefault(one.record.finding, set()).add(one.member)
    return out


def closed(casebook: Casebook) -> tuple[str, ...]:
    """The compartments that this member does not hold."""
    return tuple(one for one in COMPARTMENTS if one not in casebook.vault.store.schemas)


def holders(casebook: Casebook) -> tuple[str, ...]:
    """The names of the members who hold all compartments."""
    members = casebook.vault.registrar.standing.members.values()
    every = set(COMPARTMENTS)
    return tuple(sorted(one.name for one in members if one.present and one.compartments >= every))


def check_all_open(casebook: Casebook) -> None:
    """Raises ``ReleaseError`` where a compartment is closed to this member: she could not look for those who
    are spoken of there alone."""
    if missing := closed(casebook):
        raise ReleaseError(
            Sentence(
                "Who lets out something for good has to see who would be given away, and not all is open to "
                "you: %(words)s.",
                words=", ".join(missing),
            ),
            do="Ask somebody who holds all compartments: estelik member list",
        )


def left_open(casebook: Casebook, found: Release, looked: Examination) -> list[Examined]:
    """The findings that fewer than two members of today's office let stand."""
    yes = rulings(casebook, found)
    return [one for one in looked.findings() if len(yes.get(one.print, ())) < TWO]


def ready(casebook: Casebook, found: Release, lists: Sequence[Path] = ()) -> tuple[Examination, str]:
    """A release that can leave now, looked at anew, and the print of what leaves: it is today as it was
    approved, by somebody who belongs to the office still, and nothing is found in it that two did not let
    stand: since it was approved something may have been published, or somebody become known. Raises
    ``ReleaseError``."""
    from estelik.protection.release import seal
    from estelik.records.release import Approval

    check_all_open(casebook)
    members = casebook.vault.registrar.standing.members
    approvals = [
        one.record.print
        for one in said(casebook)
        if isinstance(one.record, Approval)
        and one.record.release == found.draft.id
        and members[one.member].present
    ]
    looked, _ = examined(casebook, found, lists)
    print_ = seal(looked.projection)
    if not approvals or approvals[-1] != print_:
        raise ReleaseError(
            "What would leave today is not what was approved."
            if approvals
            else "This release was not approved.",
            do="Check it, and approve it as it is: estelik release check, estelik release approve",
        )
    if open_ := left_open(casebook, found, looked):
        raise ReleaseError(
            Sentence("%(count)s findings are open.", count=len(open_)),
            safe="Nothing was published.",
            do="See: estelik release check",
        )
    return looked, print_


def the(findings: Sequence[Examined], begins: str) -> Examined:
    """The finding whose fingerprint begins so. Raises ``NotFoundError``."""
    found = [one for one in findings if begins and one.print.startswith(begins)]
    if len(found) != 1:
        raise NotFoundError("There is no such finding.", do="See: estelik release check")
    return found[0]


def proposed(
    casebook: Casebook, found: Release, looked: Examination, placed: Placed, findings: Sequence[Examined]
) -> tuple[Rougher, ...]:
    """What would be changed for these findings to be gone, each once."""
    from estelik.protection.mending import mends
    from estelik.protection.release import drafted

    draft = drafted(found, looked.material, casebook.statement_key)
    told = {each.statement: each for each in draft}
    return tuple(dict.fromkeys(each for one in findings for each in mends(one, told, placed.called)))


def mend(
    casebook: Casebook, id_: str, findings: Sequence[str], reason: str, lists: Sequence[Path] = ()
) -> tuple[Rougher, ...]:
    """Lets a release say less, as far as each of these findings (how their fingerprints begin) asks for it;
    what was changed. Raises ``ReleaseError`` where nothing can mend them."""
    check_reason(reason)
    with casebook.entering():
        found = opened(casebook, id_)
        looked, placed = examined(casebook, found, lists)
        every = looked.findings()
        asked = [the(every, one) for one in findings]
        less = proposed(casebook, found, looked, placed, asked)
        if not less and any(not one.statements for one in asked):
            raise ReleaseError(
                "The title is told to everybody, and stays as it was drafted.",
                do="Draft another release: estelik release draft",
            )
        if not less:
            raise ReleaseError(
                "Nothing in this release can mend that: it is out already.",
                do="Two members can let it stand: estelik release let",
            )
        enter(casebook, *(_change(casebook, id_, one.statement, reason, one.column, one.to) for one in less))
    return less


def _change(casebook: Casebook, release: str, statement: str, reason: str, column: str, to: str) -> Change:
    from estelik.protection.release import fingerprint
    from estelik.records.release import Change

    print_ = fingerprint(casebook.statement_key, "statement", statement)
    return Change(*by_whom(casebook), release, print_, reason, column, to)


def change(casebook: Casebook, id_: str, statement: str, reason: str, column: str = "", to: str = "") -> None:
    """Lets a statement say less in a release: the cell of a column is ``to``, or, where none is named, the
    row is left out.

    Raises ``UsageError`` where that would not say less, ``NotFoundError`` where there is no such statement.
    """
    from estelik.places.atlas import Atlas
    from estelik.protection.less import less
    from estelik.protection.mending import corrected
    from estelik.protection.release import ROUGHER

    check_reason(reason)
    if column and column not in ROUGHER:
        raise UsageError(
            "This column cannot be made to say less.",
            do=Sentence("One of: %(words)s.", words=", ".join(sorted(ROUGHER))),
        )
    if to and not column:
        raise UsageError("It does not say of which column.", do="Give --column, too.")
    with casebook.entering():
        found = opened(casebook, id_)
        if statement not in casebook.known().digests([statement]):
            raise NotFoundError("There is no statement with this id.", do="Check the id.")
        told = {one.statement: one for one in casebook.statements()}
        atlas = Atlas(casebook.lives.about_places())
        if column and not less(column, getattr(told[statement], column), to, atlas):
            raise UsageError(
                "That would not say less.",
                do="Leave it blank, take words out of a quote or a content, make a date, an age or a time "
                "wider, or name an area around a place.",
            )
        # Without the row, what it corrects would count again.
        every = (statement, *(() if column else corrected(statement, told)))
        enter(casebook, *(_change(casebook, found.draft.id, one, reason, column, to) for one in every))


def let(casebook: Casebook, id_: str, finding: str, reason: str, lists: Sequence[Path] = ()) -> set[str]:
    """Lets a finding stand, signed by this member; the members (ids) who did so now. It takes two."""
    from estelik.records.release import Ruling

    check_reason(reason)
    with casebook.entering():
        found = opened(casebook, id_)
        looked, _ = examined(casebook, found, lists)
        one = the(looked.findings(), finding)
        enter(casebook, Ruling(*by_whom(casebook), found.draft.id, one.print, reason))
        return rulings(casebook, found)[one.print]


def approve(casebook: Casebook, id_: str, lists: Sequence[Path] = ()) -> Projection:
    """Approves a release as it is today; what that is. Raises ``ReleaseError`` where anything is open, or
    nothing may leave."""
    from estelik.protection.release import seal
    from estelik.records.release import Approval

    check_all_open(casebook)
    with casebook.entering():
        found = opened(casebook, id_)
        looked, _ = examined(casebook, found, lists)
        if open_ := left_open(casebook, found, looked):
            raise ReleaseError(
                Sentence("%(count)s findings are open.", count=len(open_)),
                safe="Nothing was approved.",
                do="See: estelik release check",
            )
        # What was looked at is what is approved.
        projection = looked.projection
        if not projection.statements and not found.publications:
            raise ReleaseError("Nothing is in it that may leave today.", safe="Nothing was approved.")
        enter(casebook, Approval(*by_whom(casebook), found.draft.id, seal(projection)))
    return projection
