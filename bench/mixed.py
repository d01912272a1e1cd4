"""Mixed lives: invented statements in the proportions a real casebook has.

Of every hundred lives about a dozen contradict themselves, a tenth hold a date
that is one of several, a few are tied to a sister's, and most have ages,
durations and hearsay beside dates. Each source tells of a life on one day;
each cellmate tells of four lives, so that the make-up is the same however many
there are.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator


def mixed_lives(count: int, seed: int = 1) -> Iterator[Statement]:
    """About ten statements for each of ``count`` invented lives."""
    draw = random.Random(seed)
    for number in range(count):
        yield from _life(draw, number)


def _life(draw: random.Random, number: int) -> Iterator[Statement]:
    who = f"P{number:06d}"
    born = date(1940, 1, 1) + timedelta(days=draw.randrange(18_000))
    taken = date(2016, 6, 1) + timedelta(days=draw.randrange(900))
    out = taken + timedelta(days=draw.randrange(200, 900))
    home = out + timedelta(days=draw.randrange(5, 300))
    told = home + timedelta(days=draw.randrange(30, 900))
    wrong = draw.random()
    serial = 0
    sources = (who, f"sister of {who}", f"cellmate {number // 4}")
    visits = {source: _date(draw, told, 0.6) for source in sources}

    def say(event: str, **cells: str) -> Statement:
        nonlocal serial
        serial += 1
        source = draw.choice(sources)
        cells.setdefault("told", visits[source])
        return Statement(
            statement=f"{who}.{serial}",
            about=who,
            source=source,
            event=event,
            role=draw.choice(("perceived", "told", "told", "document")),
            grade=draw.choice(("", "", "B2", "C3", "A1")),
            **cells,  # type: ignore[arg-type]
        )

    yield say("birth", when=str(born.year))
    age = (taken - born).days * 400 // 146_097
    if 0.05 < wrong < 0.10:
        age += 4
    yield say("camp-entry", age=str(age))
    yield say("camp-entry", when=_date(draw, taken, 0.3), place=f"camp {number % 211}")
    if draw.random() < 0.1:
        season = {12: 24, 1: 24, 2: 24}.get(taken.month, 21 + (taken.month - 3) // 3)
        yield say("camp-entry", when=f"{taken.year}-{season}")
    days = (out - taken).days
    months = round(days / 30.4375)
    if wrong < 0.05:
        months += 14
    yield say("release", after="camp-entry", gap=f"P{months}M")
    if draw.random() < 0.3:
        yield say("release", when=_date(draw, out, 0.2))
    if draw.random() < 0.05:
        yield say("release", after="camp-entry", gap="[P1Y,P3Y]", layer="presumption")
    yield say("arrival", after="release", when=f"{home.year}")
    yield say("arrival", before="told", gap=">=P1M")
    yield say("missing", before="camp-entry", gap="<=P1Y")
    yield say("passport-taken", when=f"{taken.year - 1}/{taken.year}", layer="background")
    if number % 25 == 1:
        yield say(
            "contact-lost", after=f"P{number - 1:06d}/missing", gap="<=P1Y", when=f"{taken.year - 2}/2022"
        )


def _date(draw: random.Random, day: date, precise: float) -> str:
    chance = draw.random()
    if chance < precise:
        return day.isoformat()
    return day.isoformat()[:7] if chance < precise + 0.3 else str(day.year)
