"""Desk: how soon its pages are there in a large casebook, for one member and for many at once.

    DESK=FOLDER BENCH_SIZE=0.1 python -m bench desk

A casebook of invented people with ten statements and two names each, made once in ``DESK`` (otherwise in a
folder that goes afterwards), is served as `estelik serve` does and asked over loopback. Its key costs
nothing: what signing in takes is the desk's. Of many at once each asks for a page in every second, at a
moment of her own, drawn at random: people do not ask in turn, nor all in one instant; members are sessions of
one seat. Of a core: the processor time of the desk, by request; it suffers less from neighbours than the time
on the clock does.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from html import unescape
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from msgspec.structs import replace

from bench.measure import scaled, verdict
from bench.mixed import mixed_lives

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estelik.records import Statement

PEOPLE: Final = 100_000
_PASSPHRASE: Final = "a sentence for measuring only"  # noqa: S105 (of invented people)
#: What must hold: seconds of a page (p95) and of the start, searches a second, bytes of a page, MiB of the
#: process with nobody at work and with all.
_PAGE, _START, _SEARCHES, _SIZE, _IDLE, _BUSY = 0.1, 3.0, 50, 150_000, 250, 2048
#: Requests of a kind by one client, clients at once and what each asks, clients that search.
_ASKED, _CLIENTS, _EACH, _SEARCHING = 40, 20, 6, 16
#: Seconds in each of which a client asks once, where many are at work at once.
_PAUSE: Final = 1.0
#: Seconds in which everybody has to be looked at.
_PATIENCE: Final = 3600
_SYLLABLES: Final = (
    *("ай", "бек", "гүл", "дар", "ер", "жан", "зар", "кен", "лан", "мар", "нұр", "қай", "рат", "сая"),
    *("тол", "ұлы", "хан", "шол", "ырыс", "бай", "дос", "мұх", "сер", "тай"),
)
#: In the order of these letters; those that sound alike fall together.
_CYRILLIC: Final = "абвгғдежзийкқлмнңоөпрстуұүфхшыі"
_LATIN: Final = (
    *("a", "b", "v", "g", "gh", "d", "e", "zh", "z", "i", "y", "k", "q", "l", "m", "n", "ng", "o", "o", "p"),
    *("r", "s", "t", "u", "u", "u", "f", "kh", "sh", "y", "i"),
)
_LIFE: Final = re.compile(r'href="(/life/[^"]+)"')
#: The addresses of some people, once they were looked for: the same in every session.
_LIVES: Final[list[str]] = []
_TELLING: Final = re.compile(r'name="telling" [^>]*value="(\w+)"')
_LOOKING: Final = "still looking"
#: What is typed while somebody tells.
_LINES: Final = (
    "taken on 3 March 2018 in Tekes",
    "released a year and nine months later",
    "moved to the camp in the spring of 2018",
    "she was 76",
)


class Asked(NamedTuple):
    """An answer: seconds, bytes, and what it says."""

    seconds: float
    size: int
    text: str


class Client:
    """A member with a browser that keeps its connection."""

    def __init__(self, address: str) -> None:
        self._origin = address.rstrip("/")
        self._connection = http.client.HTTPConnection("127.0.0.1", urlsplit(address).port, timeout=600)
        self._cookie = ""
        self._telling: dict[str, str] = {}

    def sign_in(self) -> None:
        """Gives the passphrase."""
        self._ask("POST", "/sign-in", {"passphrase": _PASSPHRASE})
        assert self._cookie, "not signed in"

    def page(self, path: str) -> Asked:
        """A page."""
        return self._ask("GET", path, None)

    def act(self, path: str, form: dict[str, str], *, part: bool = False) -> Asked:
        """A form, as the page sends it, or as a key press does."""
        return self._ask("POST", path, form | self._telling, part=part)

    @contextmanager
    def visited(self, source: str) -> Iterator[None]:
        """Somebody (``source``) sits beside her and tells of herself; nothing is left of it."""
        self.act("/intake/agreed", {"agreed": "yes"})
        self.act("/intake/begin", {"source": source, "about": source, "language": "kk"})
        found = _TELLING.search(self.page("/intake").text)
        assert found is not None, "no telling"
        # Each form of its pages names it.
        self._telling = {"telling": found[1]}
        try:
            yield
        finally:
            self.act("/visitor/left", {"passphrase": _PASSPHRASE, "what": "nothing"})
            self._telling = {}

    def _ask(self, method: str, path: str, form: dict[str, str] | None, *, part: bool = False) -> Asked:
        headers = {"Cookie": self._cookie, "Origin": self._origin, "Accept-Language": "en"}
        headers["Host"] = urlsplit(self._origin).netloc
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if part:
            headers["HX-Request"] = "true"
        start = time.perf_counter()
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except ConnectionError:
            # The desk lets go of a connection that nobody used for a while; a browser makes another.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        data = answer.read()
        took = time.perf_counter() - start
        assert answer.status in (200, 303), f"{method} {path.split('/')[1]}: {answer.status}"
        if given := answer.getheader("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        return Asked(took, len(data), data.decode())


class Desk(NamedTuple):
    """A desk that is served: its address, and the number of the process that holds the casebook."""

    address: str
    process: int

    def core(self) -> float:
        """Seconds of a core that it has used, with threads that ended."""
        # Linux: the number of the clock of a process (include/linux/posix-timers.h).
        return time.clock_gettime(~self.process << 3 | 2)

    def memory(self, what: str = "VmRSS") -> float:
        """MiB that lie in memory; ``what`` may be "VmHWM": the most that ever did."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(status.partition(f"{what}:")[2].split()[0]) / 1024


def main() -> None:
    """Measures, and prints; fails where a page is not there."""
    given = os.environ.get("DESK")
    count = scaled(PEOPLE, 200)
    # As for every user after the first call: Python has kept what it compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as made:
        case = Path(given or made) / f"case-{count}"
        if not case.exists():
            _make(case, count)
        _measure(case, count)


def _make(case: Path, count: int) -> None:
    from estelik.casebook import Casebook
    from estelik.vault.keys import Cost

    start, new = time.perf_counter(), case.with_suffix(".new")
    with Casebook.create(new, _PASSPHRASE.encode(), cost=Cost(8, 1, 1)) as casebook:
        entered = casebook.add_statements(_told(count)).imported
        casebook.namesakes().place(few=0)
        casebook.passages().file(few=0)
    new.rename(case)
    print(f"  {entered:,} statements about {count:,} people entered in {time.perf_counter() - start:,.0f} s")


def _told(count: int) -> Iterator[Statement]:
    """Mixed lives (``bench.mixed``) whose labels are Latin names, each with the name in Cyrillic."""
    from estelik.records import Statement

    names = list(_names(count))
    latin = [_latin(one) for one in names]
    seen = 0
    for one in mixed_lives(count):
        number = int(one.about[1:])
        if number >= seen:
            seen = number + 1
            told = (("name", names[number], "kk"), ("sex", ("female", "male")[number % 2], ""))
            for fact, value, language in told:
                yield Statement(
                    f"{fact}{number}", latin[number], source="list", told="2020", fact=fact, value=value,
                    language=language,
                )  # fmt: skip
        # Nobody hangs on another by a cellmate's or a sister's label.
        source = latin[number] if one.source == one.about else one.source
        other, _, event = one.after.partition("/")
        after = f"{latin[int(other[1:])]}/{event}" if event else one.after
        place = f"camp {number % 211}, county {number % 211 % 53}" if one.place else ""
        yield replace(one, about=latin[number], source=source, after=after, place=place)


def _names(count: int) -> Iterator[str]:
    """Different names of two or three words, some words far more frequent than others (Zipf)."""
    draw = random.Random(5)
    words = sorted({"".join(draw.choices(_SYLLABLES, k=draw.choice((2, 2, 3)))) for _ in range(9_000)})
    draw.shuffle(words)
    given, families = words[:1_500], words[1_500:]
    often = [list(accumulate(1 / (rank + 20) for rank in range(len(one)))) for one in (given, families)]
    known: set[str] = set()
    while len(known) < count:
        (first,), (last,) = (
            draw.choices(one, cum_weights=weights)
            for one, weights in zip((given, families), often, strict=True)
        )
        father = (
            draw.choice(given) + ("қызы" if draw.random() < 0.5 else "ұлы") if draw.random() < 0.4 else ""
        )
        name = " ".join(word.capitalize() for word in (first, father, last) if word)
        if name not in known:
            known.add(name)
            yield name


def _latin(name: str) -> str:
    letters = dict(zip(_CYRILLIC, _LATIN, strict=True))
    words = ("".join(letters.get(letter, letter) for letter in word.lower()) for word in name.split())
    return " ".join(word.capitalize() for word in words)


def _opened(case: Path) -> None:
    """Opens the casebook once: indices that came with a later Estelik are made then, and only then."""
    from estelik.casebook import Casebook

    start, core = time.perf_counter(), time.process_time()
    Casebook.open(case, _PASSPHRASE.encode()).close()
    took, used = time.perf_counter() - start, time.process_time() - core
    print(f"  opened by a command, before: {took:.2f} s, {used:.2f} s of a core")


def _measure(case: Path, count: int) -> None:
    _opened(case)
    command = [sys.executable, "-m", "estelik", "serve", "--no-browser", "--casebook", str(case)]
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None, "no desk"
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        desk = Desk(found[0], int(children[0]))
        client = Client(desk.address)
        open_ = time.perf_counter() - start
        idle = desk.memory()
        client.sign_in()
        client.page("/")
        _held("first page, with signing in", time.perf_counter() - start, _START)
        print(f"    of these {open_:.2f} s until the door is open; {desk.core():.2f} s of a core in all")
        print(f"  memory before anybody signs in: {idle:,.0f} MiB   {verdict(idle < _IDLE)}: under {_IDLE}")
        _asked_of(desk, client, count)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _asked_of(desk: Desk, client: Client, count: int) -> None:
    words = _searched(count)
    print("| | p50 | p95 | of a core | largest page |")
    print("|---|---|---|---|---|")
    begun, core = time.perf_counter(), desk.core()
    for kind in ("home", "person", "search"):
        _row(desk, f"{kind}, while everybody is looked at", _kinds(client, words)[kind], _ASKED)
    while _LOOKING in client.page("/").text:
        assert time.perf_counter() - begun < _PATIENCE, "still looking"
        time.sleep(2)
    looked, used = time.perf_counter() - begun, desk.core() - core
    for kind, ask in _kinds(client, words).items():
        _row(desk, kind, ask, _ASKED, bar=True)
    with client.visited(words[0]):
        _row(desk, "intake, a line", _line(client), _ASKED, bar=True)
    clients = [Client(desk.address) for _ in range(_CLIENTS)]
    for one in clients:
        one.sign_in()
    for kind in (*_kinds(client, words), "one of these by turns"):
        _together(desk, kind, [_ask(one, kind, words) for one in clients])
    with ExitStack() as visits:
        for number, one in enumerate(clients):
            visits.enter_context(one.visited(words[number]))
        _together(desk, "intake, a line", [_line(one) for one in clients])
    _rate(desk, clients[:_SEARCHING], words)
    memory, most = desk.memory(), desk.memory("VmHWM")
    print(f"  everybody was looked at after {looked:,.0f} s, {used:,.0f} s of a core")
    print(
        f"  memory with {_CLIENTS} sessions: {memory:,.0f} MiB, at most {most:,.0f}"
        f"   {verdict(most < _BUSY)}: under {_BUSY}"
    )


def _ask(client: Client, kind: str, words: list[str]) -> Callable[[int], Asked]:
    """What a client asks of a ``kind``, or of each kind by turns."""
    kinds = _kinds(client, words)
    every = list(kinds.values())
    return kinds.get(kind, lambda number: every[number % len(every)](number))


def _line(client: Client) -> Callable[[int], Asked]:
    """Asks what a line says, as it is typed: a letter or two more each time."""

    def asked(number: int) -> Asked:
        text = _LINES[number // 10 % len(_LINES)]
        typed = text[: 4 + len(text) * (number % 10 + 1) // 10]
        return client.act("/intake/line", {"line": typed}, part=True)

    return asked


def _kinds(client: Client, words: list[str]) -> dict[str, Callable[[int], Asked]]:
    """What is asked, by what it is called; the number says whom it is about."""

    def search(number: int) -> Asked:
        return client.act("/people", {"words": words[number % len(words)]}, part=True)

    def life(number: int) -> str:
        if not _LIVES:
            _LIVES.extend(
                unescape(one) for word in words[:12] for one in _LIFE.findall(_text(client, word))[:4]
            )
        return _LIVES[number % len(_LIVES)]

    return {
        "home": lambda _: client.page("/"),
        "person": lambda number: client.page(life(number)),
        "search": search,
        "others where she was": lambda number: client.page(f"{life(number)}/near/1"),
        "who tells, as typed": lambda number: client.act(
            "/intake/who", {"source": words[number % len(words)]}, part=True
        ),
        "registry": lambda _: client.page("/registry"),
        "registry, filtered": lambda number: client.act("/registry", {"since": str(2010 + number % 8)}),
    }


def _text(client: Client, word: str) -> str:
    return client.act("/people", {"words": word}, part=True).text


def _searched(count: int) -> list[str]:
    """Beginnings of names, as they are typed, in both scripts."""
    draw = random.Random(9)
    names = list(_names(count))
    out = []
    for number in range(200):
        name = draw.choice(names)
        name = name if number % 2 else _latin(name)
        out.append(name[: draw.randint(min(4, len(name)), len(name))].strip())
    return out


def _row(desk: Desk, kind: str, ask: Callable[[int], Asked], count: int, *, bar: bool = False) -> None:
    # What is read once for all is read before.
    ask(0)
    core = desk.core()
    found = [ask(number + 1) for number in range(count)]
    _print(kind, found, (desk.core() - core) / count, bar=bar)


def _together(desk: Desk, kind: str, asks: list[Callable[[int], Asked]]) -> None:
    with ThreadPoolExecutor(len(asks)) as threads:
        list(threads.map(lambda ask: ask(0), asks))
        core, begun = desk.core(), time.perf_counter()

        def asked(place: int) -> list[Asked]:
            out, draw = [], random.Random(place)
            for number in range(_EACH):
                due = begun + (number + draw.random()) * _PAUSE
                time.sleep(max(0.0, due - time.perf_counter()))
                out.append(asks[place](place * _EACH + number))
            return out

        found = [one for part in threads.map(asked, range(len(asks))) for one in part]
    _print(f"{kind}, {len(asks)} at once", found, (desk.core() - core) / len(found), bar=True)


def _rate(desk: Desk, clients: list[Client], words: list[str]) -> None:
    asks = [_kinds(one, words)["search"] for one in clients]
    start, core, count = time.perf_counter(), desk.core(), 10
    with ThreadPoolExecutor(len(clients)) as threads:
        list(
            threads.map(
                lambda place: [asks[place](place * count + number) for number in range(count)],
                range(len(asks)),
            )
        )
    took, used, asked = time.perf_counter() - start, desk.core() - core, count * len(clients)
    print(
        f"  searches by {len(clients)} at once: {asked / took:,.0f} a second, {asked / used:,.0f} a second of"
        f" a core   {verdict(asked / took >= _SEARCHES)}: at least {_SEARCHES}"
    )


def _print(kind: str, found: list[Asked], core: float, *, bar: bool) -> None:
    took = sorted(one.seconds for one in found)
    high, largest = took[min(len(took) - 1, int(0.95 * len(took)))], max(one.size for one in found)
    held = f" {verdict(high < _PAGE)}" if bar else ""
    size = "" if largest < _SIZE else " MISSED"
    print(
        f"| {kind} | {statistics.median(took) * 1000:,.0f} ms | {high * 1000:,.0f} ms{held} "
        f"| {core * 1000:,.0f} ms | {largest / 1000:,.0f} kB{size} |",
        flush=True,
    )


def _held(what: str, seconds: float, bar: float) -> None:
    print(f"  {what}: {seconds:.2f} s   {verdict(seconds < bar)}: under {bar:.0f} s")


if __name__ == "__main__":
    main()
