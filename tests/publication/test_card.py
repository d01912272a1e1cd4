"""The entry card: what it says, that it loads nothing, and that what is hidden changes no byte of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.depth import DEPTH
from tests.protection.casebooks_at_random import statement, world
from tests.protection.test_gate import PUBLIC, TODAY, alone, consents, outcome, yes
from tests.publication.test_dataset import HOSTILE, SAID, TOLD

from estelik.errors import PublicationError
from estelik.identity.resolution import resolve
from estelik.language.reader import languages
from estelik.protection.permission import permissions
from estelik.publication import card

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.protection.gate import Projection

AIGUL = alone(
    [replace(one, value="ئايگۈل", language="ug") if one.fact == "name" else one for one in TOLD],
    consents(*SAID),
)


def html(projection: Projection, life: str, language: str = "en") -> str:
    """A card as a page."""
    return card.html(projection, life, address="https://example.org/", today=TODAY, language=language)


@pytest.mark.parametrize("language", languages() if DEPTH > 1 else ("en", "ug", "zh"))
def test_a_card_is_a_pdf_that_says_what_leaves_and_no_more(language: str, tmp_path: Path) -> None:
    """It has her name and the places, its fonts are in it, its metadata is the producer alone, and set again
    it is the same to the byte."""
    for tool in ("pdftotext", "pdfinfo", "pdffonts"):
        if shutil.which(tool) is None:
            pytest.skip("needs poppler-utils")
    made = card.card(AIGUL, "Aigul", address="https://example.org/", today=TODAY, language=language)
    assert card.card(AIGUL, "Aigul", address="https://example.org/", today=TODAY, language=language) == made
    (tmp_path / "card.pdf").write_bytes(made)

    def asked(*command: str) -> str:
        run = subprocess.run([*command], cwd=tmp_path, capture_output=True, text=True, check=True)
        return run.stdout

    text = asked("pdftotext", "-layout", "card.pdf", "-")
    assert "Aigul" in text
    assert "Bolat" in text
    assert "example.org" in text
    said = asked("pdfinfo", "card.pdf")
    assert re.findall(r"^(Title|Author|Creator|Producer|CreationDate|ModDate):", said, re.MULTILINE) == [
        "Producer"
    ]
    assert re.search(r"Page size:.*A4", said)
    fonts = asked("pdffonts", "card.pdf").splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes +yes\b", font) for font in fonts)


def test_nothing_that_a_page_names_is_fetched(tmp_path: Path) -> None:
    """Neither a file, nor an address, nor an attachment: the PDF does not hold the marker, and is made."""
    marker = tmp_path / "secret.txt"
    marker.write_text("marker of the test", encoding="utf-8")
    page = (
        f'<link rel="attachment" href="{marker.as_uri()}"><img src="{marker.as_uri()}" alt="gone">'
        f'<object data="{marker.as_uri()}"></object><link rel="stylesheet" href="{marker.as_uri()}">'
        '<img src="http://127.0.0.1:9/x.png" alt="gone"><p>left</p>'
    )
    made = card.typeset(page)
    assert made.startswith(b"%PDF-")
    assert b"/EmbeddedFile" not in made


def test_the_process_that_sets_it_can_write_nothing(tmp_path: Path) -> None:
    """Confined, it reads fonts, and neither writes nor makes a file."""
    code = (
        "import sys; from estelik.media.confinement import confine; held = confine(readable=('/',))\n"
        "if not held.files: print('unconfined'); sys.exit()\n"
        "print(len(open('/etc/passwd').read()) > 0)\n"
        f"open({str(tmp_path / 'made')!r}, 'w')\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if "unconfined" in run.stdout:
        pytest.skip("needs Landlock")
    assert run.stdout.split() == ["True"]
    assert "PermissionError" in run.stderr
    assert not (tmp_path / "made").exists()


def test_hostile_cells_stay_text() -> None:
    """Markup in a cell is text on the card; so are directions that would turn what follows."""
    told = [
        replace(TOLD[0], place="<style>@import url(file:///etc/passwd)</style>"),
        *(
            replace(TOLD[5], statement=f"h{number}", value=cell, fact="name")
            for number, cell in enumerate(HOSTILE)
        ),
    ]
    page = html(alone(told, consents(*SAID)), "Aigul")
    assert "<script" not in page
    assert "<style>@import" not in page
    assert "\u202e" not in page


def test_doubt_is_on_the_card() -> None:
    """Both sides of a contradiction, each in words, and the dates of both."""
    page = html(AIGUL, "Aigul")
    assert "cannot both be true" in page
    assert "in March 2018 or in 2019" in page
    assert "What is not certain" in page


def test_a_foreign_run_keeps_its_own_direction() -> None:
    """On a page that is read from the right a name in Latin letters is read from the left."""
    page = html(AIGUL, "Aigul", "ug")
    assert '<bdi dir="ltr">https://example.org/</bdi>' in page
    assert "<bdi>" not in page


def test_what_differs_is_on_the_card() -> None:
    """Two places of one event, both by name."""
    told = [TOLD[0], replace(TOLD[0], statement="s9", source="Camila", place="Ghulja")]
    assert '<bdi dir="ltr">Tekes</bdi> and <bdi dir="ltr">Ghulja</bdi>' in html(
        alone(told, consents(*SAID)), "Aigul"
    )


def test_drawn_words_are_set_by_the_page_and_not_letter_by_letter() -> None:
    """An SVG on a card has no text of its own: Arabic script would fall apart."""
    page = html(AIGUL, "Aigul", "ug")
    drawing = re.search(r'<svg class="timeline.*?</svg>', page, re.DOTALL)
    assert drawing is not None
    assert "<text" not in drawing[0]
    assert 'class="at lane' in page


def test_there_is_no_card_of_what_does_not_leave() -> None:
    """Whoever is hidden has none, and the refusal is the same for somebody who was never there."""
    hidden = alone(TOLD, consents(yes("Bolat")))
    with pytest.raises(PublicationError) as refused:
        html(hidden, "Aigul")
    with pytest.raises(PublicationError) as never:
        html(AIGUL, "Nobody")
    assert str(refused.value) == str(never.value)


@settings(max_examples=25 * DEPTH, deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from(["en", "ug"]))
def test_what_is_hidden_changes_no_card(seed: int, language: str) -> None:
    """Statements that are not cleared come in anywhere: each card is the same."""
    draw = Random(seed)
    found = world(draw)
    before = outcome(found)
    allowed = permissions(found.consents, resolve(found.verdicts))
    more = [statement(draw, f"h{number}") for number in range(6)]
    hidden = [one for one in more if not (word := allowed.of(one, PUBLIC)).cleared or word.person.level < 2]
    told = list(found.statements)
    for one in hidden:
        told.insert(draw.randrange(len(told) + 1), one)
    after = outcome(found._replace(statements=told))
    for life in dict.fromkeys(one.subject for one in before.statements):
        assert html(after, life, language) == html(before, life, language)
