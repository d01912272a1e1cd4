"""Handing: what is handed to somebody outside: drawn by what people allowed, looked through, noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.daily.examining import check_all_open, surroundings
from estelik.daily.releasing import material, note_leaving
from estelik.errors import ConsentError, ReleaseError, Sentence
from estelik.protection.examination import Examination, Examined
from estelik.protection.gate import Projection
from estelik.protection.placed import Placed
from estelik.protection.release import seal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from pathlib import Path

    from estelik.casebook import Casebook
    from estelik.protection.permission import Asked

#: What these have, everybody has: it takes two to let a finding stand, and only a release asks for two.
OPEN: Final = frozenset({"press", "public"})


class Looked(msgspec.Struct, frozen=True):
    """What is to be handed over, looked through: the ``findings``, and where places lie (``placed``)."""

    cleared: Projection
    examination: Examination
    findings: tuple[Examined, ...]
    placed: Placed


def let_out(
    casebook: Casebook, subjects: Sequence[str], asked: Asked, *, language: str = "en", today: date
) -> tuple[str, int, Projection]:
    """The page of these subjects, or of all, as an audience may see it, how many lives are in it, and all
    that stands there, also of others from whom something of these follows. Drawings end ``today``.

    Raises ``ConsentError`` where nothing may be shown.
    """
    wanted = {key for subject in subjects for key in casebook.lives.whose(subject)}
    return _let_out(casebook, wanted if subjects else None, asked, language=language, today=today)


def let_out_lives(
    casebook: Casebook, keys: Collection[str], asked: Asked, *, language: str = "en", today: date
) -> tuple[str, int, Projection]:
    """As ``let_out``, of the lives with these keys. Raises ``ConsentError`` where nothing may be shown."""
    members = casebook.lives.resolution.members
    wanted = {one for key in keys for one in members(key)}
    return _let_out(casebook, wanted, asked, language=language, today=today)


def _let_out(
    casebook: Casebook, wanted: set[str] | None, asked: Asked, *, language: str, today: date
) -> tuple[str, int, Projection]:
    from msgspec.structs import replace

    from estelik.language.reader import outsider
    from estelik.publication.report import render
    from estelik.views.dossier import pages

    cleared = casebook.cleared(asked)
    shown = {life for life, own in cleared.lives.items() if wanted is None or own in wanted}
    if not shown:
        raise ConsentError(
            "Nothing of this may be shown to them, for this purpose, on this day.",
            do="Say why of a statement: estelik consent why ID --for ... --purpose ...",
        )
    subjects = None if wanted is None else {life.split("\x1f")[0] for life in shown}
    day = today.toordinal()
    made = pages(cleared.statements, cleared.judgements, today=day, subjects=subjects)
    # What to ask next is for those who ask.
    found = [
        replace(page, questions=(), withheld=(), outside=True)
        for page in made
        # Of several unnamed people who share a label only those who were asked for.
        if wanted is None or page.key in shown
    ]
    # What a page cites of other lives stands in it, too.
    cited = {line.statement.statement for page in found for line in page.statements}
    there = tuple(one for one in cleared.statements if one.subject in shown or one.statement in cited)
    about = {one.subject for one in there}
    left = replace(
        cleared,
        statements=there,
        lives={life: own for life, own in cleared.lives.items() if life in about},
        origin={one.statement: cleared.origin[one.statement] for one in there},
        tellers={one.statement: cleared.tellers[one.statement] for one in there},
        pseudonymous=cleared.pseudonymous & about,
    )
    return render(found, today=day, speaker=outsider(language)), len(found), left


def looked_through(casebook: Casebook, cleared: Projection, lists: Sequence[Path] = ()) -> Looked:
    """Looks for whom a report would give away, as before a release."""
    around, placed = surroundings(casebook, lists)
    looked = Examination(cleared, material(casebook), around, casebook.statement_key)
    return Looked(cleared, looked, tuple(looked.findings()), placed)


def hand_over(casebook: Casebook, looked: Looked, recipient: str, anyway: str) -> None:
    """Notes what is handed to whom, before it is. Raises ``ReleaseError`` where something was found that
    nobody, or one member alone, may let stand, or for everybody by a member to whom not all is open."""
    findings, asked = looked.findings, looked.cleared.asked
    if asked.audience in OPEN:
        check_all_open(casebook)
    if findings and asked.audience in OPEN:
        raise ReleaseError(
            Sentence(
                "%(count)s findings would be for the press and the public to read.", count=len(findings)
            ),
            safe="Nothing was written.",
            do="Make a release of it: estelik release draft, mend or let, approve, publish",
        )
    if findings and not anyway.strip():
        raise ReleaseError(
            Sentence("%(count)s findings: look at each.", count=len(findings)),
            safe="Nothing was written.",
            do="Where they may have it all the same, say why: --anyway REASON",
        )
    note_leaving(
        casebook,
        "",
        seal(looked.cleared),
        looked.examination,
        recipient.strip() or asked.audience,
        findings=tuple(one.print for one in findings),
        anyway=anyway.strip() if findings else "",
    )
