"""EDTF expressions, all different, nothing remembered from one to the next.

The forms of sheets (days, months, years, intervals, seasons, doubts, one of
several) in 100,000 expressions of which no two are alike. Beside us the
libraries edtf 5 and undate, each on those of a sample that it can read; the
first and the last day are the same.
"""

from __future__ import annotations

import random
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from bench.measure import Row, scaled, seconds, table
from estelik.chronology.edtf import parse, strict_bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    Read = Callable[[str], tuple[Any, Any]]
    Days = Callable[[tuple[Any, Any]], tuple[str, str]]

BAR = 100_000
_SAMPLE = 400


def main() -> None:
    """Measures, compares, prints."""
    texts = expressions(scaled(100_000, 400))
    uncached = parse.__wrapped__
    ours = len(texts) / seconds(lambda: [uncached(text) for text in texts], 9)
    sample = texts[: scaled(_SAMPLE, 60)]
    rows = [Row("Estelik", ours, 1, len(texts)), _edtf(sample), _undate(sample)]
    table("expressions", rows, BAR)
    for form, those in _by_form(texts).items():
        took = seconds(partial(_each, uncached, those), 3)
        print(f"    {form:36}{len(those) / took:16,.0f}")


def _each(read: Callable[[str], object], texts: list[str]) -> None:
    for text in texts:
        read(text)


def expressions(count: int, seed: int = 1) -> list[str]:
    """``count`` different expressions in the proportions of a sheet, in no order."""
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[_expression(draw)] = None
    return list(found)


def _day(draw: random.Random) -> date:
    return date.fromordinal(draw.randrange(date(1900, 1, 1).toordinal(), date(2100, 1, 1).toordinal()))


def _expression(draw: random.Random) -> str:
    day = _day(draw)
    later = date.fromordinal(day.toordinal() + draw.randrange(1, 4_000))
    iso, until = day.isoformat(), later.isoformat()
    mark = draw.choice(("?", "~", "%"))
    forms = (
        (30, iso),
        (10, iso[:7]),
        (5, iso[:4]),
        (15, f"{iso}/{until}"),
        (10, f"{iso[:7]}/{until[:7]}"),
        (5, f"{iso[:4]}/{until}"),
        (5, f"{iso}/.."),
        (8, iso + mark),
        (3, iso[:7] + mark),
        (3, f"{day.year}-{draw.choice((21, 22, 23))}"),
        (2, f"{iso[:7]}-XX"),
        (4, f"[{iso},{until}]"),
    )
    return draw.choices([form for _, form in forms], [often for often, _ in forms])[0]


def _by_form(texts: list[str]) -> dict[str, list[str]]:
    """The expressions by what they look like, the digits aside."""
    found: dict[str, list[str]] = {}
    for text in texts:
        form = "".join("0" if letter.isdigit() else letter for letter in text).translate(
            str.maketrans("~%", "??")
        )
        if form == "0000-00" and text[5] == "2":
            form = "0000-21"
        found.setdefault(form, []).append(text)
    return {form: those for form, those in found.items() if len(those) >= 20}


def _edtf(texts: list[str]) -> Row:
    from edtf import parse_edtf

    def bounds(text: str) -> tuple[Any, Any]:
        parsed = parse_edtf(text)
        return parsed.lower_strict(), parsed.upper_strict()

    def days(found: tuple[Any, Any]) -> tuple[str, str]:
        first, last = (str(d) if isinstance(d, float) else date(*d[:3]).isoformat() for d in found)
        return first, last

    return _compared("edtf 5, bounds included", texts, bounds, days)


def _undate(texts: list[str]) -> Row:
    from undate import Undate, UndateInterval  # type: ignore[import-untyped]

    def bounds(text: str) -> tuple[Any, Any]:
        parsed = Undate.parse(text, "EDTF")
        if isinstance(parsed, UndateInterval):
            return (
                parsed.earliest.earliest if parsed.earliest else None,
                parsed.latest.latest if parsed.latest else None,
            )
        return parsed.earliest, parsed.latest

    def days(found: tuple[Any, Any]) -> tuple[str, str]:
        first, last = found
        return "-inf" if first is None else str(first), "inf" if last is None else str(last)

    return _compared("undate, bounds included", texts, bounds, days)


def _compared(name: str, texts: list[str], bounds: Read, days: Days) -> Row:
    """The row of a library, over the expressions it can read; its days must be ours."""
    readable = []
    for text in texts:
        try:
            found = bounds(text)
        except Exception:  # noqa: BLE001, S112 (each library has errors of its own)
            continue
        readable.append(text)
        assert days(found) == strict_bounds(text), text
    assert len(readable) > len(texts) / 2
    took = seconds(lambda: [bounds(text) for text in readable], 3)
    return Row(name, len(readable) / took, 1, len(readable))


if __name__ == "__main__":
    main()
