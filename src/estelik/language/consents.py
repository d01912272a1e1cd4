"""What somebody allows, in words: to whom and for what, as whom, of what, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.language.numbers import listed
from estelik.language.reader import N_

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.records.consent import Consent

AUDIENCES: Final = {
    "partner": N_("partner organisations"),
    "un": N_("bodies of the United Nations"),
    "court": N_("a court or a prosecutor"),
    "family": N_("the family"),
    "press": N_("the press"),
    "public": N_("everybody"),
}
PURPOSES: Final = {
    "publication": N_("the public record"),
    "advocacy": N_("letters and appeals"),
    "legal": N_("legal proceedings"),
    "research": N_("research"),
    "care": N_("care"),
    "tracing": N_("looking for the person"),
}
#: As whom somebody appears.
IDENTITIES: Final = {
    "none": N_("nobody is named"),
    "pseudonym": N_("another name"),
    "named": N_("her own name"),
}
MEDIA: Final = {"face": N_("face"), "voice": N_("voice"), "words": N_("in her own words")}
STANDINGS: Final = {
    "holds": N_("Holds."),
    "refused": N_("A refusal."),
    "withdrawn": N_("Withdrawn."),
    "renewed": N_("Renewed by a later one."),
    "ended": N_("Has ended."),
    "to begin": N_("Does not hold yet."),
    "waits": N_("Waits for its condition."),
    "ask again": N_("The condition is met: ask again. Nothing is open until then."),
    "unchecked": N_("Look whether repeating what is public already could bring harm."),
}
#: How a consent stands that presses.
PRESSING: Final = frozenset({"ask again", "unchecked", "waits"})
SCOPES: Final = {
    "testimony": N_("for one telling"),
    "person": N_("for what is said of one person"),
    "all": N_("for all that she says"),
}
RISKS: Final = {
    "relative": N_("A relative can be reached"),
    "guarantor": N_("Whoever stands surety can be reached"),
    "cellmate": N_("Somebody held together with her can be reached"),
    "incident": N_("Something happened"),
    "threat": N_("A threat"),
}


def to_whom(reader: Reader, consent: Consent) -> Markup:
    """To whom, and for what."""
    if not consent.audiences:
        return reader._("Agreed to be recorded; that shows nothing to anybody")
    if consent.answer == "no" and len(consent.audiences) == len(AUDIENCES):
        return reader._("To nobody, for nothing")
    return reader.capital(
        reader._(
            "to %(audiences)s, for %(purposes)s",
            audiences=listed(reader, [reader._(AUDIENCES[one]) for one in consent.audiences]),
            purposes=listed(reader, [reader._(PURPOSES[one]) for one in consent.purposes]),
        )
    )


def as_whom(reader: Reader, consent: Consent) -> Markup:
    """For what it is, as whom she appears, and what of her may be seen or heard."""
    words = reader.capital(reader._(SCOPES[consent.scope]))
    parts = [reader._(IDENTITIES[consent.identity]), *(reader._(MEDIA[one]) for one in consent.media)]
    for part in parts if consent.answer == "yes" else ():
        words = reader._("%(first)s; %(second)s", first=words, second=part)
    return words


def stands(reader: Reader, standing: str) -> Markup:
    """How a consent stands."""
    return reader._(STANDINGS[standing])


def risk(reader: Reader, kind: str) -> Markup:
    """What kind of risk it is."""
    return reader._(RISKS[kind])
