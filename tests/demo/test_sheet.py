"""The demonstration's sheet shows what it promises, and borrows nothing but published facts."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from estelik import demo

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHED = {"Ajar", "Saule", "Yerke", "Yerke's son", "Ospan"}
WORDS = {"quote", "language", "note"}


@cache
def rows() -> list[dict[str, str]]:
    """The sheet's rows, column to cell."""
    return list(csv.DictReader(demo.sheet().read_text(encoding="utf-8").splitlines()))


def test_the_published_facts_are_there_without_the_published_sentences(shared: Path) -> None:
    with (shared / "examples" / "border-of-tears.csv").open(encoding="utf-8", newline="") as file:
        published = {row["statement"]: row for row in csv.DictReader(file)}
    ours = {row["statement"]: row for row in rows() if row["about"] in PUBLISHED}
    assert set(ours) == set(published)
    for statement, row in ours.items():
        assert {**row, **dict.fromkeys(WORDS)} == {**published[statement], **dict.fromkeys(WORDS)}
        assert row["quote"] == ""


def test_no_sentence_of_the_sources_is_repeated(shared: Path) -> None:
    """No seven words in a row are those of a text that was read for this project."""

    def sevens(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.casefold())
        return {tuple(words[at : at + 7]) for at in range(len(words) - 6)}

    told = set().union(
        *(sevens(path.read_text(encoding="utf-8")) for path in (shared / "sources").glob("*.txt"))
    )
    written = set().union(*(sevens(row[column]) for row in rows() for column in ("quote", "note", "value")))
    assert not told & written


def test_nobody_named_in_the_sources_but_the_pseudonyms_appears(shared: Path) -> None:
    """Every capitalised name of a life in the sheet is a pseudonym, or stands in no source."""
    told = " ".join(path.read_text(encoding="utf-8") for path in (shared / "sources").glob("*.txt"))
    people = {row["about"] for row in rows() if row["about_kind"] in ("", "person")} - PUBLISHED
    names = {word for label in people for word in re.findall(r"\w{4,}", label) if word[0].isupper()}
    assert len(names) > 10
    assert {name for name in names if name in told} == set()


def test_the_sheet_has_one_of_each_thing_worth_showing() -> None:
    by: Counter[str] = Counter()
    for row in rows():
        by[f"answer {row['answer'] or 'yes'}"] += 1
        by[f"role {row['role'] or 'told'}"] += 1
        by[f"layer {row['layer'] or 'asserted'}"] += 1
        by[f"about {row['about_kind'] or 'person'}"] += 1
        by[row["fact"].split(":")[0] if row["fact"] else "event"] += 1
        for column in ("corrects", "expected", "via", "evidence", "quote"):
            by[column] += bool(row[column])
        by["unnamed"] += row["about"].startswith("?")
        by["one of two durations"] += row["gap"].startswith("[")
        by["one of two dates"] += row["when"].startswith("[")
        by["winter"] += row["when"].endswith("-24")
        by["another's event"] += "/" in row["after"] + row["before"]
    for thing in (
        *("answer refused", "answer unknown", "answer no", "role coerced", "role document", "role inferred"),
        *("layer background", "layer presumption", "layer implicature"),
        *("about place", "about group", "about organisation", "relation", "attribution", "illness", "need"),
        *("corrects", "expected", "via", "evidence", "unnamed", "one of two durations", "one of two dates"),
        *("winter", "another's event"),
    ):
        assert by[thing], thing
    assert by["quote"] >= 10


def test_names_and_quotes_come_in_several_scripts() -> None:
    def script(text: str) -> str:
        return unicodedata.name(next(letter for letter in text if letter.isalpha())).split()[0]

    names = {script(row["value"]) for row in rows() if row["fact"] == "name"}
    assert {"CYRILLIC", "ARABIC", "CJK"} <= names
    tags = {row["language"] for row in rows() if row["quote"]}
    assert {"kk", "ug", "uk", "ru", "zh"} <= tags
    assert all(row["language"] for row in rows() if row["quote"])
