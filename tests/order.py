"""Which tests begin first: those that take longest, so that at the end no process waits for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

#: What takes longest, as its names begin; the longest first.
LONG: Final = (
    "tests/web/test_pictures.py::test_every_page_is_a_picture_in_docs[en]",
    "tests/web/test_pictures.py::test_every_page_is_a_picture_in_docs[ug]",
    "tests/web/test_access.py",
    "tests/docs/test_pages.py",
    "tests/web/test_days.py",
    "tests/casebook/test_interruption.py",
    "tests/chronology/test_argentina.py",
    "tests/web/test_intake_accounts.py",
    "tests/vault/test_interruption.py",
    "tests/bench/test_bench.py",
    "tests/web/test_schemathesis.py",
    "tests/training/test_map.py",
    "tests/vault/test_erasing_interruption.py",
    "tests/language/test_reader.py",
    "tests/media/test_faces.py",
)


def ordered(items: Sequence[pytest.Item], processes: int) -> list[pytest.Item]:
    """The tests as they are begun, where each process is given the same count of them, one after the other:
    what takes long is dealt out, and is first in each hand. The others stay in order beside their neighbours,
    with which they share what is made for them."""
    hands: list[list[pytest.Item]] = [[] for _ in range(processes)]
    rest = list(items)
    for number, begins in enumerate(LONG):
        taken = [one for one in rest if one.nodeid.startswith(begins)]
        # There and back: whoever has the longest has the shortest, too.
        place = number % (2 * processes)
        hands[min(place, 2 * processes - 1 - place)] += taken
        rest = [one for one in rest if not one.nodeid.startswith(begins)]
    done = 0
    for number, hand in enumerate(hands):
        count = (len(items) - done) // (processes - number)
        more = rest[: max(0, count - len(hand))]
        del rest[: len(more)]
        hand.extend(more)
        done += len(hand)
    return [one for hand in hands for one in hand]
