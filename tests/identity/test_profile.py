"""What is recorded of somebody, as others are compared with it."""

from __future__ import annotations

from datetime import date

import pytest

from estelik.identity.merging import merge
from estelik.identity.profile import Profile, profiles
from estelik.identity.resolution import resolve
from estelik.identity.sex import sex_of
from estelik.records import Statement


def _profiles(*statements: Statement) -> dict[str, Profile]:
    return {one.key: one for one in profiles(merge(list(statements), [], resolve([])))}


def _fact(number: int, about: str, fact: str, value: str, **cells: str) -> Statement:
    return Statement(str(number), about, source="Zulfiya", fact=fact, value=value, **cells)  # type: ignore[arg-type]


def test_a_profile_holds_all_by_which_somebody_can_be_told() -> None:
    told = _profiles(
        Statement("1", "Marhaba", source="Zulfiya", event="arrest", when="2018-03", age="40", place="Tekes"),
        _fact(2, "Marhaba", "name", "Мархаба"),
        _fact(3, "Marhaba", "sex", "женский"),
        _fact(4, "Marhaba", "relation:brother", "Serik"),
        _fact(5, "Marhaba", "document:passport", "n 123 456"),
    )["Marhaba"]
    assert told == Profile(
        "Marhaba",
        ("Marhaba", "Мархаба"),
        "f",
        (date(1977, 3, 1), date(1978, 4, 2)),
        ("Tekes",),
        (("brother", "Serik"),),
        (("passport", "N123456"),),
        ("\x1fZulfiya\x1f",),
    )


def test_what_was_denied_corrected_or_is_a_pseudonym_tells_nobody() -> None:
    told = _profiles(
        Statement("1", "Marhaba", source="Zulfiya", event="arrest"),
        _fact(2, "Marhaba", "name", "Zhanar", answer="no"),
        _fact(3, "Marhaba", "name:pseudonym", "Gulnar"),
        _fact(4, "Marhaba", "document:passport", "1111111"),
        _fact(5, "Marhaba", "document:passport", "2222222", corrects="4"),
    )["Marhaba"]
    assert told.names == ("Marhaba",)
    assert told.documents == (("passport", "2222222"),)


def test_the_sex_is_told_by_words_a_name_or_a_number_and_not_where_sources_disagree() -> None:
    told = _profiles(
        Statement("1", "Serik Babanuly", source="Zulfiya", event="arrest"),
        Statement("2", "Aigul", source="Zulfiya", event="arrest"),
        _fact(3, "Nur", "sex", "男"),
        _fact(4, "Nur", "sex", "female"),
    )
    assert [told[key].sex for key in ("Serik Babanuly", "Aigul", "Nur")] == ["m", "", ""]


def test_places_and_unnamed_people_have_no_names_of_people() -> None:
    told = _profiles(
        Statement("1", "?an elderly woman", source="Zulfiya", event="arrest"),
        Statement("2", "Tekes camp", about_kind="place", source="Zulfiya", fact="kind", value="camp"),
    )
    assert [one.names for one in told.values()] == [()]


@pytest.mark.parametrize(
    ("words", "sex"),
    [
        ("F", "f"),
        ("әйел", "f"),
        ("Жен.", "f"),
        ("女", "f"),
        ("ЕР", "m"),
        ("ئەر", "m"),
        ("perhaps", ""),
        ("", ""),
    ],
)
def test_a_sex_is_read_in_the_languages_of_sheets(words: str, sex: str) -> None:
    assert sex_of(words) == sex
