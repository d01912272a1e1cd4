"""Card: one entry on paper, as PDF: to print, to hand over, to hold up.

weasyprint sets it in a process of its own that has no key, no environment and limits (``typesetter``). It
loads nothing from anywhere; fonts are the system's. The same projection gives the same bytes on one machine.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from unicodedata import bidirectional

from estelik.errors import PublicationError
from estelik.language.reader import outsider
from estelik.protection.leaf import finalize
from estelik.publication.card_sheet import card_sheet

if TYPE_CHECKING:
    from jinja2 import Environment

    from estelik.protection.gate import Projection

#: Seconds that one card may take by the clock on the wall, and bytes that it may have.
PATIENCE: Final = 60
LARGEST: Final = 16 * 1024 * 1024
#: A foreign run: weasyprint gives it the direction of the page, not that of its own first letter.
_RUN: Final = re.compile(r"<bdi((?: lang=\"[^\"]*\")?)>([^<]*)</bdi>")
_SVG: Final = re.compile(r"(<svg [^>]*>)")


def card(projection: Projection, life: str, *, address: str, today: int, language: str = "en") -> bytes:
    """The card of one life (its key in the projection) in one language, A4, as PDF.

    ``address``: where the public record is, whoever publishes's own words ("": none is named); ``today``: the
    day of the release (ordinal).

    Raises PublicationError where nothing of that life leaves, or the card cannot be set; UsageError where
    there is no catalog for the language.
    """
    return typeset(html(projection, life, address=address, today=today, language=language))


def html(projection: Projection, life: str, *, address: str, today: int, language: str = "en") -> str:
    """The same as a page of HTML with its style: leaves in a template that takes nothing else."""
    sheet = card_sheet(projection, life, outsider(language), address=address, today=today)
    page = _environment().get_template("card.html.j2").render(sheet=sheet)
    page = _RUN.sub(lambda run: f'<bdi{run[1]} dir="{_way(run[2])}">{run[2]}</bdi>', page)
    # Drawings are styled by their own sheet only. Neither style has a value of anybody's in it.
    return _SVG.sub(lambda tag: f"{tag[1]}<style>{_text('card-drawing.css')}</style>", page).replace(
        "<style></style>", f"<style>{_text('card.css')}</style>", 1
    )


def typeset(page: str) -> bytes:
    """A page of HTML as PDF, set by the child process. Raises PublicationError where that fails."""
    try:
        child = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-m", "estelik.publication.typesetter"],
            input=page.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise _unset() from None
    if child.returncode or not child.stdout.startswith(b"%PDF-") or len(child.stdout) > LARGEST:
        raise _unset()
    return child.stdout


def _way(text: str) -> str:
    """Which way a run is written: as its first letter that has a direction."""
    found = (bidirectional(letter) for letter in text)
    return next(("ltr" if one == "L" else "rtl" for one in found if one in ("L", "R", "AL")), "ltr")


def _unset() -> PublicationError:
    return PublicationError(
        "The card could not be set.",
        do="Look whether Pango and the Noto fonts are installed, as docs/decisions/0002 says.",
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("estelik.publication"),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _text(name: str) -> str:
    return files("estelik.publication").joinpath("templates").joinpath(name).read_text(encoding="utf-8")
