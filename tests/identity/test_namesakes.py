"""Somebody is found by any spelling of a name in any script, and pairs who may be one are proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.identity import brute
from tests.vault import attacker

from estelik.casebook import Casebook
from estelik.exchange import sheet as sheets
from estelik.index import directory, namesakes, placing
from estelik.records import Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.identity.conftest import Desk

SPELLINGS = (
    *("Қалисбек Бабанұлы", "Калисбек Бабанович", "哈力斯别克·巴班", "قالىسبەك بابان ۇلى"),
    "Qalisbek Baban-Uly",
)
GIVEN = ("Нұрлан", "Ерлан", "Мұрат", "Айдос", "Самат", "Дәурен", "Бекзат", "Олжас", "Талғат", "Марат")
FATHERS = ("Серік", "Оразбек", "Темір", "Жұмабай", "Сәбит", "Қайрат", "Төлеген", "Әбдіразақ")
CROWD = [f"{given} {father}ұлы" for given in GIVEN for father in FATHERS]
CHEAP = Cost(memory=8, passes=1, lanes=1)


def _row(number: int, about: str, **cells: Any) -> Statement:
    return Statement(f"r{number}", about, "visit", "Saule", "2020", event="birth", when="1962", **cells)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """Five spellings of one man among eighty others, and two people who are only described."""
    with Casebook.create(tmp_path_factory.mktemp("crowd") / "case", b"x", cost=CHEAP) as made:
        people = [*SPELLINGS, *CROWD, "elderly woman", "old man of Tekes"]
        made.add_statements(_row(number, name) for number, name in enumerate(people))
        made.add_statements(
            [
                Statement(
                    "n1", CROWD[2], "visit", "Saule", "2020", fact="document:id", value="840215 300-123"
                ),
                Statement("n2", "?cellmate", "visit", "Saule", "2020", fact="name", value="Рысбек Қожа"),
                Statement(
                    "n3", "Tekes", "visit", "Saule", "2020", about_kind="place", fact="name", value="Текес"
                ),
            ]
        )
        yield made


def _rows(casebook: Casebook) -> dict[str, list[Any]]:
    """All that the directories hold, but for how it is cut into batches."""
    out: dict[str, list[Any]] = {}
    with casebook._store.read() as connection:
        for name, schema in casebook._store.schemas.items():
            there = directory.reach(connection, schema, placing.edition())
            assert there is not None
            out[name] = sorted(directory.every(connection, schema))
    return out


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_finds_all_others_among_many(crowd: Casebook, spelling: str) -> None:
    found = crowd.namesakes().find(spelling, 5)
    assert {one.key for one in found} == set(SPELLINGS)
    assert all(one.score > 0.5 and one.why for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize("query", ["Нурлан Серикулы", "Темір Марат", "Олжас", "Erlan Sabit", "巴班"])
def test_who_fits_best_by_comparing_all_is_found(crowd: Casebook, query: str) -> None:
    every = brute.best(brute.known(crowd.stream(), crowd.lives.resolution), query)
    top = max(every.values())
    found = {one.key: one.score for one in crowd.namesakes().find(query, 10)}
    best = {key for key, score in every.items() if score > max(0.5, top - 0.05)}
    assert best <= found.keys() or len(best) > 10
    # What is found is scored as it is by comparing all.
    for key, score in found.items():
        assert score == pytest.approx(every[key], abs=2e-4)


def test_a_number_of_a_document_finds_whose_it_is(crowd: Casebook) -> None:
    assert crowd.namesakes().find("840215 300-123", 3)[0][:3] == (CROWD[2], "", 1.0)
    assert crowd.namesakes().find("8402", 3) == []


@pytest.mark.parametrize(
    "number", ["№840215-300-123", "８４０２１５３００１２３", "٨٤٠٢١٥ ٣٠٠ ١٢٣", "840.215/300 123"]
)
def test_a_number_is_the_same_in_whatever_digits_and_groups(crowd: Casebook, number: str) -> None:
    assert crowd.namesakes().find(number, 1)[0][:2] == (CROWD[2], "")


def test_somebody_unnamed_is_found_by_a_stated_name_and_a_place_by_none(crowd: Casebook) -> None:
    assert crowd.namesakes().find("Rysbek Qozha", 1)[0].key == "?cellmate\x1fn2"
    assert "Tekes" not in {one.key for one in crowd.namesakes().find("Текес", 50)}


def test_pairs_are_proposed_by_their_names_and_by_no_description(crowd: Casebook) -> None:
    pairs = {frozenset((one.one, one.other)) for one in crowd.namesakes().alike()}
    one_man = {frozenset((a, b)) for a in SPELLINGS for b in SPELLINGS if a < b}
    assert one_man <= pairs
    assert not any("elderly woman" in pair for pair in pairs)
    # Brothers, and namesakes of other fathers, are not.
    assert len(pairs - one_man) <= 4


@pytest.mark.parametrize(
    "query",
    [
        *("", " ", "а", "x" * 10_000, "Нұрлан Nurlan نۇرلان 努尔兰", "\u202eНұрлан\u202c", "🙂", "🙂 Нұрлан"),
        *("'; DROP TABLE record; --", '"', "NEAR(", "*", "=1+1", "?", "-", "%", "_"),
        "She told me that they took him in the spring, and nobody has seen him since then.",
        *("\x00", "\ud800", "哈" * 500, "NULL"),
    ],
)
def test_whatever_is_typed_is_looked_for_and_nothing_fails(crowd: Casebook, query: str) -> None:
    assert len(crowd.namesakes().search(query, 3)) <= 3


def test_nobody_is_found_where_nobody_is(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as empty:
        assert empty.namesakes().find("Қалисбек", 10) == []
        assert list(empty.namesakes().alike()) == []


#: What an office does: somebody enters a name, erases one, the index is made anew, placing is broken off.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.sampled_from([*SPELLINGS, *CROWD[:12]])),
        st.tuples(st.sampled_from(["rebuild", "place", "broken"]), st.just("")),
        st.tuples(st.just("erase"), st.integers(0, 5)),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happened_the_same_people_are_found_as_in_a_new_index(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Any]]
) -> None:
    entered: list[str] = []
    with (
        pytest.MonkeyPatch.context() as patch,
        Casebook.create(tmp_path_factory.mktemp("history") / "case", b"x", cost=CHEAP) as casebook,
    ):
        patch.setattr(placing, "_PIECE", 2)
        for number, (step, what) in enumerate(steps):
            if step == "enter":
                casebook.add_statements([_row(number, what)])
                entered.append(f"r{number}")
            elif step == "rebuild":
                casebook.rebuild_index()
            elif step == "place":
                casebook.namesakes().place(few=0)
            elif step == "broken":
                with pytest.raises(KeyboardInterrupt) if _waiting(casebook) else pytest.MonkeyPatch.context():
                    casebook.namesakes().place(_interrupted, few=0)
            elif entered:
                closure = casebook.decisions.closure("statement", entered.pop(what % len(entered)))
                casebook.decisions.erase(closure, "asked")
        before = _found(casebook)
        casebook.rebuild_index()
        casebook.namesakes().place(few=0)
        assert _found(casebook) == before
        every = brute.best(brute.known(casebook.stream(), casebook.lives.resolution), SPELLINGS[0])
        assert {key for key, score in every.items() if score >= 0.5} == {
            key for key, score in before.items() if score >= 0.5
        }


def _found(casebook: Casebook) -> dict[str, float]:
    """Who may be the first of the spellings, and how well each fits; who hardly does may be left out."""
    found = casebook.namesakes().find(SPELLINGS[0], 5)
    return {one.key: one.score for one in found if one.score >= 0.1}


def _waiting(casebook: Casebook) -> bool:
    with casebook._store.read() as connection:
        return placing.behind(connection, casebook._store.schemas, 0)


def _interrupted(_: int) -> None:
    raise KeyboardInterrupt


def test_what_is_not_placed_yet_is_found_and_what_was_placed_is_not_placed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, SPELLINGS[0])])
        assert casebook.namesakes().find(SPELLINGS[4], 1)[0].key == SPELLINGS[0]
        assert casebook.namesakes().place(few=0) == 1
        casebook.add_statements([_row(2, SPELLINGS[1])])
        assert {one.key for one in casebook.namesakes().find(SPELLINGS[4], 2)} == set(SPELLINGS[:2])
        monkeypatch.setattr(namesakes, "_FEW", 0)
        assert casebook.namesakes().place(few=0) == 1
        assert casebook.namesakes().place(few=0) == 0
        assert {one.key for one in casebook.namesakes().find(SPELLINGS[4], 2)} == set(SPELLINGS[:2])


def test_names_of_another_edition_of_the_map_are_placed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, SPELLINGS[0])])
        casebook.namesakes().place(few=0)
        monkeypatch.setattr(placing, "edition", lambda: 7)
        assert casebook.namesakes().find(SPELLINGS[0], 1)[0].key == SPELLINGS[0]
        assert casebook.namesakes().place(few=0) == 1
        assert len(_rows(casebook)["testimony"]) == 1


def test_erased_names_leave_no_byte_in_the_pages_of_a_file(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(number, name) for number, name in enumerate(CROWD[:20])])
        casebook.add_statements([_row(99, "Zubayda Qunanbayqyzy")])
        casebook.namesakes().place(few=0)
        assert b"zubayda/" in _pages(casebook) or b"zubayda qunanbay" in _pages(casebook)
        casebook.decisions.erase(casebook.decisions.closure("subject", "Zubayda Qunanbayqyzy"), "asked")
        for _ in range(2):
            assert b"zubayda" not in _pages(casebook)
            assert b"qunanbay" not in _pages(casebook)
            casebook.namesakes().place(few=0)
        assert all(one.key != "Zubayda Qunanbayqyzy" for one in casebook.namesakes().find("Зубайда", 20))


def _pages(casebook: Casebook) -> bytes:
    """Every page of the file of testimony without its cipher, those that are free among them."""
    data = (casebook.folder / "testimony.db").read_bytes()
    return b"".join(attacker._pages(data, casebook._keyring["testimony"])).lower()


def test_what_is_kept_out_of_sight_is_not_found(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_row(1, SPELLINGS[0]), _row(2, SPELLINGS[1])])
        casebook.namesakes().place(few=0)
        casebook.decisions.restrict(casebook.decisions.closure("subject", SPELLINGS[1]), "asked")
        assert [one.key for one in casebook.namesakes().find(SPELLINGS[4], 5)] == [SPELLINGS[0]]


def test_a_casebook_is_looked_through_in_any_script(desk: Desk) -> None:
    desk.enter(
        [
            Statement("n1", "case 17", "letter", "Aman", "2021", fact="name", value="哈力斯别克·巴班"),
            Statement("n2", "case 17", "letter", "Aman", "2021", fact="document:id", value="840215 300 123"),
            Statement("n3", "Dana", "letter", "Aman", "2021", fact="name", value="Калисбек", answer="no"),
        ]
    )
    found = desk.does("find", "Қалисбек Бабанұлы", "-n", "3", "--json").json()
    assert {one["subject"] for one in found[:3]} == {"case 17", "Qalisbek", "Калисбек"}
    assert found[0]["score"] > 0.9
    assert [set(one) for one in found] == [{"subject", "name", "score"}] * 3
    assert desk.does("find", "840215300123", "--json").json()[0]["subject"] == "case 17"
    assert "case 17" in desk.does("find", "Qalisbek").out
    assert "Nobody here" in desk.run("find", "?").err


def test_who_was_split_off_is_found_under_a_name_of_her_own(desk: Desk) -> None:
    desk.judge("split", "Qalisbek", "letter")
    found = {one["subject"] for one in desk.does("find", "Қалисбек", "--json").json()}
    assert {"Qalisbek", "Qalisbek (letter)"} <= found


def test_who_is_judged_the_same_is_proposed_no_more(desk: Desk) -> None:
    waiting = desk.does("review", typed="q\n").out
    assert "Калисбек" in waiting
    assert "same" in waiting
    desk.judge("same", "Калисбек", "Qalisbek")
    assert "Калисбек" not in desk.does("review", typed="q\n").out


def test_an_import_says_who_may_be_the_same_and_does_not_say_it_again(desk: Desk, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "statement,about,source,event\ni1,Zhanar Seitkyzy,Aman,arrest\ni2,Жанар Сейтқызы,Aman,arrest\n",
        encoding="utf-8",
    )
    found = desk.does("import", str(sheet), "--json").json()["may_be_the_same"]
    assert ["Zhanar Seitkyzy", "Жанар Сейтқызы"] in [sorted(one["subjects"]) for one in found]
    assert "may_be_the_same" not in desk.does("import", str(sheet), "--json").json()
    sheet.write_text("statement,about,source,event\ni3,Жанар Сейткызы,Aman,arrest\n", encoding="utf-8")
    said = desk.does("import", str(sheet))
    assert "Жанар Сейткызы may be the same as Жанар Сейтқызы" in said.err
    assert "estelik review" in said.err
    sheet.write_text(
        "statement,about,source,event\ni4,Belonbr Temgkgv,Aman,arrest\ni5,Belonhr Tembkdv,Aman,arrest\n",
        encoding="utf-8",
    )
    said = desk.does("import", str(sheet))
    assert "Belonbr Temgkgv may be the same as Belonhr Tembkdv\n" in said.err
    assert "not the same" not in said.err


def test_an_import_names_the_statements_whose_numbers_may_be_misread_and_not_the_numbers(
    desk: Desk, tmp_path: Path
) -> None:
    """They lie with the sources; what was there already is not told again."""
    sheet = tmp_path / "sheet.csv"
    rows = "statement,about,source,fact,value\ni1,Qalisbek,Aman,document:id,850301300121\n"
    sheet.write_text(rows + "i2,Qalisbek,Aman,document:id,850301300122\n", encoding="utf-8")
    checked = desk.does("import", str(sheet), "--dry-run", "--json")
    assert checked.json()["doubtful_numbers"] == ["i2"]
    said = desk.does("import", str(sheet))
    assert "may be misread: i2." in said.err
    assert "8503" not in said.err + said.out
    assert "doubtful_numbers" not in desk.does("import", str(sheet), "--json").json()
    desk.does("export", str(tmp_path / "all.csv"))
    assert (tmp_path / "all.csv").read_text(encoding="utf-8").count("8503013001") == 2


def test_a_number_lies_with_the_sources_and_nowhere_else(tmp_path: Path) -> None:
    """Who holds testimony alone has neither the statement nor what would find it."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("about,source,fact,value\nQalisbek,Aman,document:id,850301300121\n", encoding="utf-8")
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(sheets.read([sheet], key=casebook.statement_key))
        casebook.namesakes().place(few=0)
        with casebook._store.read() as connection:
            there = {
                name: connection.execute(f"SELECT count(*) FROM {schema}.index_number").scalar()  # noqa: S608 (our own schemas)
                for name, schema in casebook._store.schemas.items()
            }
        assert {name for name, count in there.items() if count} == {"source"}
        assert [one.key for one in casebook.namesakes().find("850301 300121", 5)] == ["Qalisbek"]


def test_who_does_not_hold_a_compartment_finds_nothing_of_it(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(
            [_row(1, SPELLINGS[0]), Statement("m1", SPELLINGS[1], "v", "S", "2020", compartment="medical")]
        )
        casebook.namesakes().place(few=0)
        names = {name: {one.text for one in rows} for name, rows in _rows(casebook).items()}
        assert names["medical"] == {SPELLINGS[1]}
        assert names["testimony"] == {SPELLINGS[0]}
        casebook._store.drop("medical")
        assert [one.key for one in casebook.namesakes().find(SPELLINGS[4], 5)] == [SPELLINGS[0]]


@pytest.mark.parametrize(
    ("asked", "whose"),
    [
        ("陳大文", "Chan Tai-man"),
        ("朴正熙", "Park Chung-hee"),
        ("吳育仁", "Wu Yu-jen"),
        ("金大中", "Kim Daejung"),
    ],
)
def test_a_chinese_name_finds_who_is_not_written_in_pinyin(tmp_path: Path, asked: str, whose: str) -> None:
    """Read in Cantonese, in Korean, in Mandarin as Taiwan writes it; the given name in one word or two."""
    others = ["Chen Hui", "Wang Yuren", *CROWD]
    people = ["Chan Tai-man", "Park Chung-hee", "Wu Yu-jen", "Kim Daejung", *others]
    with Casebook.create(tmp_path / "case", b"x", cost=CHEAP) as casebook:
        casebook.add_statements(_row(number, name) for number, name in enumerate(people))
        casebook.namesakes().place(few=0)
        assert casebook.namesakes().search(asked, 3)[0].key == whose


@pytest.mark.parametrize(
    "asked",
    [
        "Dr.",
        "Dr. Prof. Mr.",
        "გიორგი",
        "김철수",
        "Γιώργος",
        "משה",
        "さくら",
        "🙂",
        "\u200f",
        "a" * 5000,
        "(='",
    ],
)
def test_whatever_is_asked_for_is_answered(desk: Desk, asked: str) -> None:
    """Other scripts, titles alone, signs: who is called so letter for letter is found, nothing fails."""
    called = ("გიორგი ბერიძე", "김철수", "Γιώργος", "משה כהן", "さくら", "Dr.", "🙂 🙂")
    desk.enter([_row(number, about) for number, about in enumerate(called)])
    said = desk.run("find", asked)
    assert said.status in (0, 1)
    assert "went wrong" not in said.err
    found = [one for one in called if asked.split(maxsplit=1)[0] in one.split()]
    if found and not asked.startswith(("Dr", "🙂")):
        assert found[0] in said.out


@pytest.mark.parametrize("count", [1, 3, 10])
@pytest.mark.parametrize("stated", ["one name", "many names"])
def test_who_is_out_of_sight_takes_nobodys_place(desk: Desk, tmp_path: Path, count: int, stated: str) -> None:
    """However many names of hers are alike, what is found is what would be found were she not there."""
    others = [
        _row(number, about)
        for number, about in enumerate(["Murat Ospanov", "Muratbek Ospan", "Marat Ospanov", *CROWD])
    ]
    hers = [
        Statement(
            f"m{number}", "Murat Ospanuly", f"letter {number}", f"Source {number}", "2020", fact="name",
            value="Murat Ospanuly" if stated == "one name" else f"Murat Ospanuly {chr(0x410 + number)}.",
        )
        for number in range(60)
    ]  # fmt: skip
    desk.enter([*hers, *others])
    with Casebook.create(tmp_path / "without", b"x", cost=CHEAP) as without, desk.open() as casebook:
        without.add_statements(others)
        assert casebook.namesakes().find("Murat Ospanuly", count)[0].key == "Murat Ospanuly"
        assert len(casebook.namesakes().find("Murat Ospanuly", 3)) == 3
        casebook.decisions.restrict(casebook.decisions.closure("subject", "Murat Ospanuly"), "asked")
        found = casebook.namesakes().find("Murat Ospanuly", count)
        assert found == without.namesakes().find("Murat Ospanuly", count)
        assert found
