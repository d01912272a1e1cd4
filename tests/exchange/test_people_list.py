"""A public list of people: what is taken from it, and what is said of what is none."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from estelik.errors import UsageError
from estelik.exchange.people_list import read

if TYPE_CHECKING:
    from pathlib import Path


def test_a_list_is_read(tmp_path: Path) -> None:
    """Names, sex, birth, place, father and number are taken; what else there is, is named."""
    file = tmp_path / "list.csv"
    file.write_text(
        "ID,Name,sex,born,place,father,document,remark\n"
        "7,Qalisbek;Калисбек,male,1971-05,Emin,Baban,N 123-4567,x\n"
        "8,Нурлан Бабанов,,,,,,\n",
        encoding="utf-8",
    )
    found = read(file)
    first, second = found.people
    assert found.ignored == ("remark",)
    assert (first.key, first.names, first.sex) == ("7", ("Qalisbek·Baban", "Калисбек·Baban"), "m")
    assert first.born == (date(1971, 5, 1), date(1971, 5, 31))
    assert (first.places, first.documents) == (("Emin",), (("", "N1234567"),))
    assert (second.key, second.born, second.places) == ("8", (None, None), ())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "without the columns id, name"),
        (b"id;who\n1;A\n", "without the columns name"),
        (b"id,name\n1,A\n1,B\n", "row 3: without an id"),
        (b"id,name\n,A\n", "row 2: without an id"),
        (b"id,name\n1\n", "row 2: 1 cells under 2"),
        (b"id,name,born\n1,A,yesterday\n", "row 2, column born"),
        (b'id,name\n1,"A\n', "quotation marks"),
        (b"id,name,name\n1,A,B\n", "comes twice"),
        (b"\xff\xfe\x00", "no text"),
    ],
)
def test_what_is_no_list_is_said_without_its_words(tmp_path: Path, content: bytes, says: str) -> None:
    """Each error says where, and shows no cell."""
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=says) as raised:
        read(file)
    assert "yesterday" not in str(raised.value)


def test_no_file_is_said(tmp_path: Path) -> None:
    """A name that is no file's is told."""
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none.csv")
