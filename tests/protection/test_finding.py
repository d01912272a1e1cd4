"""An editor reads in words what gives somebody away, and what to do."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from estelik.language.reader import languages, reader
from estelik.protection.anonymity import anonymity
from estelik.protection.fact import Fact, coarse
from estelik.protection.finding import Finding, InText, OnlyOneKnew, few_people
from estelik.protection.identifying_number import Number
from estelik.protection.named import Mention
from estelik.protection.population import Population
from estelik.protection.relation import Singled
from estelik.protection.repair import repair
from estelik.protection.sole_source import SoleSource
from estelik.protection.wording import said, tell

SPRING = date(2018, 4, 12).toordinal()


def few() -> list[Finding]:
    """Two teachers were taken in Ghulja that spring, eleven in that year."""
    known = []
    for number in range(30):
        key = f"p{number}"
        day = SPRING if number < 2 or number >= 11 else SPRING + 100
        known += [
            Fact(key, "occupation", value="teacher" if number < 11 else "driver", statements=(f"o{number}",)),
            Fact(key, "arrest", "place", "g1", occasion="arrest", statements=(f"a{number}",)),
            Fact(key, "arrest", "when", first=day, last=day, occasion="arrest", statements=(f"a{number}",)),
        ]
    own = [coarse(one, "season") if one.aspect == "when" else one for one in known[:3]]
    population = Population([known], {})
    return list(few_people(population, anonymity(population, own), repair(population, own)))


def text(finding: Finding, language: str = "en") -> str:
    told = tell(reader(language), finding, place={"g1": "Ghulja"}.get, person=str.upper)  # type: ignore[arg-type]  # every key of these is there
    return re.sub(r"<[^>]+>", "", str(told))


def test_few_people_are_told_with_the_repair() -> None:
    (found,) = few()
    assert text(found) == (
        "Of all people only two fit: Occupation: teacher and Arrested in spring 2018. "
        "Say only “Arrested in 2018”: then there are 11."
    )
    assert (found.people, found.statements, found.do) == (("p0",), ("o0", "a0"), "wider")


def test_what_is_out_is_said_to_be() -> None:
    known = [Fact("p0", "occupation", value="minister", release="1")]
    population = Population([known], {})
    (found,) = few_people(population, anonymity(population, known), repair(population, known))
    assert text(found).endswith("All of it is out already, and cannot be taken back.")
    assert found.do == "nothing"


def test_what_only_leaving_out_helps_is_left_out() -> None:
    known = [Fact(f"p{at}", "occupation", value="minister" if not at else "cook") for at in range(9)]
    population = Population([known], {})
    (found,) = few_people(population, anonymity(population, known[:1]), repair(population, known[:1]))
    assert (
        text(found) == "Of all people only one fits: Occupation: minister. Leave out “Occupation: minister”."
    )
    assert found.do == "leave out"


def test_a_sole_source_is_told_with_what_others_know() -> None:
    fact = Fact("p", "arrest", "when", first=SPRING, last=SPRING)
    one = OnlyOneKnew(SoleSource(fact, ("Aman",), 1, ("s1",), coarse(fact, "year")))
    assert text(one) == (
        "“Arrested on 12 April 2018”: only Aman could have told this, and is given away by it. "
        "Others know “Arrested in 2018”: say only that."
    )
    both = OnlyOneKnew(SoleSource(msgspec.structs.replace(fact, aspect="kind"), ("Aman", "Saule"), 1, ()))
    assert text(both) == (
        "“Arrested”: nobody could have told this without Aman and Saule, who are given away by it. "
        "Leave it out."
    )


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (
            Mention(0, 3, "name", "spelled", ("k1", "k2"), "Zarina", 1.0, 3),
            "“Zar” may name K1, K2 or three more. Write it otherwise.",
        ),
        (
            Mention(0, 3, "part", "alike", ("k1",), "Zarina", 0.9),
            "“Zar” may be part of a name of K1. Look whether it is.",
        ),
        (Number(0, 3, "phone"), "“Zar” looks like a telephone number. Take it out."),
        (
            Singled(0, 3, "wife", ("k3",), told=True),
            "“Zar” speaks of somebody who can be reached: K3. Write it otherwise.",
        ),
    ],
)
def test_what_stands_in_a_text_is_told(what: Mention | Number | Singled, told: str) -> None:
    assert text(InText("note", "Zar", what)) == told


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        (Fact("p", "children", "number", first=3, last=3), "children: three"),
        (Fact("p", "children", "number", first=2), "children: two or more"),
        (Fact("p", "children", "number", first=2, last=4), "children: two to four"),
        (Fact("p", "transfer", "place", "Tekes"), "Moved to Tekes"),
        (Fact("p", "illness", "place", "Tekes"), "Illness: Tekes"),
        (
            Fact(
                "p", "birth", "when", first=date(1980, 1, 1).toordinal(), last=date(1989, 12, 31).toordinal()
            ),
            "Born in the 1980s",
        ),
    ],
)
def test_facts_are_said_as_people_would(fact: Fact, told: str) -> None:
    assert re.sub(r"<[^>]+>", "", str(said(reader(), fact))) == told


@pytest.mark.parametrize("language", languages())
def test_findings_are_told_in_every_language(language: str) -> None:
    assert text(few()[0], language)


def test_a_finding_can_be_kept() -> None:
    """Each is a record that can be written down and read again."""
    every = [*few(), InText("note", "Zar", Number(0, 3, "phone"))]
    again = msgspec.json.decode(msgspec.json.encode(every), type=list[Finding])
    assert again == every
