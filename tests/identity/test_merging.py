"""A merged life reads as if all had been entered under one label."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.identity.merging import merge
from estelik.identity.resolution import Resolution, resolve
from estelik.identity.verdict import Verdict, split_name
from estelik.records import Judgement, Statement
from estelik.views.timeline import document, timelines

_TELLINGS = ("visit", "letter")
_LABELS = ("A", "B", "B/c", "C", "?u")
_REFERENCES = (
    "",
    "",
    "arrest",
    "told",
    "birth",
    "A/arrest",
    "B/release",
    "C/birth",
    "B/c/arrest",
    "Z/arrest",
)


@st.composite
def _rows(draw: st.DrawFn) -> list[Statement]:
    rows = []
    for number in range(draw(st.integers(1, 7))):
        cells: dict[str, Any] = {
            "about": draw(st.sampled_from(_LABELS)),
            "testimony": draw(st.sampled_from(_TELLINGS)),
            "source": "niece",
            "told": "2021",
            "event": draw(st.sampled_from(("arrest", "release", "birth"))),
            "when": draw(st.sampled_from(("", "2017", "2018-03"))),
            "after": draw(st.sampled_from(_REFERENCES)),
        }
        # A reference to the own life needs no label: what such a one with it means is not settled here.
        if not cells["after"].startswith(f"{cells['about']}/"):
            rows.append(Statement(f"s{number}", **cells))
    return rows


def _typed(rows: list[Statement], labels: dict[str, str]) -> list[Statement]:
    """The rows as somebody would have typed them who called each by another label."""

    def cell(text: str, about: str) -> str:
        for label in ("B/c", "A", "B", "C"):
            if text.startswith(f"{label}/") and label in labels:
                event = text.removeprefix(f"{label}/")
                known = {one.event for one in rows if one.about == label} | {"birth"}
                if event not in known:
                    continue
                own = labels.get(about, about) == labels[label]
                return event if own else f"{labels[label]}/{event}"
        return text

    return [
        msgspec.structs.replace(one, about=labels.get(one.about, one.about), after=cell(one.after, one.about))
        for one in rows
    ]


def _documents(rows: list[Statement]) -> list[dict[str, Any]]:
    return [document(*one) for one in timelines(rows)]


@settings(deadline=None, max_examples=80)
@given(_rows())
def test_merged_is_as_typed_under_one_label(rows: list[Statement]) -> None:
    verdicts = [Verdict("1", "same", "A", "B"), Verdict("2", "same", "B", "B/c")]
    merged = merge(rows, [], resolve(verdicts))
    first = next((one.about for one in rows if one.about in ("A", "B", "B/c")), "A")
    typed = _typed(rows, dict.fromkeys(("A", "B", "B/c"), first))
    assert _documents(list(merged.statements)) == _documents(typed)


@settings(deadline=None, max_examples=60)
@given(_rows())
def test_a_split_is_as_typed_under_another_label_in_that_telling(rows: list[Statement]) -> None:
    name = split_name("A", "letter")
    merged = merge(rows, [], resolve([Verdict("1", "split", "A", name, telling="letter")]))
    there = [one for one in rows if one.testimony == "letter"]
    known = {one.event for one in there if one.about == "A"} | {"birth"}
    left = {one.event for one in rows if one.about == "A" and one.testimony != "letter"} | {"birth"}
    expected = []
    for one in rows:
        mine = one.testimony == "letter"
        after = one.after
        about = name if one.about == "A" and mine else one.about
        if one.after.startswith("A/") and mine and (event := one.after.removeprefix("A/")) in known | left:
            after = f"{name}/{event}"
        expected.append(msgspec.structs.replace(one, about=about, after=after))
    assert _documents(list(merged.statements)) == _documents(expected)


@given(_rows())
def test_without_judgements_nothing_is_touched(rows: list[Statement]) -> None:
    merged = merge(rows, [], Resolution())
    assert merged.statements is rows
    assert (merged.lives, merged.others, merged.told_of) == ({}, {}, {})


def test_a_life_is_called_by_the_first_label_that_is_a_name() -> None:
    rows = [
        Statement("u", "?boy", event="arrest"),
        Statement("b", "B", testimony="visit", event="arrest"),
        Statement("b2", "B", testimony="letter", event="arrest"),
        Statement("a", "A", event="arrest"),
    ]
    split = Verdict("1", "split", "B", "B (visit)", telling="visit")
    joined = [Verdict("2", "same", "?boy\x1fu", "B (visit)"), Verdict("3", "same", "A", "B (visit)")]
    merged = merge(rows, [], resolve([split, *joined]))
    assert [one.about for one in merged.statements] == ["A", "A", "B", "A"]
    assert merged.others == {"A": ("?boy", "B (visit)")}
    assert merged.told_of == {"u": "?boy", "b": "B"}
    assert merged.keys("?boy") == merged.keys("B (visit)") == merged.keys("A") == ["A"]


def test_what_was_judged_under_one_label_counts_for_the_life() -> None:
    allowed = Judgement(
        "j", "allow-question", "why", "2026-01-01", subject="B", event="death", source="niece"
    )
    rows = [Statement("1", "A", event="arrest"), Statement("2", "B", event="death")]
    merged = merge(rows, [allowed], resolve([Verdict("1", "same", "A", "B")]))
    assert [one.subject for one in merged.judgements] == ["A"]


def test_in_the_telling_that_was_split_off_the_label_means_that_one() -> None:
    """Also where it does not tell of the event: that of the namesake is another event."""
    rows = [
        Statement("1", "A", "visit", event="release", when="2019"),
        Statement("2", "A", "letter", event="arrest", when="2017"),
        Statement("3", "B", "letter", event="arrest", after="A/release"),
        Statement("4", "C", "visit", event="arrest", after="A/release"),
    ]
    split = Verdict("1", "split", "A", "A (letter)", telling="letter")
    found = {one["subject"]: one["events"][0]["earliest"] for one in _documents(rows)}
    assert (found["B"], found["C"]) == ("2019-01-01", "2019-01-01")
    merged = list(merge(rows, [], resolve([split])).statements)
    found = {one["subject"]: one["events"][0]["earliest"] for one in _documents(merged)}
    assert (found["B"], found["C"]) == (None, "2019-01-01")
