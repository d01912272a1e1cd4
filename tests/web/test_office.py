"""The coordinator's room: who belongs to the office, its copies, its custodians, and who did what."""

from __future__ import annotations

import re
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.inside import inside
from tests.web.test_seats import HIDDEN, at_seat, office

from estelik.casebook import Casebook
from estelik.vault import keys
from estelik.vault.admission import office_words
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.custody import split
from estelik.vault.office import Place
from estelik.web import session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

PARTS = ("", "/devices", "/compartments", "/seats", "/copies", "/custody", "/log")
ACTS = (
    "/admit", "/member/x/compartments", "/member/x/withdraw", "/devices", "/device/x", "/compartments",
    "/seats", "/seats/remove", "/copies", "/copies/add", "/copies/remove", "/custody",
    "/custody/drill", "/log",
)  # fmt: skip


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are made in a test open at once."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk at which Ana has a seat and is no coordinator; the second seat is the coordinator's."""
    patch = pytest.MonkeyPatch()
    folder = office(tmp_path_factory.mktemp("office") / "casebook", patch, hidden=False)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.seats.add("Aigerim", b"at her own seat")
    patch.undo()
    with serving(folder) as found:
        yield found


def bare(text: str) -> str:
    """A page without what is new with every answer."""
    return re.sub(r'nonce="[^"]*"|name="here" value="[^"]*"|name="waits" value="[^"]*"', "", text)


def got(desk: Served, cookie: str, path: str) -> str:
    """A page that is there."""
    status, _, text = desk.asked("GET", path, Cookie=cookie)
    assert status == 200, path
    return text


def posted(desk: Served, cookie: str, path: str, **form: str) -> tuple[int, str]:
    """What is answered to an act."""
    status, said, text = desk.asked("POST", path, form, Cookie=cookie, Origin=desk.origin)
    return status, said.get("location", text)


def address(text: str, kind: str, near: str) -> str:
    """The address of a member or a device on a page, by the words of its link."""
    found = re.search(rf'href="/office/{kind}/([\w-]+)">[^/]*{near}', text)
    assert found is not None
    return found[1]


def joining(folder: Path, desk_folder: Path, passphrase: bytes = b"hers") -> tuple[str, str]:
    """A new casebook that asks to belong to an office: its request, and the words of that."""
    with Casebook.open(desk_folder, PASSPHRASE.encode()) as casebook:
        words = office_words(casebook.vault.office.root)
    with Casebook.join(folder, passphrase, words, cost=CHEAP) as new:
        return new.vault.registrar.request()


def test_who_is_no_coordinator_finds_no_such_room(desk: Served) -> None:
    """Not in the bar, nor by its addresses: they answer as any that is not there."""
    ana = at_seat(desk)
    assert "/office" not in got(desk, ana, "/")
    seen = set()
    for part in PARTS:
        status, _, text = desk.asked("GET", f"/office{part}", Cookie=ana)
        assert (status, "There is no such page." in text) == (404, True), part
        seen.add(bare(text))
    before = got(desk, desk.signed_in(), "/office")
    for act in ACTS:
        form = {"name": "x", "address": "/x", "seat": "1", "share": "1", "holds-source": "yes"}
        status, text = posted(desk, ana, f"/office{act}", **form)
        assert (status, "There is no such page." in text) == (404, True), act
        seen.add(bare(text))
    assert len(seen) == 1
    assert bare(got(desk, desk.signed_in(), "/office")) == bare(before)


def test_a_coordinator_at_her_seat_looks_and_changes_nothing(desk: Served) -> None:
    form = {"seat": "2", "passphrase": "at her own seat"}
    _, said, _ = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
    cookie = said["set-cookie"].partition(";")[0]
    for part in ("", "/devices", "/compartments", "/log"):
        assert "Aigerim" in got(desk, cookie, f"/office{part}")
    for part in ("/seats", "/copies", "/custody"):
        assert desk.asked("GET", f"/office{part}", Cookie=cookie)[0] == 404
    members = got(desk, cookie, "/office")
    ana = address(members, "member", "Ana")
    status, text = posted(desk, cookie, f"/office/member/{ana}/withdraw")
    assert status == 422
    assert "This cannot be done at a seat." in text
    assert address(got(desk, cookie, "/office"), "member", "Ana") == ana


def test_somebody_joins_by_her_request_and_the_words_that_she_reads(desk: Served, tmp_path: Path) -> None:
    """With other words nobody is admitted, and what was typed stays."""
    request, words = joining(tmp_path / "hers", desk.folder)
    cookie = desk.signed_in()
    form = {"name": "Zarina", "request": request, "holds-testimony": "yes"}
    status, text = posted(desk, cookie, "/office/admit", words="academic acid", **form)
    assert status == 422
    assert "These are not the words of this request." in text
    assert 'value="Zarina"' in text
    assert "Zarina" not in got(desk, cookie, "/office")
    assert posted(desk, cookie, "/office/admit", words=words, **form) == (303, "/office")
    text = got(desk, cookie, "/office")
    assert "Zarina" in text
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        made = casebook.vault.registrar.member("Zarina")
    assert (made.compartments, made.coordinator) == (frozenset({"testimony"}), False)


def test_what_somebody_may_read_is_given_and_taken(desk: Served) -> None:
    cookie = desk.signed_in()
    ana = address(got(desk, cookie, "/office"), "member", "Ana")
    path = f"/office/member/{ana}/compartments"
    form = {"holds-testimony": "yes", "holds-source": "yes", "holds-public": "yes"}
    assert posted(desk, cookie, path, **form)[0] == 303
    assert 'name="holds-public" value="yes" checked' in got(desk, cookie, f"/office/member/{ana}")
    del form["holds-public"]
    assert posted(desk, cookie, path, **form)[0] == 303
    assert 'name="holds-public" value="yes" checked' not in got(desk, cookie, f"/office/member/{ana}")
    assert "may read from then on" in got(desk, cookie, "/office/log")


def test_a_seat_is_made_and_taken_away_again(desk: Served) -> None:
    """Somebody new works at once, and not any more when her seat is gone."""
    cookie = desk.signed_in()
    form = {"name": "Dana", "first": "a first word", "again": "a first word", "holds-testimony": "yes"}
    assert posted(desk, cookie, "/office/seats", **(form | {"again": "another"}))[0] == 422
    assert posted(desk, cookie, "/office/seats", **form) == (303, "/office/seats")
    number = re.findall(r'name="seat" value="(\d+)"', got(desk, cookie, "/office/seats"))[-1]
    sign_in = {"seat": number, "passphrase": "a first word"}
    assert desk.asked("POST", "/sign-in", sign_in, Origin=desk.origin)[0] == 303
    assert posted(desk, cookie, "/office/seats/remove", seat=number)[0] == 303
    assert f'name="seat" value="{number}"' not in got(desk, cookie, "/office/seats")
    assert desk.asked("POST", "/sign-in", sign_in, Origin=desk.origin)[0] != 303


def test_what_cannot_be_undone_waits_for_the_passphrase_and_is_then_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of what was filled in is sent to the browser again; a wrong passphrase loses nothing of it."""
    folder = office(tmp_path / "casebook", monkeypatch, hidden=False)
    monkeypatch.setattr(session, "FRESH", 1.0)
    with inside(folder) as desk:
        cookie = desk.signed_in()
        time.sleep(1.1)
        form = {"name": "Dana-X", "first": "a-first-word", "again": "a-first-word", "holds-testimony": "yes"}
        status, text = posted(desk, cookie, "/office/seats", **form)
        assert status == 403
        assert "Your passphrase once more" in text
        assert "a-first-word" not in text
        assert "Dana-X" not in got(desk, cookie, "/office/seats")

        def waits(text: str) -> str:
            (found,) = re.findall(r'name="waits" value="([^"]+)"', text)
            return str(found)

        status, text = posted(desk, cookie, "/office/seats", waits=waits(text), proof="wrong")
        assert status == 422
        token = waits(text)
        assert posted(desk, cookie, "/office/admit", waits=token, proof=PASSPHRASE)[0] == 403
        assert posted(desk, cookie, "/office/seats", waits="other", proof=PASSPHRASE)[0] == 403
        assert "Dana-X" not in got(desk, cookie, "/office")
        assert posted(desk, cookie, "/office/seats", waits=token, proof=PASSPHRASE) == (303, "/office/seats")
        assert "Dana-X" in got(desk, cookie, "/office/seats")


def test_a_lost_computer_and_a_member_who_leaves_are_withdrawn_with_new_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = office(tmp_path / "casebook", monkeypatch, hidden=False)
    request, words = joining(tmp_path / "hers", folder)
    with serving(folder) as desk:
        cookie = desk.signed_in()
        admitted = {"name": "Zarina", "request": request, "words": words, "holds-testimony": "yes"}
        assert posted(desk, cookie, "/office/admit", **admitted)[0] == 303
        assert desk.asked("POST", "/office/compartments", {"holds-testimony": "yes"}, Cookie=cookie,
                          Origin=desk.origin)[0] == 303  # fmt: skip
        zarina = address(got(desk, cookie, "/office"), "member", "Zarina")
        lost = address(got(desk, cookie, f"/office/member/{zarina}"), "device", "")
        assert posted(desk, cookie, f"/office/device/{lost}", since="yesterday")[0] == 422
        status, text = posted(desk, cookie, f"/office/device/{lost}", since="2026-01-01")
        assert status == 200
        assert "Withdrawn" in text
        assert "may have copied" in text
        assert posted(desk, cookie, f"/office/device/{lost}")[0] == 404
        status, _ = posted(desk, cookie, f"/office/member/{zarina}/withdraw")
        assert status == 200
        assert posted(desk, cookie, f"/office/member/{zarina}/withdraw")[0] == 404
        ana = at_seat(desk)
        her = address(got(desk, cookie, "/office"), "member", "Ana")
        assert posted(desk, cookie, f"/office/member/{her}/withdraw")[0] == 200
        assert desk.asked("GET", "/people", Cookie=ana)[0] != 200
        log = got(desk, cookie, "/office/log")
        assert "A computer or seat of" in log
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        said = casebook.vault.registrar.standing
        assert [one.name for one in said.members.values() if one.present] == ["Aigerim"]
        assert max(one.epoch for one in casebook.vault.compartments()) > 1


def test_the_last_coordinator_cannot_withdraw_herself(desk: Served) -> None:
    cookie = desk.signed_in()
    own = address(got(desk, cookie, "/office"), "member", "Aigerim")
    status, text = posted(desk, cookie, f"/office/member/{own}/withdraw")
    assert status == 422
    assert "The office would be without a coordinator." in text


def test_a_copy_is_added_synced_and_forgotten(browser: Browser, tmp_path: Path) -> None:
    """What went there opens with nothing but the office's keys; home says that it is there."""
    folder, stick = made(tmp_path / "casebook"), tmp_path / "stick"
    stick.mkdir()
    with serving(folder) as desk, opened(browser, desk) as page:
        page.click("section[aria-labelledby=copies] a")
        page.fill("#name", "stick")
        page.fill("#address", str(stick))
        page.click("text=Add it")
        page.wait_for_selector("text=Never synced.")
        page.keyboard.press("s")
        page.wait_for_selector("text=Synced today.", timeout=60_000)
        assert "230 of 230 records" in page.inner_text("main").replace("\n", " ")
        assert "would be lost" not in page.inner_text("main")
        page.goto(desk.address)
        assert page.query_selector("section[aria-labelledby=copies]") is None
        page.goto(f"{desk.address}office/copies")
        page.click("text=Forget it")
        page.wait_for_load_state()
        assert page.query_selector(".copy") is None
    assert len(FolderCarrier(stick).names("segment")) >= 1
    assert not any(b"Saule" in one.read_bytes() for one in stick.rglob("*") if one.is_file())


def test_a_carrier_that_is_not_there_keeps_no_other_from_its_copy(tmp_path: Path) -> None:
    folder, stick, gone = made(tmp_path / "casebook"), tmp_path / "stick", tmp_path / "gone"
    relative = {"name": "stick", "address": "relative/folder"}
    for one in (stick, gone):
        one.mkdir()
    with serving(folder) as desk:
        cookie = desk.signed_in()
        assert posted(desk, cookie, "/office/copies/add", **relative)[0] == 422
        for name, where in (("gone", gone), ("stick", stick)):
            form = {"name": name, "address": str(where)}
            assert posted(desk, cookie, "/office/copies/add", **form)[0] == 303
        gone.rename(tmp_path / "elsewhere")
        assert posted(desk, cookie, "/office/copies")[0] == 303
        for _ in range(600):
            text = got(desk, cookie, "/office/copies")
            if "The carrier is not there." in text:
                break
            time.sleep(0.1)
        assert "The carrier is not there." in text
        assert "Synced today." in text


def test_custodians_are_asked_and_a_raid_is_rehearsed(tmp_path: Path) -> None:
    """No word of a share is ever on a page."""
    folder = made(tmp_path / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        shares = casebook.vault.share_out(3, 5)
        casebook.vault.forget_secret(3, 5)
    with serving(folder) as desk:
        cookie = desk.signed_in()
        text = got(desk, cookie, "/office/custody")
        assert text.count("Nobody has said yet that it is still there.") == 5
        assert posted(desk, cookie, "/office/custody", share="2")[0] == 303
        assert posted(desk, cookie, "/office/custody", share="6")[0] == 422
        assert "It was never rehearsed" in text
        assert posted(desk, cookie, "/office/custody/drill")[0] == 303
        for _ in range(600):
            text = got(desk, cookie, "/office/custody")
            if "Every one was as it had been." in text:
                break
            time.sleep(0.1)
        assert "Every one was as it had been." in text
        assert text.count("Nobody has said yet that it is still there.") == 4
        assert not any(share[:40] in text for share in shares)
        assert (
            desk.asked("GET", "/office/custody/progress", Cookie=cookie)[1]["location"] == "/office/custody"
        )


def test_a_lock_in_the_middle_of_a_sync_or_drill_loses_nothing(tmp_path: Path) -> None:
    """It ends at once, and the next time goes on."""
    folder, stick = made(tmp_path / "casebook"), tmp_path / "stick"
    stick.mkdir()
    with serving(folder) as desk:
        cookie = desk.signed_in()
        form = {"name": "stick", "address": str(stick)}
        assert posted(desk, cookie, "/office/copies/add", **form)[0] == 303
        for act in ("/office/copies", "/office/custody/drill"):
            cookie = desk.signed_in()
            posted(desk, cookie, act)
            desk.asked("POST", "/lock", {}, Cookie=cookie, Origin=desk.origin)
            time.sleep(0.5)
            assert desk.asked("GET", "/", Cookie=cookie)[0] == 303
        cookie = desk.signed_in()
        posted(desk, cookie, "/office/copies")
        for _ in range(600):
            text = got(desk, cookie, "/office/copies")
            if "Synced today." in text:
                break
            time.sleep(0.1)
        assert "230 of 230 records" in text
    with (
        Casebook.open(folder, PASSPHRASE.encode()) as casebook,
        closing(casebook.vault.carrier("stick")[1]) as found,
    ):
        assert casebook.vault.verify(found, casebook.vault.office.place("stick")).troubles == ()


def test_the_log_says_who_did_what_a_page_of_it_by_member_and_kind(desk: Served) -> None:
    cookie = desk.signed_in()
    text = got(desk, cookie, "/office/log")
    assert "The office began." in text
    assert "A seat was made for Ana" in re.sub("<[^>]+>", "", text)
    assert "statements were entered" in text
    only = posted(desk, cookie, "/office/log", kind="entered")[1]
    assert "statements were entered" in only
    assert "The office began." not in only
    (ana,) = re.findall(r'<option value="([\w-]+)">Ana</option>', text)
    assert "statements were entered" not in posted(desk, cookie, "/office/log", member=ana)[1]
    assert desk.asked("POST", "/office/log", {"page": "99", "kind": "nothing"}, Cookie=cookie,
                      Origin=desk.origin)[0] == 200  # fmt: skip


def second(tmp_path: Path) -> tuple[Path, Path]:
    """The casebooks of two coordinators who meet on a stick; the second holds no medical compartment."""
    folder, hers, stick = made(tmp_path / "casebook"), tmp_path / "hers", tmp_path / "stick"
    stick.mkdir()
    request, _ = joining(hers, folder, PASSPHRASE.encode())
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        from estelik.vault.admission import read

        vault = casebook.vault
        secret = vault.office.secret
        assert len(split(secret, 2, 3)) == 3
        vault.registrar.admit_member(read(request), "Zarina", ("testimony", "source"), secret)
        vault.add_carrier(Place("stick", str(stick)), FolderCarrier(stick))
        carry(casebook)
    with Casebook.open(hers, PASSPHRASE.encode()) as casebook:
        casebook.vault.add_carrier(Place("stick", str(stick)), FolderCarrier(stick))
        carry(casebook)
    return folder, hers


def carry(casebook: Casebook) -> None:
    """Syncs with the stick."""
    with closing(casebook.vault.carrier("stick")[1]) as stick:
        casebook.receive(stick)
        casebook.vault.seal()
        casebook.vault.send("stick", stick)


def test_what_a_coordinator_does_not_hold_changes_not_a_byte_of_her_room(tmp_path: Path) -> None:
    """Nor what is done with it: entered, judged, put out of sight by somebody who holds it."""
    folder, hers = second(tmp_path)
    with Casebook.open(hers, PASSPHRASE.encode()) as casebook:
        assert "medical" not in casebook.vault.store.schemas

    def seen() -> list[str]:
        with serving(hers) as desk:
            cookie = desk.signed_in()
            found: list[str] = []
            for part in ("", *PARTS):
                for _ in range(600):
                    text = got(desk, cookie, f"/office{part}" if part or not found else "/")
                    if "still looking" not in text:
                        break
                    time.sleep(0.1)
                found.append(bare(text))
            return found

    before = seen()
    assert any("Zarina" in text for text in before)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        # Told in a telling that she knows: a new one would be a record of the sources, which she holds.
        told = next(one for one in casebook.statements() if not one.via)
        casebook.add_statements(
            [replace(HIDDEN, testimony=told.testimony, source=told.source, told=told.told)]
        )
        carry(casebook)
    with Casebook.open(hers, PASSPHRASE.encode()) as casebook:
        carry(casebook)
    for one, other in zip(before, seen(), strict=True):
        assert one.splitlines() == other.splitlines()
    with serving(folder) as desk:
        assert "1 statement was entered." in got(desk, desk.signed_in(), "/office/log")
