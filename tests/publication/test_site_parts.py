"""Words of a search, sentences that remember how they were made."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.language import dates
from estelik.language.reader import reader
from estelik.language.recorder import Recorder, text
from estelik.publication import site_postings, site_search
from estelik.publication.site_places import region, spot


@pytest.mark.parametrize(
    ("one", "other"),
    [("Сәуле", "Saule"), ("ГҮЛНАР", "Gulnar"), ("O'ktam", "Oktam"), ("Ömer", "Omer"), ("қайрат", "Qairat")],
)
def test_a_name_is_one_word_in_two_scripts(one: str, other: str) -> None:
    assert [word.skeleton for word in site_search.words(one)] == [
        word.skeleton for word in site_search.words(other)
    ]


NAMES = (
    "Сәуле",
    "ساۋلە",
    "萨吾列",
    "Ömer Ibn-Battūta",
    "Щербаков",
    "Їжакевич",
    "ئابدۇقادىر",
    "Ǵalym",
    "O'ktam 12",
    "ß",
)


def test_the_browser_folds_as_the_index_was_folded(tmp_path: Path) -> None:
    """The same letters and the same skeletons, by the same tables, from the script that the site ships."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node")
    script = (Path(site_search.__file__).parent / "templates" / "search.js").read_text(encoding="utf-8")
    functions = script[script.index("function roman") : script.index("// How many letters differ")]
    tables = dict(site_search.files(()))["search/tables.js"].decode()
    said = dict(site_search.files(()))["search/characters.js"].decode()
    words = [one.translate(site_search._MARKS) for one in NAMES]
    (tmp_path / "fold.js").write_text(
        "let tables, characters = {};\n"
        "const estelik = {tables: (t) => { tables = t; }, characters: (c) => {"
        " for (const [s, l] of Object.entries(c)) for (const o of l) characters[o] = s; }};\n"
        f"{functions}\n{tables}\n{said}\n"
        f"const found = {json.dumps(words)}.map((one) => [roman(one), skeleton(roman(one))]);\n"
        "console.log(JSON.stringify(found));\n",
        encoding="utf-8",
    )
    done = subprocess.run([node, str(tmp_path / "fold.js")], capture_output=True, check=True, text=True)
    ours = [[site_search.romanised(one), site_search.skeleton(site_search.romanised(one))] for one in words]
    assert json.loads(done.stdout) == ours


@given(st.lists(st.integers(0, 10**6), unique=True).map(sorted))
def test_numbers_are_written_short_and_read_back(numbers: list[int]) -> None:
    at, back = 0, []
    for one in site_postings.written(numbers).split("."):
        if one:
            at += int(one, 36)
            back.append(at)
    assert back == numbers


@given(st.integers(700_000, 740_000), st.integers(0, 2_000), st.sampled_from(["en", "ug"]))
def test_what_is_recorded_reads_as_what_is_spoken(first: int, more: int, language: str) -> None:
    """Letter for letter, but for the marks; and each sentence it spoke it can name."""
    plain, recorder = reader(language), Recorder(reader(language))
    said = dates.between(recorder, first, first + more)
    assert text(said) == text(dates.between(plain, first, first + more))
    assert all(f'data-m="{one.key}"' in said for one in recorder.used if "between" in one.words)


def test_a_label_that_may_be_two_places_is_no_more_exact_than_that() -> None:
    """A town and its county are one dot under the label; who says nothing is on no map."""
    beside = spot("Ghulja")
    assert beside is not None
    assert beside.name == "Ghulja"
    assert spot("") is None
    assert spot("Nowhere-on-Earth") is None
    assert region("Tekes")[0] == region("Ghulja")[0] == "CN.13.ili"
