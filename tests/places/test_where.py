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


def meet(one: str, other: str, where: Where | None = None) -> bool:
    """Whether two people, each told of at one of these places, may have met there for that alone."""
    where = where or Where()
    here, there = where(one), where(other)
    if None in (here.facility, there.facility):
        return bool(here.areas & there.areas)
    return here.facility == there.facility or bool(here.like & there.like)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Artemivsk", "Bakhmut"),
        ("Tekes county", "Текесский район"),
        ("Tekes", "特克斯县"),
        ("Текес ауданы", "تېكەس ناھىيىسى"),
        ("Tekes county camp 3", "Текесский район"),
        ("a village in the east of Tekes county", "特克斯县"),
        ("Tekes county detention centre", "特克斯县看守所"),
        ("Nur-Sultan", "Астана"),
    ],
)
def test_one_place_under_an_old_name_or_in_another_script_is_where_people_may_have_met(
    one: str, other: str
) -> None:
    assert meet(one, other)
    assert meet(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bakhmut", "Mariupol"),
        ("Bakhmut", "Donetsk Oblast"),
        ("Tekes county", "Zhaosu county"),
        ("Tekes county", "Xinjiang"),
        ("near Bakhmut", "Bakhmut"),
        ("north of Bakhmut", "Bakhmut"),
        ("a village in the east of Donetsk Oblast", "a village in the west of Donetsk Oblast"),
        ("Tekes county detention centre", "特克斯监狱"),
        ("Tekes county camp 3", "Tekes county camp 4"),
        ("Bakhmut", "Bakhmut district"),
    ],
)
def test_a_region_in_common_or_a_place_nearby_is_no_meeting(one: str, other: str) -> None:
    assert not meet(one, other)


def test_the_same_facility_in_two_scripts_is_two_until_a_statement_says_that_it_is_one() -> None:
    english, chinese = "Tekes county detention centre", "特克斯县看守所"
    assert Where()(english).facility != Where()(chinese).facility
    told = Where([place(1, english, fact="name", value=chinese)])
    assert told(english).facility == told(chinese).facility is not None


def test_labels_of_one_place_are_one_and_those_of_places_in_it_are_not() -> None:
    where = Where()
    assert where.same("Artemivsk", "Бахмут")
    assert where.same("Tekes county", "特克斯县")
    assert not where.same("Tekes county", "Tekes county camp 3")
    assert not where.same("Tekes county", "near Tekes county")
    assert not where.same("Bakhmut", "Mariupol")
    # Each is the name of several places, and only one of these is in both.
    assert where.names("Aktas") == {"Aktas"}
    assert where("Aktas").areas & where("Aktash").areas
    assert not where.same("Aktas", "Aktash")


def test_where_statements_put_a_place_comes_before_what_its_name_seems_to_say() -> None:
    """A town far from the county that the gazetteer has under this name."""
    where = Where([place(1, "Tekes camp", fact="relation:in", value="Boztal")])
    assert where("Tekes camp").areas == where("Boztal").areas
    assert not meet("Tekes camp", "特克斯县", where)


def test_a_village_that_statements_call_so_is_not_the_county_of_its_name() -> None:
    elsewhere = [place(1, "Tekes", fact="relation:in", value="Donetsk Oblast")]
    village = [place(1, "Tekes", fact="kind", value="village")]
    for told in (elsewhere, village):
        assert not meet("Tekes", "特克斯县", Where(told))
        assert not Where(told).same("Tekes", "特克斯县")
    inside = [place(1, "Tekes", fact="relation:in", value="Xinjiang")]
    assert meet("Tekes", "特克斯县", Where(inside))


def test_another_name_of_a_facility_leaves_it_in_its_county() -> None:
    where = Where([place(1, "Tekes county camp 3", fact="name", value="the yellow one")])
    assert meet("Tekes county camp 3", "特克斯县", where)


def test_the_labels_of_a_casebook_are_looked_through_for_a_place_that_the_gazetteer_knows() -> None:
    labels = ["Bakhmut", "Artemivsk", "в Бахмуте", "Mariupol", "特克斯县", "Tekes county camp 3", "home"]
    asked = []

    def every() -> list[str]:
        asked.append(1)
        return labels

    where = Where((), every)
    assert where.names("home") == {"home"}
    assert asked == []
    assert where.names("Бахмут") == {"Бахмут", "Bakhmut", "Artemivsk", "в Бахмуте"}
    assert where.names("Текес ауданы") == {"Текес ауданы", "特克斯县", "Tekes county camp 3"}
    assert asked == [1]
