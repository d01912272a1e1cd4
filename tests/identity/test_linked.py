"""What linkage found is there for the review, for those who may see it, until it is judged or erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.identity.test_link_command import PAIR
from tests.vault.conftest import Rig, entered

from estelik.errors import EstelikError
from estelik.identity.candidate import Candidate
from estelik.index import linked, rebuild
from estelik.index.directory import TABLES
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.identity.conftest import Desk

#: One known from the testimonies alone, one from what a doctor wrote alone, one from both.
ROWS = [
    Statement("t1", "Opensecret", "visit", "Saule", "2020", event="arrest", when="2018"),
    Statement("t2", "Bothsecret", "visit", "Saule", "2020", event="arrest", when="2018-02"),
    Statement("m1", "Illsecret", "clinic", "Doctor", "2021", event="hospital-entry", when="2019",
              compartment="medical"),
    Statement("m2", "Bothsecret", "clinic", "Doctor", "2021", fact="illness", compartment="medical"),
]  # fmt: skip


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with entered(tmp_path, ROWS) as made:
        yield made


def _kept(rig: Rig, schemas: tuple[str, ...] = ()) -> set[frozenset[str]]:
    """The pairs that are kept, for one who holds these compartments alone."""
    store = rig.first.vault.store
    every = dict(store.schemas)
    try:
        for name in set(every) - set(schemas or every):
            del store.schemas[name]
        return {frozenset(one.pair) for one in linked.kept(store)}
    finally:
        store.schemas.update(every)


def _texts(rig: Rig, compartment: str) -> str:
    """All that lies in the table of a compartment."""
    store = rig.first.vault.store
    with store.read() as connection:
        schema = store.schemas[compartment]
        return str(connection.execute(f"SELECT * FROM {schema}.index_linked").all())  # noqa: S608 (our own schemas)


def test_linked_pairs_wait_in_the_review(desk: Desk) -> None:
    """What `link` finds is among what `review` shows, the likeliest first, until it is judged."""
    desk.does("link", "--json", "--least", "0.01")
    with desk.open() as casebook:
        pairs = linked.kept(casebook.vault.store)
        assert PAIR in [set(one.pair) for one in pairs]
    told = desk.does("review", "--json").json()
    assert PAIR in [set(one["subjects"]) for one in told]
    assert [one["score"] for one in told] == sorted((one["score"] for one in told), reverse=True)
    desk.judge("different", "Калисбек", "Qalisbek")
    after = desk.does("review", "--json").json()
    assert PAIR not in [set(one["subjects"]) for one in after]


def test_pairs_are_found_by_those_who_hold_all_that_was_open_when_people_were_linked(rig: Rig) -> None:
    """Who lacks one compartment finds none, even of two whom she knows: how probable a pair is, and that it
    was found, rests on everybody. No label lies where it is not known."""
    pairs = [
        Candidate("Bothsecret", "Opensecret", 0.9),
        Candidate("Bothsecret", "Illsecret", 0.8),
        Candidate("Illsecret", "Opensecret", 0.7),
    ]
    assert rig.first.keep_linked(pairs) == 3
    every = tuple(rig.first.vault.store.schemas)
    assert _kept(rig) == {frozenset(one.pair) for one in pairs}
    for lacking in every:
        assert _kept(rig, tuple(name for name in every if name != lacking)) == set()
    assert "secret" not in _texts(rig, "source")
    for name in set(every) - {"source"}:
        with pytest.raises(EstelikError):
            _texts(rig, name)


def test_who_links_with_less_open_keeps_pairs_for_those_who_hold_as_much(rig: Rig) -> None:
    """A member who holds the testimonies alone finds what she has linked herself."""
    store = rig.first.vault.store
    every = dict(store.schemas)
    for name in set(every) - {"testimony"}:
        del store.schemas[name]
    linked.keep(store, [Candidate("Bothsecret", "Opensecret", 0.9)])
    store.schemas.update(every)
    assert _kept(rig, ("testimony",)) == {frozenset(("Bothsecret", "Opensecret"))}


@pytest.mark.parametrize("label", ["Opensecret", "Illsecret"])
def test_what_was_linked_goes_where_anything_is_erased(rig: Rig, label: str) -> None:
    """Erasing a person takes all pairs away, in every compartment."""
    casebook = rig.first
    casebook.keep_linked(
        [Candidate("Bothsecret", "Opensecret", 0.9), Candidate("Illsecret", "Opensecret", 0.7)]
    )
    casebook.decisions.erase(casebook.decisions.closure("subject", label), "asked for")
    assert _kept(rig) == set()
    store = casebook.vault.store
    with store.read() as connection:
        for schema in store.schemas.values():
            sql = f"SELECT count(*) FROM {schema}.sqlite_master WHERE name = 'index_linked'"  # noqa: S608 (our own schemas)
            assert connection.execute(sql).scalar_one() == 0


def test_linking_again_keeps_nothing_of_before(rig: Rig) -> None:
    """Pairs are kept instead of those of before; making the index anew takes them away."""
    rig.first.keep_linked([Candidate("Bothsecret", "Opensecret", 0.9)])
    rig.first.keep_linked([Candidate("Bothsecret", "Illsecret", 0.8)])
    assert _kept(rig) == {frozenset(("Bothsecret", "Illsecret"))}
    assert "index_linked" not in TABLES
    rebuild.rebuild(rig.first.vault.store)
    assert _kept(rig) == set()


def test_what_is_kept_out_of_sight_is_in_no_pair(rig: Rig) -> None:
    """Restricting a person takes pairs away at once."""
    rig.first.keep_linked([Candidate("Bothsecret", "Opensecret", 0.9)])
    decisions = rig.first.decisions
    decisions.restrict(decisions.closure("subject", "Opensecret"), "she asked")
    assert _kept(rig) == set()


@pytest.fixture
def sure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose people are linked as surely as it is said here."""

    def found(people: list[object], *_: object, **__: object) -> list[object]:
        from estelik.identity.linkage import Linked

        number = {one.key: place for place, one in enumerate(people)}  # type: ignore[attr-defined]
        pairs = [("Qalisbek", "Калисбек", 0.999), ("Qalisbek", "Dana", 0.95), ("Dana", "Erkin", 0.5)]
        return [Linked(number[one], number[other], odds, 0.0) for one, other, odds in pairs]

    monkeypatch.setattr("estelik.identity.linkage.link", found)
    return desk


def test_a_coordinator_sets_from_where_the_machine_merges(sure: Desk) -> None:
    """Above what she set pairs are judged the same, with a reason that says so, and can be taken back."""
    sure.does("link", "--merge-above", "0.99", "--json")
    (made,) = sure.does("judgements", "--json").json()["judgements"]
    assert set(made["subjects"]) == PAIR
    assert made["decision"] == "same"
    assert made["reason"] == "By linkage, above 0.99, set by Aigul."
    with sure.open() as casebook:
        assert {one.score for one in linked.kept(casebook.vault.store)} == {0.95, 0.5}
    sure.does("withdraw", made["id"], "--reason", "not so")
    assert sure.does("judgements", "--json").json()["judgements"] == []


@pytest.mark.parametrize("judged", ["different", "unsure"])
def test_the_machine_merges_nobody_against_a_judgement(sure: Desk, judged: str) -> None:
    """Whom somebody judged to be two, or could not say, the machine leaves as they are."""
    sure.judge(judged, "Qalisbek", "Калисбек")
    sure.does("link", "--merge-above", "0.99", "--json")
    (made,) = sure.does("judgements", "--json").json()["judgements"]
    assert made["decision"] == judged


def test_the_machine_merges_nobody_into_a_contradiction(sure: Desk) -> None:
    """What could not be true of one life stays in the review."""
    sure.enter(
        [
            Statement("x1", "Qalisbek", "z", "Z", "2020", event="death", when="2019-02"),
            Statement("x2", "Калисбек", "z", "Z", "2020", event="birth", when="2000"),
            Statement("x3", "Калисбек", "z", "Z", "2020", event="hospital-entry", when="2022"),
        ]
    )
    sure.does("link", "--merge-above", "0.99", "--json")
    assert sure.does("judgements", "--json").json()["judgements"] == []
    assert PAIR in [set(one["subjects"]) for one in sure.does("review", "--json").json()]


def test_nobody_but_a_coordinator_has_people_merged(sure: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another member is told why, and nothing changes."""
    from estelik.vault.registrar import Registrar

    own = Registrar.own
    monkeypatch.setattr(Registrar, "own", lambda self: own(self)._replace(coordinator=False))
    said = sure.run("link", "--merge-above", "0.99")
    assert said.status != 0
    assert "Only a coordinator" in said.err
    monkeypatch.undo()
