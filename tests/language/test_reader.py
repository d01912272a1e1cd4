"""Catalogs: every string in every language, and which way it is read."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel import Locale
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from estelik.errors import UsageError
from estelik.language.direction import bare, direction, plain, run
from estelik.language.events import fact, label, noun
from estelik.language.reader import languages, outsider, reader
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = ROOT / "src" / "estelik" / "language" / "catalogs"
TRANSLATED = languages()[1:]
#: What nobody is called, and what nobody is said to do, in any form of the word.
NEVER = {
    "fr": ("victime", "incident", "sujet", "affaire", "prétend", "prétexte", "allég", "allèg", "affirm"),
    "kk": ("құрбан", "жәбірленуші", "инцидент", "объект", "мәлімдеді"),
    "ru": ("жертв", "инцидент", "субъект", "фигурант", "утвержда", "заявля"),
    "ug": ("قۇربان", "زىيانكەشلىككە ئۇچرىغۇچى"),
    "uk": ("жертв", "інцидент", "суб’єкт", "фігурант", "стверджу", "заявля"),
    "zh": ("受害", "案件", "事故", "嫌疑", "对象", "声称"),
}
#: What is one thing in no language: four answers, two strengths, two of them and all of them.
APART = (
    ("could not say", "would not say", "not told"),
    ("certain", "possible", "only if hearsay is admitted"),
    ("confirmed", "probably true", "possibly true", "doubtful", "improbable"),
    ("cannot both be true", "cannot all be true"),
    ("not before %(date)s", "not after %(date)s"),
    ("Set aside, with a reason; kept.", "Corrected by%(numbers)s; kept."),
)


@cache
def _strings() -> set[tuple[str | None, str]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    keywords: dict[str, tuple[int | tuple[int, str], ...] | None] = {
        "_": None,
        "N_": None,
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
    }
    found = extract_from_dir(
        str(ROOT / "src"), method_map=methods, options_map=options, keywords=keywords, strip_comment_tags=True
    )
    return {
        (context, message[0] if isinstance(message, tuple) else message)
        for _, _, message, _, context in found
        if message
    }


def _catalog(language: str) -> Catalog:
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_has_every_string_and_no_other(language: str) -> None:
    catalog = _catalog(language)
    have = {
        (message.context, message.id[0] if isinstance(message.id, tuple) else message.id): message.string
        for message in catalog
        if message.id
    }
    assert set(have) == _strings()
    assert all(form for string in have.values() for form in _texts(string))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_is_clean(language: str, tmp_path: Path) -> None:
    """Babel finds nothing in it, nor does msgfmt where there is one."""
    found = [(message.id, errors) for message, errors in _catalog(language).check()]
    assert found == []
    msgfmt = shutil.which("msgfmt")
    if msgfmt is not None:
        file = CATALOGS / f"{language}.po"
        said = subprocess.run(
            [msgfmt, "--check", "--use-fuzzy", "-o", str(tmp_path / "compiled"), str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    """Two numbers have the same form in the catalog if CLDR counts them the same way."""
    catalog, form = _catalog(language), Locale(language).plural_form
    counted = c2py(catalog.plural_expr)
    forms: dict[str, int] = {}
    for number in range(1001):
        assert forms.setdefault(form(number), counted(number)) == counted(number), number
    assert sorted(set(forms.values())) == list(range(catalog.num_plurals))
    for message in catalog:
        if message.pluralizable:
            assert len(_texts(message.string)) == catalog.num_plurals, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_nobody_has_reviewed_is_marked(language: str) -> None:
    """Each entry is drafted until a reader of the language has looked at it; the page says so."""
    assert [message.id for message in _catalog(language) if message.id and not message.fuzzy] == []
    assert reader(language).drafted


@pytest.mark.parametrize("language", TRANSLATED)
def test_words_for_doubt_are_kept_apart(language: str) -> None:
    spoken = reader(language)
    for several in APART:
        assert len({spoken.gettext(one) for one in several}) == len(several), several


@pytest.mark.parametrize("language", TRANSLATED)
def test_nobody_is_called_a_victim_or_said_to_claim(language: str) -> None:
    words = [string.casefold() for message in _catalog(language) for string in _texts(message.string)]
    assert [word for word in NEVER[language] if any(word in string for string in words)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_places_that_are_filled_in(language: str) -> None:
    for message in _catalog(language):
        if not message.id:
            continue
        places = {place for one in _texts(message.id) for place in re.findall(r"%\(\w+\)s", one)}
        for string in _texts(message.string):
            assert set(re.findall(r"%\(\w+\)s", string)) == places, message.id


def _texts(one: object) -> tuple[str, ...]:
    """A string, or all plural forms of one."""
    return tuple(str(form) for form in one) if isinstance(one, tuple | list) else (str(one),)


def test_the_labels_of_the_vocabulary_are_among_the_strings() -> None:
    labels = {kind.label for kind in vocabulary().kinds.values()}
    assert labels <= {message for _, message in _strings()}


def test_every_kind_of_event_has_its_forms() -> None:
    from estelik.language.events import _FORMS, _HELD

    assert set(_FORMS) == set(vocabulary().kinds)
    assert set(_HELD) == set(vocabulary().states)


def test_a_language_without_a_catalog_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=", ".join(languages())):
        reader("tlh")
    with pytest.raises(UsageError):
        reader("../../secret")


def test_the_script_decides_the_direction() -> None:
    assert [direction(tag) for tag in ("en", "ug", "kk", "kk-Arab", "ug-Cyrl", "ar", "zh-Hans")] == [
        "ltr",
        "rtl",
        "ltr",
        "rtl",
        "ltr",
        "rtl",
        "ltr",
    ]


@given(st.text())
def test_a_run_is_the_text_again_and_cannot_turn_what_follows(text: str) -> None:
    words = run(text, "ug")
    assert plain(words) == f"\u2068{bare(text)}\u2069"
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(words)


@given(st.text())
def test_what_is_filled_in_is_escaped(text: str) -> None:
    words = reader()._("about %(person)s", person=text)
    assert "<" not in words
    assert plain(words) == f"about {text}"


@pytest.mark.parametrize("command", ["report"])
def test_help_names_every_language(command: str) -> None:
    from click.testing import CliRunner

    from estelik.cli import estelik

    said = " ".join(CliRunner().invoke(estelik, [command, "--help"]).output.split())
    assert f"The language of the page: {', '.join(languages())}." in said


def test_whoever_is_no_member_reads_no_label_as_it_was_typed() -> None:
    """A number tells events of a kind apart: a member typed it, others are told that it was another time."""
    found = [
        bare(plain(label(outsider(), one))) for one in ("release", "release#2", "release#3", "release: early")
    ]
    assert found == [
        "Released", "Released (another time)", "Released (another time, 3)", "Released (early)",
    ]  # fmt: skip
    assert bare(plain(label(reader(), "release#2"))) == "Released (2)"
    assert plain(noun(outsider(), "arrest#2")) == "the arrest (another time)"
    assert plain(fact(reader(), "count:children")) == "Number of children"
