"""The machine interface: the acts of the pages, for programs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.conftest import PASSPHRASE, made, serving
from tests.web.program import Program, token_for

from estelik.casebook import Casebook
from estelik.index.authors import authors
from estelik.records.stored import STATEMENT
from estelik.vault import token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.conftest import Served

SENT = "LEAKED-NAME"
EVERYTHING = ("testimony", "source", "casework", "medical", "public")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with the demonstration's people."""
    return made(tmp_path_factory.mktemp("office") / "casebook")


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Served]:
    """Its desk, at which its member is signed in."""
    with serving(folder) as found:
        found.signed_in()
        yield found


@pytest.fixture(scope="module")
def program(desk: Served, folder: Path) -> Program:
    """A program that may open everything."""
    return Program(desk, token_for(folder, "everything", EVERYTHING))


def found(program: Program, words: str) -> dict[str, Any]:
    """The first who may bear a name."""
    first: dict[str, Any] = program.ask("POST", "/api/names", {"words": words}).said["found"][0]
    return first


def whole(program: Program, method: str, path: str, body: object = None) -> dict[str, Any]:
    """An answer once everybody was looked at."""
    for _ in range(600):
        said: dict[str, Any] = program.ask(method, path, body).said
        if said["whole"]:
            return said
        time.sleep(0.1)
    raise AssertionError("nobody was looked at")


def test_a_name_is_found_in_any_script_and_leads_to_a_life(program: Program) -> None:
    """With its events, its statements as rows, its contradictions, and what to ask."""
    one = found(program, "Сауле")
    assert "Saule" in one["person"]["label"]
    life = program.ask("GET", f"/api/lives/{one['person']['address']}").said
    assert life["life"]["events"]
    assert all(row["row"]["about"] for row in life["statements"])
    ids = {row["row"]["statement"] for row in life["statements"]}
    for event in life["life"]["events"]:
        assert set(event["statements"]) <= ids
    assert isinstance(life["questions"], list)


def test_a_life_says_what_the_command_says(program: Program, folder: Path) -> None:
    """Word for word: `estelik timeline --json`."""
    from estelik.views.timeline import document, timelines

    one = found(program, "Saule")
    life = program.ask("GET", f"/api/lives/{one['person']['address']}").said["life"]
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        merged = casebook.lives.of(one["person"]["label"])
        keys = merged.keys(one["person"]["label"])
        told = next(iter(timelines(merged.statements, merged.judgements, lives=keys)))
        said = json.loads(json.dumps(document(*told, merged)))
    for event, other in zip(life["events"], said["events"], strict=True):
        assert event == other
    assert life["conflicts"] == said["conflicts"]
    assert life["repairs"] == said["repairs"]


def test_status_is_asked_for_a_day_or_a_time(program: Program) -> None:
    """And what is no date is told so."""
    address = found(program, "Saule")["person"]["address"]
    said = program.ask("GET", f"/api/lives/{address}/status?on=2018-06").said
    assert {one["certainty"] for one in said["states"]} <= {"throughout", "at some time", "possibly", "never"}
    wrong = program.ask("GET", f"/api/lives/{address}/status?on=soon")
    assert (wrong.status, wrong.said["at"]) == (422, "on")


def test_the_registry_comes_in_pages_and_each_life_once(program: Program) -> None:
    """Whatever the size of a page; filters are the page's."""
    every = whole(program, "POST", "/api/registry", {"limit": 500})
    labels = [one["person"]["label"] for one in every["lives"]]
    assert every["count"] == len(labels) > 3
    seen, cursor = [], ""
    while True:
        page = program.ask("POST", "/api/registry", {"limit": 2, "cursor": cursor}).said
        seen += [one["person"]["label"] for one in page["lives"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == labels
    apart = program.ask("POST", "/api/registry", {"apart": True}).said
    assert 0 < apart["count"] < every["count"]
    assert {one["consistent"] for one in apart["lives"]} == {False}


def test_a_place_in_one_list_is_none_in_another(program: Program) -> None:
    """Nor is one that this token was not given."""
    whole(program, "POST", "/api/registry", {})
    first = program.ask("POST", "/api/registry", {"limit": 1}).said["next"]
    assert program.ask("POST", "/api/registry", {"limit": 1, "kind": "place", "cursor": first}).status == 404
    assert program.ask("POST", "/api/names", {"words": "Saule", "cursor": first}).status == 404
    assert program.ask("GET", "/api/pairs?cursor=AAAA").status == 404


def test_addresses_are_a_tokens_own(program: Program, desk: Served, folder: Path) -> None:
    """What leads one program to a life leads no other there, nor a browser."""
    address = found(program, "Saule")["person"]["address"]
    other = Program(desk, token_for(folder, "other", EVERYTHING))
    assert other.ask("GET", f"/api/lives/{address}").status == 404
    assert desk.asked("GET", f"/life/{address}", Cookie=desk.signed_in())[0] == 404
    assert found(other, "Saule")["person"]["address"] != address
    for path in (f"/api/lives/{found(program, 'Saule')['person']['label'].replace(' ', '%20')}",):
        assert program.ask("GET", path).status == 404


def test_pairs_are_judged_and_a_decision_taken_back(program: Program) -> None:
    """With a reason, both times."""
    said = whole(program, "GET", "/api/pairs")
    assert said["count"] == len(said["pairs"]) or said["next"]
    if not said["pairs"]:
        rows = [{"about": name, "source": "S", "event": "arrest", "when": "2018-03-01", "place": "Ghulja"}
                for name in ("Gulnar Tursunova", "Гулнар Турсунова")]  # fmt: skip
        assert program.ask("POST", "/api/statements", {"rows": rows}).status == 200
        for _ in range(200):
            said = program.ask("GET", "/api/pairs").said
            if said["pairs"]:
                break
            time.sleep(0.1)
    pair = said["pairs"][0]
    path = f"/api/pairs/{pair['address']}/decision"
    assert program.ask("POST", path, {"decision": "different"}).status == 400
    assert program.ask("POST", path, {"decision": "different", "reason": "  "}).status == 400
    made_ = program.ask("POST", path, {"decision": "different", "reason": "They met."})
    assert made_.status == 201
    assert program.ask("POST", path, {"decision": "same", "reason": "Or not."}).status == 404
    back = f"/api/decisions/{made_.said['address']}/withdrawal"
    assert program.ask("POST", back, {"reason": "A slip."}).status == 201
    assert program.ask("POST", back, {"reason": "Again."}).status == 404


def test_rows_are_entered_by_the_rules_of_the_sheet(program: Program, folder: Path) -> None:
    """All or none, signed by the token's device, and the same rows once."""
    rows = [
        {
            "about": "Aliya Testova",
            "source": "Neighbour",
            "told": "2020-01-02",
            "event": "arrest",
            "when": "2018-05",
        },
        {
            "about": "Aliya Testova",
            "source": "Neighbour",
            "told": "2020-01-02",
            "fact": "occupation",
            "value": "baker",
        },
    ]
    bad = [*rows, {"about": "Aliya Testova", "event": "arrest", "when": SENT}]
    answer = program.ask("POST", "/api/statements", {"rows": bad})
    assert answer.status == 422
    assert [(one["row"], one["column"], one["code"]) for one in answer.said["faults"]] == [
        (3, "when", "date")
    ]
    assert SENT.encode() not in answer.data
    assert (
        program.ask("POST", "/api/names", {"words": "Aliya Testova"}).said["found"] == []
        or found(program, "Aliya Testova")["person"]["label"] != "Aliya Testova"
    )
    check = program.ask("POST", "/api/statements", {"rows": rows, "check": True}).said
    assert (len(check["statements"]), check["unchanged"]) == (2, 0)
    made_ = program.ask("POST", "/api/statements", {"rows": rows}).said
    assert (made_["statements"], made_["unchanged"]) == (check["statements"], 0)
    again = program.ask("POST", "/api/statements", {"rows": rows}).said
    assert again == {"statements": [], "unchanged": 2}
    seed = token.read(program.text)
    assert seed is not None
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        by = authors(casebook.vault.store, casebook.vault.registrar, STATEMENT)
        store = casebook.vault.store
        with store.read() as connection:
            bodies = list(
                connection.execute("SELECT body FROM main.record WHERE kind = ?", (STATEMENT,)).scalars()
            )
    assert sum(token.device_of(seed) in body for body in bodies) >= 2
    assert {one.name for one in by.values()} == {"Aigerim"}


def test_a_telling_is_begun_added_to_and_ended_whole(program: Program) -> None:
    """With what was said of each use; and nothing is left of one that was dropped."""
    telling = {
        "source": "Zhanar Testova", "about": "Dana Testova", "agreed": "2024-02-03T10:00:00+06:00",
        "language": "kk", "told": "2024-02-03", "lines": [{"cells": {"event": "arrest", "when": "2018-04"}}],
        "uses": [
            {"use": "court", "answer": "yes", "identity": "pseudonym"}, {"use": "press", "answer": "no"},
        ],
    }  # fmt: skip
    assert program.ask("POST", "/api/drafts", telling | {"agreed": None}).status == 400
    draft = program.ask("POST", "/api/drafts", telling)
    assert (draft.status, draft.said["lines"]) == (201, 1)
    path = f"/api/drafts/{draft.said['address']}"
    more = {
        "lines": [
            {"cells": {"event": "release", "when": "2019-04"}},
            {"cells": {"fact": "note"}, "typed": "x"},
        ]
    }
    assert program.ask("POST", f"{path}/lines", more).said["lines"] == 3
    assert draft.said["testimony"] in {
        one["testimony"] for one in program.ask("GET", "/api/drafts").said["drafts"]
    }
    ended = program.ask("POST", f"{path}/end")
    assert (ended.status, ended.said["statements"], ended.said["consents"]) == (201, 3, 3)
    assert program.ask("POST", f"{path}/end").status == 404
    given = [
        one
        for one in program.ask("GET", "/api/consents?limit=200").said["consents"]
        if one["giver"] == "Zhanar Testova"
    ]
    assert {(one["answer"], *one["audiences"]) for one in given} >= {("yes", "court"), ("no", "press")}
    other = program.ask("POST", "/api/drafts", telling | {"about": "Dropped Testova"}).said
    assert program.ask("POST", f"/api/drafts/{other['address']}/drop").said == {"dropped": True}
    assert program.ask("POST", f"/api/drafts/{other['address']}/end").status == 404


def test_a_telling_beside_a_visitor_is_the_members(desk: Served, folder: Path) -> None:
    """A program neither ends it nor adds to it."""
    program = Program(desk, token_for(folder, "visits", EVERYTHING))
    cookie = desk.signed_in()
    desk.visited(cookie, "Visiting Testova", "Dana Testova")
    (there,) = [one for one in program.ask("GET", "/api/drafts").said["drafts"] if one["present"]]
    for act, body in (("end", None), ("drop", None), ("lines", {"lines": [{"cells": {"fact": "note"}}]})):
        assert program.ask("POST", f"/api/drafts/{there['address']}/{act}", body).status == 409


def test_consents_are_entered_listed_and_withdrawn(program: Program) -> None:
    """By the rules of their sheet."""
    rows = [
        {
            "about": "Consent Testova",
            "source": "Giver Testova",
            "told": "2020-01-02",
            "event": "arrest",
            "testimony": "G1",
        }
    ]
    assert program.ask("POST", "/api/statements", {"rows": rows}).status == 200
    consent = {"giver": "Giver Testova", "scope": "testimony", "of": "G1", "audience": "un",
               "purpose": "advocacy", "identity": "named", "given": "2024-01-01"}  # fmt: skip
    wrong = program.ask("POST", "/api/consents", {"rows": [consent | {"audience": SENT}]})
    assert (wrong.status, wrong.said["faults"][0]["column"]) == (422, "audience")
    assert SENT.encode() not in wrong.data
    entered = program.ask("POST", "/api/consents", {"rows": [consent]}).said
    (address,) = entered["consents"]
    there = {one["address"]: one for one in program.ask("GET", "/api/consents?limit=200").said["consents"]}
    assert there[address]["stands"] == "holds"
    back = program.ask("POST", f"/api/consents/{address}/withdrawal", {"reason": "She asked."})
    assert (back.status, back.said["stands"]) == (201, "withdrawn")
    assert program.ask("POST", f"/api/consents/{address}/withdrawal", {"reason": "Again."}).status == 422


def test_without_the_sources_nothing_that_names_them_is_asked_or_entered(desk: Served, folder: Path) -> None:
    """It is told which compartment is missing, and shown no source."""
    program = Program(desk, token_for(folder, "narrow", ("testimony",)))
    row = {"rows": [{"about": "A", "event": "arrest"}]}
    for method, path, body in (
        ("POST", "/api/statements", row),
        ("GET", "/api/consents", None),
        ("GET", "/api/drafts", None),
    ):
        answer = program.ask(method, path, body)
        assert (answer.status, answer.headers["content-type"]) == (403, "application/problem+json")
    address = found(program, "Saule")["person"]["address"]
    life = program.ask("GET", f"/api/lives/{address}").said
    assert life["statements"]
    assert not any("source" in one["row"] for one in life["statements"])


def test_a_row_of_a_compartment_that_it_does_not_open_is_not_entered(desk: Served, folder: Path) -> None:
    """Neither by its own word nor because it is medical."""
    program = Program(desk, token_for(folder, "two", ("testimony", "source")))
    for row in ({"event": "arrest", "compartment": "casework"}, {"fact": "illness", "value": "x"}):
        answer = program.ask("POST", "/api/statements", {"rows": [{"about": "Nobody Testova", **row}]})
        assert answer.status in {403, 409}
    assert "Nobody Testova" not in {
        one["person"]["label"]
        for one in program.ask("POST", "/api/names", {"words": "Nobody Testova"}).said["found"]
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"words": 1}', 400),
        (b'{"words": ""}', 400),
        (b'{"words": "LEAKED-NAME", "more": 1}', 400),
        (b'{"words": "LEAKED-NAME", "limit": "12"}', 400),
        (b'{"words": "LEAKED-NAME", "limit": 1e400}', 400),
        (b'{"words": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"words": "' + b"x" * 600_000 + b'"}', 413),
    ],
)
def test_a_body_that_is_not_as_described_is_told_so_and_not_repeated(
    program: Program, body: bytes, status: int
) -> None:
    """As a problem, in words of ours."""
    answer = program.ask("POST", "/api/names", body)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert b"LEAKED" not in answer.data
    assert {"title", "status", "detail"} <= answer.said.keys()


def test_a_body_of_another_kind_is_not_read(program: Program) -> None:
    """What a form of some page could send, above all."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert program.ask("POST", "/api/names", b'{"words": "Saule"}', Content_Type=kind).status == 415


def test_what_is_not_there_is_told_as_a_problem(program: Program) -> None:
    """Also where nobody has a token."""
    for who in (program, Program(program.desk, "")):
        for method, path in (
            ("GET", "/api/nothing"),
            ("PUT", "/api/names"),
            ("GET", "/api/names"),
            ("DELETE", "/api/pairs"),
        ):
            answer = who.ask(method, path)
            assert answer.status in {404, 405}
            assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_names_every_act_and_nothing_of_anybody(program: Program) -> None:
    """It is there for everybody, and the same."""
    one, other = (
        program.ask("GET", "/api/openapi.json"),
        Program(program.desk, "").ask("GET", "/api/openapi.json"),
    )
    assert one.data == other.data
    assert one.said["openapi"].startswith("3.1")
    assert b"Saule" not in one.data
    for path, acts in one.said["paths"].items():
        for act in acts.values():
            public = path == "/api/openapi.json"
            assert (act.get("security") == []) is public
            assert ("401" in act["responses"]) is not public
