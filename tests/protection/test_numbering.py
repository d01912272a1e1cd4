"""The number of an event tells of no other that is hidden."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.protection.test_examination import looked
from tests.protection.test_gate import alone, consents, yes

from estelik.protection.numbering import renumbered
from estelik.records import Statement


@pytest.mark.parametrize(
    ("events", "called"),
    [
        (["arrest", "arrest#2", "release"], {}),
        (["arrest#3"], {"arrest#3": "arrest"}),
        (["arrest#2", "arrest#10"], {"arrest#2": "arrest", "arrest#10": "arrest#2"}),
        (["arrest", "arrest#7", "release#2"], {"arrest#7": "arrest#2", "release#2": "release"}),
        (["transfer:Tekes", "transfer#b", "transfer#2:x"], {}),
        ([], {}),
    ],
)
def test_events_of_a_kind_are_counted_among_themselves(events: list[str], called: dict[str, str]) -> None:
    """In their order, without gaps; words that tell them apart stay."""
    assert renumbered(events) == called


def test_no_number_tells_of_an_event_that_is_hidden() -> None:
    """Told of in full, or with two events of a telling that may not leave: only the first has numbers, and
    references go with them."""
    rows = [
        Statement("s1", "Daulet", testimony="t1", source="Daulet", event="arrest#3", after="release#2"),
        Statement("s2", "Daulet", testimony="t2", source="Daulet", event="arrest"),
        Statement("s3", "Daulet", testimony="t2", source="Daulet", event="arrest#2"),
        Statement("s4", "Aisulu", testimony="t3", source="Aisulu", event="arrest", after="Daulet/arrest#3"),
    ]
    no = replace(yes("Daulet"), id="no", scope="testimony", of="t2", answer="no", given="2024-01-02")
    every = consents(yes("Daulet"), yes("Aisulu"))
    some = consents(yes("Daulet"), yes("Aisulu"), no)
    whole = alone(rows, every)
    assert [one.event for one in whole.statements] == ["arrest#3", "arrest", "arrest#2", "arrest"]
    assert whole.statements[-1].after == "Daulet/arrest#3"
    left = alone(rows, some)
    assert [(one.event, one.after) for one in left.statements] == [
        ("arrest", "release"),
        ("arrest", "Daulet/arrest"),
    ]
    assert set(left.events.values()) == {"arrest#3", "release#2"}
    # What is remembered of a release is of his third arrest, whatever it was called in it.
    assert {one.occasion for one in looked(rows, some).facts if one.topic == "arrest"} == {
        "arrest#3",
        "arrest",
    }
