"""Erasing, restricting, holding at the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk, Said


SHEET = """statement,testimony,about,source,told,event,when,value,fact,corrects,quote,note
t-1,visit,Marhaba,Zulfiya,2019-03,arrest,2017,,,,ol qorqyp ketti,
t-2,visit,Marhaba,Zulfiya,2019-03,arrest,2018,,,t-1,keldi dedi,
t-3,call,Beket,Orazbek,2019-04,release,2019,,,,esen keldi,
t-4,call,Beket,Orazbek,2019-04,,,Marhaba,relation:sister,,aty,
"""
REASON = ("--reason", "asked for it")


def _json(said: Said) -> Any:
    assert said.status == 0, said
    return json.loads(said.out)


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """A casebook with two tellings, carried to a stick."""
    out = new_desk(SHEET)
    (out.folder / "stick").mkdir()
    for command in (("carrier", "add", "stick", "stick"), ("sync",)):
        assert out.run(*command).status == 0
    return out


def test_erasing_says_what_goes_asks_and_says_who_is_done(desk: Desk) -> None:
    """First what would go; nothing without a yes; then until custodians, stick and all are done."""
    before = desk.prints()
    shown = desk.run("erase", "statement", "t-2", *REASON, "--preview")
    assert (shown.status, shown.out.splitlines()) == (
        0,
        [
            "To be erased: 1 record, among them 1 statement and 0 files of evidence.",
            "One of them corrects these statements, which count again without it: t-1",
        ],
    )
    refused = desk.run("erase", "statement", "t-2", *REASON)
    assert refused.status == 2
    assert "add --yes" in refused.err
    assert desk.prints() == before
    done = _json(desk.run("erase", "statement", "t-2", *REASON, "--yes", "--json"))
    assert (done["records"], done["statements"], done["revived"]) == (1, ["t-2"], ["t-1"])
    assert (done["done"], done["here"], done["carriers"], done["custodians"]) == (
        False,
        True,
        [{"name": "stick", "done": False}],
        False,
    )
    said = desk.run("erase", "status")
    assert "keldi" not in shown.out + shown.err + refused.out + refused.err + said.out + said.err
    assert "Zhanar: asked for it (1 record)" in said.out
    assert "Carriers that were not synced since: stick." in said.out
    assert "estelik custody renew" in said.out
    assert desk.run("custody", "renew").status == 0
    synced = _json(desk.run("sync", "--json"))
    assert synced["carriers"][0]["troubles"] == []
    assert "Done everywhere" in desk.run("erase", "status").out
    (one,) = _json(desk.run("erase", "status", "--json"))
    assert one["done"]
    assert set(one["erasure"]) == {"id", "made", "by", "reason", "records"}
    for command in (
        ("export", "out.csv"),
        ("report", "Marhaba", "--output", "out.html"),
        ("verify", "stick"),
    ):
        assert desk.run(*command).status == 0, command
    for file in ("out.csv", "out.html"):
        text = (desk.folder / file).read_text(encoding="utf-8")
        assert "keldi dedi" not in text
        assert "t-2" not in text
    assert "t-1" in (desk.folder / "out.csv").read_text(encoding="utf-8")


def test_what_is_held_is_not_erased_and_it_is_said_who_decided_so(desk: Desk) -> None:
    """Exit status 2, the reason and the member; after the hold was lifted it goes."""
    decision = desk.run("hold", "testimony", "visit", "--reason", "proceedings").out.strip()
    before = desk.prints()
    refused = desk.run("erase", "subject", "Marhaba", *REASON, "--yes")
    assert (refused.out, refused.status) == ("", 2)
    assert "Nothing was erased." in refused.err
    assert f"{decision}  " in refused.err
    assert "Zhanar: proceedings" in refused.err
    assert desk.prints() == before
    told = desk.run("erase", "statement", "t-1", *REASON, "--yes", "--json")
    assert (told.status, json.loads(told.out)["held"][0]["reason"]) == (2, "proceedings")
    assert "proceedings" in desk.run("hold", "list").out
    assert desk.run("lift", decision, "--reason", "over").status == 0
    assert desk.run("hold", "list").out == ""
    assert desk.run("erase", "subject", "Marhaba", *REASON, "--yes").status == 0
    assert "Marhaba" not in {one["subject"] for one in _json(desk.run("timeline", "--json"))}


def test_what_is_restricted_is_left_out_of_timelines_exports_and_reports(desk: Desk) -> None:
    """Until it is lifted: then all is as it was."""
    before = _json(desk.run("timeline", "--json"))
    decision = desk.run("restrict", "subject", "Beket", "--reason", "disputed").out.strip()
    assert [one["subject"] for one in _json(desk.run("timeline", "--json"))] == ["Marhaba"]
    assert desk.run("timeline", "Beket").status == 2
    assert desk.run("export", "out.csv").status == 0
    assert desk.run("report", "--output", "all.html").status == 0
    for file in ("out.csv", "all.html"):
        assert "Beket" not in (desk.folder / file).read_text(encoding="utf-8")
    assert desk.run("import", "sheet.csv").status == 0
    assert "disputed" in desk.run("restrict", "list").out
    assert desk.run("lift", decision, "--reason", "settled").status == 0
    assert _json(desk.run("timeline", "--json")) == before


def test_names_that_lead_nowhere_are_refused_without_being_repeated(desk: Desk) -> None:
    """Exit status 2, nothing written, and no word of what was typed."""
    before = desk.prints()
    for command in (
        ("erase", "statement", "nosuch", *REASON, "--yes"),
        ("erase", "testimony", "nosuch", *REASON, "--yes"),
        ("erase", "source", "nosuch", *REASON, "--yes"),
        ("hold", "subject", "nosuch", *REASON),
        ("restrict", "evidence", "nosuch", *REASON),
        ("lift", "nosuch", *REASON),
        ("erase", "statement", "t-1", "--reason", " ", "--yes"),
    ):
        said = desk.run(*command)
        assert (said.out.replace("To be erased", ""), said.status)[1] == 2, command
        assert "nosuch" not in said.err
        assert "Nothing" in said.err
    assert desk.prints() == before


def test_the_files_that_an_erased_source_brought_are_named_first(desk: Desk) -> None:
    """They stay, and afterwards nothing says any more that they were hers."""
    (desk.folder / "film.mp4").write_bytes(b"a film")
    assert desk.run("evidence", "add", "film.mp4", "--source", "Sholpan", "--about", "Marhaba").status == 0
    (kept,) = _json(desk.run("evidence", "list", "--json"))
    shown = desk.run("erase", "source", "Sholpan", *REASON, "--preview")
    assert kept["id"] in shown.out.splitlines()[-1]
    assert _json(desk.run("erase", "source", "Sholpan", *REASON, "--preview", "--json"))["files"] == [
        kept["id"]
    ]
    assert desk.run("erase", "source", "Sholpan", *REASON, "--yes").status == 0
    assert [one["id"] for one in _json(desk.run("evidence", "list", "--json"))] == [kept["id"]]
