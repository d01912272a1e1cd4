"""Since when a life cannot be true as told: since the last statement that makes it so was entered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily.overview import Watch
from estelik.records import Statement
from estelik.vault import store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_DAY = 24 * 3600
_FIRST = 4_000_000_000


def told(id_: str, about: str, event: str, when: str) -> Statement:
    """One statement, by somebody else each time."""
    return Statement(id_, about, source=f"teller {id_}", told="2024", event=event, when=when)


def test_a_contradiction_is_as_old_as_the_last_statement_that_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a life with two it is the newer one that is told, with its events; what comes later and contradicts
    nothing changes nothing."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as casebook:
        watch = Watch(casebook)

        def enter(day: int, *rows: Statement) -> dict[str, tuple[int, tuple[str, ...]]]:
            now = _FIRST + day * _DAY
            monkeypatch.setattr(store, "time", SimpleNamespace(time=lambda: now))
            casebook.add_statements(rows)
            return {one.key: (one.since - _FIRST, one.events) for one in watch.looked().apart}

        enter(0, told("1", "Aigul", "arrest", "2017"), told("2", "Erlan", "arrest", "2018"))
        assert enter(1, told("3", "Aigul", "arrest", "2019")) == {"Aigul": (_DAY, ("arrest",))}
        assert enter(2, told("4", "Aigul", "visit", "2018")) == {"Aigul": (_DAY, ("arrest",))}
        found = enter(3, told("5", "Erlan", "arrest", "2020"))
        assert found == {"Aigul": (_DAY, ("arrest",)), "Erlan": (3 * _DAY, ("arrest",))}
        found = enter(4, told("6", "Aigul", "visit", "2022"))
        assert found["Aigul"] == (4 * _DAY, ("visit",))
        watch.end()
