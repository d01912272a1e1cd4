"""A line: what it says, what stands beside it, and what it never does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.chronology import age, duration, edtf
from estelik.errors import UsageError
from estelik.intake.cells import wrong
from estelik.intake.line import read
from estelik.intake.readback import between, bounds
from estelik.intake.reading import Context, Reading
from estelik.intake.table import LANGUAGES, table
from estelik.language.direction import plain
from estelik.records import Statement
from estelik.records.vocabulary import vocabulary

TOLD = Context(events=("arrest", "release"), day="2023-01-04")


def cells(line: str, language: str = "en", context: Context = TOLD) -> dict[str, str]:
    return read(line, language, context).cells


def spoken(reading: Reading) -> str:
    """The read-back without marks of direction."""
    return plain(reading.prose).replace("\u2068", "").replace("\u2069", "")  # type: ignore[arg-type]


def test_each_field_says_where_it_was_typed() -> None:
    """The face can show which words became which field."""
    line = "released 1y9m after taken in 2019"
    where = {field.column: line[field.start : field.end] for field in read(line, "en", TOLD).fields}
    assert where["event"] == "released"
    assert where["gap"] == where["after"] == "1y9m after taken"
    assert where["when"] == "in 2019"


def test_the_two_testimonies_take_few_keys() -> None:
    """Saule's case: two accounts that contradict each other, four events, no date invented."""
    first = ["aged 76 when taken", "rel 1y9m after taken", "moved 5 or 8mo after taken", "passport taken"]
    second = ["born 1952", "taken 2018-21"]
    told: list[str] = []
    made = []
    for number, line in enumerate(first + second):
        found = read(line, "en", Context(events=tuple(told)))
        assert found.complete, line
        made.append(found.statement(f"s{number}", "Saule", told="2023-01-04"))
        if made[-1].event not in told:
            told.append(made[-1].event)
    assert told == ["arrest", "release", "transfer", "passport-taken", "birth"]
    assert [one.gap for one in made[1:3]] == ["P1Y9M", "[P5M,P8M]"]
    assert all(not one.when for one in made[:4])
    # Enter after each line included.
    assert sum(len(line) + 1 for line in first + second) < 130


def test_what_was_told_last_is_what_later_counts_from() -> None:
    """And every other event that was told is another reading."""
    found = read("letters stopped a year later", "en", TOLD)
    assert found.cells == {"event": "contact-lost", "after": "release", "gap": "P1Y"}
    assert [other.cells["after"] for other in found.alternatives] == ["arrest"]


def test_later_than_nothing_is_a_fault() -> None:
    """Nothing told: the words are named, and no event is thought up."""
    found = read("letters stopped a year later")
    assert found.cells == {"event": "contact-lost"}
    assert found.faults == ("gap-alone",)
    assert [one.text for one in found.unread] == ["a year later"]


def test_a_word_that_means_several_things_shows_them() -> None:
    """Taken: by the police, to the camp, to prison; an event that was told comes first."""
    first = read("taken")
    assert first.cells == {"event": "arrest"}
    others = [other.cells["event"] for other in first.alternatives]
    assert others == ["detention", "camp-entry", "prison-entry"]
    assert all(other.prose != first.prose for other in first.alternatives)
    assert cells("taken in 2018", context=Context(events=("camp-entry",)))["event"] == "camp-entry"
    after = read("released after taken", "en", Context(events=("camp-entry",)))
    assert after.cells["after"] == "camp-entry"
    assert not after.alternatives


def test_a_date_that_can_be_read_both_ways_shows_both() -> None:
    """Day and month between slashes stand in one order here and in another there."""
    found = read("arrested 4/3/2017")
    assert [found.cells["when"], *(o.cells["when"] for o in found.alternatives)] == [
        "2017-03-04",
        "2017-04-03",
    ]
    assert not read("arrested 14/3/2017").alternatives


def test_a_time_alone_belongs_to_the_event_last_told() -> None:
    """It is said to be assumed, and without any event it is a fault."""
    found = read("in the spring of 2018", "en", TOLD)
    assert found.cells == {"event": "release", "when": "2018-21"}
    assert [field.assumed for field in found.fields] == [True, False]
    assert [other.cells["event"] for other in found.alternatives] == ["arrest"]
    assert read("in the spring of 2018").faults == ("which-event",)


def test_what_was_asked_is_what_a_sign_answers() -> None:
    """``?`` could not say, a dash would not say; with nothing asked, nothing is made of it."""
    asked = Context(events=("arrest",), asked=("where", "arrest"))
    found = read("?", "en", asked)
    assert found.cells == {"event": "arrest", "answer": "unknown", "note": "where"}
    assert spoken(found) == "Arrested, where: could not say."
    assert read("–", "en", asked).cells["answer"] == "refused"
    assert read("-", "en", asked).cells["answer"] == "refused"
    assert read("?", "en", TOLD).faults == ("which-event",)


def test_what_is_read_back_holds_every_cell() -> None:
    """What a sentence of the desk has no words for stands behind it."""
    said = spoken(read('released in 2019, heard from a guard "at dawn" grade=B2 role=inferred', "en", TOLD))
    for words in ("Released in 2019.", "from guard", "“at dawn”", "grade=B2", "earsay"):
        assert words in said


def test_how_much_a_length_leaves_open_is_said() -> None:
    """Half of the finest unit; a whole one where it was about."""
    assert spoken(read("released a year after arrest")).endswith("Half a year either side.")
    assert spoken(read("released about nine months after arrest")).endswith("A month either side.")
    assert spoken(read("released 12 days after arrest")).endswith("after the arrest.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_read_back_is_in_the_language_of_the_line(language: str) -> None:
    """Also where the line is in the sheet's own signs."""
    line = "camp-entry:X when=2018-21 age=76 after=arrest gap=P1Y"
    found = read(line, language)
    assert found.cells["event"] == "camp-entry:X"
    assert found.complete
    assert (spoken(found) == spoken(read(line, "en"))) == (language == "en")


def test_between_which_days_the_event_then_lies() -> None:
    """The bounds come from all that was told, the draft among it."""
    told = [Statement("1", "Askar", event="release", when="2019-06-30/2019-10-01")]
    draft = read("house arrest ended a year after release", "en", TOLD).statement("2", "Askar")
    found = bounds(told, draft)
    assert found is not None
    assert between(found, "en") == "between 29 December 2019 and 1 April 2021"
    assert between(found, "zh") == "2019年12月29日至2021年4月1日之间"
    refused = read("released –", "en", TOLD).statement("3", "Askar")
    assert bounds(told, refused) is None


def test_a_name_in_a_case_shows_what_it_may_be() -> None:
    """A place that nobody has told of yet: as it was typed, and without the ending that it may have."""
    found = read("ранен под Бахмутом", "ru")
    assert found.cells["place"] == "Бахмутом"
    assert "Бахмут" in [other.cells["place"] for other in found.alternatives]
    assert read("ранен под Бахмутом", "ru", Context(places=("Бахмут",))).cells["place"] == "Бахмут"


def test_what_lies_after_the_telling_is_still_to_come() -> None:
    """A day that has not been cannot be told as past; no word of the line says it."""
    found = read("released in 2030", "en", TOLD)
    assert [(one.column, one.assumed) for one in found.fields if one.column == "expected"] == [
        ("expected", True)
    ]
    assert "expected" not in read("released in 2030").cells


def test_health_is_kept_among_medical_statements() -> None:
    """As a row of a sheet with the compartment left blank."""
    assert read("suffered from diabetes").statement("1", "Saule").compartment == "medical"
    assert read("teacher").statement("1", "Saule").compartment == "testimony"
    # The number of a paper is as secret as who told.
    number = read("fact=document:id value=850301300121").statement("1", "Saule")
    assert (number.fact, number.compartment) == ("document:id", "source")


@pytest.mark.parametrize(
    ("line", "unread"),
    [
        ("when=yesterday", ["when=yesterday"]),
        ("arrested age=7x", ["age=7x"]),
        ("arrested gap=P1Y", []),
        ("arrested about=Someone", ["about=Someone"]),
        ("arrested in 2017 and released in 2019", ["released in 2019"]),
        ("arrested perhaps", ["perhaps"]),
        ("born aged 3", []),
        ("teacher arrested", ["arrested"]),
        ("arrested for seven months", ["for seven months"]),
        ("arrested in March", ["in March"]),
        ("about fifty relatives", ["about"]),
        ("sister", ["sister"]),
        ("released in 2019 after she heard", ["after", "heard"]),
    ],
)
def test_what_does_not_fit_is_named(line: str, unread: list[str]) -> None:
    """Never guessed at, never dropped: a second event, a doubt without a date, a month without a year."""
    found = read(line, "en", Context(day="2023-01-04"))
    assert [one.text for one in found.unread] == unread
    assert not found.complete


@pytest.mark.parametrize(
    ("line", "when"),
    [
        ("arrested 2017-03-12", "2017-03-12"),
        ("arrested 2017?", "2017?"),
        ("arrested 2017-03%", "2017-03%"),
        ("arrested 2014/..", "2014/.."),
        ("arrested ../2014", "../2014"),
        ("arrested [2017-03, 2017-05]", "[2017-03, 2017-05]"),
        ("arrested 2017-03/2018-21", "2017-03/2018-21"),
        ("arrested 19XX", "19XX"),
        ("arrested 2017-XX-12", "2017-XX-12"),
    ],
)
def test_a_date_of_the_sheet_is_taken_as_it_is(line: str, when: str) -> None:
    """Letter for letter."""
    assert cells(line) == {"event": "arrest", "when": when}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "line",
    [
        "",
        " \t\u00a0 ",
        "x" * 10_000,
        "арест " * 2_000,
        "=HYPERLINK(1)",
        "'=1+1",
        "@cmd|' /C calc'!A0",
        "\u202e\u2066\u200f\ufeff",
        "\u202earrested\u202c in\u200f 2017",
        "\ue000\ue100\uf8ff",
        "\ud800",
        "((((((((",
        "a" + "\u0301" * 400,
        '"' * 41,
        "= = =",
        "event=",
        "after=",
        "🜚 ꧁ ༺",
        "0" * 400,
        "1 " * 200,
        "after after after before before",
        "born born born",
    ],
)
def test_nonsense_is_no_exception_and_no_guess(line: str, language: str) -> None:
    """Whatever is typed comes back as it is; what is made of it can be kept in a sheet."""
    found = read(line, language, TOLD)
    assert found.line == line
    assert all(not wrong(field.column, field.value) for field in found.fields)


def test_marks_of_direction_change_nothing() -> None:
    """A line copied from a page that is read from the right is the same line."""
    assert cells("\u202earrested\u202c in\u200f 2017") == {"event": "arrest", "when": "2017"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_line_gives_fits_its_cells(language: str) -> None:
    """For any words of the language in any order: dates, ages and lengths are the sheet's own."""
    own = table(language)
    words = [one for group in own.events.values() for one in group[:1]]
    words += [one for group in own.months.values() for one in group[:1]] + own.fillers
    words += ["2017", "76", "1y9m", "?", "-", "2018-03", "age=76", ",", "«", "=", "P1Y"]
    words += [rule[0] for rule in own.relations[:5]] + [rule[0] for rule in own.dates[:5]]

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.one_of(st.sampled_from(words), st.text(max_size=6)), max_size=8))
    def law(parts: list[str]) -> None:
        line = " ".join(parts)
        found = read(line, language, TOLD)
        for one in (found, *found.alternatives):
            held = one.cells
            for column, form in (("when", edtf.parse), ("age", age.parse), ("gap", duration.parse)):
                if column in held:
                    form(held[column])
            assert ("gap" not in held or ("after" in held) != ("before" in held)) or one.faults
            assert "event" not in held or "fact" not in held
        stretches = [(one.start, one.end) for one in found.fields] + [(u.start, u.end) for u in found.unread]
        assert all(0 <= start <= end <= len(line) for start, end in stretches)

    law()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_can_be_typed(language: str) -> None:
    """Each by its own words in the table and by its code."""
    own = table(language)
    for kind in vocabulary().kinds:
        assert own.events[kind], kind
        assert cells(kind, language, Context()).get("event") == kind


def test_a_language_without_a_table_is_refused() -> None:
    """Rather than read as another."""
    with pytest.raises(UsageError, match="No line can be typed"):
        read("arrested", "fr")
    assert read("арест", "ru-RU").cells == {"event": "arrest"}


def test_tables_say_whether_a_speaker_has_read_them() -> None:
    """Machine-drafted rules are marked, as the catalogs are."""
    assert [table(language).reviewed for language in LANGUAGES] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("they bundled him off in the spring of 2018", "en"),
        ("she crossed somewhere in spring 2021", "en"),
        ("родила в 2015", "ru"),
        ("весной 2018 его куда-то дели", "ru"),
        ("взимку 2018 він кудись подівся", "uk"),
        ("2018 жылы көктемде бірдеңе болды", "kk"),
    ],
)
def test_where_words_are_not_understood_no_event_is_assumed(line: str, language: str) -> None:
    """They may name another than the one that was told last: nothing that nobody said is read back."""
    found = read(line, language, TOLD)
    assert "event" not in found.cells
    assert "which-event" in found.faults
    assert found.unread
    assert not found.prose


def test_what_counts_from_unread_words_is_not_counted_from_an_event_that_was_told() -> None:
    """A year after what? Words that nobody read may say it."""
    found = read("letters stopped a year later zzz", "en", TOLD)
    assert found.cells == {"event": "contact-lost"}
    assert "gap-alone" in found.faults


def test_a_time_after_the_event_told_last_is_of_something_new() -> None:
    """Two weeks after the release, said after the release: not of the arrest before it."""
    found = read("two weeks after release", "en", TOLD)
    assert "event" not in found.cells
    assert found.faults == ("which-event",)
    assert read("two weeks after arrest", "en", TOLD).cells["event"] == "release"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", ["30.02.2018", "31.4.2018", "13.13.2018", "2018-02-30", "29.2.2018"])
def test_a_day_that_no_calendar_has_is_said_to_be_none(day: str, language: str) -> None:
    """It is neither understood as something else nor only words."""
    found = read(day, language, TOLD)
    assert "no-such-day" in found.faults
    assert [one.text for one in found.unread] == [day]
    assert not found.cells
    assert "no-such-day" in read("arrested 31 April 2018", "en", TOLD).faults


def test_nobody_is_born_after_the_telling() -> None:
    """A birth to come is a slip, not something expected."""
    assert "to-come" in read("born 2042", "en", TOLD).faults
    assert read("born 1942", "en", TOLD).complete


def test_an_event_beside_somebody_else_is_not_hers() -> None:
    """Her brother's arrest is no arrest of hers."""
    found = read("her brother Asqar was arrested too", "en", TOLD)
    assert "somebody-else" in found.faults
    assert "somebody-else" in read("её брата арестовали в 2017", "ru", TOLD).faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_whose_last_digit_does_not_fit_is_kept_and_read_back_with_a_doubt(language: str) -> None:
    """The doubt is a sentence of its own, in the language of the desk, and does not repeat the number."""
    right = read("fact=document:id value=850301300121", language)
    wrong_ = read("fact=document:id value=850301300122", language)
    assert wrong_.complete
    assert wrong_.cells["value"] == "850301300122"
    said = [spoken(one).replace("850301300121", "N").replace("850301300122", "N") for one in (right, wrong_)]
    assert len(said[1]) > len(said[0]) + 10
    assert "8503" not in said[1]
