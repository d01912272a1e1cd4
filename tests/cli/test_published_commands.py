"""What is out, by the commands: where a site may lie, and what is known of whoever was named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_consent_commands import agree, document, done
from tests.cli.test_publish_commands import SHEET, approved

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """A casebook of which Aigul and Camila let out what they told of themselves."""
    out = new_desk(SHEET)
    agree(out, "Aigul", "--identity", "named", "--consent", "aigul", "--media", "words")
    agree(out, "Camila", "--identity", "named", "--consent", "camila")
    return out


@pytest.mark.parametrize("folder", ["casebook/site", "casebook", "other/../casebook/site", "link/site"])
def test_no_site_is_built_within_the_casebook(desk: Desk, folder: str) -> None:
    """What everybody may copy lies apart from what nobody may."""
    release = approved(desk)
    (desk.folder / "other").mkdir()
    (desk.folder / "link").symlink_to(desk.folder / "casebook")
    said = desk.run("release", "publish", release, "-o", folder)
    assert (said.status, "within the casebook" in said.err) == (2, True)
    assert not list((desk.folder / "casebook").rglob("*site*"))
    assert not document(desk.run("release", "list", "--json"))[0]["published"]


def test_who_was_named_in_a_report_for_everybody_was_published_by_name(desk: Desk) -> None:
    """Whoever is under a pseudonym from then on is a finding, as after a site; and a report of somebody else
    is written all the same."""
    more = ("--for", "public", "--purpose", "publication")
    assert desk.run("report", "Camila", *more, "-o", "camila.html").status == 0
    assert desk.run("consent", "withdraw", "camila", "--reason", "no").status == 0
    today = date.today().isoformat()  # noqa: DTZ011 (the user's own day)
    agree(desk, "Camila", "--identity", "pseudonym", "--renews", "camila", "--given", today)
    done(desk.run("pseudonym", "set", "Camila", "--for", "public"))
    release = done(desk.run("release", "draft", "A registry"))
    assert "was published by name" in desk.run("release", "check", release).out
    said = desk.run("report", "Aigul", *more, "-o", "aigul.html")
    assert said.status == 0, said
    assert "Camila" not in (desk.folder / "aigul.html").read_text()
