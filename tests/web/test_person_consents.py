"""Consents, risks and evidence on the page of a life: shown to those who hold them, acted on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.test_person import life, statements

from estelik.casebook import Casebook
from estelik.daily import allowances, judging
from estelik.daily.exhibits import exhibits
from estelik.daily.today import today
from estelik.evidence.intake import Particulars, add
from estelik.index import consents as stored
from estelik.index.evidence import bearing, every
from estelik.protection.voice import standing
from estelik.records import Statement
from estelik.records.consent import Consent
from estelik.records.risk import Risk
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from estelik.records.consent import Scope

OTHER = "what her sister called the cat"


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk of its own for each test."""
    with serving(made(tmp_path_factory.mktemp("office") / "casebook")) as found:
        yield found


def given(desk: Served) -> list[tuple[str, str, str, str]]:
    """Who allows what to whom, and how it stands."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        found = casebook.consents()
        return [
            (one.giver, one.answer, "; ".join(one.audiences), standing(one, found, today().toordinal()))
            for one in found.given
        ]


def test_a_consent_is_recorded_put_under_a_condition_met_and_renewed(desk: Served) -> None:
    """And each step is what the commands would have entered."""
    cookie = desk.signed_in()
    path = life(desk, cookie)
    page = f"{path}/consents"
    said = desk.asked("GET", page, Cookie=cookie)[2]
    giver = re.findall(r"<option>([^<]+)</option>", said)[0]
    form = {
        "giver": giver,
        "scope": "told",
        "press-answer": "yes",
        "press-identity": "pseudonym",
        "condition": "when her brother is out",
        "concerns": "Saule",
        "tracing-answer": "no",
    }
    assert desk.asked("POST", f"{path}/consent", form, Cookie=cookie, Origin=desk.origin)[0] == 303
    assert {one[1:] for one in given(desk)} == {("yes", "press", "waits"), ("no", "family", "refused")}
    said = desk.asked("GET", page, Cookie=cookie)[2]
    assert "Waits for its condition." in said
    addresses = dict.fromkeys(re.findall(r'name="consent" value="([\w-]+)"', said))
    done = [
        desk.asked(
            "POST",
            page,
            {"consent": one, "act": "met", "reason": "He is."},
            Cookie=cookie,
            Origin=desk.origin,
        )[0]
        for one in addresses
    ]
    assert min(done) == 303
    said = desk.asked("GET", page, Cookie=cookie)[2]
    assert "The condition is met: ask again." in said
    waiting = next(one for one in addresses if done[list(addresses).index(one)] == 303)
    renewed = {"renews": waiting, "again-answer": "yes", "again-identity": "named"}
    assert desk.asked("POST", f"{path}/consent", renewed, Cookie=cookie, Origin=desk.origin)[0] == 303
    assert ("yes", "press", "holds") in {one[1:] for one in given(desk)}


def test_a_consent_is_withdrawn_with_a_reason_and_once(desk: Served) -> None:
    """Nothing is written without one, nor for a day to come."""
    cookie = desk.signed_in()
    path = life(desk, cookie)
    page = f"{path}/consents"
    giver = re.findall(r"<option>([^<]+)</option>", desk.asked("GET", page, Cookie=cookie)[2])[0]
    form = {"giver": giver, "scope": "all", "public-answer": "yes", "public-identity": "named"}
    assert desk.asked("POST", f"{path}/consent", form, Cookie=cookie, Origin=desk.origin)[0] == 303
    (one,) = set(re.findall(r'name="consent" value="([\w-]+)"', desk.asked("GET", page, Cookie=cookie)[2]))
    act = {"consent": one, "act": "withdraw"}
    for wrong in ({}, {"reason": "x", "day": "2999-01-01"}, {"reason": "x", "day": "soon"}):
        assert desk.asked("POST", page, act | wrong, Cookie=cookie, Origin=desk.origin)[0] == 422
    assert given(desk)[0][3] == "holds"
    assert desk.asked("POST", page, act | {"reason": "Afraid."}, Cookie=cookie, Origin=desk.origin)[0] == 303
    assert given(desk)[0][3] == "withdrawn"
    assert desk.asked("POST", page, act | {"reason": "Twice."}, Cookie=cookie, Origin=desk.origin)[0] == 422
    assert "Withdrawn." in desk.asked("GET", path, Cookie=cookie)[2]


def test_a_risk_is_recorded_and_looked_at_again(desk: Served) -> None:
    """Without a day to look again, or who can be reached, it is not."""
    cookie = desk.signed_in()
    path = life(desk, cookie)
    form = {
        "about": "Saule",
        "kind": "relative",
        "reached": "Her aunt",
        "review": "2030-01-02",
        "what": "Watched.",
    }
    for wrong in ({"review": ""}, {"reached": ""}, {"about": "Nobody"}, {"kind": "x"}, {"day": "maybe"}):
        status, _, _ = desk.asked("POST", f"{path}/risk", form | wrong, Cookie=cookie, Origin=desk.origin)
        assert status in {404, 422}, wrong
    assert desk.asked("POST", f"{path}/risk", form, Cookie=cookie, Origin=desk.origin)[0] == 303
    said = desk.asked("GET", path, Cookie=cookie)[2]
    assert "Look again by 2 January 2030." in said
    page = desk.asked("GET", f"{path}/consents", Cookie=cookie)[2]
    (risk,) = re.findall(r'name="risk" value="([\w-]+)"', page)
    over = {"risk": risk, "reason": "She has left.", "over": "yes"}
    assert desk.asked("POST", f"{path}/risk", over, Cookie=cookie, Origin=desk.origin)[0] == 303
    assert "Look again by" not in desk.asked("GET", path, Cookie=cookie)[2]


def planted(casebook: Casebook, folder: Path) -> None:
    """What lies in the sources and in the medical compartment: consents, risks, a decision, a file."""
    hidden = Statement(
        "m1", "Saule", source="Dr. Omar", told="2023-01-04", fact="illness", value="LEAKED-ASTHMA",
        compartment="medical",
    )  # fmt: skip
    casebook.add_statements([hidden])
    judging.set_aside(casebook, "m1", "LEAKED-REASON")
    teller = next(one.source for one in casebook.statements(["Saule"]) if one.source)
    judging.allow(casebook, "Saule", "release", teller, "LEAKED-ALLOWED")
    consent = Consent(
        "c1",
        teller,
        "all",
        "2024-01-02",
        ("press",),
        ("advocacy",),
        condition="LEAKED-CONDITION",
        concerns=("Saule",),
    )
    risk = Risk("r1", "threat", "Saule", "2030-01-02", words="LEAKED-RISK", made="2024-01-01T00:00:00+00:00")
    stored.enter(casebook.vault.store, [consent], [risk])
    file = folder / "LEAKED.txt"
    file.write_text("LEAKED")
    add(
        casebook.vault, (str(file),),
        Particulars(about=("Saule",), compartment="medical", note="LEAKED-NOTE"), lambda _: None,
    )  # fmt: skip


def office(folder: Path, monkeypatch: pytest.MonkeyPatch, *, hidden: bool) -> Path:
    """A casebook with a seat for Ana, who holds testimonies alone."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    made(folder)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        if hidden:
            planted(casebook, folder.parent)
        casebook.seats.add("Ana", OTHER.encode(), ("testimony",))
    return folder


def test_what_lies_with_the_sources_changes_not_a_byte_for_who_does_not_hold_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Consents, risks, decisions, files: no heading, no gap, no page; and who holds them sees them."""
    seen = []
    for hidden in (True, False):
        folder = office(tmp_path / f"{hidden}" / "casebook", monkeypatch, hidden=hidden)
        with serving(folder) as desk:
            form = {"seat": "1", "passphrase": OTHER}
            _, said, _ = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
            cookie = said["set-cookie"].partition(";")[0]
            path = life(desk, cookie)
            texts = [desk.asked("GET", path, Cookie=cookie)[2]]
            texts += [desk.asked("GET", f"{path}/{name}", Cookie=cookie)[2] for name in ("consents", "ask")]
            texts += [
                desk.asked("POST", f"{path}/{name}", {"time": "2019"}, Cookie=cookie, Origin=desk.origin)[2]
                for name in ("consents", "consent", "risk", "ask", "state")
            ]
            texts += [desk.asked("GET", one, Cookie=cookie)[2] for one in statements(desk, cookie, path)]
            seen.append(
                [re.sub(r'nonce="[^"]*"|/life/[\w/-]+|value="[\w-]{40,}"', "", text) for text in texts]
            )
            owner = desk.signed_in()
            own = life(desk, owner)
            shown = "".join(desk.asked("GET", own + name, Cookie=owner)[2] for name in ("", "/consents"))
            for word in ("REASON", "ALLOWED", "CONDITION", "RISK", "NOTE"):
                assert (f"LEAKED-{word}" in shown) == hidden, word
    assert "LEAKED" not in "".join(seen[0])
    assert seen[0] == seen[1]


def test_evidence_of_a_life_is_what_the_command_lists(tmp_path: Path) -> None:
    """Also after more was added while the casebook was open."""
    with Casebook.open(made(tmp_path / "casebook"), PASSPHRASE.encode()) as casebook:
        labels = ("Saule", "Erlan Aqboranuly")
        for number, label in enumerate((*labels, *labels)):
            file = tmp_path / f"{number}.txt"
            file.write_text(f"{number}")
            add(casebook.vault, (str(file),), Particulars(about=(label,)), lambda _: None)
            for one in labels:
                lives = casebook.lives.whose(one)
                own = [told.statement for told in casebook.lives.told_of(lives)]
                expected = bearing(every(casebook.vault.store), casebook.lives, one)
                assert exhibits(casebook, lives, own) == expected
        assert len(expected) == 2


def allowed(id_: str, giver: str, scope: Scope, of: str = "") -> Consent:
    """A yes to the press."""
    return Consent(id_, giver, scope, "2024-01-02", ("press",), ("advocacy",), of=of)


def test_consents_of_others_are_not_of_this_life(tmp_path: Path) -> None:
    """Only those of whoever told of her, for what is hers."""
    with Casebook.open(made(tmp_path / "casebook"), PASSPHRASE.encode()) as casebook:
        told = casebook.statements(["Saule"])
        teller = next(one for one in told if one.source)
        every_ = [
            allowed("c1", teller.source, "all"),
            allowed("c2", teller.source, "testimony", teller.telling),
            allowed("c3", teller.source, "testimony", "another telling"),
            allowed("c4", teller.source, "person", "Erlan Aqboranuly"),
            allowed("c5", "Somebody else", "person", "Saule"),
            allowed("c6", "Somebody else", "all"),
        ]
        stored.enter(casebook.vault.store, every_)
        found = allowances.allowances(casebook, told, {"Saule"}, today())
        ids = {one.consent.id for speaker in found.speakers for one in speaker.allowances}
        assert ids == {"c1", "c2", "c5"}


def test_enter_in_a_reason_does_nothing_to_a_consent_before_it_is_chosen_what(
    browser: Browser, desk: Served
) -> None:
    """By keyboard alone: with a reason and Enter all stays as it is until what was done is chosen."""
    cookie = desk.signed_in()
    path = life(desk, cookie)
    said = desk.asked("GET", f"{path}/consents", Cookie=cookie)[2]
    form = {
        "giver": re.findall(r"<option>([^<]+)</option>", said)[0],
        "scope": "all",
        "press-answer": "yes",
        "condition": "when her son is out",
        "concerns": "Saule",
    }
    assert desk.asked("POST", f"{path}/consent", form, Cookie=cookie, Origin=desk.origin)[0] == 303
    with opened(browser, desk) as page:
        page.goto(f"{desk.origin}{path}/consents")
        page.click("summary:has-text('Note what was done')")
        page.focus("input[name=reason]")
        page.keyboard.type("Her son came out.")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        assert given(desk)[0][3] == "waits"
        # What is missing has the focus.
        page.wait_for_selector("input[name=act]:focus")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=The condition is met: ask again.")
    assert given(desk)[0][3] == "ask again"
