"""Questions: what would settle most is asked first, and what would hurt is not proposed."""

from __future__ import annotations

from datetime import date

from estelik.chronology.lives import link
from estelik.chronology.questions import Question, questions
from estelik.chronology.timeline import Solution
from estelik.records import Judgement, Statement

MOTHER = (
    Statement(
        "1", "Nurgul", source="Nurgul", told="2023-01-04", event="camp-entry", when="2018", role="perceived"
    ),
    Statement(
        "2", "Nurgul", source="Nurgul", told="2023-01-04", event="parcel", after="camp-entry", gap=">=P60D"
    ),
    Statement(
        "3", "Nurgul", source="Nurgul", told="2023-01-04", event="visit", after="parcel", gap="P4D/P5D"
    ),
    Statement("4", "Nurgul's son", source="Nurgul", told="2023-01-04", event="death", after="Nurgul/parcel"),
    Statement("5", "Nurgul's son", source="Nurgul", told="2023-01-04", event="death", before="Nurgul/visit"),
    Statement("6", "Nurgul", source="Nurgul", told="2023-01-04", event="release", after="visit", gap=">=P1D"),
)


TODAY = date(2026, 11, 1).toordinal()


def asked(
    rows: tuple[Statement, ...], subject: str, *judgements: Judgement, today: int = TODAY
) -> list[Question]:
    (linked,) = link(rows, judgements)
    about = [row for row in rows if row.about == subject]
    return questions(Solution(linked), linked.subjects.index(subject), about, judgements, today=today)


def test_what_would_fix_a_death_within_thirty_days_is_not_proposed() -> None:
    found = asked(MOTHER, "Nurgul")
    named = {question.event for question in found} | {question.since for question in found}
    assert "release" in named
    assert not named & {"parcel", "visit"}
    assert asked(MOTHER, "Nurgul's son") == []


def test_a_member_may_allow_it_for_one_source_and_take_it_back() -> None:
    allowed = Judgement(
        "j1",
        "allow-question",
        "She asked to.",
        "2026-01-01",
        subject="Nurgul",
        event="visit",
        source="Nurgul",
    )
    found = asked(MOTHER, "Nurgul", allowed)
    assert [q.sources for q in found if q.event == "visit" and q.ask == "when"] == [("Nurgul",)]
    assert not any(q.event == "parcel" and q.ask == "when" for q in found)
    withdrawn = Judgement("j2", "withdrawn", "She is not well.", "2026-01-02", withdraws="j1")
    assert asked(MOTHER, "Nurgul", allowed, withdrawn) == asked(MOTHER, "Nurgul")


def test_what_was_asked_or_refused_is_not_asked_of_that_source_again() -> None:
    rows = (
        Statement("1", "Arman", source="sister", event="arrest", when="2017"),
        Statement("2", "Arman", source="cellmate", event="release", after="arrest", role="perceived"),
        Statement("3", "Arman", source="cellmate", event="arrest", answer="refused"),
    )
    found = {(q.ask, q.event): q.sources for q in asked(rows, "Arman")}
    assert ("when", "arrest") not in found
    assert set(found["when", "release"]) == {"sister", "cellmate"}
    assert "cellmate" not in found.get(("how long", "release"), ())


def test_the_question_that_narrows_most_comes_first() -> None:
    """The month of the arrest or the release fixes all others; that of the hospital leaves a year open."""
    rows = (
        Statement("1", "Arman", source="Arman", told="2023", event="arrest", age="30"),
        Statement("2", "Arman", source="Arman", told="2023", event="release", after="arrest", gap="P1Y"),
        Statement(
            "3", "Arman", source="Arman", told="2023", event="hospital-entry", after="release", gap="P1Y/P2Y"
        ),
        Statement("4", "Arman", source="sister", told="2023", event="arrest", when="2010/2019"),
    )
    found = [q for q in asked(rows, "Arman") if q.ask == "when"]
    assert {q.event for q in found[:2]} == {"arrest", "release"}
    assert all(q.expected_bits >= q.worst_bits for q in found)
    assert [q.expected_bits for q in found] == sorted((q.expected_bits for q in found), reverse=True)


VERDICT = (
    Statement("1", "Arman", source="verdict", event="sentence", when="2017", role="document"),
    Statement(
        "2",
        "Arman",
        source="verdict",
        event="release#due",
        after="sentence",
        gap="P5Y",
        role="document",
        expected=True,
    ),
)


def test_a_document_is_not_asked() -> None:
    assert asked(VERDICT, "Arman") == []


def test_who_told_what_was_still_to_come_is_asked_what_came_of_it() -> None:
    """Also where nobody else has told anything."""
    rows = (
        Statement("1", "Arman", source="aunt", told="2019", event="sentence", when="2018-02"),
        Statement("2", "Arman", source="aunt", told="2019", event="release", when="2021-02", expected=True),
    )
    due = [q for q in asked(rows, "Arman") if q.event == "release"]
    assert [(q.ask, q.sources) for q in due] == [("when", ("aunt",))]


def test_an_expected_event_is_asked_about_once_its_day_is_past() -> None:
    rows = (*VERDICT, Statement("3", "Arman", source="sister", event="arrest", before="sentence", gap="P1M"))
    due = [q for q in asked(rows, "Arman") if q.event == "release#due"]
    assert [(q.ask, q.sources) for q in due] == [("when", ("sister",))]
    before = asked(rows, "Arman", today=date(2022, 1, 1).toordinal())
    assert before
    assert not any("release#due" in (q.event, q.since) for q in before)
