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
