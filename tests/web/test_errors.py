"""What goes wrong at the desk is said in the language of whoever reads it."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, serving

from estelik.language.reader import reader

if TYPE_CHECKING:
    from pathlib import Path

WRONG = (
    "The passphrase does not open this casebook.",
    "Nothing was written.",
    "Check the passphrase and the folder.",
)
LANGUAGES = ("ug", "ru")


def heard(desk: Served, language: str, path: str, form: dict[str, str] | None = None, **headers: str) -> str:
    """What a page says to somebody whose browser asks for this language."""
    method = "GET" if form is None else "POST"
    said = desk.asked(method, path, form, Origin=desk.origin, Accept_Language=language, **headers)
    return unescape(said[2])


def test_an_error_is_said_in_the_language_of_the_session(tmp_path: Path) -> None:
    """At the door, behind it, and where a number is part of it."""
    with serving(made(tmp_path / "casebook")) as desk:
        for language in LANGUAGES:
            spoken = reader(language)
            door = heard(desk, language, "/sign-in", {"passphrase": "a guess"})
            for english in WRONG:
                assert spoken.gettext(english) != english
                assert spoken.gettext(english) in door
                assert english not in door
            _, said, _ = desk.asked(
                "POST", "/sign-in", {"passphrase": PASSPHRASE}, Origin=desk.origin, Accept_Language=language
            )
            cookie = said["set-cookie"].partition(";")[0]
            nowhere = heard(desk, language, "/life/nobody", Cookie=cookie)
            assert spoken.gettext("There is no such page.") in nowhere
            assert "There is no such page." not in nowhere
            fault = heard(
                desk,
                language,
                "/intake/begin",
                {"source": "S", "about": "A", "language": "kk"},
                Cookie=cookie,
            )
            assert spoken.gettext("Ask her first.") in fault
        for _ in range(3):
            heard(desk, "en", "/sign-in", {"passphrase": "a guess"})
        waits = heard(desk, "ru", "/sign-in", {"passphrase": "a guess"})
        before, after = reader("ru").gettext("Wait %(seconds)s seconds and try again.").split("%(seconds)s")
        assert before + "1" + after in waits.replace("2", "1")
        assert "Wait" not in waits


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_program_is_told_in_english(served: Served, language: str) -> None:
    """It goes by the status; whoever made it reads the rest."""
    said = served.asked("GET", "/api/nowhere", Accept_Language=language)
    assert said[0] in {401, 404}
    assert '"detail":"' in said[2]
    assert said[2].isascii()
