"""Who told before is found by a few letters of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily import tellers
from estelik.index import reader, tellings
from estelik.records import Statement
from estelik.vault.tables import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LABELS = (
    "Aigul",
    "aigul's sister",
    "Sister of AIGUL",
    "Гүлнар",
    "ГҮЛНАР Омарқызы",
    "Straße 7",
    "ул",
    "A",
    "ai",
)


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """A casebook in which each of these has told something."""
    with Casebook.create(tmp_path_factory.mktemp("c") / "casebook", b"x", cost=CHEAP) as made:
        for some in (LABELS[:4], LABELS[4:]):
            made.add_statements(
                Statement(label, "Somebody", source=label, told="2020", event="arrest") for label in some
            )
            # Whoever came later is read behind those who are known.
            tellers.make_ready(made)
        yield made


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(0, 6),
    length=st.integers(1, 8),
    label=st.sampled_from((*LABELS, "a\nb")),
    count=st.integers(1, 6),
)
def test_those_come_first_who_begin_so_then_those_who_hold_it(
    casebook: Casebook, start: int, length: int, label: str, count: int
) -> None:
    """In the order in which they lie in the casebook; small letters or large."""
    with casebook.vault.store.read() as connection:
        labels = reader.sources(connection, casebook.vault.store.schemas)
    assert sorted(labels) == sorted(LABELS)
    words = label.swapcase()[start : start + length] or label
    folded = words.casefold()
    begin = [one for one in labels if one.casefold().startswith(folded)][:count]
    hold = [one for one in labels if folded in one.casefold()][:count] if len(begin) < count else []
    wanted = list(dict.fromkeys([*begin, *hold]))
    assert list(tellers.tellers(casebook, words, count))[: len(wanted)] == wanted[:count]


def test_who_tells_for_the_first_time_is_found_and_who_was_erased_is_not(tmp_path: Path) -> None:
    """Also where it was asked before; what somebody known has told since is hers."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as made:

        def tell(id_: str, source: str, about: str) -> None:
            made.add_statements([Statement(id_, about, source=source, told="2020", event="arrest")])

        tell("1", "Aigul", "Erlan")
        assert tellers.tellers(made, "gul", 5) == ("Aigul",)
        assert tellers.told_of(made, "Aigul") == ("Erlan",)
        tell("2", "Aigul", "Dana")
        assert tellers.told_of(made, "Aigul") == ("Dana", "Erlan")
        tell("3", "Gulnar", "Dana")
        assert tellers.tellers(made, "gul", 5) == ("Gulnar", "Aigul")
        made.vault.seal()
        made.decisions.erase(made.decisions.closure("source", "Gulnar"), "She asked for it.")
        assert tellers.tellers(made, "gul", 5) == ("Aigul",)


@pytest.fixture(scope="module")
def told(casebook: Casebook) -> Casebook:
    """The same, after three have told of others: once, often, through somebody, under a label of their own,
    about many at once."""
    casebook.add_statements(
        Statement(
            f"t{n}",
            f"Person {n % 7}",
            source=("Nur", "Zarina", "the list")[n % 3],
            told=f"201{n % 10}",
            via="Bota" if n % 5 == 0 else "",
            testimony=f"told by Zarina, {n % 4}" if n % 3 == 1 and n % 2 else "",
            event="arrest",
        )
        for n in range(60)
    )
    casebook.add_statements(
        Statement(f"l{n}", f"Name {n}", source="a list", told="2020", fact="sex", value="female")
        for n in range(500)
    )
    return casebook


def _by_all(casebook: Casebook, source: str) -> tuple[str, ...]:
    """Of whom a source told, out of everything that is recorded."""
    found = (one.about for one in reversed(casebook.statements()) if one.source == source)
    return tuple(dict.fromkeys(found))


@pytest.mark.parametrize("source", ["Nur", "Zarina", "the list", "Aigul", "Bota", "nobody"])
def test_of_whom_somebody_told_is_what_all_statements_say(told: Casebook, source: str) -> None:
    """The latest first, however they were told."""
    assert tellers.told_of(told, source) == _by_all(told, source)


def test_of_a_long_list_those_are_found_who_stand_at_its_end(told: Casebook) -> None:
    """A few hundred: nobody waits until all are read."""
    found, every = tellers.told_of(told, "a list"), _by_all(told, "a list")
    assert len(every) == 500
    assert found == every[: len(found)]
    assert 100 <= len(found) < 500


def test_what_somebody_told_is_found_without_a_look_at_what_others_did(told: Casebook) -> None:
    """By an index, also of the records of those who passed it on."""
    store, asked = told.vault.store, list[str]()
    with store.read() as connection:
        connection.driver.set_trace_callback(asked.append)
        try:
            assert tellings.lately(connection, store.schemas, "Nur")
        finally:
            connection.driver.set_trace_callback(None)
        looked = [one for one in asked if TOLD in one]
        assert len(looked) == 1
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {looked[0]}")]
    assert any("record_source" in one for one in plan), plan
