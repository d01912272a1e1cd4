"""Where a judgement on who is who lies, who learns of it, and what goes with whom it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.travel.conftest import World
from tests.vault.conftest import Rig, entered

from estelik.errors import CasebookError
from estelik.identity.verdict import verdict
from estelik.ids import new_id
from estelik.index import rebuild
from estelik.records import COMPARTMENTS, Judgement, Named, Statement
from estelik.records.stored import JUDGEMENT
from estelik.travel import returning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.casebook import Casebook
    from estelik.records.judgement import Decision

#: One known from the testimonies, one from what a doctor wrote alone, one from both, one who told of himself.
ROWS = [
    Statement("t1", "Opensecret", "visit", "Tellersecret", "2020", event="arrest", when="2018"),
    Statement("t2", "Both", "visit", "Tellersecret", "2020", event="arrest", when="2018-02"),
    Statement("t3", "Both", "letter", "Tellersecret", "2021", event="release", when="2019"),
    Statement("m1", "Illsecret", "clinic", "Doctorsecret", "2021", event="hospital-entry", when="2019",
              compartment="medical"),
    Statement("m2", "Both", "clinic", "Doctorsecret", "2021", fact="illness", compartment="medical"),
    Statement("s1", "Selfsecret", "own", "Selfsecret", "2021", event="arrest", when="2018"),
]  # fmt: skip


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with entered(tmp_path, ROWS) as made:
        yield made


def _judge(
    casebook: Casebook, decision: Decision, *subjects: Named, reason: str = "reasonsecret"
) -> Judgement:
    made = Judgement(new_id(), decision, reason, "2026-01-02", subjects=subjects)
    casebook.add_judgement(made)
    return made


def _lies(casebook: Casebook) -> list[tuple[str, str]]:
    """The judgements as they lie: compartment and body."""
    store = casebook.vault.store
    with store.read() as connection:
        return [
            (name, body)
            for name, schema in store.schemas.items()
            for body in connection.execute(
                f"SELECT body FROM {schema}.record WHERE kind = ?",  # noqa: S608 (our own schemas)
                (JUDGEMENT,),
            ).scalars()
        ]


@pytest.mark.parametrize(
    ("one", "other", "where", "absent"),
    [
        ("Opensecret", "Both", "testimony", []),
        ("Illsecret", "Both", "medical", []),
        ("Opensecret", "Illsecret", "medical", ["Opensecret"]),
        ("Opensecret", "Selfsecret", "source", ["Opensecret"]),
        ("Illsecret", "Selfsecret", "source", ["Illsecret"]),
    ],
)
def test_a_judgement_lies_where_both_are_known_or_names_one_by_an_id(
    rig: Rig, one: str, other: str, where: str, absent: list[str]
) -> None:
    made = _judge(rig.first, "same", Named(one), Named(other))
    ((place, body),) = _lies(rig.first)
    assert place == where
    assert [label for label in (one, other) if label not in body] == absent
    (found,) = rig.first.lives.verdicts()
    assert (found.id, found.pair) == (made.id, tuple(sorted((one, other))))
    assert rig.first.lives.of(one).others == {min(one, other, key=_entered): (max(one, other, key=_entered),)}
    rebuild.rebuild(rig.first.vault.store)
    assert rig.first.lives.verdicts() == [found]


def _entered(label: str) -> int:
    return next(number for number, row in enumerate(ROWS) if row.about == label)


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Opensecret", "Opensecret was ill"),
        ("Дархан Сейтқасымұлы", "The doctor knew him as Darkhan Seitkasymuly."),
        ("Дархан Сейтқасымұлы", "it is 达尔汗, or Darxan"),
    ],
)
def test_a_reason_does_not_name_who_has_no_place_where_it_lies(rig: Rig, label: str, reason: str) -> None:
    """Neither as the label has it nor in another writing; other words may stand there."""
    rig.first.add_statements([Statement("d1", label, "visit", "Saule", "2020", event="arrest", when="2018")])
    with pytest.raises(CasebookError, match="the reason has that name"):
        _judge(rig.first, "same", Named(label), Named("Illsecret"), reason=reason)
    assert _lies(rig.first) == []
    _judge(rig.first, "same", Named(label), Named("Illsecret"), reason="The coat and the scar are the same.")
    assert len(_lies(rig.first)) == 1


def test_a_member_without_the_compartment_learns_nothing_of_a_judgement(rig: Rig) -> None:
    """On her computer no word of it, and every answer is what it would be without."""
    member = rig.join("second", "Aigul", ("testimony",))
    rig.meet(rig.first, member)
    before = member.lives.all()
    _judge(rig.first, "same", Named("Opensecret"), Named("Illsecret"))
    _judge(rig.first, "different", Named("Selfsecret"), Named("Both"))
    rig.meet(rig.first, member)
    assert _lies(member) == []
    assert (member.lives.all(), member.judgements()) == (before, [])
    _judge(rig.first, "same", Named("Opensecret"), Named("Both"))
    rig.meet(rig.first, member)
    assert [place for place, _ in _lies(member)] == ["testimony"]
    assert member.lives.all().others == {"Opensecret": ("Both",)}


def test_a_telling_is_split_off_without_saying_who_told(rig: Rig) -> None:
    """Who does not hold the sources has the split, and a name for it that names nobody."""
    member = rig.join("second", "Aigul", ("testimony", "medical"))
    _judge(rig.first, "split", Named("Both", testimony="letter"))
    _judge(rig.first, "unsure", Named("Both", testimony="letter"), Named("Opensecret"))
    rig.meet(rig.first, member)
    for place, body in _lies(rig.first):
        assert (place, "letter" in body, "Tellersecret" in body) == ("testimony", False, False)
    told = {one.statement: one.about for one in rig.first.lives.of("Both (letter)").statements}
    assert (told["t2"], told["t3"]) == ("Both", "Both (letter)")
    found = {one.about: one.statement for one in member.lives.all().statements if one.statement == "t3"}
    (name,) = found
    assert name.startswith("Both (")
    assert not any(word in name for word in ("letter", "Teller"))
    assert member.lives.resolution.relation(name, "Opensecret") == "unsure"


def test_a_withdrawal_lies_with_what_it_withdraws(rig: Rig) -> None:
    made = _judge(rig.first, "same", Named("Opensecret"), Named("Illsecret"))
    rig.first.add_judgement(Judgement(new_id(), "withdrawn", "whysecret", "2026-01-03", withdraws=made.id))
    assert {place for place, _ in _lies(rig.first)} == {"medical"}
    assert rig.first.lives.verdicts() == []


@pytest.mark.parametrize(
    ("what", "name", "left"),
    [
        ("subject", "Both", ["unsure"]),
        ("subject", "Illsecret", ["same", "split", "same", "unsure"]),
        ("statement", "t3", ["same", "split", "same", "unsure"]),
        ("testimony", "letter", ["same", "same", "unsure"]),
        ("statement", "u1", ["same", "split", "same"]),
    ],
)
def test_erasing_takes_the_judgements_that_name_it(rig: Rig, what: str, name: str, left: list[str]) -> None:
    rig.first.add_statements([Statement("u1", "?mate", "visit", "Tellersecret", "2020", event="arrest")])
    _judge(rig.first, "same", Named("Both"), Named("Opensecret"))
    _judge(rig.first, "split", Named("Both", testimony="letter"))
    _judge(rig.first, "same", Named("Both"), Named("Selfsecret"))
    _judge(rig.first, "different", Named("Illsecret"), Named("Both"))
    _judge(rig.first, "unsure", Named("?mate", statement="u1"), Named("Opensecret"))
    decisions = rig.first.decisions
    decisions.erase(decisions.closure(what, name), "asked for")  # type: ignore[arg-type]
    found = [one.decision for one in rig.first.judgements() if one.decision != "different"]
    assert sorted(found) == sorted(left)
    if what == "subject":
        assert name not in "".join(body for _, body in _lies(rig.first))


def test_what_is_kept_out_of_sight_is_named_by_no_judgement(rig: Rig) -> None:
    _judge(rig.first, "same", Named("Both"), Named("Opensecret"))
    decisions = rig.first.decisions
    decision = decisions.restrict(decisions.closure("subject", "Opensecret"), "asked for")
    assert (rig.first.lives.verdicts(), rig.first.lives.of("Both").others) == ([], {})
    decisions.lift(decision, "asked again")
    assert rig.first.lives.of("Both").others == {"Opensecret": ("Both",)}


def test_two_computers_judge_and_have_the_same_lives(rig: Rig) -> None:
    second = rig.join("second", "Aigul", COMPARTMENTS)
    _judge(rig.first, "same", Named("Both"), Named("Opensecret"))
    _judge(second, "same", Named("Selfsecret"), Named("Opensecret"))
    _judge(second, "different", Named("Selfsecret"), Named("Both"))
    rig.meet(rig.first, second)
    assert rig.first.lives.resolution == second.lives.resolution
    assert len(rig.first.lives.resolution.contradictions) == 1
    assert rig.first.lives.all() == second.lives.all()


def test_a_journey_takes_who_is_who_of_those_who_go_and_brings_back_what_was_judged(tmp_path: Path) -> None:
    world = World(tmp_path)
    _judge(world.home, "same", Named("Marhaba"), Named("Gulnar"))
    _judge(world.home, "different", Named("Marhaba"), Named("Othersecret"))
    travel = world.pack()
    assert [one.pair for one in travel.lives.verdicts()] == [("Gulnar", "Marhaba")]
    assert "Othersecret" not in str(_lies(travel))
    travel.add_statements([Statement("w1", "Wayfarer", event="arrest", when="2017", testimony="talk")])
    made = [
        _judge(travel, "unsure", Named("Wayfarer"), Named("Marhaba")),
        _judge(travel, "different", Named("Wayfarer"), Named("Gulnar")),
    ]
    found = returning.look(world.home, travel)
    returning.enter(world.home, travel, found)
    home = {one.id: one for one in world.home.lives.verdicts()}
    assert [home[one.id] for one in made] == [verdict(one) for one in made]
    assert returning.look(world.home, travel).new() == 0
    for opened in world.opened:
        opened.close()
