from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology.duration import Days, DurationError, parse


@pytest.mark.parametrize(
    ("text", "strict", "wide"),
    [
        # 365.25 + 9 x 30.4375 = 639.1875; half a month is 15.21875, a month 30.4375
        ("P1Y9M", (623, 655), (608, 670)),
        # days are exact; wide is one day either side
        ("P7D", (7, 7), (6, 8)),
        # 365.25 + 10 = 375.25
        ("P1Y10D", (375, 376), (374, 377)),
        # 14 +- 3.5; 14 +- 7
        ("P2W", (10, 18), (7, 21)),
        # 365.25 +- 182.625; 365.25 +- 365.25
        ("P1Y", (182, 548), (0, 731)),
        # a month named, though none of it: as precise as a month
        ("P1Y0M", (350, 381), (334, 396)),
        # 730.5 +- 365.25, in both readings
        ("~P2Y", (365, 1096), (365, 1096)),
        ("~P3D", (2, 4), (2, 4)),
        ("P2D/P7D", (2, 7), (1, 8)),
        # 30.4375 .. 2 x 30.4375; each end one of its own units further out
        ("P1M/P2M", (30, 61), (0, 92)),
        ("P2W/P1Y", (14, 366), (7, 731)),
        # 30.4375; 2 x 30.4375 = 60.875
        ("±P1M", (-31, 31), (-61, 61)),
        ("+-P1M", (-31, 31), (-61, 61)),
        ("±P2D", (-2, 2), (-3, 3)),
        # 365.25 rounded down, and one more
        (">P1Y", (366, None), (1, None)),
        (">P2Y", (731, None), (366, None)),
        (">P5D", (6, None), (5, None)),
        (">=P1Y", (365, None), (0, None)),
        (">=P5D", (5, None), (4, None)),
        # 91.3125 rounded up, less one; four months are 121.75
        ("<P3M", (0, 91), (0, 121)),
        ("<P5D", (0, 4), (0, 5)),
        ("<=P3M", (0, 92), (0, 122)),
        ("<=P5D", (0, 5), (0, 6)),
        ("P0D", (0, 0), (0, 1)),
        ("~P1D", (0, 2), (0, 2)),
    ],
)
def test_a_duration_means_the_days_of_the_contract(text: str, strict: Days, wide: Days) -> None:
    """Worked out by hand from years of 365.25 days, months of 30.4375 and weeks of 7."""
    assert parse(text).strict == (strict,)
    assert parse(text).wide == (wide,)


def test_a_choice_is_its_members_and_not_their_hull() -> None:
    # 1826.25 +- 182.625 and 2922 +- 182.625; wide +- 365.25
    choice = parse("[P5Y,P8Y]")
    assert choice.strict == ((1643, 2009), (2739, 3105))
    assert choice.wide == ((1461, 2192), (2556, 3288))
    assert parse("[P8Y, P5Y]") == choice


def test_members_of_a_choice_that_overlap_are_one() -> None:
    assert parse("[P2D/P7D,P5D/P9D]").strict == ((2, 9),)
    assert parse("[<P2D,>P1Y]").strict == ((0, 1), (366, None))
    assert parse("[>P1Y,P2Y,P3D]").strict == ((3, 3), (366, None))
    # 5 and 6 years: 1643..2009 and 2008..2375
    assert parse("[P5Y,P6Y]").strict == ((1643, 2375),)


_NO_DURATION = """
    P 1Y P1 PY p1y P1.5Y P1,5Y P-1Y -P1Y P1H PT1H P1YT1H P9M1Y P1Y1Y P1D1W P1234567D P٢Y ~ > < >= <= ±
    +P1M -+P1M ~~P1Y ~>P1Y =P1Y =>P1Y <P0D P2D/ /P7D P7D/P2D P2D/P7D/P9D ~P2D/P7D >P2D/P7D
    [] [P1Y P1Y] [P1Y,] [P1Y,±P1M] [[P1Y]] two
"""


@pytest.mark.parametrize(
    "text", [*_NO_DURATION.split(), "", " ", "P1Y ", " P1Y", "P1Y\n", "> P1Y", "[P1Y P2Y]"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(DurationError):
        parse(text)


def test_an_error_never_holds_the_text_of_the_cell() -> None:
    marker = "Gulbahar"
    for form in ("{}", "P{}", "~{}", ">={}", "P1D/{}", "[P1Y,{}]", "±{}"):
        with pytest.raises(DurationError) as caught:
            parse(form.format(marker))
        assert marker not in f"{caught.value!s}{caught.value!r}"
        assert caught.value.__context__ is None


_LENGTHS = st.builds(
    lambda counts: (
        "P" + "".join(f"{count}{unit}" for unit, count in zip("YMWD", counts, strict=True) if count)
    ),
    st.tuples(*[st.integers(0, 99)] * 4).filter(any),
)
_FORMS = st.one_of(
    st.builds(lambda sign, length: sign + length, st.sampled_from(["", "~", ">", ">=", "<", "<="]), _LENGTHS),
    st.builds("{}/{}".format, _LENGTHS, _LENGTHS),
)
_DURATIONS = st.one_of(
    _FORMS,
    _LENGTHS.map("±".__add__),
    st.lists(_FORMS, min_size=1, max_size=4).map(lambda members: f"[{','.join(members)}]"),
)


@given(_DURATIONS)
def test_alternatives_are_ordered_disjoint_and_within_the_wide_reading(text: str) -> None:
    try:
        duration = parse(text)
    except DurationError:
        assert "/" in text  # a range that ends before it starts
        return
    for alternatives in (duration.strict, duration.wide):
        reached: int | None = None
        for place, (least, most) in enumerate(alternatives):
            assert least is not None
            assert place == 0 or (reached is not None and reached < least)
            assert most is None or least <= most
            assert text.startswith("±") or least >= 0
            reached = most
    for least, most in duration.strict:
        assert any(
            (wide_least or 0) <= (least or 0)
            and (wide_most is None or (most is not None and most <= wide_most))
            for wide_least, wide_most in duration.wide
        )


@given(st.one_of(st.text(), st.text("0123456789PYMWDT~<>=±+-/[], ", max_size=40)))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        parse(text)
    except DurationError as error:
        assert str(error)  # noqa: PT017 (either outcome is right)


def test_no_text_takes_long() -> None:
    started = time.process_time()
    for text in ("P" + "9" * 10**6, "[" + "P1Y," * 10**5 + "]", "[" * 10**5, "~" * 10**6, "P1D/" * 10**5):
        with pytest.raises(DurationError):
            parse(text)
    assert time.process_time() - started < 1
