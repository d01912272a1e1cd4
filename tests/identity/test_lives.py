"""A life read by itself is the life that reading everything gives; and so it is after a rebuild."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estelik.casebook import Casebook
from estelik.errors import NotFoundError
from estelik.ids import new_id
from estelik.records import Judgement, Named, Statement
from estelik.vault.keys import Cost
from estelik.views.timeline import document, timelines

_LABELS = ("A", "B", "C", "D", "?u")
_REFERENCES = ("", "", "told", "A/arrest", "B/release", "C/birth", "D/arrest")


@st.composite
def _rows(draw: st.DrawFn) -> list[Statement]:
    return [
        Statement(
            f"s{number}",
            draw(st.sampled_from(_LABELS)),
            draw(st.sampled_from(("visit", "letter", ""))),
            "niece",
            draw(st.sampled_from(("2021", "2021-03-01", ""))),
            event=draw(st.sampled_from(("arrest", "release"))),
            when=draw(st.sampled_from(("", "2017", "2018-03"))),
            after=draw(st.sampled_from(_REFERENCES)),
            compartment=draw(st.sampled_from(("testimony", "medical"))),
        )
        for number in range(draw(st.integers(4, 10)))
    ]


@st.composite
def _judgements(draw: st.DrawFn, rows: list[Statement]) -> list[Judgement]:
    def named() -> Named:
        row = draw(st.sampled_from(rows))
        if row.about.startswith("?"):
            return Named(row.about, statement=row.statement)
        return Named(row.about, testimony=row.telling if draw(st.integers(0, 3)) == 0 else "")

    made = []
    for number in range(draw(st.integers(1, 5))):
        decision: Any = draw(st.sampled_from(("same", "same", "different", "split")))
        subjects = (named(),) if decision == "split" else (named(), named())
        made.append(Judgement(f"j{number}", decision, "why", "2026-01-01", subjects=subjects))
    return made


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_each_life_is_the_same_by_itself_and_among_all(data: st.DataObject) -> None:
    rows = data.draw(_rows())
    judgements = data.draw(_judgements(rows))
    with (
        tempfile.TemporaryDirectory() as folder,
        Casebook.create(Path(folder) / "case", b"x", cost=Cost(8, 1, 1)) as casebook,
    ):
        casebook.add_statements(rows)
        for judgement in judgements:
            casebook.add_judgement(judgement)
        lives = casebook.lives
        merged = lives.all()
        found = {one.key: document(one, differ, merged) for one, differ in timelines(merged.statements)}
        for key, whole in found.items():
            own = lives.of(key)
            ((one, differ),) = timelines(own.statements, lives=[key])
            assert document(one, differ, own) == whole
        for row in rows:
            assert set(lives.of(row.about).keys(row.about)) <= {*found, row.about}
        casebook.rebuild_index()
        assert lives.all() == merged


def test_a_judgement_entered_while_the_casebook_is_open_counts_at_once(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=Cost(8, 1, 1)) as casebook:
        casebook.add_statements([Statement("1", "A", event="arrest"), Statement("2", "B", event="arrest")])
        assert casebook.lives.all().others == {}
        made = Judgement(new_id(), "same", "why", "2026-01-01", subjects=(Named("A"), Named("B")))
        casebook.add_judgement(made)
        assert casebook.lives.all().others == {"A": ("B",)}
        casebook.add_judgement(Judgement(new_id(), "withdrawn", "why", "2026-01-01", withdraws=made.id))
        assert casebook.lives.all().others == {}


def test_a_judgement_on_nobody_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=Cost(8, 1, 1)) as casebook:
        casebook.add_statements([Statement("1", "A", "visit", event="arrest")])
        for subjects in ((Named("A"), Named("Z")), (Named("A", testimony="other"), Named("A"))):
            with pytest.raises(NotFoundError):
                casebook.add_judgement(Judgement("j", "same", "why", "2026-01-01", subjects=subjects))
        assert casebook.judgements() == []
