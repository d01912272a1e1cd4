from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import msgspec
import pytest

from estelik.errors import SheetError
from estelik.exchange import sheet
from estelik.exchange.columns import NAMES
from estelik.exchange.ledger import Known
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from estelik.errors import Fault

KEY = b"a key of this test"
#: Stands in cells beside and inside what is wrong; no message may hold it.
MARK = "Sayragul"


def text(*rows: dict[str, str], columns: Sequence[str] = NAMES, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(path: Path, known: Known = sheet.NOTHING) -> list[Statement]:
    return list(sheet.read([path], known=known, key=KEY))


def rows(tmp_path: Path, *cells: dict[str, str], known: Known = sheet.NOTHING) -> list[Statement]:
    path = tmp_path / "sheet.csv"
    path.write_text(text(*cells), encoding="utf-8", newline="")
    return read(path, known)


def faults(
    tmp_path: Path, *cells: dict[str, str], known: Known = sheet.NOTHING
) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetError) as caught:
        rows(tmp_path, *cells, known=known)
    return told(caught.value.faults)


def told(found: Sequence[Fault]) -> list[tuple[int, str, str]]:
    for fault in found:
        assert MARK not in fault.line()
        assert fault.what.endswith(".")
        assert fault.do.endswith(".")
    return [(fault.row, fault.column, fault.code) for fault in found]


def digest(statement: Statement) -> bytes:
    return repr(msgspec.structs.astuple(statement)[: len(NAMES)]).encode()


def known(*statements: Statement) -> Known:
    """What a casebook of these statements would answer."""
    corrected = {statement.corrects for statement in statements}
    by_id = {statement.statement: statement for statement in statements}
    events: dict[str, set[str]] = {}
    for statement in statements:
        events.setdefault(statement.about, set()).update({statement.event} - {""})
    return Known(
        events=lambda subjects: {subject: events[subject] for subject in subjects if subject in events},
        digest=digest,
        digests=lambda ids: {id_: digest(by_id[id_]) for id_ in ids if id_ in by_id},
        subjects=lambda ids: {id_: by_id[id_].about for id_ in ids if id_ in by_id},
        references=lambda _: {
            s.statement: [(s.about, cell) for cell in (s.after, s.before) if "/" in cell]
            for s in statements
            if s.statement not in corrected
        },
        told=lambda tellings: {
            testimony: [
                (s.statement, s.told)
                for s in statements
                if s.testimony == testimony and s.told not in cells and s.statement not in corrected
            ]
            for testimony, cells in tellings.items()
        },
    )


def row(**cells: str) -> dict[str, str]:
    return {"about": MARK, "event": "arrest", "note": f"{MARK} says"} | cells


FINE = [
    {"when": "2018"},
    {"when": "2018-03/.."},
    {"when": "[2018,2019-05]"},
    {"age": "76"},
    {"age": "60..65"},
    {"age": "~50"},
    {"after": "birth", "gap": "P1Y9M"},
    {"before": "told", "gap": "~P2Y"},
    {"after": "birth", "gap": "[P5Y,P8Y]"},
    {"before": "told", "gap": "±P1M"},
    {"after": "birth", "before": "told"},
    {"grade": "A1"},
    {"grade": "F6"},
    {"language": "zh-Hans-CN"},
    {"language": "ug-Arab"},
    {"language": "x-dialect"},
    {"evidence": "https://example.org/a?b=c#t=73 2023-01-04"},
    {"evidence": "https://example.org/a#chapter"},
    {"evidence": "a" * 64 + "#page=2"},
    {"evidence": "sha256:" + "0" * 64},
    {"expected": "no"},
    {"event": "", "fact": "count:children", "value": "3"},
    {"event": "", "fact": "count:people", "value": "200.."},
    {"event": "", "fact": "count:people", "value": "..50"},
    {"event": "", "fact": "count", "value": "11..13"},
    {"event": "", "fact": "count:children", "answer": "refused"},
    {"event": "", "fact": "occupation", "expected": "no"},
    {"via": "friend > neighbour"},
    {"event": "told#1"},
    {"event": "release#2/3"},
    {"quote": "  two lines\r\nand a tab\t\u200e "},
    {"note": "\n\u202eturned\u202c"},
    {"compartment": "casework"},
]

FAULTY = [
    ({"answer": MARK}, "answer", "word"),
    ({"answer": "Yes"}, "answer", "word"),
    ({"role": MARK}, "role", "word"),
    ({"layer": MARK}, "layer", "word"),
    ({"compartment": MARK}, "compartment", "word"),
    ({"about_kind": MARK}, "about_kind", "word"),
    ({"expected": MARK}, "expected", "word"),
    ({"grade": f"B7{MARK}"}, "grade", "grade"),
    ({"grade": "b2"}, "grade", "grade"),
    ({"told": MARK}, "told", "date"),
    ({"when": f"2018-13 {MARK}"}, "when", "date"),
    ({"when": "2019/2018"}, "when", "reversed"),
    ({"when": "15.03.2018"}, "when", "date"),
    ({"age": MARK}, "age", "age"),
    ({"age": "131"}, "age", "age"),
    ({"age": "65..60"}, "age", "reversed"),
    ({"after": "birth", "gap": MARK}, "gap", "gap"),
    ({"after": "birth", "gap": "P7D/P2D"}, "gap", "reversed"),
    ({"gap": "P1Y"}, "gap", "gap-alone"),
    ({"gap": "P1Y", "after": "birth", "before": "told"}, "gap", "gap-alone"),
    ({"language": f"{MARK}!"}, "language", "language"),
    ({"language": "kazakh language"}, "language", "language"),
    ({"evidence": MARK}, "evidence", "evidence"),
    ({"evidence": "https://example.org#t=soon"}, "evidence", "evidence"),
    ({"evidence": f"https://example.org {MARK}"}, "evidence", "evidence"),
    ({"about": ""}, "about", "no-about"),
    ({"event": ""}, "event", "no-event"),
    ({"event": "told"}, "event", "event-told"),
    ({"event": "#2"}, "event", "event-label"),
    ({"event": f":{MARK}"}, "event", "event-label"),
    ({"event": "", "fact": f" : {MARK}"}, "fact", "fact-label"),
    ({"event": "", "fact": "occupation", "expected": "yes"}, "expected", "expected-fact"),
    ({"event": "", "fact": "count:children", "value": MARK}, "value", "count"),
    ({"event": "", "fact": "count:children", "value": "-2"}, "value", "count"),
    ({"event": "", "fact": "count:children", "value": "2.5"}, "value", "count"),
    ({"event": "", "fact": "count", "value": ".."}, "value", "count"),
    ({"event": "", "fact": "count:people", "value": "13..11"}, "value", "reversed"),
    ({"via": " > > "}, "via", "via"),
    ({"via": ">"}, "via", "via"),
    ({"via": f"{MARK} >"}, "via", "via"),
    ({"via": f"friend > > {MARK}"}, "via", "via"),
    ({"fact": "name"}, "event", "event-and-fact"),
    ({"quote": MARK * 9000}, "quote", "too-long"),
    ({"quote": f"{MARK}\x00"}, "quote", "control"),
    ({"note": f"\x1b[31m{MARK}"}, "note", "control"),
    ({"about": f"{MARK}\x07"}, "about", "control"),
    ({"after": "arrest"}, "after", "own-event"),
    ({"before": f"{MARK}/arrest"}, "before", "own-event"),
    ({"event": "birth", "after": "birth"}, "after", "own-event"),
    ({"event": "birth", "age": "0"}, "age", "age-at-birth"),
    ({"after": MARK}, "after", "no-such-event"),
    ({"after": f"{MARK} the other/arrest"}, "after", "no-such-event"),
    ({"after": f"{MARK} the other/birth"}, "after", "no-such-event"),
    ({"after": "?/arrest"}, "after", "unnamed"),
    ({"age": "-1"}, "age", "age"),
    ({"after": "birth", "gap": "-P1Y"}, "gap", "gap"),
    ({"statement": MARK, "corrects": MARK}, "corrects", "corrects-itself"),
    ({"corrects": MARK}, "corrects", "corrects-unknown"),
]


@pytest.mark.parametrize("cells", FINE, ids=lambda cells: "-".join(cells.values()))
def test_what_the_contract_allows_is_read(cells: dict[str, str], tmp_path: Path) -> None:
    (statement,) = rows(tmp_path, row(**cells))
    assert dict(zip(NAMES, sheet.cells(statement), strict=True)) | {"statement": ""} == (
        dict.fromkeys(NAMES, "") | row(**cells)
    )


@pytest.mark.parametrize(("cells", "column", "code"), FAULTY, ids=lambda part: str(part)[:40])
def test_a_bad_cell_is_a_fault_at_its_place(
    cells: dict[str, str], column: str, code: str, tmp_path: Path
) -> None:
    """The fault names the row as a spreadsheet does, and nothing of any cell."""
    good = {"about": "Somebody", "event": "release", "quote": "two\nlines"}
    assert faults(tmp_path, good, row(**cells)) == [(3, column, code)]


def test_all_faults_are_told_in_the_order_of_rows(tmp_path: Path) -> None:
    found = faults(tmp_path, row(after="nowhere"), row(answer="maybe", when="soon"), row(about=""))
    assert found == [
        (2, "after", "no-such-event"),
        (3, "answer", "word"),
        (3, "when", "date"),
        (4, "about", "no-about"),
    ]


def test_beyond_a_thousand_faults_are_counted(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        rows(tmp_path, *(row(when=MARK) for _ in range(1234)))
    assert len(caught.value.faults) == 1001
    assert caught.value.faults[-1].line() == "And 234 more."


def test_events_of_any_row_file_or_the_casebook_can_be_referred_to(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(text(row(after="release"), row(before="Ann/Bee/arrival"), row(after="Old/camp-exit")))
    two.write_text(text(row(event="release"), row(about="Ann/Bee", event="arrival")))
    old = known(Statement("old", "Old", event="camp-exit"))
    assert len(list(sheet.read([one, two], known=old, key=KEY))) == 5


def test_a_label_with_a_slash_is_first_tried_whole(tmp_path: Path) -> None:
    """`Ann/arrest` is the row's own event before it is Ann's."""
    assert rows(tmp_path, row(event="Ann/arrest"), row(event="release", after="Ann/arrest"))


def test_somebody_unnamed_has_no_event_but_the_rows_own(tmp_path: Path) -> None:
    unnamed = row(about="?")
    assert faults(tmp_path, unnamed | {"event": "release"}, unnamed | {"after": "release"}) == [
        (3, "after", "no-such-event")
    ]


def test_one_id_for_two_rows_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, row(statement=MARK), row(statement=MARK)) == [(3, "statement", "double-id")]


def test_a_changed_row_is_a_fault_and_an_unchanged_one_is_not(tmp_path: Path) -> None:
    (before,) = rows(tmp_path, row(statement="a"))
    assert rows(tmp_path, row(statement="a", answer="yes"), known=known(before))
    assert faults(tmp_path, row(statement="a", quote=MARK), known=known(before)) == [
        (2, "statement", "changed")
    ]


def test_a_row_corrects_what_was_said_of_the_same_person(tmp_path: Path) -> None:
    """In one import and in the casebook; the earlier row may stand below the later one."""
    old, new = row(statement="a"), row(statement="b", corrects="a")
    (stored,) = rows(tmp_path, old)
    assert rows(tmp_path, new, old)
    assert rows(tmp_path, new, known=known(stored))
    other = new | {"about": f"{MARK} the other"}
    assert faults(tmp_path, other, old) == [(2, "corrects", "corrects-other")]
    assert faults(tmp_path, other, known=known(stored)) == [(2, "corrects", "corrects-other")]


def test_who_somebody_unnamed_was_can_be_corrected_and_doubted(tmp_path: Path) -> None:
    old, new = row(statement="a", about="?woman"), row(statement="b", corrects="a")
    (stored,) = rows(tmp_path, old)
    assert rows(tmp_path, old, new)
    assert rows(tmp_path, new, known=known(stored))
    assert rows(tmp_path, row(statement="a"), old | {"statement": "b", "corrects": "a"})


def test_corrections_in_a_circle_are_a_fault(tmp_path: Path) -> None:
    ring = [row(statement=str(n), corrects=str((n + 1) % 3)) for n in range(3)]
    found = faults(tmp_path, *ring, row(statement="x", corrects="0"))
    assert found == [(2, "corrects", "corrects-circle")]


def test_one_testimony_cannot_be_told_on_two_days(tmp_path: Path) -> None:
    one = row(testimony="visit", told="2021-03")
    assert rows(tmp_path, one, one | {"told": "2021-03-12", "event": "release"})
    assert faults(tmp_path, one, one | {"told": "2022"}) == [(3, "told", "two-dates")]


def test_a_corrected_date_of_telling_no_longer_counts(tmp_path: Path) -> None:
    """In the same import, against the casebook, and when the old sheet comes again after it."""
    old = row(statement="a", testimony="visit", told="2021-03")
    new = row(statement="b", testimony="visit", told="2022", corrects="a")
    both = rows(tmp_path, old, new)
    assert rows(tmp_path, new, known=known(both[0]))
    assert rows(tmp_path, old, known=known(*both))
    assert faults(tmp_path, row(testimony="visit", told="2021-03"), known=known(*both)) == [
        (2, "told", "two-dates")
    ]


def test_rows_without_an_id_get_the_same_one_again(tmp_path: Path) -> None:
    first = rows(tmp_path, row(), row(), row(quote="other"))
    assert len({statement.statement for statement in first}) == 3
    assert all(statement.generated for statement in first)
    assert rows(tmp_path, row(), row(), row(quote="other")) == first
    assert not rows(tmp_path, row(statement="own"))[0].generated


def test_a_generated_id_cannot_be_guessed_without_the_key(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(text(row()))
    one, other = (next(sheet.read([path], key=key)).statement for key in (b"one", b"other"))
    assert one != other


def test_facts_about_health_are_medical_and_numbers_of_documents_the_sources_of_themselves(
    tmp_path: Path,
) -> None:
    made = rows(
        tmp_path,
        row(event="", fact="illness:heart"),
        row(event="", fact="illness", compartment="medical"),
        row(event="", fact="illness", compartment="testimony"),
        row(event="", fact="name"),
        row(event="", fact="name", compartment="testimony"),
        row(event="", fact="document:id"),
    )
    assert [(s.compartment, s.typed) for s in made] == [
        ("medical", ()),
        ("medical", ("compartment",)),
        ("testimony", ()),
        ("testimony", ()),
        ("testimony", ("compartment",)),
        ("source", ()),
    ]


def test_blank_rows_count_but_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("about,event,when\n\n , ,\nAnn,arrest,2018\nAnn,release,someday\n")
    with pytest.raises(SheetError) as caught:
        read(path)
    assert told(caught.value.faults) == [(5, "when", "date")]


def test_column_names_may_be_spaced_and_capitalised_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("When; EVENT ;about;\n2018;arrest; Ann ;\n")
    (statement,) = read(path)
    assert (statement.about, statement.event, statement.when) == ("Ann", "arrest", "2018")


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_both_encodings_and_both_delimiters_are_read(encoding: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    cells = {"about": "Ержан", "event": "arrest", "quote": "Он сказал: «в марте, в пятницу»; потом ушёл — №5"}
    path.write_bytes(text(cells, delimiter=delimiter).encode(encoding))
    (statement,) = read(path)
    assert (statement.about, statement.quote) == (cells["about"], cells["quote"])


@pytest.mark.parametrize(
    ("encoding", "quote"),
    [
        ("utf-16", "Он сказал"),
        ("koi8-r", "Он сказал Ержану"),
        ("cp866", "Он сказал Ержану"),
        ("gb18030", "他被带到营地去了，我们不知道为什么"),
        ("latin-1", "Müller hörte später größere Geräusche"),
        ("shift-jis", "彼は逮捕された。"),
    ],
)
def test_other_encodings_are_refused(encoding: str, quote: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text({"about": "Ann", "event": "arrest", "quote": quote}).encode(encoding))
    with pytest.raises(SheetError) as caught:
        read(path)
    assert told(caught.value.faults) == [(0, "", "encoding")]
    assert quote not in str(caught.value)


def test_a_file_cut_within_a_letter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(
        text({"about": "Ержан", "event": "arrest", "quote": "шығыс"}).encode().rstrip(b",\r\n")[:-1]
    )
    with pytest.raises(SheetError) as caught:
        read(path)
    assert told(caught.value.faults) == [(0, "", "encoding")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", [(0, "", "empty-file")]),
        ("\ufeff\n \n", [(0, "", "empty-file")]),
        (f"{MARK},arrest,2018\n", [(1, "", "not-a-header")]),
        (f"about,{MARK}\n", [(1, "", "not-a-header")]),
        ("event,when\n", [(1, "", "missing-column")]),
        ("about,when\n", [(1, "", "missing-column")]),
        ("about,event,about\n", [(1, "about", "double-column")]),
        (f"about,event,,when\nAnn,arrest,{MARK},2018\n", [(2, "C", "nameless-column")]),
        (f"about,event\nAnn,arrest,{MARK}\n", [(2, "C", "nameless-column")]),
        (f'about,event\nAnn,"arrest {MARK}\n', [(2, "", "quoting")]),
        (f'about,event\nAnn,"arrest" {MARK}\n', [(2, "", "quoting")]),
        (f"about,event,quote\nAnn,arrest,{MARK * 20_000}\n", [(2, "", "too-long")]),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(
    content: str, found: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(content, encoding="utf-8", newline="")
    with pytest.raises(SheetError) as caught:
        read(path)
    assert told(caught.value.faults) == found


def test_an_unknown_column_is_named_when_the_row_is_a_header(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("about,event,village\n")
    with pytest.raises(SheetError) as caught:
        read(path)
    assert [fault.column for fault in caught.value.faults] == ["village"]
    assert "village" in str(caught.value)


def test_a_header_alone_is_a_sheet_without_rows(tmp_path: Path) -> None:
    assert rows(tmp_path) == []


def test_a_file_that_is_not_there_and_a_folder_are_faults(tmp_path: Path) -> None:
    with pytest.raises(SheetError) as caught:
        list(sheet.read([tmp_path / "nowhere.csv", tmp_path], key=KEY))
    assert told(caught.value.faults) == [(0, "", "no-file"), (0, "", "not-readable")]
    assert str(tmp_path.parent) not in str(caught.value)


def test_the_folder_that_one_is_in_has_a_name_in_its_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SheetError) as caught:
        list(sheet.read(["."], key=KEY))
    (fault,) = caught.value.faults
    assert fault.file == "."


def test_nothing_more_is_given_after_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(text(row(), row(when="soon"), row(quote="later")))
    reader = sheet.read([path], key=KEY)
    assert next(reader).event == "arrest"
    with pytest.raises(SheetError):
        next(reader)


def test_one_file_twice_is_a_fault_under_any_name(tmp_path: Path) -> None:
    """Its rows have no ids: they would be entered twice."""
    one, two, other = tmp_path / "one.csv", tmp_path / "two.csv", tmp_path / "other.csv"
    one.write_text(text(row()))
    two.symlink_to(one)
    other.write_text(text(row(event="release")))
    copy = tmp_path / "copy.csv"
    copy.write_bytes(one.read_bytes())
    for again in (one, two, copy, tmp_path / "." / "one.csv"):
        with pytest.raises(SheetError) as caught:
            list(sheet.read([one, other, again], key=KEY))
        assert told(caught.value.faults) == [(0, "", "same-file")]
        assert caught.value.faults[0].file == again.name
        assert "one.csv" in caught.value.faults[0].what
    assert len(list(sheet.read([one, other], key=KEY))) == 2


def test_the_worked_examples_are_read(shared: Path) -> None:
    assert len(read(shared / "examples" / "border-of-tears.csv")) == 25
