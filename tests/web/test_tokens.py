"""Programs at the desk: who is let in with a token, for how long, and what an answer tells of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, made, serving
from tests.web.program import Program, token_for
from tests.web.test_seats import at_seat, office

from estelik.casebook import Casebook
from estelik.vault import keys, token
from estelik.web.bearers import Bearer
from estelik.web.session import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.conftest import Served

NEVER = "estelik_" + "A" * 43


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


def withdrawn(folder: Path, text: str) -> None:
    """Withdraws a token, in another process than the desk's."""
    seed = token.read(text)
    assert seed is not None
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.withdraw(token.device_of(seed))


def test_a_program_is_let_in_with_its_token_alone(desk: Served, folder: Path) -> None:
    """And told what it may open."""
    program = Program(desk, token_for(folder, "let in", ("testimony", "source")))
    said = program.ask("GET", "/api/token").said
    assert (said["name"], said["member"]) == ("let in", "Aigerim")
    assert said["compartments"] == ["testimony", "source"]


def test_every_token_that_opens_nothing_gets_one_answer(desk: Served, folder: Path) -> None:
    """None, malformed, unknown, withdrawn, over, in a cookie, in the query, with another scheme."""
    gone, over = token_for(folder, "gone", ("testimony",)), token_for(folder, "over", ("testimony",), days=0)
    withdrawn(folder, gone)
    answers = [Program(desk, text).ask("GET", "/api/token") for text in (gone, over, NEVER, "x", "x" * 5000)]
    nobody = Program(desk, "")
    right = token_for(folder, "elsewhere", ("testimony",))
    answers += [
        nobody.ask("GET", "/api/token"),
        nobody.ask("GET", "/api/token", Authorization="Bearer"),
        nobody.ask("GET", "/api/token", Authorization=f"Basic {right}"),
        nobody.ask("GET", "/api/token", Cookie=f"estelik={right}"),
        nobody.ask("GET", "/api/token", Authorization="Bearer \xff\xfe"),
    ]
    answers.append(nobody.ask("GET", f"/api/token?token={right}"))
    assert {one.status for one in answers} == {401}
    assert len({one.data for one in answers}) == 1
    assert {one.headers["www-authenticate"] for one in answers} == {"Bearer"}
    varying = {"content-security-policy"}
    assert (
        len({tuple(sorted((k, v) for k, v in one.headers.items() if k not in varying)) for one in answers})
        == 1
    )


def test_when_an_answer_comes_tells_nothing(desk: Served, folder: Path) -> None:
    """A token that was withdrawn while it was in use takes as long as none."""
    gone = token_for(folder, "gone later", ("testimony",))
    assert Program(desk, gone).ask("GET", "/api/token").status == 200
    withdrawn(folder, gone)

    def taken(text: str) -> float:
        before = time.perf_counter()
        assert Program(desk, text).ask("GET", "/api/token").status == 401
        return time.perf_counter() - before

    times: dict[str, list[float]] = {text: [] for text in (gone, NEVER, "", "malformed")}
    for _ in range(7):
        for text, found in times.items():
            found.append(taken(text))
    # The quickest of several: what else is at work on this computer only adds to it.
    quickest = [min(found) for found in times.values()]
    assert min(quickest) >= 0.25
    assert max(quickest) - min(quickest) < 0.05


def test_a_token_opens_nothing_while_its_member_is_away(folder: Path) -> None:
    """Before she signs in, after she signs out, after a lock: then nobody's keys are there."""
    text = token_for(folder, "waits", ("testimony",))
    with serving(folder) as there:
        program = Program(there, text)
        assert program.ask("GET", "/api/token").status == 401
        cookie = there.signed_in()
        assert program.ask("GET", "/api/token").status == 200
        there.asked("POST", "/sign-out", {}, Origin=there.origin, Cookie=cookie)
        assert program.ask("GET", "/api/token").status == 401
        there.signed_in()
        assert program.ask("GET", "/api/token").status == 200
        there.asked("POST", "/lock", {}, Origin=there.origin)
        time.sleep(1.5)
        assert program.ask("GET", "/api/token").status == 401


def test_a_program_does_not_keep_its_member_signed_in(folder: Path) -> None:
    """However often it asks: she is away, and the desk locks itself."""
    text = token_for(folder, "busy", ("testimony",))
    with serving(folder, "--idle", "2s") as there:
        there.signed_in()
        program, answers = Program(there, text), []
        end = time.monotonic() + 30
        while 401 not in answers and time.monotonic() < end:
            answers.append(program.ask("GET", "/api/token").status)
            time.sleep(0.1)
        assert answers[0] == 200
        assert answers[-1] == 401


def test_a_token_sees_its_own_compartments_and_its_members(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One for a member at a seat is lent from what she has open, and from nothing of the coordinator's."""
    folder = office(tmp_path / "casebook", monkeypatch, hidden=True)
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    hers = token_for(folder, "hers", ("testimony",), member="Ana")
    with serving(folder) as there:
        there.signed_in()
        assert Program(there, hers).ask("GET", "/api/token").status == 401
        at_seat(there)
        said = Program(there, hers).ask("GET", "/api/token").said
        assert (said["member"], said["compartments"]) == ("Ana", ["testimony"])
        words = Program(there, hers).ask("POST", "/api/words", {"words": "LEAKED"}).said
        assert words == {"found": []}


def test_a_token_withdrawn_elsewhere_is_refused_at_the_next_request(desk: Served, folder: Path) -> None:
    """Though its casebook was open."""
    text = token_for(folder, "cut", ("testimony", "source"))
    program = Program(desk, text)
    assert program.ask("POST", "/api/names", {"words": "Saule"}).status == 200
    withdrawn(folder, text)
    assert program.ask("POST", "/api/names", {"words": "Saule"}).status == 401


def test_no_cookie_works_for_programs_and_no_token_for_pages(desk: Served, folder: Path) -> None:
    """Neither beside the other."""
    cookie, text = desk.signed_in(), token_for(folder, "pages", ("testimony",))
    assert Program(desk, "").ask("GET", "/api/token", Cookie=cookie).status == 401
    bearer = f"Bearer {text}"
    for path in ("/", "/people", "/registry", "/review", "/intake"):
        status, said, _ = desk.asked("GET", path, Authorization=bearer)
        assert (status, said["location"]) == (303, "/sign-in")
    assert (
        desk.asked("POST", "/people", {"words": "Saule"}, Authorization=bearer, Origin=desk.origin)[0] == 303
    )


def test_another_page_can_ask_for_nothing(desk: Served, folder: Path) -> None:
    """No origin is allowed, and a request that says it comes from one is refused."""
    program = Program(desk, token_for(folder, "page", ("testimony",)))
    answer = program.ask("GET", "/api/token", Origin="https://elsewhere.example")
    assert not {name for name in answer.headers if name.startswith("access-control")}
    there = program.ask("POST", "/api/names", {"words": "Saule"}, Origin="https://elsewhere.example")
    assert there.status == 403
    assert there.headers["content-type"] == "application/problem+json"
    before = program.ask("OPTIONS", "/api/names", Origin="https://elsewhere.example")
    assert before.status in {403, 405}
    assert not {name for name in before.headers if name.startswith("access-control")}


def test_who_asks_too_often_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each token by itself; and is answered again after a while."""
    now = [0.0]
    monkeypatch.setattr("estelik.web.bearers.clock", lambda: now[0])
    nothing: Any = Opened(*[cast("Any", None)] * 4)
    one = Bearer("d", "n", "m", nothing, nothing)
    waits = [one.wait() for _ in range(601)]
    assert waits[:600] == [0.0] * 600
    assert 0 < waits[600] < 1
    now[0] += waits[600] + 0.001
    assert one.wait() == 0.0
