"""Beside a visitor: what others told changes no byte of what she sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.web.conftest import PASSPHRASE, Served, made, serving

from estelik.casebook import Casebook
from estelik.daily import judging
from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

#: What a page has that is another at each request, or at each minute.
_CHANGING: Final = re.compile(
    r'nonce="[^"]*"|\d\d:\d\d|name="(line|telling)"[^>]* value="\w{26}"|data-telling="\w*"|\w{26}:(?=\d)'
)


def test_what_others_told_changes_no_byte_of_what_a_visitor_sees(tmp_path: Path) -> None:
    """The same visit beside a casebook in which others tell of the same person and contradict her, are judged
    to be the same, and have what they say preferred: every page and part is the same."""
    seen = []
    for number, planted in enumerate((False, True)):
        folder = made(tmp_path / str(number) / "casebook")
        with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
            mine = [
                Statement("m1", "Asqar", "visit 1", "Qarlyghash", "2024-03-01", event="arrest", when="2017"),
                Statement("m2", "Asqar", "visit 2", "Qarlyghash", "2025-03-01", event="arrest", when="2018"),
                Statement("m3", "Asqar", "visit 2", "Qarlyghash", "2025-03-01", event="release"),
            ]
            casebook.add_statements(mine)
            if planted:
                _plant(casebook)
        with serving(folder) as served:
            seen.append(_seen(served))
    for (path, one), (_, other) in zip(*seen, strict=True):
        assert one == other, path
    whole = "".join(text for _, text in seen[1])
    assert "Asqar" in whole
    for word in ("Daulet", "Tekes", "Асқар"):
        assert word not in whole


def _plant(casebook: Casebook) -> None:
    """What others told of the same person, and judgements because of it."""
    casebook.add_statements(
        [
            Statement(
                "d1", "Asqar", "other", "Daulet", "2025-05-01", event="arrest", when="2020", place="Tekes"
            ),
            Statement("d2", "Asqar", "other", "Daulet", "2025-05-01", event="release", when="2021"),
            Statement("d3", "Asqar", "other", "Daulet", "2025-05-01", event="birth", when="1980"),
            Statement("d4", "Asqar", "other", "Daulet", "2025-05-01", event="death", when="2022"),
            Statement("d5", "Асқар", "third", "Daulet", "2025-06-01", event="transfer", place="Tekes"),
        ]
    )
    weighed = judging.weigh(casebook, "same", ("Asqar", "Асқар"), "one person")
    judging.record(casebook, weighed)
    aside = judging.decided(casebook, "set-aside", "others know better", statement="m1")
    with casebook.entering():
        casebook.add_judgement(aside)


def _seen(served: Served) -> list[tuple[str, str]]:
    """Every page and part that a visitor can bring onto the screen."""
    cookie = served.signed_in()
    heads: dict[str, Any] = {"Cookie": cookie, "Origin": served.origin}

    def asked(method: str, path: str, form: dict[str, str] | None = None) -> str:
        return _CHANGING.sub("", served.asked(method, path, form, **heads)[2])

    assert served.asked("POST", "/intake/agreed", {"agreed": "yes"}, **heads)[0] == 303
    begun = {"source": "Qarlyghash", "about": "Asqar", "language": "kk"}
    assert served.asked("POST", "/intake/begin", begun, **heads)[0] == 303
    found, telling = [], served.telling(cookie)
    for method, path, form in (
        ("GET", "/intake", None),
        ("POST", "/intake/line", {"line": "released after arrest"}),
        ("POST", "/intake/line", {"line": "he was 40"}),
        ("POST", "/intake/line", {"line": "returned a year after death"}),
        ("POST", "/intake/keep", {"line": "released a year after arrest"}),
        ("POST", "/intake/fields", {"line": "where"}),
        ("POST", "/intake/next", telling),
        ("POST", "/intake/differs", telling),
        ("POST", "/intake/pasting", telling),
        ("POST", "/intake/correct", {"visit": "2", "line": "1"}),
        ("GET", "/intake", None),
        ("POST", "/intake/about", {"about": "Her sister"}),
        ("GET", "/intake", None),
        ("GET", "/intake/read-back", None),
        ("GET", "/visitor/left", None),
        *(("GET", path, None) for path in ("/", "/people", "/life/x", "/nowhere")),
        ("POST", "/people", {"words": "Daulet"}),
        ("POST", "/intake/who", {"source": "Daulet"}),
        ("POST", "/intake/whom", {"about": "Asqar", "source": "Daulet"}),
    ):
        found.append((f"{method} {path}", asked(method, path, form and form | telling)))
    return found
