"""Drafts: kept through a loss of power, changed by two at once without loss, in nobody's clear sight."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.vault import drafts, generation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSPHRASE = b"what the children called the dog"
WORDS = b'"Qarlyghash tells of Askar"'


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook."""
    with Casebook.create(tmp_path / "casebook", PASSPHRASE, cost=CHEAP) as found:
        yield found


def test_a_draft_is_there_again_when_the_casebook_is_opened_again(casebook: Casebook) -> None:
    drafts.change(casebook.vault.store, "one", lambda _: WORDS)
    casebook.close()
    with Casebook.open(casebook.folder, PASSPHRASE) as again:
        assert drafts.drafts(again.vault.store) == {"one": WORDS}


def test_what_is_dropped_is_gone(casebook: Casebook) -> None:
    store = casebook.vault.store
    drafts.change(store, "one", lambda _: WORDS)
    assert drafts.change(store, "one", lambda _: None) is None
    assert drafts.drafts(store) == {}


def test_a_draft_lies_nowhere_in_clear_words(casebook: Casebook) -> None:
    drafts.change(casebook.vault.store, "one", lambda _: WORDS)
    for file in casebook.folder.rglob("*"):
        assert not file.is_file() or b"Qarlyghash" not in file.read_bytes()
        assert "one" not in file.name


def test_of_two_who_change_a_draft_at_once_neither_undoes_the_other(casebook: Casebook) -> None:
    """Each adds her letter twenty times; all of them are there."""
    store = casebook.vault.store

    def add(letter: bytes) -> None:
        for _ in range(20):
            drafts.change(store, "one", lambda before: (before or b"") + letter)

    threads = [threading.Thread(target=add, args=(letter,)) for letter in (b"a", b"b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    body = drafts.drafts(store)["one"]
    assert (body.count(b"a"), body.count(b"b")) == (20, 20)


def test_a_step_that_fails_leaves_the_draft_as_it_was(casebook: Casebook) -> None:
    store = casebook.vault.store
    drafts.change(store, "one", lambda _: WORDS)

    def fails(_: bytes | None) -> bytes:
        raise KeyError

    with pytest.raises(KeyError):
        drafts.change(store, "one", fails)
    assert drafts.drafts(store) == {"one": WORDS}


def test_a_draft_is_no_change_of_the_records(casebook: Casebook) -> None:
    """What is reckoned from records need not be reckoned anew at each key that somebody presses."""
    store = casebook.vault.store
    with store.read() as connection:
        before = generation.state(connection, store.schemas)
    drafts.change(store, "one", lambda _: WORDS)
    with store.read() as connection:
        assert generation.state(connection, store.schemas) == before


def test_a_draft_outlasts_a_new_index(casebook: Casebook) -> None:
    drafts.change(casebook.vault.store, "one", lambda _: WORDS)
    casebook.rebuild_index()
    assert drafts.drafts(casebook.vault.store) == {"one": WORDS}
