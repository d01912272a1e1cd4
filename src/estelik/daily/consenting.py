"""Consenting: what somebody who has told says of each use, as consents that can be entered."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.daily.today import today
from estelik.exchange import consents as sheet
from estelik.language.reader import N_
from estelik.records.consent import Consent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.daily.telling import Telling, Terms, Use
    from estelik.records.consent import Audience, Purpose


class Asking(NamedTuple):
    """One use that is asked about: to whom, for what, and its words."""

    audience: Audience
    purpose: Purpose
    words: str


#: What is asked, the nearest first.
USES: Final[dict[str, Asking]] = {
    "care": Asking("partner", "care", N_("To doctors, lawyers and others who help")),
    "tracing": Asking("family", "tracing", N_("To the family, to look for the person")),
    "un": Asking("un", "advocacy", N_("To bodies of the United Nations, in letters and appeals")),
    "court": Asking("court", "legal", N_("To a court or a prosecutor")),
    "research": Asking("partner", "research", N_("To those who do research")),
    "press": Asking("press", "advocacy", N_("To the press")),
    "public": Asking("public", "publication", N_("To everybody, in the public record")),
}


def given(telling: Telling, member: str, people: frozenset[str], key: bytes) -> tuple[Consent, ...]:
    """The consents of a telling: to be recorded, and to each use that she was asked about. The same telling
    gives the same consents, with the same ids. ``people``: the labels that a condition can be about.

    Raises ``SheetError`` where something cannot be entered so.
    """
    known = sheet.Known(
        people | {telling.source, *telling.abouts},
        {telling.testimony: telling.testimony},
        {},
        today(),
        key,
    )
    rows = [
        (number, _row(telling, member, one))
        for number, one in enumerate(telling.allowed, start=1)
        if one.use in USES and one.answer in ("yes", "no")
    ]
    return (_recorded(telling, member), *sheet.entered(rows, known).fresh)


class Said(NamedTuple):
    """What somebody said of uses outside a telling: on which day (ISO), how (``records.consent.Manner``),
    whether it was read back to her, and who wrote it down."""

    giver: str
    uses: tuple[Use, ...]
    terms: Terms
    given: str
    manner: str
    read_back: bool
    recorder: str


def rows(said: Said, scopes: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What was said of each use, for each of these scopes (and of what), as rows of a sheet of consents."""
    return [
        {
            **_common(said, one),
            "scope": scope,
            "of": of,
            "audience": USES[one.use].audience,
            "purpose": USES[one.use].purpose,
        }
        for scope, of in scopes
        for one in said.uses
        if one.use in USES and one.answer in ("yes", "no")
    ]


def renewal(said: Said, earlier: Consent, of: str) -> list[dict[str, str]]:
    """What was said when somebody was asked again, as a row that renews an ``earlier`` consent; ``of``: of
    what, as a sheet names it."""
    return [
        {
            **_common(said, one),
            "scope": earlier.scope,
            "of": of,
            "audience": "; ".join(earlier.audiences),
            "purpose": "; ".join(earlier.purposes),
            "renews": earlier.id,
        }
        for one in said.uses
    ]


def _common(said: Said, use: Use) -> dict[str, str]:
    yes, terms = use.answer == "yes", said.terms
    return {
        "giver": said.giver,
        "answer": use.answer,
        "identity": use.identity if yes else "",
        "media": "words" if yes and use.words else "",
        "until": terms.until if yes else "",
        "condition": terms.condition if yes else "",
        "concerns": terms.concerns if yes and terms.condition else "",
        "given": said.given,
        "manner": said.manner,
        "read_back": "yes" if said.read_back else "no",
        "recorder": said.recorder,
    }


def _row(telling: Telling, member: str, use: Use) -> dict[str, str]:
    asked, yes = USES[use.use], use.answer == "yes"
    terms = telling.terms
    return {
        "giver": telling.source,
        "scope": "testimony",
        "of": telling.testimony,
        "answer": use.answer,
        "audience": asked.audience,
        "purpose": asked.purpose,
        "identity": use.identity if yes else "",
        "media": "words" if yes and use.words else "",
        "until": terms.until if yes else "",
        "condition": terms.condition if yes else "",
        "concerns": terms.concerns if yes and terms.condition else "",
        "given": telling.told,
        "manner": "recorded",
        "language": telling.language,
        "read_back": "yes" if telling.all_heard else "no",
        "recorder": member,
    }


def _recorded(telling: Telling, member: str) -> Consent:
    """That she agreed to be recorded: it opens nothing to anybody, and says through whom she spoke."""
    note = f"agreed to be recorded, {telling.agreed}"
    if telling.interpreter:
        note += f"; interpreter: {telling.interpreter}"
    return Consent(
        "c" + hashlib.sha256(f"recorded {telling.id}".encode()).hexdigest()[:20],
        telling.source,
        "testimony",
        telling.told,
        (),
        (),
        of=telling.testimony,
        manner="recorded",
        language=telling.language,
        recorder=member,
        note=note,
    )
