"""A telling written down line by line: nothing of it is lost, and it is entered whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from msgspec.structs import replace
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily import ending, lines, telling
from estelik.daily.own import own
from estelik.daily.telling import Open, Telling, Terms, Use
from estelik.errors import NotFoundError, SheetError, UsageError
from estelik.index import consents, evidence
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEMBER: Final = "Aigerim"
TOLD: Final = Telling(
    "draft", "Karlygash, 2026", "Karlygash", "Askar", "2026-11-22", "2026-11-22T10:04+05:00", ("Askar",),
    "kk", member=MEMBER, present=True,
)  # fmt: skip


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook."""
    with Casebook.create(tmp_path / "casebook", b"passphrase", cost=CHEAP) as found:
        yield found


def kept(told: Telling, *cells: dict[str, str], member: str = MEMBER) -> Telling:
    """The telling with these lines."""
    for one in cells:
        told = telling.keep(told, member, "typed", one, "en")
    return told


ARREST: Final = {"event": "arrest", "when": "2017-23"}
RELEASE: Final = {"event": "release", "after": "arrest", "gap": "P1Y9M"}


def test_lines_become_statements_of_one_telling_at_its_end(casebook: Casebook) -> None:
    ending.begun(casebook, kept(TOLD, ARREST, RELEASE))
    assert casebook.statements() == []
    assert ending.end(casebook, "draft", MEMBER) == (2, 1)
    arrest, release = casebook.statements()
    assert (arrest.source, arrest.testimony, arrest.told) == ("Karlygash", TOLD.testimony, "2026-11-22")
    assert (release.after, release.gap) == ("arrest", "P1Y9M")
    assert ending.waiting(casebook) == []


def test_a_line_that_is_changed_keeps_its_place_its_id_and_its_earlier_words() -> None:
    one = kept(TOLD, ARREST, RELEASE)
    first = one.lines[0]
    one = telling.writing(one, MEMBER, Open(changing=first.id))
    two = kept(one, {"event": "arrest", "when": "2018"})
    assert [line.id for line in two.lines] == [line.id for line in one.lines]
    assert two.lines[0].now.cells["when"] == "2018"
    assert [was.cells for was in two.lines[0].was] == [ARREST]


def test_two_members_who_write_down_one_telling_lose_nothing_of_each_other(casebook: Casebook) -> None:
    """Each steps from whatever is there: both lines, both unfinished lines, both wordings of one line."""
    ending.begun(casebook, kept(TOLD, ARREST))
    line = ending.found(casebook, "draft").lines[0].id
    for member in ("Aigerim", "Berik"):
        hand = Open("unfinished " + member, changing=line)
        ending.changed(casebook, "draft", lambda now, m=member, h=hand: telling.writing(now, m, h))  # type: ignore[misc]
    for member, when in (("Aigerim", "2018"), ("Berik", "2019")):
        cells = {"event": "arrest", "when": when}
        ending.changed(
            casebook,
            "draft",
            lambda now, m=member, c=cells: telling.keep(now, m, "typed", c, "en"),  # type: ignore[misc]
        )
    found = ending.found(casebook, "draft").lines[0]
    assert found.now.cells["when"] == "2019"
    assert [was.cells["when"] for was in found.was] == ["2017-23", "2018"]


def test_what_was_not_kept_yet_is_kept_as_words_at_the_end(casebook: Casebook) -> None:
    told = telling.writing(kept(TOLD, ARREST), MEMBER, Open("and then they came ag"))
    ending.begun(casebook, told)
    ending.end(casebook, "draft", MEMBER)
    assert [one.value for one in casebook.statements()] == ["", "and then they came ag"]


def test_another_wording_that_was_not_kept_is_a_line_of_words_and_the_kept_one_stays(
    casebook: Casebook,
) -> None:
    told = kept(TOLD, ARREST)
    again = Open("arrested the year after", changing=told.lines[0].id)
    ending.begun(casebook, telling.writing(told, MEMBER, again))
    ending.end(casebook, "draft", MEMBER)
    assert [(one.event, one.value) for one in casebook.statements()] == [
        ("arrest", ""),
        ("", "arrested the year after"),
    ]


def test_a_kept_line_that_was_only_taken_up_makes_no_other() -> None:
    told = kept(TOLD, ARREST)
    for again in (Open("typed"), Open("typed", ARREST), Open("", ARREST)):
        hand = replace(again, changing=told.lines[0].id)
        assert telling.unfinished(telling.writing(told, MEMBER, hand), MEMBER) == ""


def test_what_stands_in_small_fields_is_kept_as_words_at_the_end(casebook: Casebook) -> None:
    cells = {"event": "release", "when": "2019", "quote": "He came in the snow."}
    ending.begun(casebook, telling.writing(TOLD, MEMBER, Open("", cells)))
    ending.end(casebook, "draft", MEMBER)
    (one,) = casebook.statements()
    assert (one.value, one.quote) == ("event: release; when: 2019", "He came in the snow.")


def heard(told: Telling) -> Telling:
    """The telling, read back as it stands."""
    return replace(told, heard="10:40", heard_lines=told.versions)


@pytest.mark.parametrize("after", ["kept", "worded anew", "taken out", "begun"])
def test_a_yes_is_not_entered_with_what_was_not_read_back(casebook: Casebook, after: str) -> None:
    """Whatever happened to a line since; a no holds."""
    told = heard(
        replace(kept(TOLD, ARREST, RELEASE), uses=(Use("public", "yes", "named"), Use("press", "no")))
    )
    line = told.lines[1].id
    if after == "kept":
        told = kept(told, {"event": "return"})
    elif after == "worded anew":
        told = kept(telling.writing(told, MEMBER, Open(changing=line)), {"event": "release", "when": "2019"})
    elif after == "taken out":
        told = telling.take_out(told, line)
    else:
        told = telling.writing(told, MEMBER, Open("my cousin hid me"))
    ending.begun(casebook, told)
    ending.end(casebook, "draft", MEMBER)
    assert [(one.audiences, one.answer) for one in casebook.consents().given] == [
        ((), "yes"),
        (("press",), "no"),
    ]


def test_a_line_that_was_taken_out_is_not_entered(casebook: Casebook) -> None:
    told = kept(TOLD, ARREST, {"event": "release"})
    ending.begun(casebook, telling.take_out(told, told.lines[1].id))
    ending.end(casebook, "draft", MEMBER)
    assert [one.event for one in casebook.statements()] == ["arrest"]


def test_ending_once_more_after_a_loss_of_power_enters_nothing_twice(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending.begun(casebook, kept(TOLD, ARREST))

    def fails(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(consents, "enter", fails)
    with pytest.raises(KeyboardInterrupt):
        ending.end(casebook, "draft", MEMBER)
    monkeypatch.undo()
    assert len(casebook.statements()) == 1
    with pytest.raises(UsageError):
        ending.changed(casebook, "draft", lambda now: kept(now, RELEASE))
    assert ending.end(casebook, "draft", MEMBER) == (1, 1)
    assert len(casebook.statements()) == 1
    assert len(casebook.consents().given) == 1


def test_a_telling_that_cannot_be_entered_stays_a_draft(casebook: Casebook) -> None:
    ending.begun(casebook, kept(TOLD, RELEASE))
    with pytest.raises(SheetError):
        ending.end(casebook, "draft", MEMBER)
    assert casebook.statements() == []
    assert not ending.found(casebook, "draft").closing


def test_who_no_longer_agrees_leaves_nothing(casebook: Casebook) -> None:
    ending.begun(casebook, kept(TOLD, ARREST))
    ending.dropped(casebook, "draft")
    with pytest.raises(NotFoundError):
        ending.found(casebook, "draft")
    assert (casebook.statements(), casebook.consents().given) == ([], ())


def test_each_use_is_a_consent_and_to_be_recorded_opens_nothing(casebook: Casebook) -> None:
    uses = (Use("un", "yes", "pseudonym", words=True), Use("press", "no"))
    told = heard(replace(kept(TOLD, ARREST), uses=uses, terms=Terms(until="2030-12-31")))
    ending.begun(casebook, told)
    ending.end(casebook, "draft", MEMBER)
    recorded, un, press = casebook.consents().given
    assert (recorded.audiences, recorded.purposes) == ((), ())
    assert (un.audiences, un.purposes, un.identity, un.media) == (
        ("un",),
        ("advocacy",),
        "pseudonym",
        ("words",),
    )
    assert (un.of, un.last, un.read_back, un.recorder) == (TOLD.testimony, "2030-12-31", True, MEMBER)
    assert press.answer == "no"


def test_a_line_is_checked_by_what_she_has_told_alone() -> None:
    """That somebody else told of a release is no ground to accept a line that counts from it."""
    draft = (lines.Draft("x", "Askar", {"event": "return", "after": "release", "gap": "P1Y"}),)
    assert lines.checked(TOLD, draft, lines.known(()), b"").faults
    mine = Statement("a", "Askar", source="Karlygash", event="release")
    assert not lines.checked(TOLD, draft, lines.known((mine,)), b"").faults


def test_own_is_what_this_source_told_and_nothing_else(casebook: Casebook) -> None:
    others = [
        Statement("1", "Askar", "t1", "Karlygash", "2024", event="arrest", when="2017"),
        Statement("2", "Askar", "t2", "Daulet", "2025", event="release", when="2019"),
        Statement("3", "Askar", "t3", "Karlygash", "2025", event="arrest", when="2018", corrects="1"),
    ]
    casebook.add_statements(others)
    found = own(casebook, "Karlygash", "Askar")
    assert [one.statement for one in found.statements] == ["1", "3"]
    assert [(one.number, one.told, [bad for _, bad in one.statements]) for one in found.visits] == [
        (1, "2024", [True]),
        (2, "2025", [False]),
    ]


def test_every_sentence_of_an_account_is_found_whatever_closes_it() -> None:
    account = "They came at night. 他们来了。 Алып кетті!\nNo stop here"
    found = [account[start:end] for start, end in lines.sentences(account)]
    assert found == ["They came at night.", "他们来了。", "Алып кетті!", "No stop here"]


def test_every_account_that_was_pasted_is_kept_as_evidence(casebook: Casebook) -> None:
    """Two members paste one each, and one the same again: none takes the place of another, and a passage that
    was marked stays with its own. Also where no line was made of any of them, with her consent to be
    recorded, and what she said of each use; what does not belong here is left out."""
    first, second, wrong = (
        "They came at night. Nobody spoke.",
        "It was autumn.\nThen winter.",
        "a shopping list",
    )
    said = replace(TOLD, uses=(Use("press", "no"),))
    ending.begun(casebook, telling.writing(telling.paste(said, first), MEMBER, Open(passage=(20, 33))))
    for account in (second, wrong, first, " \n"):
        ending.changed(casebook, "draft", lambda now, a=account: telling.paste(now, a))  # type: ignore[misc]
    told = ending.changed(casebook, "draft", lambda now: telling.leave_out(now, len(first + second)))
    assert [told.account[slice(*one)] for one in told.accounts] == [first, second]
    assert not telling.in_one_account(told, (20, 40))
    assert not telling.in_one_account(told, (len(first + second), len(first + second) + 3))
    marked = telling.keep(told, MEMBER, "silence", ARREST, "en")
    assert telling.leave_out(marked, 0) == marked
    assert telling.leave_out(told, 0).hand(MEMBER).passage is None
    ended = replace(told, open={})
    ending.changed(casebook, "draft", lambda _: ended)
    assert ending.end(casebook, "draft", MEMBER) == (0, 2)
    exhibits = evidence.every(casebook.vault.store)
    assert sorted(one.evidence.bytes for one in exhibits) == sorted(len(one) for one in (first, second))
    assert [list(one.sources) for one in exhibits] == [["Karlygash"]] * 2
    assert {one.answer for one in casebook.consents().given} == {"yes", "no"}
    assert ending.waiting(casebook) == []


def test_nothing_is_pasted_into_a_telling_that_was_ended() -> None:
    with pytest.raises(UsageError, match="ended by somebody else"):
        telling.paste(replace(TOLD, closing=True), "They came at night.")
