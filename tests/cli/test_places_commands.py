"""Where, at the command line: what a program reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.conftest import Said, Shell

SHEET = """statement,about,event,when,place
a1,Arman,camp-entry,2017-03-01,Tekes county detention centre
a2,Arman,camp-entry,2017-03-01,Текесский район
a3,Arman,departure,2015,Artemivsk
a4,Arman,departure,2015,Бахмут
b1,Bota,camp-entry,2017-03-01,特克斯县看守所
c1,Dana,camp-entry,2017-03-01,昭苏县看守所
"""


def _json(said: Said) -> Any:
    assert (said.err, said.out[-1:]) == ("", "\n"), said
    return json.loads(said.out)


def test_without_a_casebook_the_gazetteer_is_asked_and_no_passphrase(shell: Shell) -> None:
    nothing = {"ESTELIK_CASEBOOK": "", "ESTELIK_PASSPHRASE_FILE": ""}
    found = _json(shell.run("places", "find", "Алма-Ата", "--on", "1980", "--json", **nothing))
    (place,) = found["places"]
    assert (place["name"], place["held"], place["called"]) == ("Almaty", "yes", "Алма-Ата")
    assert place["areas"] == ["Almaty City", "Kazakhstan"]
    assert (place["origin"], place["when"], place["how"]) == ("GeoNames", "1921/1993", "spelled")
    assert not shell.casebook.exists()


def test_what_a_label_says_is_told_apart_from_what_is_known(shell: Shell) -> None:
    said = shell.run(
        "places", "find", "a village in the east of Qorvanne county", "--json", ESTELIK_CASEBOOK=""
    )
    assert said.status == 1
    found = _json(said)
    assert found["places"] == []
    assert found["said"] == {
        "place": "Qorvanne county",
        "level": "county",
        "relation": "inside",
        "direction": "east",
        "what": "settlement",
        "facility": None,
        "number": None,
        "within": [],
        "unknown": ["which"],
    }


def test_a_place_is_shown_with_its_names_and_their_scripts(shell: Shell) -> None:
    (place,) = _json(shell.run("places", "show", "特克斯县", "--json", ESTELIK_CASEBOOK=""))
    scripts = {one["script"] for one in place["names"]}
    assert scripts == {"Latn", "Cyrl", "Arab", "Hani"}
    assert place["areas"][0] == "Ili Kazakh Autonomous Prefecture"
    assert (place["circles"], place["coordinates"]) == ([], [43.217, 81.84])


def test_one_place_under_two_names_is_no_difference_and_two_scripts_of_a_facility_may_be_one(
    shell: Shell,
) -> None:
    (shell.folder / "sheet.csv").write_text(SHEET, encoding="utf-8")
    shell.run("init")
    assert shell.run("import", "sheet.csv").status == 0
    (arman,) = _json(shell.run("timeline", "Arman", "--json"))
    assert [one["event"] for one in arman["differences"]] == ["camp-entry"]
    every = {one["subject"]: one for one in _json(shell.run("timeline", "--json"))}
    assert every["Arman"] == arman
    met = _json(shell.run("encounters", "Arman", "--json"))
    assert {(one["subject"], one["certain"]) for one in met} == {("Bota", False)}
