"""A release says what its editors left in it, and nothing of whom it was withdrawn for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from tests.protection.test_gate import ARREST, PUBLIC, consents, yes

from estelik.errors import ReleaseError
from estelik.identity.resolution import Resolution
from estelik.protection.release import Material, draw, fingerprint, seal
from estelik.records import Statement
from estelik.records.release import Change, Draft, Release, Retraction, releases

if TYPE_CHECKING:
    from estelik.protection.gate import Projection

KEY = b"k" * 32
BOTH = (
    ARREST,
    Statement(
        "s2",
        "Camila",
        testimony="t2",
        source="Bolat",
        event="release",
        when="2019-05-02",
        after="arrest",
        gap="P1Y",
    ),
)
SAID = consents(yes("Aigul"), yes("Bolat"), yes("Camila"))
MATERIAL = Material(BOTH, (), (), Resolution(), SAID)


def drafted(*people: str) -> Release:
    prints = tuple(fingerprint(KEY, "person", one) for one in people)
    return Release(Draft("d", "2024-06-28", "device", "All", "public", "publication", "00", prints))


def out(release: Release) -> Projection:
    return draw(release, MATERIAL, PUBLIC, KEY)


def change(statement: str, column: str = "", to: str = "") -> Change:
    return Change(
        "c", "2024-06-28", "device", "d", fingerprint(KEY, "statement", statement), "too precise", column, to
    )


def test_a_release_is_about_whom_it_was_drafted_for() -> None:
    """Without people it is about all who may be shown."""
    assert [one.about for one in out(drafted()).statements] == ["Aigul", "Camila"]
    assert [one.about for one in out(drafted("Camila")).statements] == ["Camila"]


def test_what_an_editor_changes_is_what_leaves() -> None:
    """A cell says less, a length of time goes with what it is counted from, a row is left out."""
    one = replace(drafted(), changes=(change("s2", "when", "2019"), change("s2", "after")))
    (_, other) = out(one).statements
    assert (other.when, other.after, other.gap) == ("2019", "", "")
    one = replace(drafted(), changes=(change("s1"),))
    assert [each.about for each in out(one).statements] == ["Camila"]
    # No column but those of the sheet that can be made rougher.
    one = replace(drafted(), changes=(change("s1", "about", "Somebody"),))
    assert [each.about for each in out(one).statements] == ["Aigul", "Camila"]


def test_whoever_was_withdrawn_leaves_at_the_next_build() -> None:
    """One person, or all: a release that was withdrawn lets nothing out."""
    gone = Retraction("r", "2024-06-28", "device", "d", "she asked", (fingerprint(KEY, "person", "Aigul"),))
    assert [one.about for one in out(replace(drafted(), retractions=(gone,))).statements] == ["Camila"]
    everything = Retraction("r", "2024-06-28", "device", "d", "she asked")
    with pytest.raises(ReleaseError, match="withdrawn"):
        out(replace(drafted(), retractions=(everything,)))


def test_the_seal_is_that_of_what_leaves() -> None:
    """What changes nothing that leaves keeps it; a later consent, a change, another audience do not."""
    before = seal(out(drafted()))
    hidden = Statement("s9", "Erlan", source="Bolat", event="arrest", when="2017")
    more = replace(MATERIAL, statements=(hidden, *BOTH))
    assert seal(draw(drafted(), more, PUBLIC, KEY)) == before
    assert seal(out(replace(drafted(), changes=(change("s2", "when", "2019"),)))) != before
    fewer = replace(MATERIAL, consents=consents(yes("Aigul"), yes("Bolat")))
    assert seal(draw(drafted(), fewer, PUBLIC, KEY)) != before


def test_records_are_gathered_by_release() -> None:
    """Each with its own, in order of entry."""
    first, second = drafted().draft, Draft("e", "2024", "device", "Other", "press", "advocacy", "01")
    found = releases((first, change("s1"), second))
    assert [(one.draft.id, len(one.changes)) for one in found] == [("d", 1), ("e", 0)]
