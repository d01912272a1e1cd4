"""Consents, what was done about them, and statements, drawn at random: few people, tellings and days, so that
they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from estelik.records import Statement
from estelik.records.consent import (
    AUDIENCES,
    IDENTITIES,
    MEDIA,
    PURPOSES,
    Consent,
    Consents,
    Met,
    ReprisalCheck,
    Withdrawal,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

PEOPLE: Final = ("Aigul", "Bolat", "Camila", "Daniyar", "Erlan", "Fatima")
TELLINGS: Final = ("t1", "t2", "t3", "t4", "t5")
DAYS: Final = tuple(f"2024-{month:02d}-{day:02d}" for month in range(1, 7) for day in (1, 2, 15, 28))


def pick(draw: Random, words: Sequence[Any]) -> Any:
    """One of these words, of whatever vocabulary."""
    return draw.choice(words)


def statements(draw: Random, count: int) -> list[Statement]:
    """Statements of a few people about each other, about somebody unnamed, and about places."""
    out = []
    for number in range(count):
        kind = pick(draw, ["person"] * 8 + ["place", "group"])
        about = draw.choice([*PEOPLE, *PEOPLE, "?old woman"]) if kind == "person" else "Tekes"
        out.append(
            Statement(
                f"s{number}",
                about,
                testimony=draw.choice(TELLINGS),
                source=draw.choice([*PEOPLE, ""] if draw.random() < 0.1 else PEOPLE),
                about_kind=kind,
                event="release",
                answer=pick(draw, ["yes"] * 8 + ["no", "unknown", "refused"]),
                compartment=pick(draw, ["testimony"] * 6 + ["medical", "medical", "source", "casework"]),
            )
        )
    return out


def consents(draw: Random, count: int) -> Consents:
    """Consents of these people with what was done about them."""
    given: list[Consent] = []
    acts: list[Met | Withdrawal | ReprisalCheck] = []
    for number in range(count):
        given.append(_consent(draw, f"c{number}", given))
        for at in range(draw.choice([0, 0, 0, 1, 1, 2, 3])):
            act: Any = draw.choice([Met, Withdrawal, ReprisalCheck, ReprisalCheck])
            more = {"safe": draw.random() < 0.7} if act is ReprisalCheck else {}
            acts.append(act(f"a{number}-{at}", f"c{number}", draw.choice(DAYS), "because", **more))
    return Consents(tuple(given), tuple(acts))


def _consent(draw: Random, name: str, earlier: list[Consent]) -> Consent:
    scope = pick(draw, ["testimony", "person", "all", "all"])
    of = {"testimony": draw.choice(TELLINGS), "person": draw.choice(PEOPLE), "all": ""}[scope]
    no = draw.random() < 0.1
    one, other = sorted(draw.sample(DAYS, 2))
    renewed = [one.id for one in earlier] if draw.random() < 0.2 else []
    return Consent(
        name,
        draw.choice(PEOPLE),
        scope,
        draw.choice(DAYS),
        _some(draw, AUDIENCES, 4),
        _some(draw, PURPOSES, 4),
        of=of,
        answer="no" if no else "yes",
        identity="none" if no else draw.choice(IDENTITIES),
        media=() if no else _some(draw, MEDIA, draw.randint(0, 3)),
        including=("medical",) if not no and draw.random() < 0.5 else (),
        first=one if draw.random() < 0.2 else "",
        last=other if draw.random() < 0.2 else "",
        condition="when all are here" if not no and draw.random() < 0.15 else "",
        basis=draw.choice(["consent", "consent", "guardian", "best-interest", "already-public"]),
        renews=draw.choice(renewed) if renewed else "",
    )


def _some(draw: Random, words: tuple[Any, ...], count: int) -> tuple[Any, ...]:
    chosen = set(draw.sample(words, min(count, len(words))))
    return tuple(word for word in words if word in chosen)
