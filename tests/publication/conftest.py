"""Specimen pages. Only an age, "one year and nine months" and an article come
from a published text; everything else is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import chromium

from estelik.records import Statement
from estelik.views.course import Account, Course, Lane, Mark, Range, Row, Stint, Telling
from estelik.views.person import (
    Bounds,
    Contradiction,
    Difference,
    Encounter,
    EventRow,
    Ledger,
    LedgerLine,
    Name,
    Order,
    Outcome,
    Party,
    PersonPage,
    Question,
    Reason,
    Repair,
    Source,
    StatementLine,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

AXE = Path(__file__).resolve().parents[2] / ".node" / "node_modules" / "axe-core" / "axe.min.js"


def on(text: str) -> int:
    """The ordinal of an ISO day."""
    return date.fromisoformat(text).toordinal()


def during(first: str, last: str) -> tuple[Range, ...]:
    """One range between two ISO days."""
    return ((on(first), on(last)),)


TODAY = on("2026-11-22")

_SAID = (
    Statement(
        "1",
        "Saule",
        source="Passport of the People’s Republic of China",
        told="2026-03-12",
        event="birth",
        when="1942",
        role="document",
        grade="A1",
    ),
    Statement(
        "2",
        "Saule",
        source="Saule",
        told="2023-01-04",
        event="camp-entry",
        age="76",
        role="perceived",
        grade="B2",
        quote="I was seventy-six when they came for me.",
        language="en",
    ),
    Statement(
        "3",
        "Saule",
        source="Saule",
        told="2023-01-04",
        event="release",
        after="camp-entry",
        gap="P1Y9M",
        role="perceived",
        grade="B2",
        quote="Бір жыл тоғыз ай. Санадым.",
        language="kk",
    ),
    Statement(
        "4",
        "Saule",
        source="neighbour",
        told="2026-10-09",
        event="camp-entry",
        when="2017-03",
        role="perceived",
        grade="B2",
        quote="It was the week of Nauryz in 2017. The car stood at her gate.",
        language="en",
    ),
    Statement(
        "5",
        "Saule",
        source="niece",
        told="2024-06-20",
        event="transfer",
        after="camp-entry",
        gap="[P5M,P8M]",
        place="Mongolküre",
        via="fellow prisoner > guard",
        grade="C3",
        quote="They say she was moved before the second harvest.",
        language="en",
    ),
    Statement(
        "6",
        "Saule",
        source="Saule",
        told="2026-03-12",
        event="house-arrest-end",
        after="release",
        gap="P7M",
        role="perceived",
        grade="B2",
        quote="Then seven months inside my own walls.",
        language="en",
    ),
    Statement(
        "7",
        "Saule",
        source="Saule",
        told="2026-03-12",
        event="passport-taken",
        when="2016-23",
        role="perceived",
        grade="B2",
        quote="ئۇلار كۈزدە پاسپورتلارنى يىغىۋالدى.",
        language="ug",
    ),
    Statement(
        "8",
        "Saule",
        source="Saule",
        told="2026-03-12",
        event="arrival",
        when="2021-21",
        after="house-arrest-end",
        role="perceived",
        grade="B2",
        place="Kazakhstan",
        quote="我是在春天过境的。",
        language="zh",
    ),
    Statement("9", "Saule", source="Saule", told="2026-03-12", fact="relation", answer="refused"),
    Statement(
        "10",
        "Saule",
        source="journalist",
        told="2023-02",
        event="camp-entry",
        when="2014/..",
        layer="background",
        role="inferred",
        grade="C2",
        quote="the crackdown that began in 2014",
        language="en",
        evidence="https://example.org/article 2023-02-10",
    ),
)

_CAMP_I = Stint(
    during("2017-12-30", "2019-03-03"), during("2019-09-14", "2020-11-15"), "P1Y9M", statements=(3,)
)
_CAMP_II = Stint(during("2017-03-01", "2017-03-31"), during("2018-11-14", "2019-01-15"), statements=(3,))


def saule_page() -> PersonPage:
    """A life with a contradiction, hearsay, an open end and one that goes on."""
    moved_i = Mark(
        "transfer", during("2018-05-31", "2019-11-02"), "Mongolküre", hearsay=True, statements=(5,)
    )
    moved_ii = Mark(
        "transfer", during("2017-07-31", "2017-11-30"), "Mongolküre", hearsay=True, statements=(5,)
    )
    course = Course(
        today=TODAY,
        birth=(on("1942-01-01"), on("1942-12-31")),
        lanes=(
            Lane(
                "state",
                "passport withheld",
                (
                    Row(
                        (
                            Stint(
                                during("2016-09-01", "2016-11-30"),
                                ((on("2018-11-14"), None),),
                                statements=(7,),
                            ),
                        )
                    ),
                ),
            ),
            Lane(
                "state",
                "in camp",
                (Row((_CAMP_I,), (moved_i,), 1), Row((_CAMP_II,), (moved_ii,), 2)),
                depends=True,
            ),
            Lane(
                "state",
                "under house arrest",
                (
                    Row(
                        (
                            Stint(
                                during("2019-09-14", "2020-11-15"),
                                during("2020-03-29", "2021-05-31"),
                                "P7M",
                                statements=(6,),
                            ),
                        ),
                        account=1,
                    ),
                    Row(
                        (
                            Stint(
                                during("2018-11-14", "2019-01-15"),
                                during("2019-05-30", "2019-09-08"),
                                "P7M",
                                statements=(6,),
                            ),
                        ),
                        account=2,
                    ),
                ),
                depends=True,
            ),
            Lane(
                "place",
                "Kazakhstan",
                (
                    Row(
                        (
                            Stint(
                                during("2021-03-01", "2021-05-31"),
                                (),
                                goes_on=on("2026-03-12"),
                                statements=(8,),
                            ),
                        )
                    ),
                ),
            ),
            Lane(
                "events",
                "",
                (
                    Row(
                        marks=(
                            Mark("hospital", during("2023-01-04", "2023-01-04")),
                            Mark("letter", during("2024-02-01", "2024-03-31")),
                        )
                    ),
                ),
            ),
        ),
        tellings=(
            Telling((on("2023-01-04"),) * 2, "Saule"),
            Telling((on("2024-06-20"),) * 2, "niece"),
            Telling((on("2026-03-12"),) * 2, "Saule"),
            Telling((on("2026-10-09"),) * 2, "neighbour"),
        ),
        accounts=(Account(1, (2,), (4,)), Account(2, (4,), (2,))),
        ways=2,
    )
    events = (
        EventRow(
            "birth",
            (Bounds(during("1942-01-01", "1942-12-31"), reasons=(Reason("date", (1,), "Passport"),)),),
        ),
        EventRow(
            "passport-taken",
            (
                Bounds(
                    during("2016-09-01", "2016-11-30"), age=(73, 74), reasons=(Reason("date", (7,), "Saule"),)
                ),
            ),
            chains=1,
        ),
        EventRow(
            "camp-entry",
            (
                Bounds(
                    during("2017-12-30", "2019-03-03"),
                    1,
                    (76, 76),
                    (Reason("age", (1, 2)), Reason("before", (8,), event="arrival")),
                ),
                Bounds(during("2017-03-01", "2017-03-31"), 2, (74, 75), (Reason("date", (4,), "neighbour"),)),
            ),
            chains=2,
        ),
        EventRow(
            "transfer",
            (
                Bounds(
                    during("2018-05-31", "2019-11-02"),
                    1,
                    (76, 77),
                    (Reason("counted", (5,), event="camp-entry"),),
                ),
                Bounds(
                    during("2017-07-31", "2017-11-30"),
                    2,
                    (74, 75),
                    (Reason("counted", (5,), event="camp-entry"),),
                ),
            ),
            "Mongolküre",
            hearsay=True,
            chains=0,
        ),
        EventRow(
            "release",
            (
                Bounds(
                    during("2019-09-14", "2020-11-15"),
                    1,
                    (77, 78),
                    (Reason("counted", (3,), event="camp-entry"),),
                ),
                Bounds(
                    during("2018-11-14", "2019-01-15"),
                    2,
                    (75, 77),
                    (Reason("counted", (3,), event="camp-entry"),),
                ),
            ),
            chains=1,
        ),
        EventRow("passport-returned", (Bounds(((on("2018-11-14"), None),)),)),
        EventRow(
            "arrival",
            (
                Bounds(
                    during("2021-03-01", "2021-05-31"), age=(78, 79), reasons=(Reason("date", (8,), "Saule"),)
                ),
            ),
            "Kazakhstan",
        ),
    )
    ledger = Ledger(
        "release",
        "earliest",
        on("2019-09-14"),
        (
            LedgerLine("start", "birth", day=on("1942-01-01"), statement=1),
            LedgerLine("plus", "camp-entry", days=27757, statement=2, cell="age"),
            LedgerLine("total", "camp-entry", day=on("2017-12-30")),
            LedgerLine("plus", "release", days=623, statement=3, cell="gap"),
            LedgerLine("total", "release", day=on("2019-09-14")),
        ),
        1,
    )
    against = {2: (4,), 4: (2,)}
    return PersonPage(
        key="Saule",
        label="Saule",
        kind="person",
        course=course,
        changed=(on("2026-10-09"), on("2026-10-09")),
        names=(
            Name("Saule", "", "published pseudonym"),
            Name("Сәуле", "kk-Cyrl"),
            Name("ساۋلە", "kk-Arab"),
            Name("Сауле", "ru"),
            Name("萨吾列", "zh"),
        ),
        events=events,
        undated=(Order("neurologist", ("release",), ("arrival",)),),
        ledgers=(ledger,),
        contradictions=(Contradiction("camp-entry", (Party(2, (1,), 1), Party(4, (), 2)), wide=True),),
        repairs=(
            Repair(
                1,
                6,
                (4,),
                (2,),
                (
                    Outcome("camp-entry", during("2017-12-30", "2019-03-03")),
                    Outcome("release", during("2019-09-14", "2020-11-15")),
                ),
            ),
            Repair(
                2,
                6,
                (2,),
                (4,),
                (
                    Outcome("camp-entry", during("2017-03-01", "2017-03-31")),
                    Outcome("release", during("2018-11-14", "2019-01-15")),
                ),
            ),
        ),
        consistent=False,
        consistent_wide=True,
        wide=(Outcome("camp-entry", during("2017-02-13", "2017-04-15")),),
        statements=tuple(
            StatementLine(i + 1, one, against=against.get(i + 1, ())) for i, one in enumerate(_SAID)
        ),
        questions=(
            Question("when", "camp-entry", expected_bits=4.2, worst_bits=2.0, sources=("Saule",)),
            Question("when", "passport-returned", expected_bits=1.2, sources=("Saule", "niece")),
        ),
        withheld=("injury", "death"),
        encounters=(
            Encounter(
                "Yerke", "Tekes", certain=False, overlap=(on("2018-01-01"), on("2018-12-31")), key="Yerke"
            ),
            Encounter("Ospan", "Tekes", certain=True, overlap=(on("2018-03-01"), on("2018-06-30"))),
        ),
        differences=(Difference("place", (Value("Tekes", (2,)), Value("特克斯", (4,))), event="camp-entry"),),
        sources=(
            Source("Saule", ("2023-01-04", "2026-03-12"), (2, 3, 6, 7, 8, 9)),
            Source("neighbour", ("2026-10-09",), (4,)),
            Source("journalist", ("2023-02",), (10,), ("https://example.org/article 2023-02-10",)),
        ),
    )


@pytest.fixture(scope="session")
def saule() -> PersonPage:
    """The specimen page."""
    return saule_page()


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility engine, for tests only (``make`` installs it beside the project)."""
    if not AXE.is_file():
        pytest.skip("needs axe-core in .node: npm install --no-save --prefix .node axe-core@4")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    with chromium.started() as found:
        yield found
