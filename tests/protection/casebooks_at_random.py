"""Small casebooks drawn at random in which everything that could give somebody away does occur: names in
every cell, chains, lives joined and split, corrections, decisions, pseudonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from msgspec.structs import replace
from tests.protection.consents_at_random import DAYS, PEOPLE, consents, pick

from estelik.identity.verdict import Verdict, pair, split_name
from estelik.records import Judgement, Statement
from estelik.records.consent import AUDIENCES, PURPOSES, Consent, Consents, Pseudonym

if TYPE_CHECKING:
    from random import Random

TELLINGS: Final = ("t1", "t2", "t3", "Camila at the desk", "")
EVENTS: Final = ("arrest", "camp-entry:Tekes", "release", "release#2", "return")


class World(NamedTuple):
    """All that a gate is asked about."""

    statements: list[Statement]
    judgements: list[Judgement]
    verdicts: list[Verdict]
    consents: Consents


def world(draw: Random, size: int = 14) -> World:
    """A casebook whose consents let a good part of it out."""
    told = [statement(draw, f"s{number}") for number in range(size)]
    ids = [one.statement for one in told]
    for at in range(1, size):
        if draw.random() < 0.15:
            earlier = told[draw.randrange(at)]
            said = told[at].value if told[at].fact != "name" else earlier.about
            told[at] = replace(
                told[at],
                value=said,
                corrects=earlier.statement,
                about=earlier.about,
                about_kind=earlier.about_kind,
            )
    judgements = [
        Judgement(f"j{number}", "set-aside", "Zarina said so", "2024-05-01", statement=draw.choice(ids))
        for number in range(draw.randrange(3))
    ]
    if judgements and draw.random() < 0.3:
        judgements.append(Judgement("jw", "withdrawn", "no", "2024-05-02", withdraws="j0"))
    return World(told, judgements, _verdicts(draw, told), _consents(draw))


def statement(draw: Random, own: str) -> Statement:
    """One statement that names whomever it can."""
    about = draw.choice([*PEOPLE, *PEOPLE, "?old woman"])
    more: dict[str, Any]
    if draw.random() < 0.65:
        more = {"event": draw.choice(EVENTS), "when": draw.choice(["2018", "2018-03", "2019-05-01", ""])}
        if draw.random() < 0.4:
            cell = draw.choice([draw.choice(EVENTS), f"{draw.choice(PEOPLE)}/{draw.choice(EVENTS)}", "told"])
            if cell != more["event"]:
                more[draw.choice(["after", "before"])] = cell
                more["gap"] = draw.choice(["", "P1Y", "~P3M"])
    else:
        more = draw.choice(
            [
                {"fact": "name", "value": about},
                {"fact": "relation:sister", "value": draw.choice(PEOPLE)},
                {"fact": "attribution", "value": draw.choice(PEOPLE)},
                {"fact": "document:passport", "value": "N1234567"},
                {"fact": "occupation", "value": "teacher"},
            ]
        )
    return Statement(
        own,
        about,
        testimony=draw.choice(TELLINGS),
        source=draw.choice(PEOPLE),
        told=draw.choice(["2021", "2021-07-03", "2022"]),
        answer=pick(draw, ["yes"] * 9 + ["no", "refused"]),
        place=draw.choice(["", "Tekes", "Ghulja"]),
        role=draw.choice(["perceived", "told"]),
        via=draw.choice(["", "", "Bolat", "Erlan > Fatima"]),
        compartment=pick(draw, ["testimony"] * 8 + ["medical", "source"]),
        evidence=draw.choice(["", "https://example.org/camila"]),
        quote=draw.choice(["", "I, Zarina, saw it."]),
        note="asked by Gulnar at the desk",
        **more,
    )


def _verdicts(draw: Random, told: list[Statement]) -> list[Verdict]:
    out = []
    for number in range(draw.randrange(3)):
        one, other = pair(*draw.sample([statement.subject for statement in told], 2))
        if one != other:
            out.append(Verdict(f"v{number}", draw.choice(["same", "same", "different"]), one, other))
    said = draw.choice(told)
    if draw.random() < 0.25 and not said.about.startswith("?"):
        name = split_name(said.about, said.telling)
        out.append(Verdict("vs", "split", said.about, name, telling=said.telling))
    return out


def _consents(draw: Random) -> Consents:
    """Somebody in two said yes to all; the others whatever they said."""
    yes = [
        Consent(
            f"y{number}",
            who,
            "all",
            DAYS[0],
            AUDIENCES,
            PURPOSES,
            identity=draw.choice(["named", "named", "named", "pseudonym", "pseudonym", "none"]),
            media=draw.choice([(), ("words",)]),
            including=draw.choice([(), ("medical",)]),
        )
        for number, who in enumerate(PEOPLE)
        if draw.random() < 0.85
    ]
    more = consents(draw, draw.randrange(4))
    names = [
        Pseudonym(f"p{number}", who, "public", f"Rovadi-{number}")
        for number, who in enumerate(PEOPLE)
        if draw.random() < 0.8
    ]
    return Consents((*yes, *more.given), more.acts, tuple(names))
