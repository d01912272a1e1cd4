"""Catalogs: every string in every language, and which way it is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from estelik.errors import UsageError
from estelik.language.direction import bare, direction, plain, run
from estelik.language.reader import languages, reader
from estelik.records.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]


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


@pytest.mark.parametrize("language", languages()[1:])
def test_a_catalog_has_every_string_and_no_other(language: str) -> None:
    path = ROOT / "src" / "estelik" / "language" / "catalogs" / f"{language}.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    have = {
        (message.context, message.id[0] if isinstance(message.id, tuple) else message.id): message.string
        for message in catalog
        if message.id
    }
    assert set(have) == _strings()
    assert all(have.values())


@pytest.mark.parametrize("language", languages()[1:])
def test_a_translation_keeps_the_places_that_are_filled_in(language: str) -> None:
    path = ROOT / "src" / "estelik" / "language" / "catalogs" / f"{language}.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    for message in catalog:
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
    with pytest.raises(UsageError, match="en, ug"):
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
