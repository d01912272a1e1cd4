"""Reading: what a label says, in the languages of the sheets; what cannot be read is a name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.places.reading import Reading, read
from estelik.places.where import Where


def said(text: str) -> tuple[str, str | None, str, str]:
    found = read(text)
    return found.anchor, found.level, found.relation, found.direction


@pytest.mark.parametrize(
    ("text", "anchor", "level", "relation", "direction"),
    [
        ("a village in the east of Tekes county", "Tekes county", "county", "inside", "east"),
        ("in the north-east of Tekes", "Tekes", None, "inside", "north-east"),
        ("in eastern Kazakhstan", "Kazakhstan", None, "inside", "east"),
        ("near Bakhmut", "Bakhmut", None, "near", ""),
        ("north of Bakhmut", "Bakhmut", None, "beyond", "north"),
        ("Bakhmut district", "Bakhmut district", "county", "is", ""),
        ("the village of Aqsai", "village of Aqsai", "settlement", "is", ""),
        ("село на востоке Донецкой области", "Донецкой области", "region", "inside", "east"),
        ("восточнее Бахмута", "Бахмута", None, "beyond", "east"),
        ("южнее Бахмута", "Бахмута", None, "beyond", "south"),
        ("к северу от Бахмута", "Бахмута", None, "beyond", "north"),
        ("в селе под Бахмутом", "Бахмутом", None, "near", ""),
        ("на схід від Бахмута", "Бахмута", None, "beyond", "east"),
        ("на півдні Донеччини", "Донеччини", None, "inside", "south"),
        ("біля Бахмута", "Бахмута", None, "near", ""),
        ("Текес ауданы", "Текес ауданы", "county", "is", ""),
        ("Алматы облысы", "Алматы облысы", "region", "is", ""),
        ("Тарбағатай ауданының шығысында", "Тарбағатай ауданы", "county", "inside", "east"),
        ("تېكەس ناھىيىسى", "تېكەس ناھىيىسى", "county", "is", ""),
        ("特克斯县", "特克斯县", "county", "is", ""),
        ("伊犁哈萨克自治州", "伊犁哈萨克自治州", "prefecture", "is", ""),
        ("新疆维吾尔自治区", "新疆维吾尔自治区", "region", "is", ""),
        ("特克斯县东部", "特克斯县", "county", "inside", "east"),
        ("特克斯县附近", "特克斯县", "county", "near", ""),
        ("某县", "", None, "is", ""),
        ("North Kazakhstan Region", "North Kazakhstan Region", "region", "is", ""),
        ("East Turkestan", "East Turkestan", None, "is", ""),
    ],
)
def test_a_label_says_how_it_lies_to_what(
    text: str, anchor: str, level: str | None, relation: str, direction: str
) -> None:
    assert said(text) == (anchor, level, relation, direction)


@pytest.mark.parametrize(
    ("text", "facility", "number", "anchor"),
    [
        ("Tekes county detention centre", "detention centre", "", "Tekes county"),
        ("СИЗО Текесского района", "detention centre", "", "Текесского района"),
        ("特克斯县看守所", "detention centre", "", "特克斯县"),
        ("тюрьма № 2, Урумчи", "prison", "2", "Урумчи"),
        ("camp no. 3, Urumqi", "camp", "3", "Urumqi"),
        ("3-лагерь", "camp", "3", ""),
        ("تېكەس ناھىيىسى لاگېرى", "camp", "", "تېكەس ناھىيىسى"),
    ],
)
def test_a_label_says_which_facility_and_where(text: str, facility: str, number: str, anchor: str) -> None:
    found = read(text)
    assert (found.facility, found.number, found.anchor) == (facility, number, anchor)


def test_areas_behind_the_name_are_kept_the_narrowest_first() -> None:
    assert read("Tekes County, Ili, Xinjiang").within == ("Ili", "Xinjiang")
    assert read("新疆伊犁州特克斯县看守所").within == ("伊犁州", "新疆")


def test_what_stays_unknown_is_said() -> None:
    assert read("a village").unknown == ("which", "place")
    assert read("a village east of Tekes").unknown == ("which", "distance")
    assert read("near Bakhmut").unknown == ("distance",)
    assert not read("Bakhmut").vague


WORDS = [
    *(
        "a",
        "in",
        "near",
        "the",
        "east",
        "of",
        "north",
        "village",
        "county",
        "Tekes",
        "camp",
        "3",
        "№",
        ",",
        "(",
    ),
    *("город", "в", "районе", "под", "село", "на", "востоке", "области", "ауданы", "облысы", "ناھىيىسى"),
    *("县", "市", "某", "新疆", "特克斯", "看守所", "自治区", "东部", "تېكەس"),
]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_any_text_can_be_read_and_a_vague_one_names_no_facility_for_sure(text: str) -> None:
    found = read(text)
    assert isinstance(found, Reading)
    assert found.relation in ("is", "inside", "near", "beyond")
    where = Where()(text)
    assert where.areas or where.facility is not None


@settings(deadline=2000)
@given(st.text(alphabet="市县州区省a( ,;№3在", max_size=40))
def test_what_looks_like_many_units_is_read_in_a_moment(text: str) -> None:
    """A deadline that a slow computer keeps as well."""
    read(text * 8)
