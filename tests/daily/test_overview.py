"""Overview: what cannot be true, and who may be one, found beside the day's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily import pairs
from estelik.daily.judging import decided, withdrawal
from estelik.daily.overview import Watch
from estelik.index.namesakes import Namesakes
from estelik.records import Named, Statement
from estelik.views.registry import Filter, counted, fits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.daily.findings import Overview


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as made:
        yield made


@pytest.fixture
def watch(casebook: Casebook) -> Iterator[Watch]:
    """What looks through it."""
    made = Watch(casebook)
    yield made
    made.end()


def told(id_: str, about: str, event: str, when: str, source: str = "sister") -> Statement:
    """One statement."""
    return Statement(id_, about, source=source, told="2024", event=event, when=when)


def test_what_is_entered_is_looked_at_and_nothing_else(casebook: Casebook, watch: Watch) -> None:
    """A contradiction is there once it was told, and gone once a statement was set aside."""
    casebook.add_statements([told("1", "Aigul", "arrest", "2017"), told("2", "Erlan", "arrest", "2018")])
    assert [one.key for one in watch.looked().apart] == []
    casebook.add_statements([told("3", "Aigul", "arrest", "2019", "brother")])
    (found,) = watch.looked().apart
    assert (found.key, found.events, set(found.statements)) == ("Aigul", ("arrest",), {"1", "3"})
    casebook.add_statements([told("4", "Erlan", "arrest", "2020", "brother")])
    assert {one.key for one in watch.looked().apart} == {"Aigul", "Erlan"}
    casebook.add_judgement(decided(casebook, "set-aside", "A slip.", statement="3"))
    assert [one.key for one in watch.looked().apart] == ["Erlan"]


def test_it_finds_what_looking_at_everybody_anew_finds(casebook: Casebook, watch: Watch) -> None:
    for number in range(12):
        casebook.add_statements(
            [
                told(f"a{number}", f"Person {number % 4}", "arrest", str(2010 + number % 3)),
                told(f"b{number}", f"Person {number % 4}", "release", str(2011 + number % 2)),
            ]
        )
        watch.looked()
    fresh = Watch(casebook)
    assert sorted(watch.looked().apart, key=lambda one: one.key) == sorted(
        fresh.looked().apart, key=lambda one: one.key
    )
    fresh.end()


def test_who_may_be_one_waits_until_it_was_judged(casebook: Casebook, watch: Watch) -> None:
    casebook.add_statements(
        [told("1", "Қайрат Нұрланұлы", "arrest", "2017"), told("2", "Kairat Nurlanuly", "arrest", "2017-07")]
    )
    found = watch.looked().pairs
    assert [set(one.pair) for one in found] == [{"Қайрат Нұрланұлы", "Kairat Nurlanuly"}]
    waits = pairs.waiting(casebook, found)
    assert (waits.pairs, list(waits.of)) == (found, [found[0].pair])
    casebook.add_statements([told("3", "Erlan", "arrest", "2017")])
    assert pairs.waiting(casebook, found) is waits
    apart = decided(casebook, "different", "Two.", subjects=(Named(found[0].one), Named(found[0].other)))
    casebook.add_judgement(apart)
    assert pairs.waiting(casebook, found).pairs == ()
    casebook.add_judgement(withdrawal(casebook, apart.id, "Read again."))
    assert pairs.waiting(casebook, found) == waits
    assert pairs.waiting(casebook, ()).pairs == ()


def test_nothing_is_used_of_a_casebook_that_was_closed(tmp_path: Path) -> None:
    casebook = Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP)
    casebook.add_statements([told(str(number), f"Person {number}", "arrest", "2017") for number in range(50)])
    watch = Watch(casebook)
    watch.look()
    watch.end()
    casebook.close()
    assert watch.look().whole is False


_NAMES = ("Қайрат Нұрланұлы", "Kairat Nurlanuly", "Кайрат Нурланулы", "Aigul Serik", "Айгүл Серік", "Erlan")


def test_after_the_first_look_only_those_concerned_are_compared(
    casebook: Casebook, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is entered, a second name of somebody, and a number, each find whom they fit."""
    casebook.add_statements([told("1", _NAMES[0], "arrest", "2017"), told("2", "Erlan", "arrest", "2017")])
    assert watch.looked().pairs == ()
    monkeypatch.delattr(Namesakes, "alike")
    casebook.add_statements([told("3", _NAMES[1], "arrest", "2017-07")])
    assert _pairs(watch.looked()) == {frozenset(_NAMES[:2])}
    other = Statement("4", "Erlan", source="sister", told="2024", fact="name", value="Кайрат Нурланулы")
    casebook.add_statements([other])
    among = {frozenset({"Erlan", _NAMES[0]}), frozenset({"Erlan", _NAMES[1]})}
    assert _pairs(watch.looked()) == among | {frozenset(_NAMES[:2])}
    casebook.add_statements(
        [
            Statement(f"n{who}", who, source="office", told="2024", fact="document:id", value="AB 1234567")
            for who in ("Aigul", "Zarina")
        ]
    )
    assert frozenset({"Aigul", "Zarina"}) in _pairs(watch.looked())


def test_decisions_and_statements_leave_what_looking_anew_finds(casebook: Casebook, watch: Watch) -> None:
    """Whoever is joined, kept apart, told from another again, or rid of a statement that others hung by."""
    casebook.add_statements(
        [told(f"a{number}", name, "arrest", str(2016 + number)) for number, name in enumerate(_NAMES)]
    )
    same(casebook, watch)
    joined = decided(casebook, "same", "His mother says so.", subjects=(Named(_NAMES[0]), Named(_NAMES[1])))
    for judgement in (
        joined,
        decided(casebook, "different", "Born apart.", subjects=(Named(_NAMES[3]), Named(_NAMES[4]))),
    ):
        casebook.add_judgement(judgement)
        same(casebook, watch)
    hung = Statement(
        "h", "Erlan", source="sister", told="2024", event="release", after="Aigul Serik/arrest", gap="P1M",
        when="2016",
    )  # fmt: skip
    casebook.add_statements([hung])
    assert {one.key for one in same(casebook, watch).apart} >= {"Erlan"}
    casebook.add_judgement(decided(casebook, "set-aside", "A slip.", statement="h"))
    same(casebook, watch)
    casebook.add_judgement(decided(casebook, "withdrawn", "It was his cousin.", withdraws=joined.id))
    same(casebook, watch)


def test_a_list_is_what_fits_and_its_counts(casebook: Casebook, watch: Watch) -> None:
    """Of the lines that were found last, also when it was asked for before."""
    for number in range(3):
        casebook.add_statements(
            [told(f"{number}-{one}", f"Person {number}-{one}", "arrest", str(2015 + one)) for one in range(4)]
        )
        found = watch.looked()
        for wanted in (Filter(), Filter(since=2017), Filter(kind="place"), Filter(since=2017)):
            listed = watch.listing.of(wanted)
            fitting = tuple(one for one in found.entries if fits(one, wanted))
            assert (listed.found, listed.counts) == (fitting, counted(fitting))
            assert listed.every == counted(one for one in found.entries if one.kind == wanted.kind)
        assert len(watch.listing.of(Filter()).found) == 4 * (number + 1)


def test_it_gives_way_to_who_asks_for_a_page_and_comes_to_its_end(casebook: Casebook) -> None:
    casebook.add_statements([told(str(number), f"Person {number}", "arrest", "2017") for number in range(3)])
    asked = list[bool]()

    def busy() -> bool:
        asked.append(True)
        return True

    watch = Watch(casebook, busy)
    assert watch.looked().whole
    assert len(asked) > 3
    watch.end()


def same(casebook: Casebook, watch: Watch) -> Overview:
    """What was found, which is what somebody finds who looks for the first time."""
    found, fresh = watch.looked(), Watch(casebook)
    anew = fresh.looked()
    fresh.end()
    assert found.apart == anew.apart
    assert found.entries == anew.entries
    assert _pairs(found) == _pairs(anew)
    return found


def _pairs(found: Overview) -> set[frozenset[str]]:
    return {frozenset(one.pair) for one in found.pairs}
