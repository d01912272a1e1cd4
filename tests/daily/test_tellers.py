"""Who told before is found by a few letters of a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily import tellers
from estelik.index import reader
from estelik.records import Statement

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
        made.add_statements(
            Statement(str(n), "Somebody", source=label, told="2020", event="arrest")
            for n, label in enumerate(LABELS)
        )
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
