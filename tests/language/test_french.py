"""French: sentences whole, and what every string of the catalog keeps to."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology.calendar import HORIZON_FIRST, HORIZON_LAST
from estelik.language import dates
from estelik.language.direction import plain
from estelik.language.reader import reader
from estelik.language.statements import says
from estelik.records import Statement

FR = reader("fr")
#: English words for doubt, and what stands for them in French: nowhere but where English has them.
DOUBT = {
    "probabl": "probabl",
    "vraisembl": "probabl",
    "erreur": "error",
    "incohéren": "inconsistent",
    "contradict": "contradict",
    "certain": "certain",
    "confirm": "confirm",
    "rumeur": "rumour",
    "invalid": "invalid",
    "supprim": "deleted",
    "inconnu": "unknown",
}


def strings() -> list[tuple[str, str]]:
    """The English of each string, and each French form."""
    with files("estelik.language").joinpath("catalogs").joinpath("fr.po").open("rb") as file:
        catalog = read_po(file, locale="fr")
    found = []
    for message in catalog:
        if message.id:
            source = message.id if isinstance(message.id, str) else " ".join(message.id)
            forms = (message.string,) if isinstance(message.string, str) else message.string or ()
            found += [(source, _prose(str(form), source)) for form in forms]
    return found


def _prose(form: str, source: str) -> str:
    """A string without what is typed, in every language alike: commands, cells of a sheet, addresses."""
    words = re.findall(r"\S+", source)
    typed = {word.rstrip(".,;") for word in words if re.search(r"[`'#?:.][^\s;:?!]|://", word)}
    return re.sub(r"\S+", lambda word: "" if word[0].rstrip(".,;") in typed else word[0], form)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"event": "birth", "when": "1942"}, "Naissance en 1942."),
        ({"event": "birth", "when": "1942-03-01"}, "Naissance le 1er mars 1942."),
        ({"event": "death", "when": "../2019-01"}, "Décès pas après le 31 janvier 2019."),
        ({"event": "arrest", "when": "2021-21"}, "Arrestation au printemps 2021."),
        ({"event": "arrest", "when": "2021-22"}, "Arrestation en été 2021."),
        (
            {"event": "arrest", "when": "2019-04-01/2019-08-11"},
            "Arrestation entre le 1er avril et le 11 août 2019.",
        ),
        ({"event": "camp-entry", "age": "76"}, "Envoi au camp à l’âge de 76 ans."),
        ({"event": "arrest", "age": "1"}, "Arrestation à l’âge de 1 an."),
        ({"event": "arrest", "age": "0..1"}, "Arrestation entre 0 et 1 an."),
        ({"event": "arrest", "age": "60..65"}, "Arrestation entre 60 et 65 ans."),
        ({"event": "arrest", "age": "~50"}, "Arrestation à l’âge d’environ 50 ans."),
        (
            {"event": "release", "after": "camp-entry", "gap": "P1Y9M"},
            "Libération un an et neuf mois après l’envoi au camp.",
        ),
        (
            {"event": "release", "after": "arrest", "gap": ">P1Y"},
            "Libération plus d’un an après l’arrestation.",
        ),
        (
            {"event": "release", "after": "arrest", "gap": "<P2W"},
            "Libération moins de deux semaines après l’arrestation.",
        ),
        (
            {"event": "transfer", "after": "camp-entry", "gap": "[P5M,P8M]", "place": "Mongolküre"},
            "Transfert vers Mongolküre cinq ou huit mois après l’envoi au camp.",
        ),
        ({"event": "return", "before": "told", "gap": ">=P1Y"}, "Retour au moins un an avant le récit."),
        ({"event": "departure", "after": "Askar/death"}, "Départ après le décès (Askar)."),
        (
            {"event": "release", "after": "arrest", "gap": "±P1M"},
            "Libération vers le même moment que l’arrestation.",
        ),
        ({"event": "release", "answer": "no"}, "Ce n’est pas le cas : Libération."),
        (
            {"event": "release", "expected": True, "when": "2030"},
            "Encore à venir au moment du récit : Libération en 2030.",
        ),
        ({"event": "release", "answer": "refused"}, "Libération : n’a pas voulu le dire."),
        ({"fact": "relation:frère", "answer": "unknown"}, "Lien (frère) : n’a pas pu le dire."),
        (
            {"event": "arrest", "by": "police", "place": "Tekes"},
            "Arrestation ; lieu : Tekes ; qui l’a fait : police.",
        ),
    ],
)
def test_a_statement_in_french_is_one_neutral_sentence(cells: dict[str, Any], words: str) -> None:
    """Dates, ages and lengths with the words around them; nobody's sex is said."""
    sentence = plain(says(FR, Statement("s", "Saule", **cells)))
    assert sentence.replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ") == words


@given(st.integers(HORIZON_FIRST, HORIZON_LAST), st.integers(0, 4000), st.booleans())
def test_a_stretch_in_french_has_its_preposition_and_the_first_its_ordinal(
    first: int, length: int, season: bool
) -> None:
    """And nothing else has: a day an article, a month and a year none."""
    words = dates.between(FR, first, min(first + length, HORIZON_LAST), season=season)
    month, year = r"[a-zéû]{3,9}", r"\d{4}"
    day = rf"(1er|[2-9]|[12]\d|3[01]) {month}"
    assert re.fullmatch(
        rf"le {day} {year}|en ({month} )?{year}|au printemps {year}|dans les années {year}"
        rf"|entre le {day}( {year})? et le {day} {year}|entre ({month} )?({year} )?et ({month} )?{year}",
        words,
    )


def test_signs_that_stand_apart_in_french_do_not_end_a_line() -> None:
    """A no-break space, and no other, stands before ; : ? ! and within quotation marks."""
    apart = re.compile(r"(?<!\u00a0)[;:?!»]|«(?!\u00a0)|\u00a0(?![;:?!»])(?<!«\u00a0)|[\u202f\u2009]")
    assert [form for _, form in strings() if form != "?" and apart.search(form)] == []


def test_apostrophes_and_quotation_marks_are_french_ones() -> None:
    assert [form for _, form in strings() if re.search(r"['\"“”]|\.\.\.", form)] == []


def test_no_word_that_would_be_cut_short_stands_before_what_is_filled_in() -> None:
    """De, que, le: before a name nobody knows whether a vowel follows, or an article that they become one
    word with. They stand before a day, an event with its article, a number, and a length of more than one."""
    cut = re.compile(r"\b(de|que|le|la|se|ne|je|à|au|du|[dlqu]’)\s?%\((\w+)\)s", re.IGNORECASE)
    found = {(match[1].casefold(), match[2]) for _, form in strings() for match in cut.finditer(form)}
    assert found <= {
        *(("le", "date"), ("du", "date"), ("le", "first"), ("du", "first"), ("le", "last"), ("au", "last")),
        *(("de", "length"), ("d’", "length"), ("de", "age"), ("de", "count"), ("à", "last")),
        *(("que", "event"), ("que", "numbers"), ("à", "kind")),
        *(("le", "day"), ("au", "date"), ("de", "num")),
    }


def test_words_for_doubt_are_as_strong_in_french_as_in_english() -> None:
    """No string is surer, or less sure, than the English one; "certainement" would be less than certain."""
    strayed = [
        (word, form)
        for english, form in strings()
        for word, source in DOUBT.items()
        if word in form.casefold() and source not in english.casefold()
    ]
    assert strayed == []
    assert [form for _, form in strings() if "certainement" in form.casefold()] == []
