"""The machine interface does what the pages and the commands do: lists, visits, decisions, risks, exports,
releases."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, made, serving
from tests.web.inside import inside
from tests.web.program import Program, token_for
from tests.web.test_api import EVERYTHING, found, whole
from tests.web.test_release_check import office
from tests.web.test_seats import at_seat

from estelik.casebook import Casebook
from estelik.vault import keys
from estelik.web import session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.conftest import Served

SOURCES = ("testimony", "source")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with the demonstration's people."""
    return made(tmp_path_factory.mktemp("office") / "casebook")


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Served]:
    """Its desk, at which its member is signed in."""
    with serving(folder) as found_:
        found_.signed_in()
        yield found_


@pytest.fixture(scope="module")
def program(desk: Served, folder: Path) -> Program:
    """A program that may open everything."""
    return Program(desk, token_for(folder, "everything", EVERYTHING))


@pytest.fixture(scope="module")
def narrow(desk: Served, folder: Path) -> Program:
    """A program that may not open who told."""
    return Program(desk, token_for(folder, "narrow", ("testimony",)))


def told(program: Program, name: str) -> list[dict[str, Any]]:
    """The statements of somebody's life that count."""
    life = program.ask("GET", f"/api/lives/{found(program, name)['person']['address']}").said
    return [one for one in life["statements"] if one["counts"]]


def test_a_list_is_kept_asked_for_and_taken_back(program: Program) -> None:
    """What it is of is what the registry is asked for."""
    whole(program, "POST", "/api/registry", {})
    of = {"apart": True, "kind": "person"}
    kept = program.ask("POST", "/api/lists", {"name": "To be looked at", "of": of})
    assert (kept.status, kept.said["name"]) == (201, "To be looked at")
    assert program.ask("POST", "/api/lists", {"name": "To be looked at"}).status == 422
    (there,) = program.ask("GET", "/api/lists").said["lists"]
    assert there["of"] == kept.said["of"]
    asked = program.ask("POST", "/api/registry", there["of"]).said
    assert asked["count"] == program.ask("POST", "/api/registry", of).said["count"] > 0
    back = f"/api/lists/{there['address']}/withdrawal"
    assert program.ask("POST", back).said == {"taken_back": True}
    assert program.ask("POST", back).status == 404
    assert program.ask("GET", "/api/lists").said["lists"] == []


def test_a_visit_is_put_down_prepared_and_ended(program: Program, narrow: Program) -> None:
    """With what to ask; and who may not know who tells is told of none."""
    visit = {"who": "Saule", "day": "2150-01-01", "time": "14:30", "about": "Saule"}
    assert program.ask("POST", "/api/visits", visit | {"day": "2001-01-01"}).status == 422
    put = program.ask("POST", "/api/visits", visit)
    assert put.status == 201
    assert [one["who"] for one in program.ask("GET", "/api/visits").said["visits"]] == ["Saule"]
    path = f"/api/visits/{put.said['address']}"
    ready = program.ask("GET", path).said
    assert ready["visit"] == put.said
    assert all(one["person"]["address"] for one in ready["ask"])
    assert program.ask("POST", f"{path}/outcome", {"outcome": "came"}).said == {"outcome": "came"}
    assert program.ask("POST", f"{path}/outcome", {"outcome": "off"}).status == 404
    assert narrow.ask("GET", "/api/visits").status == 403
    assert narrow.ask("GET", path).status == 403


def test_a_statement_is_set_aside_and_the_decision_taken_back(program: Program) -> None:
    """Both are in the history of the life, signed, with their reasons."""
    one = told(program, "Saule")[0]
    path = f"/api/statements/{one['address']}"
    assert program.ask("POST", f"{path}/set-aside", {"reason": " "}).status == 400
    done = program.ask("POST", f"{path}/set-aside", {"reason": "She mixed up the years."})
    assert (done.status, done.said["decision"]) == (201, "set-aside")
    assert program.ask("POST", f"{path}/set-aside", {"reason": "Again."}).status == 422
    assert one["row"]["statement"] not in [each["row"]["statement"] for each in told(program, "Saule")]
    back = f"/api/decisions/{done.said['address']}/withdrawal"
    assert program.ask("POST", back, {"reason": "A slip."}).status == 201
    assert one in told(program, "Saule")
    address = found(program, "Saule")["person"]["address"]
    past = program.ask("GET", f"/api/lives/{address}/decisions").said["decisions"]
    assert [(each["reason"], each["back"], each["by"]) for each in past] == [
        ("She mixed up the years.", "A slip.", "Aigerim")
    ]


def test_what_waits_to_be_verified_is_listed_and_verified(program: Program) -> None:
    rows = [{"about": "Verified Testova", "source": "Teller Testova", "told": "2020-01-02", "event": "death",
             "when": "2018-05-03"}]  # fmt: skip
    assert program.ask("POST", "/api/statements", {"rows": rows}).status == 200
    address = found(program, "Verified Testova")["person"]["address"]
    for _ in range(300):
        due = program.ask("GET", f"/api/lives/{address}/verification").said["due"]
        if due:
            break
        time.sleep(0.1)
    (one,) = due
    assert one["states"] == ["dead"]
    path = f"/api/statements/{one['address']}/verification"
    assert program.ask("POST", path, {"reason": "The recording, minute 12."}).status == 201
    assert program.ask("GET", f"/api/lives/{address}/verification").said["due"] == []
    assert program.ask("POST", path, {"reason": "Again."}).status == 422


def test_a_grade_and_a_chain_are_said_of_a_statement(program: Program, narrow: Program) -> None:
    """The row as it was is kept and no longer counts."""
    rows = [{"about": "Graded Testova", "source": "Teller Testova", "told": "2020-01-02", "event": "arrest",
             "when": "2018-05-03"}]  # fmt: skip
    assert program.ask("POST", "/api/statements", {"rows": rows}).status == 200
    (one,) = told(program, "Graded Testova")
    path = f"/api/statements/{one['address']}/grade"
    said = {"grade": "B2", "via": "a cousin > a guard", "reason": "She was told."}
    assert program.ask("POST", path, said | {"grade": "Z9"}).status == 400
    made_ = program.ask("POST", path, said)
    assert made_.status == 201
    (now,) = told(program, "Graded Testova")
    assert (now["row"]["grade"], now["row"]["via"]) == ("B2", "a cousin > a guard")
    assert (now["row"]["corrects"], now["address"]) == (one["row"]["statement"], made_.said["address"])
    assert program.ask("POST", path, said).status == 422
    other = told(narrow, "Graded Testova")[0]
    assert narrow.ask("POST", f"/api/statements/{other['address']}/grade", said).status == 403


def test_a_question_is_allowed_for_one_source(program: Program) -> None:
    rows = [{"about": "Asked Testova", "source": "Teller Testova", "told": "2020-01-02", "event": "death"}]
    assert program.ask("POST", "/api/statements", {"rows": rows}).status == 200
    address = found(program, "Asked Testova")["person"]["address"]
    path, said = f"/api/lives/{address}/allowance", {"event": "death", "source": "Teller Testova"}
    assert program.ask("POST", path, said | {"reason": "She wants to speak of it."}).status == 201
    assert program.ask("POST", path, said | {"event": "arrest", "reason": "why"}).status == 404


def test_why_near_and_evidence_say_what_the_commands_say(program: Program, folder: Path) -> None:
    """`estelik explain`, the page of those who were where she was, and the files that bear on her."""
    from estelik.chronology.calendar import iso
    from estelik.chronology.explain import explain
    from estelik.daily.dossiers import others_near
    from estelik.daily.solving import solved

    one = found(program, "Saule")["person"]
    life = program.ask("GET", f"/api/lives/{one['address']}").said["life"]
    path = f"/api/lives/{one['address']}"
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        solution, number, *_ = solved(casebook, one["label"])
        for event in life["events"]:
            why = program.ask("POST", f"{path}/why", {"event": event["event"]}).said
            point = solution.network.events[number][event["event"]]
            first = explain(solution, point, "earliest", sufficient=True)
            assert why["earliest"] == {"day": iso(first.day), "statements": [*first.statements]}
            assert why["latest"]["day"] == event["latest"]
        met, every = others_near(casebook, one["label"], 0, 50)
    near = program.ask("GET", f"{path}/encounters?limit=50").said
    assert [each["person"]["label"] for each in near["met"]] == [each.key for each in met]
    assert near["count"] == len(every)
    assert program.ask("POST", f"{path}/why", {"event": "no such event"}).status == 404
    assert program.ask("GET", f"{path}/evidence").said == {"files": []}


def test_what_is_done_about_a_consent_and_a_risk(program: Program) -> None:
    """A condition is met, a check made, a risk recorded and looked at again."""
    rows = [{"about": "Risk Testova", "source": "Giver Testova", "told": "2020-01-02", "event": "arrest"}]
    assert program.ask("POST", "/api/statements", {"rows": rows}).status == 200
    given = {"giver": "Giver Testova", "scope": "all", "audience": "un", "purpose": "advocacy",
             "identity": "named", "given": "2024-01-01", "condition": "once she is out",
             "concerns": "Risk Testova"}  # fmt: skip
    (address,) = program.ask("POST", "/api/consents", {"rows": [given]}).said["consents"]
    met = program.ask("POST", f"/api/consents/{address}/met", {"reason": "She is out."})
    assert met.status == 201
    assert program.ask("POST", f"/api/consents/{address}/check", {"reason": "x", "safe": True}).status == 422
    risk = {"about": "Risk Testova", "kind": "relative", "review": "2150-01-01", "reached": ["her brother"]}
    assert program.ask("POST", "/api/risks", risk | {"reached": []}).status == 422
    put = program.ask("POST", "/api/risks", risk)
    assert (put.status, put.said["over"]) == (201, False)
    assert put.said in program.ask("GET", "/api/risks").said["risks"]
    path = f"/api/risks/{put.said['address']}/review"
    assert program.ask("POST", path, {"reason": "He left the country."}).status == 422
    assert program.ask("POST", path, {"reason": "He left the country.", "over": True}).said["over"] is True


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Program, Program]]:
    """Programs of two members who are signed in at one desk, and may let things leave."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    folder = office(tmp_path / "casebook")
    tokens = token_for(folder, "hers", EVERYTHING), token_for(folder, "Ana's", SOURCES, member="Ana")
    with serving(folder) as desk:
        desk.signed_in()
        at_seat(desk)
        yield Program(desk, tokens[0]), Program(desk, tokens[1])


def drawn(program: Program, asked: dict[str, Any]) -> dict[str, Any]:
    """What may leave, once it is drawn."""
    whole(program, "POST", "/api/registry", {})
    begun = program.ask("POST", "/api/exports", asked)
    assert begun.status == 201, begun.said
    return whole(program, "GET", f"/api/exports/{begun.said['address']}")


def test_an_export_is_drawn_looked_through_and_noted_as_it_leaves(two: tuple[Program, Program]) -> None:
    """Through the gate: for whom nobody allowed anything there is nothing, and what was found asks for a
    reason; what left is told afterwards, by whom and to whom."""
    program, _ = two
    asked = {"audience": "public", "purpose": "publication", "recipient": "A newspaper"}
    shown = drawn(program, asked)
    assert shown["lives"] == 1
    assert shown["findings"]
    path = f"/api/exports/{shown['address']}/take"
    # What everybody has asks for two members: only a release does.
    assert program.ask("POST", path, {"anyway": "They know."}).status == 422
    whole(program, "POST", "/api/registry", {})
    nothing = program.ask("POST", "/api/exports", asked | {"audience": "court", "purpose": "legal"}).said
    for _ in range(300):
        answer = program.ask("GET", f"/api/exports/{nothing['address']}")
        if answer.status != 200 or answer.said["whole"]:
            break
        time.sleep(0.1)
    assert answer.status == 422
    rows = [{"giver": giver, "scope": "all", "audience": "court", "purpose": "legal", "identity": "named",
             "given": "2024-01-01", "media": "words"} for giver in ("Aigul", "Bolat")]  # fmt: skip
    assert program.ask("POST", "/api/consents", {"rows": rows}).status == 200
    shown = drawn(program, asked | {"audience": "court", "purpose": "legal", "recipient": "The court"})
    path = f"/api/exports/{shown['address']}/take"
    if shown["findings"]:
        assert program.ask("POST", path, {}).status == 422
    taken = program.ask("POST", path, {"anyway": "It is under seal."})
    assert taken.status == 201
    assert "Aigul" in taken.said["html"]
    assert program.ask("POST", path, {"anyway": "It is under seal."}).status == 404
    (left,) = program.ask("POST", "/api/taken", {}).said["taken"]
    assert (left["recipient"], left["by"], left["people"]) == ("The court", "Aigerim", ["Aigul"])
    assert program.ask("POST", "/api/taken", {"people": ["Aigul"]}).said["taken"] == [left]


def test_a_release_is_drafted_checked_decided_by_two_approved_and_withdrawn(
    two: tuple[Program, Program],
) -> None:
    """Neither one member alone nor one alone with two tokens approves what was found."""
    hers, other = two
    draft = hers.ask("POST", "/api/releases", {"title": "First"})
    assert draft.status == 201
    assert hers.ask("POST", "/api/releases", {"title": "First", "people": ["Nobody"]}).status == 404
    path = f"/api/releases/{draft.said['address']}"
    said = whole(hers, "GET", path)
    assert (said["lives"], said["approved"]) == (1, False)
    assert said["open"] == len(said["findings"]) > 0
    assert hers.ask("POST", f"{path}/approval").status == 422
    mended = next(one for one in said["findings"] if one["mends"])
    done = hers.ask("POST", f"{path}/mend", {"finding": mended["finding"], "reason": "It says too much."})
    assert (done.status, bool(done.said["changed"])) == (201, True)
    (address,) = [one["address"] for one in other.ask("GET", "/api/releases").said["releases"]]
    for _ in range(10):
        said = whole(hers, "GET", path)
        rest = [one for one in said["findings"] if one["let_by"] < 2]
        if not rest:
            break
        finding = {"finding": rest[0]["finding"], "reason": "Everybody there knows it."}
        assert hers.ask("POST", f"{path}/let", finding).said == {"let_by": 1}
        assert hers.ask("POST", f"{path}/let", finding).said == {"let_by": 1}
        assert hers.ask("POST", f"{path}/approval").status == 422
        assert other.ask("POST", f"/api/releases/{address}/let", finding).said == {"let_by": 2}
    assert said["open"] == 0
    approved = hers.ask("POST", f"{path}/approval")
    assert (approved.status, approved.said["lives"]) == (201, 1)
    assert whole(hers, "GET", path)["approved"] is True
    change = {"statement": "s2", "column": "value", "to": "", "reason": "It says too much."}
    assert hers.ask("POST", f"{path}/change", change).status == 201
    assert whole(hers, "GET", path)["approved"] is False
    back = hers.ask("POST", f"{path}/withdrawal", {"reason": "Her aunt asked."})
    assert (back.status, back.said) == (201, {"left": []})
    assert hers.ask("GET", path).status == 422
    (one,) = hers.ask("GET", "/api/releases").said["releases"]
    assert one["withdrawn"] is True


def test_what_cannot_be_undone_asks_for_her_passphrase_at_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the pages: given less than five minutes ago, at this desk, by the member whose token it is;
    whatever the program asks."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    folder = office(tmp_path / "casebook")
    hers, anas = token_for(folder, "hers", SOURCES), token_for(folder, "Ana's", SOURCES, member="Ana")
    export = {"audience": "public", "purpose": "publication", "recipient": "A newspaper"}
    with inside(folder) as desk:
        desk.signed_in()
        program = Program(desk, hers)
        draft = program.ask("POST", "/api/releases", {"title": "First"}).said["address"]
        acts = [
            ("/api/exports", export),
            ("/api/exports/x/take", {}),
            (f"/api/releases/{draft}/let", {"finding": "0" * 32, "reason": "why"}),
            (f"/api/releases/{draft}/approval", None),
            (f"/api/releases/{draft}/withdrawal", {"reason": "why"}),
        ]
        monkeypatch.setattr(session, "FRESH", 0.0)
        for path, body in acts:
            answer = program.ask("POST", path, body)
            assert (answer.status, answer.said["status"]) == (403, 403)
            assert "passphrase" in answer.said["detail"]
        # What can be taken back goes on.
        assert program.ask("POST", "/api/releases", {"title": "Second"}).status == 201
        monkeypatch.setattr(session, "FRESH", 300.0)
        assert program.ask("POST", f"/api/releases/{draft}/withdrawal", {"reason": "why"}).status == 201
        assert Program(desk, anas).ask("GET", "/api/token").status == 401


def leaving(folder: Path, marks: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """What a program of Ana's is told of a list and a release that are to leave, and of what it may read
    besides; without what is new with every answer."""
    text = token_for(folder, "Ana's", SOURCES, member="Ana")
    with serving(folder) as desk:
        at_seat(desk)
        program = Program(desk, text)
        asked = {"audience": "public", "purpose": "publication", "recipient": "A newspaper"}
        export = drawn(program, asked)
        draft = program.ask("POST", "/api/releases", {"title": "First"}).said["address"]
        release = whole(program, "GET", f"/api/releases/{draft}")
        aigul = found(program, "Aigul")["person"]["address"]
        more = [
            program.ask("GET", f"/api/lives/{aigul}/{one}").said
            for one in ("decisions", "encounters", "evidence", "verification")
        ]
        said = export, release, *more, program.ask("GET", "/api/lists").said
        taken = program.ask("POST", "/api/taken", {"people": ["Aigul"]}).said
    everything = json.dumps([*said, taken], ensure_ascii=False)
    assert not [one for one in marks if one in everything]
    kept = json.loads(everything)
    for one in kept:
        one.pop("address", None)
        one.pop("release", None)
        # A fingerprint of a finding is made with a key of the casebook.
        for each in one.get("findings", ()):
            if isinstance(each, dict):
                each.pop("finding")
        for each in (*one.get("due", ()), *one.get("met", ())):
            each.pop("address", None)
            each.pop("person", None)
    return tuple(kept)


def test_what_is_hidden_changes_nothing_of_what_is_to_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A medical statement about somebody who may be shown is neither told nor counted, nor does it make a
    finding."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    marks = ("LEAKED", "Dr. Omar")
    without = leaving(office(tmp_path / "plain"), marks)
    with_ = leaving(office(tmp_path / "hidden", hidden=True), marks)
    assert without[0]["lives"] == without[1]["lives"] == 1
    assert without == with_
