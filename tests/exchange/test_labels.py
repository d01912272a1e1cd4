"""What makes two labels one, and what no label may hold."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING
from unicodedata import normalize

import msgspec
import pytest

from estelik.errors import SheetError
from estelik.exchange import sheet
from estelik.exchange.columns import NAMES
from estelik.records import Statement
from estelik.records.stored import lies_in

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.exchange.sheet import Known

KEY = b"a key of this test"
#: No message may hold it.
MARK = "Sayragul"
#: The same label: the last letter as one character, and as a letter and its mark.
ONE, APART = "Серге\u0439", "Серге\u0438\u0306"


def read(tmp_path: Path, *rows: dict[str, str], there: Known = sheet.NOTHING) -> list[Statement]:
    path = tmp_path / "sheet.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, NAMES, restval="")
        writer.writeheader()
        writer.writerows({"about": MARK, "event": "arrest"} | row for row in rows)
    return list(sheet.read([path], key=KEY, known=there))


def faults(tmp_path: Path, *rows: dict[str, str], there: Known = sheet.NOTHING) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetError) as caught:
        read(tmp_path, *rows, there=there)
    assert MARK not in str(caught.value)
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


#: The same label to the eye: a plain space, one that does not break, two, a wide one.
SPACES = ("Anna Maria", "Anna\u00a0Maria", "Anna  Maria", "Anna\u3000Maria", "Anna\u202f Maria")


def known(*statements: Statement) -> Known:
    """What a casebook of these statements would answer of events and references."""
    events: dict[str, set[str]] = {}
    for statement in statements:
        events.setdefault(statement.about, set()).add(statement.event)
    return msgspec.structs.replace(
        sheet.NOTHING,
        empty=False,
        events=lambda labels: {label: events[label] for label in labels if label in events},
        subjects=lambda ids: {one.statement: one.about for one in statements if one.statement in ids},
        digests=lambda ids: {one.statement: b"" for one in statements if one.statement in ids},
        references=lambda labels: {
            one.statement: [(one.about, one.after)]
            for one in statements
            if one.after
            and labels & {one.after[:place] for place, sign in enumerate(one.after) if sign == "/"}
        },
    )


LABELS = (
    *("statement", "testimony", "source", "about", "event", "fact", "value"),
    *("place", "by", "via", "corrects", "after", "before"),
)


@pytest.mark.parametrize("column", LABELS)
def test_a_label_is_one_however_its_letters_were_typed_and_leaves_as_it_came(
    column: str, tmp_path: Path
) -> None:
    rows = [{"event": "release"}, {"event": ONE}, {"statement": ONE}]
    rows += [{"event": "return", "testimony": str(n), column: label} for n, label in enumerate((ONE, APART))]
    if column == "fact":
        rows[3]["event"] = rows[4]["event"] = ""
    if column == "statement":
        del rows[2:4]
    if column == "corrects":
        rows[4]["event"] = "arrest"
    found = read(tmp_path, *rows)
    assert {getattr(one, column) for one in found[3:] or found[2:]} == {ONE}
    place = NAMES.index(column)
    assert [sheet.cells(one)[place] for one in found] == [
        row.get(column, sheet.cells(one)[place]) for row, one in zip(rows, found, strict=True)
    ]
    assert found[-1].written == ((column, APART),)


@pytest.mark.parametrize("column", LABELS)
@pytest.mark.parametrize("spelled", SPACES[1:], ids=ascii)
def test_a_label_is_one_whichever_spaces_stand_in_it_and_leaves_as_it_came(
    column: str, spelled: str, tmp_path: Path
) -> None:
    there = [{"event": SPACES[0], "statement": SPACES[0], "source": "x"}]
    apart = {"event": "return", column: spelled}
    if column == "fact":
        apart["event"] = ""
    if column == "statement":
        there[0]["statement"] = "1"
    found = read(tmp_path, *there, apart)
    assert getattr(found[-1], column) == SPACES[0]
    assert sheet.cells(found[-1])[NAMES.index(column)] == spelled
    assert found[-1].written == ((column, spelled),)


def test_words_keep_their_spaces(tmp_path: Path) -> None:
    (one,) = read(tmp_path, {"quote": SPACES[2], "note": SPACES[1]})
    assert (one.quote, one.note) == (SPACES[2], SPACES[1])


@pytest.mark.parametrize("words", [*SPACES, "anna\nmaria said so"], ids=ascii)
def test_words_that_name_who_told_lie_with_the_sources_however_they_are_spaced(words: str) -> None:
    told = Statement("1", "Aman", source=SPACES[0], event="arrest", quote=f"It was {words}.")
    assert lies_in(told) == "source"
    assert (
        lies_in(Statement("1", "Aman", source=SPACES[0], event="arrest", quote="It was Marian's."))
        == "source"
    )
    assert (
        lies_in(Statement("1", "Aman", source=SPACES[0], event="arrest", quote="It was May.")) == "testimony"
    )


def test_a_row_is_the_same_row_however_its_labels_were_typed(tmp_path: Path) -> None:
    """Its id is made of what the labels are, so that it is not entered twice."""
    (one,), (other,) = (
        read(tmp_path, {"about": ONE, "source": ONE}),
        read(tmp_path, {"about": APART, "source": APART}),
    )
    assert one.statement == other.statement
    assert faults(tmp_path, {"statement": ONE}, {"statement": APART}) == [(3, "statement", "double-id")]


def test_words_keep_the_letters_and_the_white_space_they_were_typed_with(tmp_path: Path) -> None:
    words = f" \t{APART}\r\n{ONE}\u200f\n "
    (one,) = read(tmp_path, {"quote": words, "note": words, "place": "  Tekes "})
    assert (one.quote, one.note, one.place, one.written) == (words, words, "Tekes", ())
    (blank,) = read(tmp_path, {"quote": " \n ", "note": "\t"})
    assert (blank.quote, blank.note) == ("", "")


HIDDEN = "\t\n\r\u2028\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\ufeff\u2060\u00ad\u034f\U000e0041"


@pytest.mark.parametrize("mark", HIDDEN, ids=ascii)
@pytest.mark.parametrize(
    "column", ["about", "event", "place", "source", "via", "statement", "after", "testimony"]
)
def test_a_label_with_a_mark_that_cannot_be_seen_is_a_fault(column: str, mark: str, tmp_path: Path) -> None:
    assert (3, column, "hidden") in faults(tmp_path, {}, {column: f"{MARK}{mark}{MARK}"})


def test_the_value_of_a_relation_is_a_label_and_of_another_fact_words(tmp_path: Path) -> None:
    value = {"event": "", "value": f"{MARK}\n{MARK}"}
    assert faults(tmp_path, value | {"fact": "relation:sister"}) == [(2, "value", "hidden")]
    assert read(tmp_path, value | {"fact": "occupation"})[0].value == value["value"]


def test_joiners_of_arabic_letters_stay_in_labels(tmp_path: Path) -> None:
    label = "می\u200cخواهد\u200d"
    assert read(tmp_path, {"about": label})[0].about == label


def test_line_ends_around_a_label_are_white_space(tmp_path: Path) -> None:
    assert read(tmp_path, {"about": "\tAnn\r\n"})[0].about == "Ann"


def test_a_reference_that_two_events_answer_to_is_a_fault(tmp_path: Path) -> None:
    """A label may hold a slash; what is there says what is meant."""
    reference = {"event": "release", "after": "A/B/c"}
    one, other, own = {"about": "A", "event": "B/c"}, {"about": "A/B", "event": "c"}, {"event": "A/B/c"}
    for there in (one, other, own):
        assert read(tmp_path, there, reference)
    for pair in ((one, other), (one, own), (own, other)):
        assert faults(tmp_path, reference, *pair) == [(2, "after", "ambiguous")]


def test_a_row_that_gives_an_earlier_reference_a_second_meaning_is_a_fault(tmp_path: Path) -> None:
    """What names one event today must not name another tomorrow; the fault is of the later row."""
    one, other, own = ("A", "B/c"), ("A/B", "c"), ("P", "A/B/c")
    for first in (one, other, own):
        there = known(
            Statement("1", first[0], event=first[1]), Statement("2", "P", event="release", after="A/B/c")
        )
        for second in {one, other, own} - {first}:
            later = {"about": second[0], "event": second[1]}
            assert faults(tmp_path, {"event": "return"}, later, there=there) == [(3, "event", "doubled")]
        again = {"about": first[0], "event": first[1]}
        assert len(read(tmp_path, again, {"about": "A/B", "event": "d"}, there=there)) == 2
        corrected = {"about": "P", "event": "release", "corrects": "2"}
        assert len(read(tmp_path, {"about": "A/B", "event": "c"}, corrected, there=there)) == 2


def test_a_person_who_comes_to_be_told_of_can_give_a_birth_a_second_meaning(tmp_path: Path) -> None:
    there = known(
        Statement("1", "A", event="B/birth"), Statement("2", "P", event="release", after="A/B/birth")
    )
    fact = {"about": "A/B", "event": "", "fact": "sex"}
    assert faults(tmp_path, fact, there=there) == [(2, "event", "doubled")]


def test_normalising_is_what_the_standard_says(tmp_path: Path) -> None:
    """Composition, not compatibility: a superscript stays one."""
    (one,) = read(tmp_path, {"about": "x\u00b2 \u212b"})
    assert one.about == normalize("NFC", "x\u00b2 \u212b") == "x\u00b2 \u00c5"
