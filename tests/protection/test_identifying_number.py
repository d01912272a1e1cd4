"""Numbers and addresses that tell who somebody is are found in a text, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.protection.identifying_number import Numbers


@pytest.mark.parametrize(
    ("text", "kind", "told"),
    [
        ("ID 11010519491231002X was on it", "document", "11010519491231002X"),
        ("её ИИН 860101300014.", "document", "860101300014"),
        ("身份证号码110105 19491231 002X。", "document", "110105 19491231 002X"),
        ("نومۇرى ١١٠١٠٥١٩٤٩١٢٣١٠٠٢١", "document", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢١"),
        ("паспорт N 1234567, выдан", "document", "N 1234567"),
        ("call +7 (701) 123-45-67 at night", "phone", "+7 (701) 123-45-67"),
        ("звонить 8 701 123 45 67", "phone", "8 701 123 45 67"),
        ("电话13812345678", "phone", "13812345678"),
        ("打一三八零零一三八零零零", "phone", "一三八零零一三八零零零"),
        ("打一三八 〇〇一三 八〇〇〇", "phone", "一三八 〇〇一三 八〇〇〇"),
        ("write to zarina.q@mail.kz soon", "e-mail", "zarina.q@mail.kz"),
        ("write to zarina (at) mail.kz", "e-mail", "zarina (at) mail.kz"),
        ("see https://vk.com/zarina?x=1 there", "link", "https://vk.com/zarina?x=1"),
        ("видео на vk.com/zarina есть", "link", "vk.com/zarina"),
        ("ask @zarina_q for it", "account", "@zarina_q"),
        ("微信：zarina77 可以问", "account", "微信：zarina77"),
        ("her wechat is rz_1988", "account", "wechat is rz_1988"),
        ("write riz at mail dot ru", "e-mail", "riz at mail dot ru"),
        ("call 8_701_234_56_78", "phone", "8_701_234_56_78"),
        ("call 87O12345678", "phone", "87O12345678"),
        ("in a car 123 ABC 02", "number", "123 ABC 02"),
        ("машина А123ВС77 уехала", "number", "А123ВС77"),
        ("车牌新A12345", "number", "新A12345"),
    ],
)
def test_numbers_and_addresses_are_found(text: str, kind: str, told: str) -> None:
    (found,) = Numbers().find(text)
    assert (found.kind, text[found.start : found.end]) == (kind, told)


@pytest.mark.parametrize(
    "text",
    [
        "On 2018-04-12 and 12.04.2018 they came, from 2016 to 2018.",
        "В 2017/2018 году 5900 человек, 12 345 рублей.",
        "2016-2018, 2018-04-12 – 2018-05-01",
        "二零一八年三月到二零一九年五月，一共七次。",
        "Room 204, cell 12, at 10:30.",
        "He had WeChat 2018, and was at school dot or no dot.",
        "",
    ],
)
def test_dates_and_counts_are_none(text: str) -> None:
    assert Numbers().find(text) == ()


def test_whose_number_it_is_is_said() -> None:
    """However its groups are parted, and with another beginning of a telephone number."""
    numbers = Numbers({"k1": ["8-701-123-45-67"], "k2": ["N1234567", "@Zarina_Q"], "k3": [""]})
    text = "+7 701 1234567, № N12 34 567, and @zarina_q"
    assert [(one.kind, one.people) for one in numbers.find(text)] == [
        ("phone", ("k1",)),
        ("document", ("k2",)),
        ("account", ("k2",)),
    ]


def test_a_wrong_check_digit_hides_nobody() -> None:
    right, wrong = Numbers().find("11010519491231002X, 110105194912310021")
    assert (right.valid, wrong.valid, wrong.kind) == (True, False, "document")


@given(
    digits=st.text("0123456789", min_size=12, max_size=12),
    marks=st.lists(st.sampled_from(" -./"), max_size=4),
)
def test_what_parts_the_groups_of_a_number_does_not_matter(digits: str, marks: list[str]) -> None:
    """A known number is found with whatever between its digits."""
    written = digits
    for at, mark in enumerate(marks):
        written = written[: 3 * at + 2] + mark + written[3 * at + 2 :]
    found = Numbers({"k": [digits]}).find(f"his number is {written}, he said")
    assert [one.people for one in found] == [("k",)]


@given(text=st.text(max_size=80))
def test_any_text_can_be_looked_through(text: str) -> None:
    """Whatever the text, what is found lies in it, in order, and apart."""
    found = Numbers().find(text)
    ends = [0, *(place for one in found for place in (one.start, one.end)), len(text)]
    assert ends == sorted(ends)
