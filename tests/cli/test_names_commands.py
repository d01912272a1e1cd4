"""`estelik names`: what it prints, and what it does with files that are none of its kind."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from estelik.names.comparison import compare

if TYPE_CHECKING:
    from pathlib import Path

PAIRS = [
    ("1", "Қалисбек Бабанұлы", "哈力斯别克·巴班"),
    ("2", "Қалисбек Бабанұлы", "Нурлан Бабанов"),
    ("3", "قالىسبەك", "Qalisbek"),
    ("4", "Ким Чен Ын", "金正恩"),
    ("5", "金正恩", "Kim Jong Un"),
    ("6", "elderly woman", "elderly woman"),
    ("7", "", "=1+1"),
    ("8", "Патиме Зунун", "帕提曼·祖农"),
    ("9", "Anna-Maria de la Cruz", "Мария Крус"),
]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "estelik", "names", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_two_names_are_compared_and_the_reasons_given() -> None:
    found = run("compare", "Қалисбек Бабанұлы", "Калисбек Бабанович", "--json")
    document = json.loads(found.stdout)
    assert (found.returncode, found.stderr) == (0, "")
    assert document["same"] is True
    assert document["score"] > 0.9
    assert document["why"] == ["same given name", "father's name of the same root"]


def test_a_file_gets_a_column_of_scores_the_same_as_one_by_one(tmp_path: Path) -> None:
    """A few as the program stands, many compiled: both give the same scores."""
    file = tmp_path / "pairs.csv"
    singly = [compare(one, other).score for _, one, other in PAIRS]
    for times in (1, 100):
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([("id", "name_a", "name_b"), *PAIRS * times])
        found = run("score", str(file))
        assert found.returncode == 0, found.stderr
        header, *rows = csv.reader(io.StringIO(found.stdout))
        assert header == ["id", "name_a", "name_b", "score"]
        assert [tuple(row[:3]) for row in rows] == PAIRS * times
        assert [float(row[3]) for row in rows] == pytest.approx(singly * times, abs=2e-3)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name_a;other\nA;B\n", "without the columns name_b"),
        (b"", "without the columns name_a, name_b"),
        (b"name_a,name_b,score\nA,B,1\n", "a column score already"),
        (b"name_a,name_b\nA\n", "row 2: 1 cells under 2 columns"),
        (b'name_a,name_b\n"A"x,B\n', "row 2: the quotation marks do not fit"),
        (b"\xff\xfe\x00n", "no text in UTF-8"),
    ],
)
def test_a_file_that_is_none_of_pairs_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "pairs.csv"
    file.write_bytes(content)
    found = run("score", str(file))
    assert found.returncode == 2
    assert says in found.stderr
    assert found.stdout == ""


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    found = run("score", str(tmp_path / "none.csv"))
    assert found.returncode == 2
    assert "cannot be read" in found.stderr
