"""The report as a page: what it holds, how it reads, that it asks nobody for anything."""

from __future__ import annotations

import re
from collections import Counter
from gettext import NullTranslations
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.depth import DEPTH

from estelik.language.reader import Reader, languages, reader
from estelik.publication.report import render
from estelik.records import Statement
from estelik.views.person import PersonPage, StatementLine

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

_VOID = {"meta", "link", "br", "img", "input", "hr", "path", "rect", "polygon"}


class _Tree(HTMLParser):
    """Checks that what is opened is closed, and collects ids, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens an element."""
        found = dict(attrs)
        if (name := found.get("id")) is not None:
            self.ids.append(name)
        if tag == "a":
            self.links.append(found.get("href") or "")
        elif found.get("src") or found.get("href"):
            self.loads.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name in ("aria-label", "data-head"):
            if found.get(name):
                self.text.append(found[name] or "")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Closes the innermost element, which must be this one."""
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Text, but for the style sheet."""
        if not self.open or self.open[-1] != "style":
            self.text.append(data)


def _second(page: PersonPage) -> PersonPage:
    return msgspec.structs.replace(page, key="Yerke", label="Yerke", contradictions=(), consistent=True)


@pytest.mark.parametrize("language", languages())
def test_a_page_is_well_formed_and_every_link_leads_somewhere(saule: PersonPage, language: str) -> None:
    tree = _Tree(render([saule, _second(saule)], language=language))
    assert tree.open == []
    assert [name for name, count in Counter(tree.ids).items() if count > 1] == []
    assert tree.loads == []
    assert {link.removeprefix("#") for link in tree.links} <= set(tree.ids)


def test_headings_come_in_order(saule: PersonPage) -> None:
    for pages in ([saule], [saule, _second(saule)]):
        levels = _Tree(render(pages)).headings
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_contradiction_is_told_in_words(saule: PersonPage) -> None:
    text = " ".join(" ".join(_Tree(render([saule])).text).split())
    text = re.sub(r"\s+([.,’])", r"\1", text)
    assert "account of being taken to the camp at the age of 76" in text
    assert "cannot both be true, together with" in text
    assert "Set aside" in text
    for word in ("error", "conflict", "inconsistent", "victim", "N/A", "unknown", "null", "None"):
        assert word not in text, word


def test_the_two_sides_of_two_dates_are_said_in_one_sentence(saule: PersonPage) -> None:
    told = (
        Statement("a", "Saule", source="the aunt", told="2024", event="release", when="2019"),
        Statement("b", "Saule", source="the cellmate", told="2025", event="release", when="2020"),
    )
    lines = tuple(StatementLine(number, one) for number, one in enumerate(told, 1))
    contradiction = msgspec.structs.replace(
        saule.contradictions[0],
        event="release",
        parties=tuple(
            msgspec.structs.replace(party, statement=number, joined=())
            for number, party in enumerate(saule.contradictions[0].parties, 1)
        ),
    )
    from estelik.language.accounts import cannot_both
    from estelik.language.direction import plain

    page = msgspec.structs.replace(saule, statements=lines)
    words = plain(cannot_both(reader(), page, contradiction)).replace("\u2068", "").replace("\u2069", "")
    assert words == (
        "the aunt’s account of the release in 2019 and the cellmate’s of 2020 cannot both be true."
    )


_HOSTILE = '<script>alert(1)</script>\u202egnp.exe & "quoted" ' + "x" * 400


def test_hostile_cells_stay_text(saule: PersonPage) -> None:
    """Markup, a turned-around run and a word without end neither break out nor stretch the page."""
    told = tuple(
        msgspec.structs.replace(
            line,
            statement=msgspec.structs.replace(
                line.statement, quote=_HOSTILE, source=_HOSTILE, note=_HOSTILE, place=_HOSTILE, value=_HOSTILE
            ),
        )
        for line in saule.statements
    )
    page = msgspec.structs.replace(saule, label=_HOSTILE, statements=told, kind=_HOSTILE)
    text = render([page, _second(page)])
    assert "<script" not in text
    assert "\u202e" not in text
    assert _Tree(text).open == []


class _Pseudo(NullTranslations):
    """Every letter of every string in another script, its places left alone."""

    def gettext(self, message: str) -> str:
        parts = re.split(r"(%\(\w+\)s|%%)", message)
        return "".join(part if part.startswith("%") else _turned(part) for part in parts)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        del context
        return self.gettext(message)


def _turned(text: str) -> str:
    return "".join(
        chr(0x10D0 + ord(letter.lower()) - 97) if letter.isascii() and letter.isalpha() else letter
        for letter in text
    )


def test_every_string_can_be_translated(saule: PersonPage) -> None:
    """With all strings in another script, no English is left but what was told."""
    pseudo = Reader("ka", _Pseudo())
    text = " ".join(_Tree(render([saule], speaker=pseudo)).text)
    told = msgspec.json.encode(saule).decode().casefold()
    left = {
        word
        for word in re.findall(r"[A-Za-z]{2,}", text)
        if word.casefold() not in told and not re.fullmatch(r"[IVX]+|Estelik|[A-F]\d", word)
    }
    assert left == set()


@pytest.mark.parametrize("language", languages())
def test_strings_that_are_not_reviewed_are_said_to_be_so(saule: PersonPage, language: str) -> None:
    """In the language of the page, before anything else on it."""
    page = render([saule], language=language)
    if language == "en":
        assert 'class="drafted"' not in page
        return
    said = reader(language).gettext(
        "The sentences of this page were drafted in this language and have not yet been reviewed."
    )
    assert f'<p class="drafted">{said}</p>' in page
    assert page.index(said) < page.index("<h1")


#: Words of the English page that are no name, no grade and no sign.
_LEFT = re.compile(r"\b(the|of|and|or|not|to|in|on|was|told|account|true)\b")


@pytest.mark.parametrize("language", languages()[1:])
def test_no_english_is_left_between_the_words_of_a_language(saule: PersonPage, language: str) -> None:
    """What is told stands in its own words; what Estelik says is in the language of the page."""
    tree = _Tree(render([saule, _second(saule)], language=language))
    told = {one for line in saule.statements for one in (line.statement.quote, line.statement.source)}
    said = " ".join(part for part in tree.text if not any(part.strip() in one for one in told if one))
    said = re.sub(r"[“”].*?[“”]", "", said)
    assert _LEFT.findall(said) == []


@pytest.mark.parametrize(("language", "colon"), [("en", "[^\u00a0]:"), ("fr", "\u00a0:"), ("zh", "：")])
def test_what_stands_before_a_value_ends_as_the_language_has_it(
    saule: PersonPage, language: str, colon: str
) -> None:
    """On a narrow screen the head of a column stands before what is in it, with the colon of the language."""
    heads = re.findall(r'data-head="([^"]*)"', render([saule], language=language))
    assert heads
    assert [head for head in heads if not re.search(f"{colon}$", head)] == []


def test_an_empty_report_says_so() -> None:
    assert "Nobody was found." in render([])


def _opened(browser: Browser, path: Path, width: int = 1280, **options: Any) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, **options)
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        ("en", "light", 1280),
        ("en", "dark", 1280),
        ("ug", "light", 1280),
        ("ug", "dark", 360),
        ("kk", "dark", 1280),
        ("ru", "light", 360),
        ("uk", "dark", 360),
        ("zh", "light", 1280),
        ("fr", "dark", 360),
        ("en", "light", 360),
    ],
)
def test_axe_finds_nothing(
    saule: PersonPage, browser: Browser, axe: str, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text(render([saule, _second(saule)], language=language), encoding="utf-8")
    page = _opened(browser, path, width, color_scheme=scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.add_script_tag(content=axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]] == []


def test_a_page_asks_nobody_for_anything(saule: PersonPage, browser: Browser, tmp_path: Path) -> None:
    """A reader's network learns nothing: with evidence addresses in the page, none is asked."""
    path = tmp_path / "report.html"
    path.write_text(render([saule]), encoding="utf-8")
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]


@pytest.mark.parametrize(
    ("language", "width"),
    [
        (language, width)
        for language in languages()
        for width in (320, 360, 600, 800, 1024, 1280, 1600)
        # Of each language the narrowest, and where the layout changes; all of them where there is time.
        if DEPTH > 1 or language in ("en", "ug") or width in (320, 800)
    ],
)
def test_nothing_is_wider_than_the_screen(
    saule: PersonPage, browser: Browser, tmp_path: Path, width: int, language: str
) -> None:
    path = tmp_path / "report.html"
    path.write_text(render([saule, _second(saule)], language=language), encoding="utf-8")
    page = _opened(browser, path, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = "[...document.querySelectorAll('svg.timeline')]"
    shown = drawn + ".filter(one => one.getBoundingClientRect().width).length"
    assert page.evaluate(shown) == 2, "one drawing for each life"


def test_a_word_without_end_does_not_stretch_the_page(
    saule: PersonPage, browser: Browser, tmp_path: Path
) -> None:
    lines = tuple(
        msgspec.structs.replace(
            line, statement=msgspec.structs.replace(line.statement, quote="я" * 500, source="ж" * 300)
        )
        for line in saule.statements
    )
    page = msgspec.structs.replace(saule, label="ә" * 200, statements=lines)
    path = tmp_path / "report.html"
    path.write_text(render([page]), encoding="utf-8")
    for width in (360, 1280):
        assert _opened(browser, path, width).evaluate("document.documentElement.scrollWidth") <= width


def test_words_are_no_wider_than_was_reckoned(saule: PersonPage, browser: Browser, tmp_path: Path) -> None:
    """The widths by which labels are kept apart hold in the browser, in both directions."""
    from estelik.publication.advance import width

    path = tmp_path / "report.html"
    for language in languages():
        path.write_text(render([saule], language=language), encoding="utf-8")
        page = _opened(browser, path)
        found = page.evaluate(
            "[...document.querySelectorAll('svg.wide text.label, svg.wide text.quiet')]"
            ".map(one => [one.textContent, one.getComputedTextLength()])"
        )
        assert found
        assert [text for text, wide in found if wide > width(text) * 1.02] == []
