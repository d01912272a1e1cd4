"""Members at one desk: each sees what her compartments hold, and nothing else changes what she sees."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, made, serving

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault import keys

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

OTHER = "what her sister called the cat"
HIDDEN = Statement(
    "m1", "Saule", source="Dr. Omar", told="2023-01-04", fact="illness", value="LEAKED-ASTHMA",
    quote="LEAKED-QUOTE", compartment="medical",
)  # fmt: skip


def office(folder: Path, monkeypatch: pytest.MonkeyPatch, *, hidden: bool) -> Path:
    """A casebook with a seat for Ana, who holds no medical compartment."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    made(folder)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        if hidden:
            casebook.add_statements([HIDDEN])
        casebook.seats.add("Ana", OTHER.encode(), ("testimony", "source"))
    return folder


def at_seat(desk: Served) -> str:
    """The cookie of Ana."""
    form = {"seat": "1", "passphrase": OTHER}
    status, said, _ = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
    assert status == 303
    return said["set-cookie"].partition(";")[0]


def pages(desk: Served, cookie: str) -> list[str]:
    """What is on her pages, without what is new with every answer and every device."""
    for _ in range(600):
        home = desk.asked("GET", "/", Cookie=cookie)[2]
        if "still looking" not in home:
            break
        time.sleep(0.1)
    found = desk.asked("POST", "/people", {"words": "Saule"}, Cookie=cookie, Origin=desk.origin)[2]
    (life, *_) = re.findall(r"/life/[\w-]+", found)
    words = {"words": "LEAKED"}
    sought = desk.asked("POST", "/people", words, Cookie=cookie, Origin=desk.origin)[2]
    registry = desk.asked("GET", "/registry", Cookie=cookie)[2]
    every = (home, found, sought, registry, desk.asked("GET", life, Cookie=cookie)[2])
    return [
        re.sub(r'nonce="[^"]*"|/(?:life|evidence/of)/[\w/-]+|value="(?:LEAKED|[\w-]{40,})"', "", text)
        for text in every
    ]


def test_what_a_member_does_not_hold_changes_not_a_byte_of_her_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And who holds it sees it, at the same desk, at the same time."""
    seen = []
    for hidden in (True, False):
        folder = office(tmp_path / f"{hidden}" / "casebook", monkeypatch, hidden=hidden)
        with serving(folder) as desk:
            owner = desk.signed_in()
            seen.append(pages(desk, at_seat(desk)))
            if hidden:
                assert any("LEAKED-QUOTE" in text for text in pages(desk, owner))
    assert "LEAKED-" not in "".join(seen[0])
    assert seen[0] == seen[1]


def test_a_passphrase_opens_its_own_seat_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told by the door who has a seat: they are numbers."""
    folder = office(tmp_path / "casebook", monkeypatch, hidden=False)
    with serving(folder) as desk:
        door = desk.asked("GET", "/sign-in")[2]
        assert '<option value="1"' in door
        assert "Ana" not in door
        for form in (
            {"seat": "0", "passphrase": OTHER},
            {"seat": "1", "passphrase": PASSPHRASE},
            {"seat": "7", "passphrase": OTHER},
        ):
            assert desk.asked("POST", "/sign-in", form, Origin=desk.origin)[0] in {404, 422, 429}
        assert "Ana" in desk.asked("GET", "/", Cookie=at_seat(desk))[2]
