"""Prose: what the desk reads back, as rules by which it is read again.

Whatever sentence ``language.statements`` can make of a statement can be typed; the rules follow the catalogs,
so that a translator's correction changes both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from estelik.intake.pattern import escaped
from estelik.language.reader import N_, reader
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.intake.table import Rule

_PLACE = re.compile(r"%\(([a-z]+)\)s")


def _template(language: str, message: str, **slots: str) -> str:
    """A sentence's translation as a pattern, its places as slots; the full stop at its end left out."""
    text = (
        unicodedata.normalize("NFKC", str(reader(language).gettext(message))).replace("%%", "%").rstrip(".。")
    )
    parts = _PLACE.split(text)
    out = [escaped(parts[0])]
    for name, rest in zip(parts[1::2], parts[2::2], strict=True):
        out += [slots.get(name, f"{{{name}}}"), escaped(rest)]
    return "".join(out).strip()


def months(language: str) -> Mapping[str, list[str]]:
    """The names of months by number, alone and beside a day."""
    own = reader(language)
    return {
        str(number): [escaped(str(own.month(number, alone=alone))) for alone in (True, False)]
        for number in range(1, 13)
    }


def seasons(language: str) -> Mapping[str, list[str]]:
    """The names of seasons by EDTF's number."""
    names = {"21": N_("spring"), "22": N_("summer"), "23": N_("autumn"), "24": N_("winter")}
    return {number: [escaped(str(reader(language).gettext(name)))] for number, name in names.items()}


@cache
def dates(language: str) -> list[Rule]:
    """Dates by their parts."""
    year = _template(language, "%(year)s")
    whole = "between %(first)s and %(last)s %(year)s"
    day = _template(language, "%(day)s %(month)s")
    return [
        (_template(language, "%(day)s %(month)s %(year)s"), "day"),
        (_template(language, "%(month)s %(year)s"), "month"),
        (_template(language, "%(season)s %(year)s"), "season"),
        (year, "year"),
        (_template(language, "the %(year)ss", year="{decade}"), "decade"),
        (_template(language, whole, first="{month}", last="{month}"), "months to"),
        (_template(language, whole, first=day, last=day), "days to"),
    ]


@cache
def when(language: str) -> list[Rule]:
    """What is said of dates."""
    one, two = {"date": "{date}", "when": "{date}"}, {"first": "{date}", "last": "{date}", "second": "{date}"}
    rules = [
        ("in %(date)s", "at"),
        ("on %(date)s", "at"),
        ("not before %(date)s", "not before"),
        ("not after %(date)s", "until"),
        ("%(when)s, about", "about"),
        ("%(when)s, not certain", "perhaps"),
        ("between %(first)s and %(last)s", "between"),
        ("%(first)s or %(second)s", "or"),
    ]
    return [(_template(language, text, **one, **two), how) for text, how in rules]


@cache
def ages(language: str) -> list[Rule]:
    """Ages."""
    return [
        (_template(language, "at the age of %(age)s", age="{number}"), ""),
        (_template(language, "at the age of about %(age)s", age="{n}"), "about"),
        (_template(language, "between the ages of %(low)s and %(high)s", low="{n}", high="{n}"), "range"),
    ]


@cache
def relations(language: str) -> list[list[str]]:
    """How an event lies to another, or to the telling."""
    rules = [
        ("after %(event)s", "after"),
        ("before %(event)s", "before"),
        ("%(length)s after %(event)s", "after"),
        ("%(length)s before %(event)s", "before"),
        ("around the same time as %(event)s", "around"),
        ("after it was told", "after told"),
        ("before it was told", "before told"),
        ("%(length)s after it was told", "after told"),
        ("%(length)s before it was told", "before told"),
        ("at about the time when it was told", "around told"),
    ]
    made = [[_template(language, text), how] for text, how in rules]
    return [*made, [_template(language, "on the same day as %(event)s"), "after", "P0D"]]


@cache
def cells(language: str) -> list[list[str | dict[str, str]]]:
    """Places, actors and facts."""
    out: list[list[str | dict[str, str]]] = [
        [_template(language, "Moved to %(place)s"), {"event": "transfer", "place": "{place}"}],
        [_template(language, "place: %(place)s", place="{words}"), {"place": "{words}"}],
        [_template(language, "done by: %(actor)s", actor="{words}"), {"by": "{words}"}],
    ]
    for code, kind in vocabulary().facts.items():
        name = _template(language, kind.label)
        which = _template(language, "%(fact)s (%(which)s)", fact=name, which="{which}")
        of = {"fact": code, "value": "{words}"}
        out += [
            [_template(language, "%(fact)s: %(value)s", fact=name, value="{words}"), of],
            [
                _template(language, "%(fact)s: %(value)s", fact=which, value="{words}"),
                {"fact": code + ":{which}", "value": "{words}"},
            ],
        ]
        for message, answer in (
            ("%(what)s: could not say.", "unknown"),
            ("%(what)s: would not say.", "refused"),
        ):
            out += [
                [_template(language, message, what=name), {"fact": code, "answer": answer}],
                [
                    _template(language, message, what=which),
                    {"fact": code + ":{which}", "answer": answer},
                ],
            ]
    return out


@cache
def answers(language: str) -> dict[str, list[str]]:
    """What says that something was not so, is still to come, could not or would not be said."""
    return {
        "not": [_around(language, "Not so: %(what)s.")],
        "expected": [_around(language, "Still to come when told: %(what)s.")],
        "unknown": [_around(language, "%(what)s: could not say.")],
        "refused": [_around(language, "%(what)s: would not say.")],
    }


def _around(language: str, message: str) -> str:
    """The words around what is said."""
    text = _template(language, message, what="")
    return text.strip(":： ")
