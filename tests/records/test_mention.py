"""Words that give away who told are found by a part of the name, in any of its writings and endings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.records import Statement
from estelik.records.mention import mentions
from estelik.records.stored import lies_in

if TYPE_CHECKING:
    from collections.abc import Callable

FOUND = [
    ("Zarina Qwert", "I, Zarina, was there"),
    ("Zarina Qwert", "told by Qwert on the phone"),
    ("Zarina Qwert", "Qwerts car stood outside, qwert's"),
    ("Zarina Qwert", "https://video.example/zarina-qwert/1"),
    ("Zarina Qwert", "scans/2019_ZARINA_2.jpg"),
    ("Zarina Qwert", "Za\u200brina said"),
    ("Zarina Qwert", "Zárina said"),
    ("Гульнара Ивушкина", "сказали Гульнаре"),
    ("Гульнара Ивушкина", "у Ивушкиной дома"),
    ("Гульнара Ивушкина", "Gulnara was told"),
    ("Gulnara Ivushkina", "Гүлнара айтты"),
    ("ئەركىن تۇرسۇن", "then Tursun came"),
    ("Әсел", "Asel came"),
    ("the aunt of Erlan", "Erlan asked me"),
    ("古丽扎尔", "是古丽扎尔说的"),
]
NOT_FOUND = [
    ("Zarina Qwert", "a red car stood outside"),
    ("Serik", "a serious matter"),
    ("Ai", "she said so"),
    ("the aunt", "my aunt was there too"),
    ("сестра", "моя сестра"),
    ("?", "who knows?"),
    ("", "nobody"),
    ("Zarina", ""),
]


@pytest.mark.parametrize(("label", "text"), FOUND)
def test_a_part_of_a_name_is_found(label: str, text: str) -> None:
    assert mentions(text, label)


@pytest.mark.parametrize(("label", "text"), NOT_FOUND)
def test_other_words_are_not(label: str, text: str) -> None:
    assert not mentions(text, label)


def test_what_the_row_is_about_tells_nothing_new() -> None:
    """A family has a name in common, and so have a victim and who is called after him."""
    assert not mentions("Erlan Serik was taken", "Dana Serik", known="Erlan Serik")
    assert not mentions("Erlan's aunt", "the aunt of Erlan", known="Erlan")
    assert mentions("Dana was taken", "Dana Serik", known="Erlan Serik")


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_words_make_it_fail(text: str, label: str) -> None:
    assert mentions(text, label) in (True, False)


@given(st.sampled_from([label for label, _ in FOUND]), st.text(max_size=30), st.text(max_size=30))
def test_a_whole_label_among_other_words_is_found(label: str, before: str, behind: str) -> None:
    assert mentions(f"{before} {label} {behind}", label)


CELLS: list[Callable[[str], Statement]] = [
    lambda words: Statement("1", "Aman", source="Zarina Qwert", event="arrest", quote=words),
    lambda words: Statement("1", "Aman", source="Zarina Qwert", event="arrest", note=words),
    lambda words: Statement("1", "Aman", source="Zarina Qwert", event="arrest", evidence=words),
    lambda words: Statement("1", "Aman", source="Zarina Qwert", fact="occupation", value=words),
    lambda words: Statement(
        "1", "Aman", source="Dana", via="Aizhan > Zarina Qwert", event="arrest", note=words
    ),
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_row_that_says_who_told_lies_with_the_sources(cell: Callable[[str], Statement]) -> None:
    assert lies_in(cell("as Zarina heard")) == "source"
    assert lies_in(cell("as was heard")) == "testimony"


@pytest.mark.parametrize(
    "row",
    [
        Statement("1", "Aman", source="A", event="arrest", quote="a man came and said so"),
        Statement("1", "Aman", source="Li", event="arrest", quote="He was living in a village"),
        Statement("1", "Aman", source="Ana", event="arrest", note="Banana seller"),
        Statement("1", "Aman", source="hospital", event="hospital-entry"),
        Statement("1", "Aman", source="name", fact="name", value="Aman"),
    ],
)
def test_letters_within_other_words_name_nobody(row: Statement) -> None:
    assert lies_in(row) == "testimony"


@pytest.mark.parametrize(
    "row",
    [
        Statement("1", "Aman", source="A", event="arrest", quote="then A came"),
        Statement("1", "Aman", source="Li", event="arrest", quote="Li told me"),
        Statement("1", "Aman", source="Zarina", event="arrest:zarina"),
        Statement("1", "Aman", source="Zarina", event="zarina-told"),
        Statement("1", "Aman", source="阿依", event="arrest", quote="是阿依说的"),
        Statement("zarina-1", "Aman", source="Zarina", event="arrest"),
        Statement("1", "Zarina", source="Zarina", event="arrest"),
    ],
)
def test_a_label_among_the_words_of_a_row_names_who_told(row: Statement) -> None:
    assert lies_in(row) == "source"


def test_names_that_a_family_shares_leave_a_row_where_it_is() -> None:
    shared = Statement("1", "Erlan", source="Dana Serik", fact="name", value="Erlan Serik")
    assert lies_in(shared) == "testimony"
    relative = Statement("1", "Erlan", source="Dana Serik", fact="relation:brother", value="Aman Serik")
    assert lies_in(relative) == "testimony"
    herself = Statement("1", "Erlan", source="Dana Serik", fact="relation:sister", value="Dana Serik")
    assert lies_in(herself) == "source"
