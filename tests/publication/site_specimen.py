"""A small site to look at: lives in four scripts, a contradiction, hearsay, a pseudonym, somebody unnamed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from estelik.identity.resolution import resolve
from estelik.protection.gate import Projection, cleared
from estelik.protection.permission import Asked
from estelik.records import Statement
from estelik.records.consent import Consent, Consents, Identity, Medium, Pseudonym

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2026, 11, 22).toordinal()
KEY = b"the secret of a site in a test.."


def yes(who: str, identity: Identity = "named", media: tuple[Medium, ...] = ("words",)) -> Consent:
    """A consent to all, for the public."""
    return Consent(
        f"c-{who}", who, "all", "2024-01-01", ("public",), ("publication",), identity=identity, media=media
    )


def told(about: str, source: str, number: int, **cells: Any) -> Statement:
    """One row."""
    cells = {"told": "2023-01-04", "testimony": f"{source} at the desk"} | cells
    return Statement(f"x{number}", about, source=source, **cells)


_ROWS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Saule", "Saule", {"fact": "name", "value": "Сәуле", "language": "kk-Cyrl"}),
    ("Saule", "Saule", {"fact": "name", "value": "ساۋلە", "language": "kk-Arab"}),
    ("Saule", "Saule", {"fact": "name", "value": "萨吾列", "language": "zh"}),
    ("Saule", "Saule", {"fact": "sex", "value": "female"}),
    ("Saule", "Saule", {"fact": "occupation", "value": "tailor"}),
    ("Saule", "Saule", {"event": "birth", "when": "1942"}),
    (
        "Saule",
        "Saule",
        {
            "event": "camp-entry",
            "age": "76",
            "role": "perceived",
            "place": "Tekes",
            "language": "en",
            "quote": "I was seventy-six when they came for me.",
        },
    ),
    (
        "Saule",
        "Saule",
        {
            "event": "release",
            "after": "camp-entry",
            "gap": "P1Y9M",
            "role": "perceived",
            "quote": "Бір жыл тоғыз ай. Санадым.",
            "language": "kk",
        },
    ),
    (
        "Saule",
        "Marat",
        {
            "event": "camp-entry",
            "when": "2017-03",
            "role": "perceived",
            "told": "2026-10-09",
            "quote": "It was the week of Nauryz in 2017.",
            "language": "en",
        },
    ),
    ("Saule", "Saule", {"event": "house-arrest-end", "after": "release", "gap": "P7M"}),
    (
        "Saule",
        "Saule",
        {"event": "arrival", "when": "2021-21", "place": "Kazakhstan", "after": "house-arrest-end"},
    ),
    (
        "Saule",
        "Saule",
        {
            "event": "transfer",
            "after": "camp-entry",
            "gap": "[P5M,P8M]",
            "place": "Mongolküre",
            "via": "Yerke",
        },
    ),
    ("Гүлнар", "Гүлнар", {"event": "arrest", "when": "2018-05-02", "place": "Ghulja"}),
    ("Гүлнар", "Гүлнар", {"event": "prison-entry", "when": "2019", "after": "arrest"}),
    ("Гүлнар", "Marat", {"fact": "sex", "value": "female"}),
    ("Ömer", "Marat", {"event": "arrest", "when": "2017/2018", "place": "Hotan"}),
    ("Ömer", "Marat", {"event": "death", "when": "2019-12-24", "after": "arrest"}),
    ("Yerke", "Yerke", {"event": "camp-entry", "when": "2018-04", "place": "Tekes"}),
    ("Yerke", "Yerke", {"event": "release", "when": "2019-12", "after": "camp-entry"}),
    ("?old woman", "Marat", {"event": "detention", "when": "2018~", "place": "Tekes"}),
)


def statements() -> list[Statement]:
    """What was told."""
    return [told(about, source, number, **cells) for number, (about, source, cells) in enumerate(_ROWS)]


def consents() -> Consents:
    """Who said yes; Yerke under a pseudonym."""
    named = [yes(who) for who in ("Saule", "Marat", "Гүлнар", "Ömer")]
    return Consents(
        (*named, yes("Yerke", "pseudonym", ())), (), (Pseudonym("p", "Yerke", "public", "Rovadi-12"),)
    )


def projection(rows: Sequence[Statement] | None = None, said: Consents | None = None) -> Projection:
    """What the public may know of it."""
    asked = Asked("public", "publication", TODAY)
    return cleared(list(rows or statements()), [], [], resolve([]), said or consents(), asked)
