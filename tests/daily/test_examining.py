"""Who lets something out has to see whom it would give away."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily import handing
from estelik.daily.examining import approve, examined, ready
from estelik.daily.releasing import draft, found_release
from estelik.errors import ReleaseError
from estelik.index import consents
from estelik.protection.permission import Asked
from estelik.records import Statement
from estelik.records.consent import AUDIENCES, Consent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOLD = (
    Statement("s1", "Ulan", testimony="t1", source="Ulan", event="arrest", when="2018"),
    Statement("s2", "Qairat", testimony="t2", source="Bakyt", fact="illness", compartment="medical"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Casebook, Casebook]]:
    """One who holds all, and Ana at a seat of hers; Ulan may be shown to everybody."""
    folder = tmp_path / "casebook"
    with Casebook.create(folder, b"first", name="Aigerim", cost=CHEAP) as casebook:
        casebook.add_statements(TOLD)
        given = Consent(
            "c", "Ulan", "all", "2024-01-01", AUDIENCES, ("publication",), identity="named",
            made="2024-01-01T00:00:00Z", device=casebook.vault.device,
        )  # fmt: skip
        consents.enter(casebook.vault.store, [given])
        number = casebook.seats.add("Ana", b"Ana", ("testimony", "source"), cost=CHEAP).number
    with Casebook.open(folder, b"first") as whole, Casebook.open_seat(folder, number, b"Ana") as part:
        yield whole, part


def test_who_does_not_see_all_who_are_spoken_of_lets_nothing_out_for_good(
    office: tuple[Casebook, Casebook],
) -> None:
    """She looks, and others approve: in medical there may be somebody of whom she cannot know."""
    whole, ana = office
    release = draft(ana, "A registry", (), "public", "publication").id
    assert examined(ana, found_release(ana, release))[0].findings() == []
    with pytest.raises(ReleaseError, match="medical"):
        approve(ana, release)
    approve(whole, release)
    with pytest.raises(ReleaseError, match="medical"):
        ready(ana, found_release(ana, release))
    assert ready(whole, found_release(whole, release))[1]


def test_a_report_for_everybody_asks_for_the_same(office: tuple[Casebook, Casebook]) -> None:
    """For a court she answers herself."""
    whole, ana = office
    today = date.today()  # noqa: DTZ011 (the user's own day)
    for casebook, audience, allowed in (
        (whole, "public", True),
        (ana, "public", False),
        (ana, "press", False),
        (ana, "court", True),
    ):
        asked = Asked(audience, "publication", today.toordinal())  # type: ignore[arg-type]
        _, _, left = handing.let_out(casebook, (), asked, today=today)
        looked = handing.looked_through(casebook, left)
        if allowed:
            handing.hand_over(casebook, looked, "X", "")
        else:
            with pytest.raises(ReleaseError, match="medical"):
                handing.hand_over(casebook, looked, "X", "")
