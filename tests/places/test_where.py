"""Where: one place under all its names, and a county is not a room."""

from __future__ import annotations

import pytest

from estelik.places.where import Where
from estelik.records import Statement


def place(number: int, about: str, **cells: str) -> Statement:
    return Statement(f"p{number}", about, about_kind="place", **cells)  # type: ignore[arg-type]


def test_a_renamed_town_is_one_place_under_both_names() -> None:
    where = Where([place(1, "Bakhmut", fact="name", value="Artemivsk", when="../2016")])
    assert where("Artemivsk").areas == where("Bakhmut").areas
    assert where.names("Bakhmut") == {"Bakhmut", "Artemivsk"}


@pytest.mark.parametrize(
    "label",
    [
        "Tekes county",
        "Алматы облысы",
        "Донецька область",
        "特克斯县",
        "تېكەس ناھىيىسى",
        "Tekes District",
        "Tekes",
        "Xinjiang",
        "Китай",
        "a camp in Tekes county",
        "Tekes county camp",
        "some prison in Urumqi",
        "a detention center in Tekes county",
        "лагерь в уезде Текес",
        "特克斯县监狱",
        "Camp County",
        "School district 4",
        "Prison Street area",
    ],
)
def test_the_words_of_a_label_may_say_that_it_is_an_area(label: str) -> None:
    found = Where()(label)
    assert found.facility is None
    assert found.areas


@pytest.mark.parametrize(
    "label",
    [
        "Tekes camp",
        "Tekes county camp 3",
        "Tekes County Detention Center",
        "昭苏县看守所",
        "СИЗО Текесского района",
        "Zelena street 14",
        "特克斯监狱",
        "СИЗО № 1",
        "3-лагерь",
    ],
)
def test_a_word_or_a_number_may_say_that_it_is_one_facility(label: str) -> None:
    assert Where()(label).facility is not None


def test_a_statement_about_a_place_has_the_last_word() -> None:
    where = Where(
        [
            place(1, "Boztal", fact="kind", value="county"),
            place(2, "Tekes camp", fact="relation:in", value="Boztal"),
            place(3, "Tekes 3", fact="kind", value="county", answer="no"),
            place(4, "The yellow one", fact="kind", value="facility"),
        ]
    )
    assert where("Boztal").facility is None
    assert where("Tekes camp").areas == where("Boztal").areas
    assert where("Tekes 3").facility is not None
    assert where("The yellow one").facility is not None
