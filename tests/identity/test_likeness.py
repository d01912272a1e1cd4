"""How surely two people are one, by all that is recorded of both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from stdnum.cn import ric

from estelik.identity.evidence import evidence
from estelik.identity.likeness import likeness
from estelik.identity.profile import Profile
from estelik.language.direction import plain
from estelik.language.likeness import pieces
from estelik.language.reader import reader
from estelik.names.comparison import SAME
from estelik.places.atlas import Atlas

ATLAS = Atlas()
ONE = Profile("Қалисбек Бабанұлы", ("Қалисбек Бабанұлы",))
OTHER = Profile("Qalisbek Baban-Uly", ("Qalisbek Baban-Uly",))
DAY = date(1961, 3, 7)
CHINESE = "65432119610307002" + ric.calc_check_digit("654321196103070020")
ANOTHER = "65432119610307004" + ric.calc_check_digit("654321196103070040")
WRONG = CHINESE[:7] + "6" + CHINESE[8:]


def _kinds(one: Profile, other: Profile) -> list[str]:
    return [piece.kind for piece in evidence(one, other, ATLAS)]


def _score(one: Profile, other: Profile, others: int = 0) -> float:
    return likeness(one, other, ATLAS, others=others).score


@pytest.mark.parametrize(
    ("cells", "others", "kind"),
    [
        ({"born": (DAY, DAY)}, {"born": (DAY - timedelta(300), DAY + timedelta(30))}, "born"),
        ({"documents": (("id", CHINESE),)}, {"documents": (("", CHINESE),)}, "number"),
        ({"documents": (("id", CHINESE),)}, {"documents": (("id", WRONG),)}, "number-slip"),
        ({"relatives": (("wife", "Айгүл"),)}, {"relatives": (("wife", "Aigul"),)}, "relative"),
        ({"places": ("Tekes",)}, {"places": ("Tekes",)}, "place"),
        ({"places": ("特克斯县",)}, {"places": ("Tekes County",)}, "place"),
    ],
)
def test_what_speaks_for_one_person_makes_it_likelier(
    cells: dict[str, object], others: dict[str, object], kind: str
) -> None:
    one, other = replace(ONE, **cells), replace(OTHER, **others)
    assert _kinds(one, other) == [kind]
    assert _score(one, other) > _score(ONE, OTHER)


@pytest.mark.parametrize(
    ("cells", "others", "kind"),
    [
        ({"born": (DAY, DAY)}, {"born": (date(1970, 1, 1), None)}, "born-apart"),
        ({"sex": "m"}, {"sex": "f"}, "sexes"),
        ({"documents": (("id", CHINESE),)}, {"documents": (("id", ANOTHER),)}, "numbers"),
        ({"relatives": (("mother", "Айгүл"),)}, {"relatives": (("mother", "Bota"),)}, "relatives"),
        ({"relatives": (("brother", OTHER.key),)}, {}, "kin"),
        ({"tellings": ("a", "b")}, {"tellings": ("b",)}, "telling"),
    ],
)
def test_what_speaks_against_one_person_makes_it_less_likely(
    cells: dict[str, object], others: dict[str, object], kind: str
) -> None:
    one, other = replace(ONE, **cells), replace(OTHER, **others)
    assert _kinds(one, other) == [kind]
    assert _score(one, other) < _score(ONE, OTHER)


def test_a_name_that_many_bear_says_less() -> None:
    assert _score(ONE, OTHER) > _score(ONE, OTHER, others=1) > _score(ONE, OTHER, others=20)


def test_the_farther_births_are_apart_the_less_likely() -> None:
    one = replace(ONE, born=(DAY, DAY))
    days = [DAY + timedelta(apart) for apart in (0, 10, 200, 900, 5000)]
    scores = [_score(one, replace(OTHER, born=(day, day))) for day in days]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_a_birth_on_the_first_of_january_stands_for_its_year() -> None:
    first = date(1961, 1, 1)
    on_the_day = evidence(replace(ONE, born=(DAY, DAY)), replace(OTHER, born=(DAY, DAY)), ATLAS)
    (known,) = evidence(replace(ONE, born=(first, first)), replace(OTHER, born=(first, first)), ATLAS)
    assert 1 < known.factor < on_the_day[0].factor


def test_brothers_are_not_proposed_as_one() -> None:
    one = replace(ONE, relatives=(("brother", "Serik Babanuly"),), born=(DAY, DAY))
    assert _score(one, Profile("Serik Babanuly", ("Serik Babanuly",), born=(DAY, DAY))) < SAME


def test_who_is_only_described_is_one_with_another_by_the_number_of_a_document_alone() -> None:
    woman = Profile("an elderly woman", ("an elderly woman",), born=(DAY, DAY), places=("Tekes",))
    again = replace(woman, key="another")
    assert _score(woman, again) < SAME
    with_number = [replace(who, documents=(("id", CHINESE),)) for who in (woman, again)]
    found = likeness(with_number[0], with_number[1], ATLAS)
    assert found.score > SAME
    assert (found.names, found.why) == (("", ""), ())


def test_no_number_of_a_document_stands_in_the_reasons() -> None:
    who = [replace(one, documents=(("id", CHINESE),)) for one in (ONE, OTHER)]
    found = likeness(who[0], who[1], ATLAS)
    words = [plain(one) for one in pieces(reader("en"), found.evidence)]
    assert words == ["the number of a document is the same"]


_NAMES = st.sampled_from(["Serik", "Серік Бабанұлы", "Aigul", "Айгүл", "an elderly woman", "", "🙂"])
_LABELS = st.sampled_from(["Tekes", "特克斯县", "Gulja", "Urumqi", "Nowhere-on-Sea"])
_DAYS = st.none() | st.dates(date(1930, 1, 1), date(2000, 1, 1))
_PEOPLE = st.builds(
    Profile,
    key=st.sampled_from(["a", "b"]),
    names=st.lists(
        st.sampled_from(["Serik", "Серік Бабанұлы", "an elderly woman", "", "🙂"]), max_size=2
    ).map(tuple),
    sex=st.sampled_from(["f", "m", ""]),
    born=st.tuples(_DAYS, _DAYS).map(lambda days: days if None in days else tuple(sorted(days))),
    places=st.lists(_LABELS, max_size=3).map(tuple),
    relatives=st.lists(
        st.tuples(st.sampled_from(["wife", "mother"]), st.sampled_from(["Aigul", "Айгүл", "Serik"])),
        max_size=2,
    ).map(tuple),
    documents=st.lists(
        st.tuples(st.just("id"), st.sampled_from([CHINESE, WRONG, "N1", "1234567"])), max_size=2
    ).map(tuple),
    tellings=st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
)


@settings(deadline=None, max_examples=40)
@given(_PEOPLE, _PEOPLE)
def test_it_is_the_same_from_either_side(one: Profile, other: Profile) -> None:
    here, there = likeness(one, other, ATLAS), likeness(other, one, ATLAS)
    assert here.score == there.score
    assert [(piece.kind, piece.factor) for piece in here.evidence] == [
        (piece.kind, piece.factor) for piece in there.evidence
    ]
    assert 0 <= here.score <= 1
