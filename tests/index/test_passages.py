"""Words are found wherever they were told, by those who may read them, and by nobody once they are erased."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cheap import CHEAP
from tests.vault import attacker

from estelik.casebook import Casebook
from estelik.evidence.intake import Particulars, add
from estelik.index import filing, fulltext, passages
from estelik.index.inquiry import LEVELS, inquiry
from estelik.index.tokens import edition, words
from estelik.records import Judgement, Statement
from estelik.vault.tables import drop_derived

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAID = (
    *("Его увезли в лагерь ночью", "в лагере было холодно, ёлка во дворе", "Лагерь охраняли. NEAR лагерь"),
    *("他被關在集中營里", "集中在营里", "ئۇ لاگېرغا ئېلىپ كېتىلدى", "قالىسبەك بابان ۇلى كەلدى"),
    *("Қалисбек Бабан-ұлы келді", "He was taken AND held OR sent", 'She said "not (yet)"'),
    *("table record drop NULL", "2018年3月", "12.03.2018"),
    *("той жерде ешкім жоқ", "той", "тойға барды"),
)  # fmt: skip
PLACES = ("Tekes", "Текес лагерь", "集中營", "")


def _row(number: int, quote: str, **cells: Any) -> Statement:
    return Statement(
        f"r{number}", f"Person {number % 7}", "visit", "Saule", "2020", event="arrest", quote=quote, **cells
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """What sixty rows say, most of it filed; the last ones are not."""
    with Casebook.create(tmp_path_factory.mktemp("told") / "case", b"x", cost=CHEAP) as made:
        made.add_statements(
            _row(
                number, SAID[number % len(SAID)], place=PLACES[number % 4], note=SAID[number * 5 % len(SAID)]
            )
            for number in range(50)
        )
        made.passages().file(few=0)
        made.add_statements(_row(50 + number, quote) for number, quote in enumerate(SAID))
        yield made


@cache
def _lines(casebook: Casebook) -> dict[str, list[str]]:
    """Each text of each statement as one line of its words."""
    return {
        one.statement: [
            f" {' '.join(words(text))} " for text in (one.quote, one.note, one.place, one.value, one.by)
        ]
        for one in casebook.stream()
    }


def _scanned(casebook: Casebook, query: str, level: int) -> set[str]:
    """The statements in which all words of a query stand."""
    wanted = [
        re.compile(
            "|".join(
                f" {re.escape(' '.join(form.words))}{'' if form.begins else ' '}"
                for form in forms
                if form.level <= level
            )
        )
        for forms in inquiry(query).wanted
    ]
    return {
        id_
        for id_, lines in _lines(casebook).items()
        if wanted and all(any(map(one.search, lines)) for one in wanted)
    }


PIECES = [piece for said in (*SAID, *PLACES) for piece in said.split()]
QUERIES = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES).map(lambda one: one[: len(one) // 2 + 1])),
    min_size=1,
    max_size=3,
).map(" ".join)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
def test_what_is_found_is_what_looking_through_all_words_finds(told: Casebook, query: str) -> None:
    """Filed or not; those with the words whole come first, and each is found once."""
    found = [one.id for one in told.passages().find(query, 1000)]
    assert len(found) == len(set(found))
    levels = [_scanned(told, query, level) for level in LEVELS]
    assert set(found) == levels[-1]
    for level in levels:
        assert set(found[: len(level)]) == level


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("лагерь", "Лагерь охраняли. NEAR лагерь"),
        ("集中营", "集中營"),
        ("елка", "в лагере было холодно, ёлка во дворе"),
        ("قالىسبەك", "قالىسبەك بابان ۇلى كەلدى"),
        ("12.03.2018", "12.03.2018"),
        ("“not (yet)”", 'She said "not (yet)"'),
    ],
)
def test_a_word_is_found_in_its_writings_and_endings(told: Casebook, query: str, first: str) -> None:
    assert told.passages().find(query, 3)[0].text == first


def test_an_ending_and_another_writing_are_found_where_the_word_itself_is_not(told: Casebook) -> None:
    texts = {one.text for one in told.passages().find("лагерь", 1000)}
    assert {SAID[0], SAID[1], SAID[2], SAID[5], PLACES[1]} <= texts
    for spelling in ("Қалисбек", "Qalisbek", "قالىسبەك"):
        assert {one.text for one in told.passages().find(spelling, 1000)} == {SAID[6], SAID[7]}
    # Characters that are apart are no word.
    assert SAID[4] not in {one.text for one in told.passages().find("集中营", 1000)}


def test_what_was_found_is_marked_where_it_stands(told: Casebook) -> None:
    (found, *_) = told.passages().find("увезли ночью", 5)
    assert [found.text[start:end] for start, end in found.spans] == ["увезли", "ночью"]
    assert (found.kind, found.subject, found.told, found.field) == ("statement", "Person 0", "2020", "quote")


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "*", '"', '""', "NEAR(", "NEAR(a b, 3)", "AND", "OR NOT", "words:x", "^a", "a*"),
        *("{words} : a", "-a", "'; DROP TABLE record; --", "\x00", "\ud800", "🙂", "x" * 10_000),
        *("哈" * 10_000, "а " * 10_000, "\u202e"),
        *("NULL", "=1+1", "%", "_", "\ue000", "index_text", "+", "(", ")", "a\x00b"),
    ],
)  # fmt: skip
def test_whatever_is_typed_is_words_and_nothing_fails(told: Casebook, query: str) -> None:
    for one in told.passages().find(query, 3):
        assert one.id in _scanned(told, query, LEVELS[-1])


def test_words_of_operators_are_looked_for_as_words(told: Casebook) -> None:
    assert {one.text for one in told.passages().find("OR", 2)} == {SAID[8]}
    assert told.passages().find("held NEAR sent", 5) == []


def test_an_import_does_nothing_for_the_words_and_few_of_them_are_found_at_once(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, "лагерь")])
        assert [one.id for one in casebook.passages().find("лагерь", 5)] == ["r1"]
        assert _filed(casebook) == [None] * 5


def _filed(casebook: Casebook) -> list[int | None]:
    with casebook._store.read() as connection:
        schemas = casebook._store.schemas.values()
        return [fulltext.reach(connection, schema, edition()) for schema in schemas]


def test_filing_goes_on_where_it_was_broken_off_and_nothing_is_filed_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "_PIECE", 4)
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(_row(number, f"лагерь {number}") for number in range(9))
        with pytest.raises(KeyboardInterrupt):
            casebook.passages().file(_interrupted, few=0)
        assert 0 < max(filter(None, _filed(casebook))) < 9
        casebook.passages().file(few=0)
        assert casebook.passages().file(few=0) == 0
        with casebook._store.read() as connection:
            sql = "SELECT count(*) FROM main.index_text WHERE index_text MATCH 'лагерь'"
            assert connection.execute(sql).scalar_one() == 9


def _interrupted(_: int) -> None:
    raise KeyboardInterrupt


def test_an_index_of_other_rules_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, "лагерь")])
        casebook.passages().file(few=0)
        for module in (filing, passages):
            monkeypatch.setattr(module, "edition", lambda: 7)
        assert [one.id for one in casebook.passages().find("лагерь", 5)] == ["r1"]
        assert casebook.passages().file(few=0) > 0
        assert [one.id for one in casebook.passages().find("лагерь", 5)] == ["r1"]


def test_an_index_made_anew_gives_the_same_in_the_same_order(told: Casebook) -> None:
    asked = ("лагерь", "той", "集中", "Tekes", "he")
    before = [told.passages().find(one, 1000) for one in asked]
    with told._store.write() as connection:
        for schema in told._store.schemas.values():
            drop_derived(connection, schema)
            left = connection.execute(f"SELECT name FROM {schema}.sqlite_master WHERE name LIKE 'index%'")  # noqa: S608 (our own schemas)
            assert left.all() == []
    told.rebuild_index()
    assert _filed(told) == [None] * 5
    assert [told.passages().find(one, 1000) for one in asked] == before


def test_who_does_not_hold_a_compartment_finds_nothing_of_it_and_has_no_byte_of_it(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(
            [_row(1, "the yard"), _row(2, "XYZZYKIDNEY in the yard", compartment="medical")]
        )
        casebook.passages().file(few=0)
        assert {one.id for one in casebook.passages().find("yard", 5)} == {"r1", "r2"}
        assert b"xyzzykidney" in _pages(casebook, "medical")
        assert not any(
            b"xyzzykidney" in _pages(casebook, name) for name in ("testimony", "source", "casework", "public")
        )
        files = b"".join(path.read_bytes() for path in casebook.folder.iterdir() if path.is_file()).lower()
        assert b"xyzzykidney" not in files
        casebook._store.drop("medical")
        assert [one.id for one in casebook.passages().find("yard", 5)] == ["r1"]
        assert casebook.passages().find("xyzzykidney", 5) == []


#: Words as nobody else says them, and what lies of them in the index: without capitals, in one writing, and
#: without the first letter, which a word before may have.
RARE = (
    ("Qwxyztulip", "wxyztulip"),
    ("ЪЮЩЁЛКА", "ющелка"),
    ("\U0002a6a5", "\U0002a6a5"),
    ("ژڭۋگھھژ", "ڭۋگههژ"),
)


def test_erased_words_leave_no_byte_in_any_page_of_the_file(tmp_path: Path) -> None:
    """Neither as they were told, nor as the index has them; also in pages that are free."""
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(_row(number, SAID[number % len(SAID)]) for number in range(40))
        casebook.add_statements([_row(99, " ".join(said.upper() for said, _ in RARE))])
        made = Judgement("j" * 26, "set-aside", "because of zqqqfern", "2024-01-01", "r99")
        casebook.add_judgement(made)
        casebook.passages().file(few=0)
        needles = [one.encode() for pair in RARE for one in pair] + [b"zqqqfern"]
        before = _pages(casebook)
        assert [one for _, one in RARE if one.encode() not in before] == []
        assert all(casebook.passages().find(said, 5)[0].id == "r99" for said, _ in RARE)
        casebook.decisions.erase(casebook.decisions.closure("statement", "r99"), "asked")
        for _ in range(2):
            assert [one for one in needles if one in _pages(casebook)] == []
            assert [casebook.passages().find(said, 5) for said, _ in RARE] == [[]] * len(RARE)
            casebook.passages().file(few=0)
        assert len(casebook.passages().find("лагерь", 100)) > 5


def _pages(casebook: Casebook, compartment: str = "testimony") -> bytes:
    """Every page of a file without its cipher, those that are free among them."""
    data = (casebook.folder / f"{compartment}.db").read_bytes()
    return b"".join(attacker._pages(data, casebook._keyring[compartment]))


def test_both_ways_to_overwrite_what_is_deleted_are_set(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.passages().file(few=0)
        casebook.add_statements([_row(1, "лагерь")])
        casebook.passages().file(few=0)
        with casebook._store.read() as connection:
            for schema in casebook._store.schemas.values():
                assert connection.execute(f"PRAGMA {schema}.secure_delete").scalar_one() == 1
            sql = "SELECT v FROM main.index_text_config WHERE k = 'secure-delete'"
            assert connection.execute(sql).scalar_one() == 1


def test_what_is_kept_out_of_sight_is_not_found_nor_what_was_decided_on_it(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, "in the yard"), _row(2, "in the yard too"), _row(9, "elsewhere")])
        casebook.add_statements([Statement("e1", "elderly woman", "v", "Saule", fact="need", value="bread")])
        casebook.add_judgement(Judgement("j" * 26, "set-aside", "not in the yard", "2024-01-01", "r2"))
        casebook.passages().file(few=0)
        assert {one.id for one in casebook.passages().find("yard", 9)} == {"r1", "r2", "j" * 26}
        assert [one.kind for one in casebook.passages().find("elderly", 9)] == ["subject"]
        decisions = casebook.decisions
        made = decisions.restrict(decisions.closure("statement", "r2"), "asked")
        decisions.restrict(decisions.closure("subject", "elderly woman"), "asked")
        assert {one.id for one in casebook.passages().find("yard", 9)} == {"r1"}
        assert casebook.passages().find("elderly", 9) == []
        assert casebook.passages().find("bread", 9) == []
        decisions.lift(made, "asked again")
        assert {one.id for one in casebook.passages().find("yard", 9)} == {"r1", "r2", "j" * 26}


def test_what_is_out_of_sight_takes_nobodys_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many records that are hidden fit better."""
    monkeypatch.setattr(passages, "_READ", 3)
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(_row(number, "yard yard yard") for number in range(7, 70, 7))
        casebook.add_statements([_row(1, "They took him from the yard of his house, as far as we know.")])
        casebook.passages().file(few=0)
        casebook.decisions.restrict(casebook.decisions.closure("subject", "Person 0"), "asked")
        assert [one.id for one in casebook.passages().find("yard", 2)] == ["r1"]


def test_what_was_corrected_says_so(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(
            [_row(1, "in the yard"), _row(8, "in the yard of the neighbour", corrects="r1")]
        )
        assert {one.id: one.corrected for one in casebook.passages().find("yard", 9)} == {
            "r1": True,
            "r8": False,
        }


@pytest.mark.parametrize("few", [0, 60])
def test_words_of_two_cells_are_no_neighbours_and_yet_both_of_one_row(tmp_path: Path, few: int) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, "他在集", note="中营"), _row(2, "the yard", place="Tekes")])
        casebook.add_statements([_row(3, "集在营")])
        casebook.passages().file(few=few)
        assert casebook.passages().find("集中营", 5) == []
        assert [one.id for one in casebook.passages().find("Tekes yard", 5)] == ["r2"]
        assert casebook.passages().find("yard-Tekes", 5) == []


def test_decisions_notes_on_files_and_labels_that_are_no_names_are_found(tmp_path: Path) -> None:
    (tmp_path / "the gate.txt").write_text("seen", encoding="utf-8")
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(
            [
                Statement("s1", "old man of the gate", "v", "Saule", event="arrest"),
                Statement("s2", "Gate Serik", "v", "Saule", event="camp-entry:gate"),
                Statement("s3", "Gate", "v", "Saule", about_kind="place", fact="name", value="Tor"),
            ]
        )
        casebook.add_judgement(Judgement("j" * 26, "set-aside", "the gate was shut", "2024-01-01", "s1"))
        particulars = Particulars(note="a gate, from inside", source="Saule")
        (added,) = add(casebook.vault, [str(tmp_path / "the gate.txt")], particulars)
        found = {(one.kind, one.id, one.field) for one in casebook.passages().find("gate", 20)}
        assert found == {
            ("subject", "old man of the gate", "about"),
            ("subject", "Gate", "about"),
            ("statement", "s2", "event"),
            ("judgement", "j" * 26, "reason"),
            ("evidence", added.id, "note"),
            ("evidence", added.id, "file"),
        }
        # The kind of an event, and whoever has a name, are not words that were told.
        assert casebook.passages().find("camp-entry", 5) == []
        assert casebook.passages().find("Serik", 5) == []
        casebook._store.drop("source")
        assert ("evidence", added.id, "file") not in {
            (one.kind, one.id, one.field) for one in casebook.passages().find("gate", 20)
        }
        casebook.decisions.restrict(casebook.decisions.closure("evidence", added.id), "asked")
        assert "evidence" not in {one.kind for one in casebook.passages().find("gate", 20)}
