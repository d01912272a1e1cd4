"""What a statement says, and how it stands, in the desk's own words."""

from __future__ import annotations

from typing import Any

import pytest

from estelik.language.accounts import account
from estelik.language.direction import plain
from estelik.language.events import clause, label, noun, referred
from estelik.language.grades import chain, grade, standing
from estelik.language.people import who
from estelik.language.quotes import quoted
from estelik.language.reader import reader
from estelik.language.statements import says
from estelik.language.tongues import tongue
from estelik.records import Statement

EN = reader("en")


def said(**cells: Any) -> str:
    """A statement's sentence as plain text."""
    return bare(says(EN, Statement("s", "Saule", **cells)))


def bare(words: Any) -> str:
    """Words without the isolates around foreign runs."""
    return plain(words).replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"event": "birth", "when": "1942"}, "Born in 1942."),
        ({"event": "camp-entry", "age": "76"}, "Taken to the camp at the age of 76."),
        (
            {"event": "release", "after": "camp-entry", "gap": "P1Y9M"},
            "Released one year and nine months after being taken to the camp.",
        ),
        (
            {"event": "transfer", "after": "camp-entry", "gap": "[P5M,P8M]", "place": "Mongolküre"},
            "Moved to Mongolküre five or eight months after being taken to the camp.",
        ),
        (
            {"event": "return", "before": "told", "gap": ">=P1Y"},
            "Came back at least one year before it was told.",
        ),
        ({"event": "letter", "after": "Askar/arrest"}, "Letter after the arrest (Askar)."),
        ({"event": "arrest", "age": "60..65"}, "Arrested between the ages of 60 and 65."),
        ({"event": "arrest", "age": "~50"}, "Arrested at the age of about 50."),
        (
            {"event": "release", "after": "arrest", "gap": "±P1M"},
            "Released around the same time as the arrest.",
        ),
        ({"event": "release", "answer": "no"}, "Not so: Released."),
        (
            {"event": "release", "expected": True, "when": "2030"},
            "Still to come when told: Released in 2030.",
        ),
        ({"event": "release", "answer": "refused"}, "Released: would not say."),
        ({"fact": "ethnicity", "value": "Kazakh"}, "Ethnicity: Kazakh."),
        ({"fact": "relation:brother", "answer": "unknown"}, "Relation (brother): could not say."),
        ({"event": "arrest", "by": "police", "place": "Tekes"}, "Arrested; place: Tekes; done by: police."),
    ],
)
def test_a_statement_is_one_neutral_sentence(cells: dict[str, Any], words: str) -> None:
    sentence = said(**cells)
    # An event of no known kind is shown as it was written.
    assert sentence in (words, words.replace("Letter", "letter"))


def test_a_grade_is_said_in_letters_and_words() -> None:
    assert grade(EN, "B2") == "B2, usually reliable, probably true"
    assert grade(EN, "") == "not graded"


def test_a_chain_is_read_from_the_nearest_outwards() -> None:
    niece = Statement("s", "Saule", source="niece", via="prisoner > guard", event="transfer")
    assert bare(chain(EN, niece)) == "niece, from prisoner, from guard"
    assert standing(EN, niece) == "hearsay, two steps"
    own = Statement("s", "Saule", source="Saule", role="perceived", event="transfer")
    assert bare(chain(EN, own)) == "Saule, who lived it"
    assert standing(EN, own) == "first-hand"


def test_an_event_of_no_known_kind_is_shown_as_it_is() -> None:
    assert bare(label(EN, "socks-request")) == "socks-request"
    assert bare(label(EN, "release#2")) == "Released (2)"
    assert bare(clause(EN, "camp-entry:Tekes")) == "taken to the camp (Tekes)"
    assert bare(noun(EN, "release")) == "the release"


def test_a_slash_in_the_label_of_an_event_does_not_make_it_somebody_elses() -> None:
    assert bare(label(EN, "x/y")) == "x/y"
    assert bare(noun(EN, "x/y")) == "x/y"
    assert bare(label(EN, "camp-entry:Tekes/North")) == "Taken to the camp (Tekes/North)"


def test_a_reference_names_whose_event_it_is() -> None:
    """Where a slash can mean several things, it stands as it was written."""
    assert bare(referred(EN, "Ajar/arrest")) == "the arrest (Ajar)"
    assert bare(referred(EN, "Ajar/B/arrest:A/C")) == "the arrest (A/C) (Ajar/B)"
    assert bare(referred(EN, "arrest:A/B")) == "the arrest (A/B)"
    assert bare(referred(EN, "Ajar/x/y")) == "Ajar/x/y"


def test_what_is_told_of_somebody_else_says_of_whom() -> None:
    told = Statement("s", "Ajar", event="arrest", when="2018", source="aunt")
    assert bare(says(EN, told, "Ajar")) == "Arrested (Ajar) in 2018."
    assert bare(account(EN, told, "Ajar")) == "aunt’s account of the arrest (Ajar) in 2018"
    assert bare(says(EN, Statement("s", "Ajar", fact="ethnicity", value="Uyghur"), "Ajar")) == (
        "Ethnicity (Ajar): Uyghur."
    )


def test_someone_unnamed_is_said_to_be_so() -> None:
    assert bare(who(EN, "?elderly woman")) == "elderly woman, unnamed"


def test_words_stand_in_the_marks_of_their_own_language() -> None:
    assert quoted("Санадым", "kk") == "«Санадым»"
    assert quoted("I counted", "en") == "“I counted”"
    assert quoted("我数过", "zh-Hans") == "「我数过」"
    assert quoted("J’ai compté", "fr") == "«\u00a0J’ai compté\u00a0»"
    assert quoted("“already”", "en") == "“already”"


def test_a_language_is_named_with_its_script() -> None:
    assert tongue(EN, "kk-Arab") == "Kazakh, Arabic"
    assert bare(tongue(EN, "x-nobody")) == "x-nobody"
