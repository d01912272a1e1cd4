"""Who gets in where: every route, for everybody; and what somebody may not see changes no byte."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from tests.web.cast import ROLES, Cast, cast, passphrase_of, planted, seat_of
from tests.web.conftest import Served, serving
from tests.web.program import Program

from estelik.web.app import within
from estelik.web.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.records.statement import Compartment

#: Of every route what each gets. ``in``: the page or act answers, whatever it then says of what was sent;
#: ``door``: is led to sign in; ``visit``: is led back to what the visitor tells; ``prove``: is asked for her
#: passphrase once more; ``401``: is told that no token was shown.
#:
#: Columns: nobody; a member (documenter, medical, editor, coordinator alike: what they hold decides what they
#: see, not where they get in); a member with a visitor beside her; a member who was away too long; a token.
TABLE: Final = """
    GET  /static/{name}                        in     in    in     in    in
    GET  /drawn/{name}                         door   in    in     door  door
    GET  /sign-in                              in     in    in     in    in
    POST /sign-in                              in     in    in     in    in
    POST /lock                                 in     in    in     in    in
    POST /sign-out                             door   in    in     door  door
    POST /language                             door   in    in     door  door
    GET  /                                     door   in    visit  door  door
    GET  /people                               door   in    visit  door  door
    POST /people                               door   in    visit  door  door
    GET  /life/{address}                       door   in    visit  door  door
    GET  /registry                             door   in    visit  door  door
    POST /registry                             door   in    visit  door  door
    GET  /review                               door   in    visit  door  door
    POST /review                               door   in    visit  door  door
    POST /review/undo                          door   in    visit  door  door
    GET  /intake                               door   in    in     door  door
    POST /intake/agreed                        door   in    visit  door  door
    GET  /intake/who                           door   in    visit  door  door
    POST /intake/language                      door   in    visit  door  door
    POST /intake/who                           door   in    visit  door  door
    POST /intake/whom                          door   in    visit  door  door
    GET  /intake/cleared                       door   in    in     door  door
    POST /intake/begin                         door   in    visit  door  door
    POST /intake/go-on                         door   in    visit  door  door
    POST /intake/line                               door   in    in     door  door
    POST /intake/keep                               door   in    in     door  door
    POST /intake/fields                             door   in    in     door  door
    POST /intake/change                             door   in    in     door  door
    POST /intake/out                                door   in    in     door  door
    POST /intake/correct                            door   in    in     door  door
    POST /intake/leave                              door   in    in     door  door
    POST /intake/about                              door   in    in     door  door
    POST /intake/next                               door   in    in     door  door
    POST /intake/ask                                door   in    in     door  door
    POST /intake/differs                            door   in    in     door  door
    POST /intake/account                            door   in    in     door  door
    POST /intake/pasting                            door   in    in     door  door
    POST /intake/passage                            door   in    in     door  door
    POST /intake/read-back                          door   in    in     door  door
    GET  /intake/read-back                     door   in    in     door  door
    GET  /visitor/left                         door   in    in     door  door
    POST /visitor/left                         door   in    in     door  door
    GET  /visits                                    door   in    visit  door  door
    GET  /visits/of/{address}                       door   in    visit  door  door
    GET  /visits/{number}                           door   in    visit  door  door
    POST /visits                                    door   in    visit  door  door
    GET  /visit/{address}                           door   in    visit  door  door
    POST /visit/{address}                           door   in    visit  door  door
    GET  /office                                    door   in    visit  door  door
    POST /office/admit                              door   in    visit  door  door
    GET  /office/member/{address}                   door   in    visit  door  door
    POST /office/member/{address}/compartments      door   in    visit  door  door
    POST /office/member/{address}/withdraw          door   in    visit  door  door
    GET  /office/devices                            door   in    visit  door  door
    POST /office/devices                            door   in    visit  door  door
    GET  /office/device/{address}                   door   in    visit  door  door
    POST /office/device/{address}                   door   in    visit  door  door
    GET  /office/compartments                       door   in    visit  door  door
    POST /office/compartments                       door   in    visit  door  door
    GET  /office/seats                              door   in    visit  door  door
    POST /office/seats                              door   in    visit  door  door
    POST /office/seats/remove                       door   in    visit  door  door
    GET  /office/copies                             door   in    visit  door  door
    POST /office/copies                             door   in    visit  door  door
    GET  /office/copies/progress                    door   in    visit  door  door
    POST /office/copies/add                         door   in    visit  door  door
    POST /office/copies/remove                      door   in    visit  door  door
    GET  /office/custody                            door   in    visit  door  door
    POST /office/custody                            door   in    visit  door  door
    POST /office/custody/drill                      door   in    visit  door  door
    GET  /office/custody/progress                   door   in    visit  door  door
    GET  /office/log                                door   in    visit  door  door
    POST /office/log                                door   in    visit  door  door
    POST /registry/lists                                      door   in    visit  door  door
    POST /registry/list                                       door   in    visit  door  door
    POST /registry/lists/back                                 door   in    visit  door  door
    POST /registry/export                                     door   in    visit  door  door
    POST /registry/export/look                                door   in    visit  door  door
    GET  /registry/export/{name}                              door   in    visit  door  door
    GET  /registry/export/{name}/state                        door   in    visit  door  door
    POST /registry/export/{name}/take                         door   in    visit  door  door
    GET  /life/{address}/statement/{which}                    door   in    visit  door  door
    POST /life/{address}/statement/{which}                    door   in    visit  door  door
    POST /life/{address}/statement/{which}/grade              door   in    visit  door  door
    POST /life/{address}/take-back                            door   in    visit  door  door
    GET  /life/{address}/ask                                  door   in    visit  door  door
    POST /life/{address}/ask                                  door   in    visit  door  door
    GET  /life/{address}/consents                             door   in    visit  door  door
    POST /life/{address}/consents                             door   in    visit  door  door
    POST /life/{address}/consent                              door   in    visit  door  door
    POST /life/{address}/risk                                 door   in    visit  door  door
    POST /life/{address}/state                                door   in    visit  door  door
    GET  /life/{address}/near/{number}                        door   in    visit  door  door
    GET  /life/{address}/whole                                door   in    visit  door  door
    GET  /life/{address}/part/{asked}/{number}                door   in    visit  door  door
    GET  /life/{address}/consents/{number}                    door   in    visit  door  door
    GET  /review/contradictions                               door   in    visit  door  door
    POST /review/contradictions                               door   in    visit  door  door
    POST /review/contradictions/undo                          door   in    visit  door  door
    GET  /review/releases                                     door   in    visit  door  door
    POST /review/releases                                     door   in    visit  door  door
    GET  /review/releases/page/{number}                       door   in    visit  door  door
    GET  /review/releases/{address}                           door   in    visit  door  door
    GET  /review/releases/{address}/state                     door   in    visit  door  door
    POST /review/releases/{address}                           door   in    visit  door  door
    POST /review/releases/{address}/approve                   door   in    visit  door  door
    GET  /review/verification                                 door   in    visit  door  door
    GET  /review/verification/state                           door   in    visit  door  door
    POST /review/verification                                 door   in    visit  door  door
    POST /review/verification/undo                            door   in    visit  door  door
    POST /intake/of                                           door   in    visit  door  door
    GET  /evidence/of/{address}                               door   in    visit  door  door
    POST /evidence/of/{address}                               door   in    visit  door  door
    GET  /evidence/of/{address}/{which}                       door   in    visit  door  door
    POST /evidence/of/{address}/{which}                       door   in    visit  door  door
    POST /evidence/copy/{address}                             door   in    visit  door  door
    GET  /api/openapi.json                     in     in    in     in    in
    GET  /api/token                            401    401   401    401   in
    POST /api/names                            401    401   401    401   in
    POST /api/words                            401    401   401    401   in
    POST /api/tellers                          401    401   401    401   in
    GET  /api/lives/{address}                  401    401   401    401   in
    GET  /api/lives/{address}/status           401    401   401    401   in
    POST /api/registry                         401    401   401    401   in
    GET  /api/pairs                            401    401   401    401   in
    POST /api/pairs/{address}/decision         401    401   401    401   in
    POST /api/decisions/{address}/withdrawal   401    401   401    401   in
    POST /api/statements                       401    401   401    401   in
    GET  /api/drafts                           401    401   401    401   in
    POST /api/drafts                           401    401   401    401   in
    POST /api/drafts/{address}/lines           401    401   401    401   in
    POST /api/drafts/{address}/end             401    401   401    401   in
    POST /api/drafts/{address}/drop            401    401   401    401   in
    GET  /api/consents                         401    401   401    401   in
    POST /api/consents                         401    401   401    401   in
    POST /api/consents/{address}/withdrawal    401    401   401    401   in
    POST /api/lives/{address}/why                   401    401   401    401   in
    GET  /api/lives/{address}/encounters            401    401   401    401   in
    GET  /api/lives/{address}/evidence              401    401   401    401   in
    GET  /api/lives/{address}/decisions             401    401   401    401   in
    GET  /api/lives/{address}/verification          401    401   401    401   in
    POST /api/lives/{address}/allowance             401    401   401    401   in
    GET  /api/lists                                 401    401   401    401   in
    POST /api/lists                                 401    401   401    401   in
    POST /api/lists/{address}/withdrawal            401    401   401    401   in
    POST /api/statements/{address}/set-aside        401    401   401    401   in
    POST /api/statements/{address}/verification     401    401   401    401   in
    POST /api/statements/{address}/grade            401    401   401    401   in
    GET  /api/visits                                401    401   401    401   in
    POST /api/visits                                401    401   401    401   in
    GET  /api/visits/{address}                      401    401   401    401   in
    POST /api/visits/{address}/outcome              401    401   401    401   in
    POST /api/consents/{address}/met                401    401   401    401   in
    POST /api/consents/{address}/check              401    401   401    401   in
    GET  /api/risks                                 401    401   401    401   in
    POST /api/risks                                 401    401   401    401   in
    POST /api/risks/{address}/review                401    401   401    401   in
    POST /api/exports                               401    401   401    401   in
    GET  /api/exports/{address}                     401    401   401    401   in
    POST /api/exports/{address}/take                401    401   401    401   in
    GET  /api/releases                              401    401   401    401   in
    POST /api/releases                              401    401   401    401   in
    GET  /api/releases/{address}                    401    401   401    401   in
    POST /api/releases/{address}/mend               401    401   401    401   in
    POST /api/releases/{address}/change             401    401   401    401   in
    POST /api/releases/{address}/let                401    401   401    401   in
    POST /api/releases/{address}/approval           401    401   401    401   in
    POST /api/releases/{address}/withdrawal         401    401   401    401   in
    POST /api/taken                                 401    401   401    401   in
    POST /api/evidence                              401    401   401    401   in
    POST /api/evidence/{address}                    401    401   401    401   in
"""
#: All that somebody gets who is nobody.
OPEN: Final = {"GET /static/{name}", "GET /sign-in", "POST /sign-in", "POST /lock", "GET /api/openapi.json"}


class Row(NamedTuple):
    """A route, and what each gets there."""

    route: str
    nobody: str
    member: str
    visited: str
    idle: str
    program: str


ROWS: Final = {
    row.route: row
    for line in TABLE.splitlines()
    if line.strip()
    for method, path, *cells in [line.split()]
    for row in [Row(f"{method} {path}", *cells)]
}


def routes(tmp_path: Path) -> dict[str, HTTPRouteHandler]:
    """Every route of the application: method and path, and what answers there."""
    app = within(Desk(tmp_path, idle=1, end=1))
    found = {}
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        for handler in route.route_handlers:
            assert isinstance(handler, HTTPRouteHandler)
            for method in handler.http_methods - {"OPTIONS"}:
                path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
                found[f"{method} {path}"] = handler
    return found


def test_every_route_is_in_the_table(tmp_path: Path) -> None:
    """One that is added fails here until somebody has said who gets in."""
    there = set(routes(tmp_path))
    assert there - ROWS.keys() == set(), "say in TABLE who gets in there"
    assert ROWS.keys() - there == set(), "no longer there"


def test_what_is_installed_beside_is_not_loaded(tmp_path: Path) -> None:
    """The desk is the same on a computer on which there is more than it needs."""
    plugins = within(Desk(tmp_path, idle=1, end=1)).plugins
    assert [
        one for one in plugins if "pydantic" in type(one).__module__ or "attrs" in type(one).__module__
    ] == []


def test_the_list_of_what_is_open_is_short(tmp_path: Path) -> None:
    """Nothing else answers nobody; and what answers beside a visitor says so."""
    assert {row.route for row in ROWS.values() if row.nobody == "in"} == OPEN
    for route, handler in routes(tmp_path).items():
        assert bool(handler.opt.get("open_to_all")) is (route in OPEN), route
        if not handler.opt.get("api"):
            assert bool(handler.opt.get("beside_visitor") or route in OPEN) is (
                ROWS[route].visited == "in"
            ), route


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The cast's casebook."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield cast(tmp_path_factory.mktemp("cast") / "casebook", monkeypatch)


def signed_in(desk: Served, role: str) -> str:
    """The cookie of a new session of a role."""
    form = {"seat": str(seat_of(role)), "passphrase": passphrase_of(role)}
    status, said, text = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
    assert status == 303, text
    return said["set-cookie"].partition(";")[0]


def begin_visit(desk: Served, cookie: str) -> None:
    """Somebody sits down beside her."""
    desk.visited(cookie, "A Visitor", "A Cousin")


#: What answers beside a visitor may itself lead to what the visitor tells; that it says that it does is asked
#: above.
_BESIDE: Final = {row.route for row in ROWS.values() if row.visited == "in"}
#: What ends a session, or every session.
_ENDING: Final = ("POST /lock", "POST /sign-out")


def outcome(desk: Served, route: str, **headers: str) -> str:
    """What somebody gets at a route."""
    method, path = route.split(" ", 1)
    path = path.replace("{address}", "x").replace("{name}", "desk.css")
    path = path.replace("{which}", "x").replace("{number}", "1")
    if path.startswith("/api/"):
        found = Program(desk, "").ask(
            method, path, b"{}" if method == "POST" else None, Origin=desk.origin, **headers
        )
        status, said, text = found.status, found.headers, found.data.decode()
    else:
        form: dict[str, str] | None = {} if method == "POST" else None
        try:
            status, said, text = desk.asked(method, path, form, Origin=desk.origin, **headers)
        except TimeoutError:
            raise AssertionError(route) from None
    where = said.get("location", "")
    if status == 401:
        return "401"
    if status == 303 and where == "/sign-in":
        # Both of these lead there, and take the cookie away.
        return "in" if route in _ENDING and "estelik=" in said.get("set-cookie", "") else "door"
    if status == 303 and where == "/intake" and route not in _BESIDE:
        return "visit"
    if status == 403 and 'name="passphrase"' in text:
        return "prove"
    assert status < 500, (route, status)
    return "in"


def outcomes(desk: Served, route: str, askers: dict[str, dict[str, str]]) -> dict[str, str]:
    """What each gets at a route. Whoever is refused for a token waits a while, by design: all of them wait at
    the same time there."""

    def asked(headers: dict[str, str]) -> str:
        return outcome(desk, route, **headers)

    if "/api/" not in route:
        return {who: asked(headers) for who, headers in askers.items()}
    with ThreadPoolExecutor(len(askers)) as pool:
        return dict(zip(askers, pool.map(asked, askers.values()), strict=True))


def of_programs(desk: Served, askers: dict[str, dict[str, str]]) -> Iterator[tuple[str, Row, dict[str, str]]]:
    """Each route of programs, and what each gets there; several are asked at a time, for the same reason."""
    routes = [route for route in ROWS if "/api/" in route]
    with ThreadPoolExecutor(8) as pool:
        for route, seen in zip(
            routes, pool.map(lambda one: outcomes(desk, one, askers), routes), strict=True
        ):
            yield route, ROWS[route], seen


def test_everybody_gets_what_the_table_says(there: Cast) -> None:
    """Each member by her seat; the one with a visitor has one of her own."""
    wrong = list[str]()
    members = ["documenter", "medical", "editor", "coordinator"]
    with serving(there.folder) as desk:
        cookies: dict[str, str] = {}

        def askers() -> dict[str, dict[str, str]]:
            for role in [*members, "visited"]:
                if role not in cookies:
                    cookies[role] = signed_in(desk, role)
                    if role == "visited" and outcome(desk, "GET /", Cookie=cookies[role]) == "in":
                        begin_visit(desk, cookies[role])
            every: dict[str, dict[str, str]] = {"nobody": {}}
            every |= {role: {"Cookie": cookie} for role, cookie in cookies.items()}
            return every | {"program": {"Authorization": f"Bearer {there.tokens['documenter']}"}}

        def judge(route: str, row: Row, seen: dict[str, str]) -> None:
            said = row._asdict() | dict.fromkeys(members, row.member)
            assert seen.keys() == {"nobody", *members, "visited", "program"}
            wrong.extend(
                f"{route}: {who} {got}, not {said[who]}" for who, got in seen.items() if got != said[who]
            )

        for route, row in ROWS.items():
            if route != "POST /lock" and "/api/" not in route:
                judge(route, row, outcomes(desk, route, askers()))
                if route in (*_ENDING, "POST /sign-in"):
                    cookies.clear()
        for route, row, seen in of_programs(desk, askers()):
            judge(route, row, seen)
        assert outcome(desk, "POST /lock") == "in"
    assert wrong == []


def test_who_was_away_too_long_is_nobody(there: Cast) -> None:
    """At every route."""
    wrong = []
    with serving(there.folder, "--idle", "1s") as desk:
        cookie = signed_in(desk, "documenter")
        time.sleep(1.5)
        askers = {
            "member": {"Cookie": cookie},
            "program": {"Authorization": f"Bearer {there.tokens['documenter']}"},
        }
        every = [
            (route, row, outcomes(desk, route, askers))
            for route, row in ROWS.items()
            if route != "POST /lock" and "/api/" not in route
        ]
        every += of_programs(desk, askers)
        for route, row, seen in every:
            wrong += [f"{route}: {seen['member']}, not {row.idle}"] if seen["member"] != row.idle else []
            if row.program == "in" and row.nobody != "in" and seen["program"] == "in":
                wrong.append(f"{route}: program {seen['program']}")
    assert len(every) == len(ROWS) - 1
    assert wrong == []


#: What is hidden from each role, and from whom nothing may show of it.
_HIDDEN: Final[dict[str, tuple[Compartment, ...]]] = {
    "listener": ("source", "casework", "medical", "public"),
    "documenter": ("casework", "medical", "public"),
    "medical": ("casework", "public"),
    "editor": ("medical",),
}
#: What a program asks of each act that only looks.
_ASKED: Final[dict[str, Any]] = {
    "POST /api/names": [{"words": "Saule"}, {"words": "LEAKED"}],
    "POST /api/words": [{"words": "Saule"}, {"words": "LEAKED"}],
    "POST /api/tellers": [{"words": "a"}, {"words": "Zbigniew"}],
    "POST /api/taken": [{}, {"people": ["LEAKED-medical Saule"]}],
    "POST /api/registry": [{}, {"apart": True}, {"place": "LEAKED-medical town"}, {"limit": 1}],
}
_NONCE: Final = re.compile(rb'nonce="[^"]*"')


def looked(desk: Served, cookie: str) -> dict[str, bytes]:
    """Every page that can be looked at, by path, once everybody was looked at; and each life listed."""
    for _ in range(600):
        if "still looking" not in desk.asked("GET", "/", Cookie=cookie)[2]:
            break
        time.sleep(0.1)
    paths = [
        row.route.split()[1] for row in ROWS.values() if row.route.startswith("GET ") and row.member == "in"
    ]
    paths = [path for path in paths if "{" not in path and not path.startswith("/api/")]
    lives = re.findall(r"/life/[\w-]+", desk.asked("GET", "/registry", Cookie=cookie)[2])
    found = {}
    for path in (*paths, *dict.fromkeys(lives)):
        found[f"GET {path}"] = desk.asked("GET", path, Cookie=cookie)[2].encode()
    for path, words in (
        ("/people", "Saule"),
        ("/people", "LEAKED"),
        ("/intake/who", ""),
        ("/intake/whom", ""),
    ):
        form = {"words": words, "source": "S", "about": "S"}
        answer = desk.asked("POST", path, form, Cookie=cookie, Origin=desk.origin)[2]
        found[f"POST {path} {words}"] = answer.replace('value="LEAKED"', "").encode()
    return {path: _NONCE.sub(b"", data) for path, data in found.items()}


def answered(program: Program) -> dict[str, bytes]:
    """Every answer of an act that only looks."""
    for _ in range(600):
        if program.ask("POST", "/api/registry", {}).said["whole"]:
            break
        time.sleep(0.1)
    found = {}
    for row in ROWS.values():
        method, path = row.route.split(" ", 1)
        if row.program == "in" and method == "GET" and path.startswith("/api/") and "{" not in path:
            found[row.route] = program.ask("GET", path).data
    for route, bodies in _ASKED.items():
        for number, body in enumerate(bodies):
            found[f"{route} {number}"] = program.ask("POST", route.split()[1], body).data
    for one in program.ask("POST", "/api/registry", {"limit": 500}).said["lives"]:
        path = f"/api/lives/{one['person']['address']}"
        found[path] = program.ask("GET", path).data
        found[f"{path}/status"] = program.ask("GET", f"{path}/status?on=2016/2020").data
        for more in ("decisions", "encounters", "evidence", "verification"):
            found[f"{path}/{more}"] = program.ask("GET", f"{path}/{more}").data
        found[f"{path}/why"] = program.ask("POST", f"{path}/why", {"event": "arrest"}).data
    return found


@pytest.fixture(scope="module")
def plain(there: Cast) -> Iterator[Served]:
    """The desk of the cast, with nothing hidden."""
    with serving(there.folder) as desk:
        yield desk


@pytest.mark.parametrize("role", list(_HIDDEN))
def test_what_is_hidden_changes_not_a_byte(there: Cast, plain: Served, tmp_path: Path, role: str) -> None:
    """Of any page, nor of any answer to a program; who may see it sees it."""
    assert role in ROLES
    more = planted(there, tmp_path / "more", _HIDDEN[role])
    without = looked(plain, signed_in(plain, role)) | answered(Program(plain, there.tokens[role]))
    with serving(more.folder) as desk:
        with_ = looked(desk, signed_in(desk, role)) | answered(Program(desk, more.tokens[role]))
        everything = looked(desk, signed_in(desk, "coordinator"))
        assert any(b"LEAKED-" in data for data in everything.values())
        whole = answered(Program(desk, more.tokens["coordinator"]))
        assert any(b"LEAKED-" in data for data in whole.values())
    assert not [path for path, data in with_.items() if re.search(rb"LEAKED-|Zbigniew", data)]
    assert without.keys() == with_.keys()
    assert [path for path in without if without[path] != with_[path]] == []
