"""Report: one self-contained page about one life or several.

No script, no request to anywhere, one style sheet inside. What a page says
comes from ``views``; this module only sets it.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, partial
from importlib.resources import files
from itertools import repeat
from typing import TYPE_CHECKING, Any, cast

import msgspec
from markupsafe import Markup
from msgspec.structs import replace

from estelik.language import (
    accounts,
    captions,
    dates,
    direction,
    events,
    grades,
    judged,
    numbers,
    people,
    questions,
    quotes,
    statements,
    summary,
    tongues,
    why,
)
from estelik.language.reader import Reader, reader
from estelik.publication.drawing import MIDDLE, NARROW, WIDE, draw
from estelik.publication.timeline_svg import key, sign_svg, svg
from estelik.views.parts import CITED
from estelik.views.person import PersonPage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2 import Environment

    from estelik.language.summary import Cite
    from estelik.views.person import Ledger

_SPOKEN = {
    "label": events.label,
    "labels": events.labels,
    "noun": events.noun,
    "fact": events.fact,
    "says": statements.says,
    "years": statements.years,
    "grade": grades.grade,
    "layer": grades.layer,
    "chain": grades.chain,
    "standing": grades.standing,
    "day": dates.day,
    "sometime": dates.sometime,
    "ranges": dates.ranges,
    "coarse": dates.coarse,
    "told": dates.told,
    "number": numbers.number,
    "side": accounts.side,
    "kept": accounts.kept,
    "cannot_both": accounts.cannot_both,
    "contradiction_title": accounts.title,
    "lane": captions.lane,
    "summary": summary.summary,
    "tongue": tongues.tongue,
    "who": people.who,
    "judged": judged.judged,
    "also": judged.labels,
    "reasons": why.reasons,
    "why_title": why.title,
    "why_account": why.account,
    "amount": why.amount,
    "ground": why.ground,
    "chains": why.chains,
    "order": why.order,
    "asked": questions.asked,
    "of_whom": questions.of_whom,
    "met": questions.met,
    "differs": questions.differs,
}


class Drawn(msgspec.Struct, frozen=True):
    """The drawings of one timeline, one for each width of the page, and its key."""

    wide: Markup
    middle: Markup
    narrow: Markup
    key: tuple[tuple[Markup, Markup], ...]


class Sheet(msgspec.Struct, frozen=True):
    """A page with its place in the report: the prefix of its anchors and its drawing."""

    page: PersonPage
    anchor: str
    drawn: Drawn | None
    #: Which of several people of the same label, counted from 1; 0 where there is one only.
    twin: int = 0
    #: The path of the page that holds the statements; "" for this one.
    path: str = ""
    #: What of it stands here, where that is a part; and by number on which page each statement is ("": here).
    part: PersonPage | None = None
    homes: tuple[str, ...] = ()

    @property
    def shown(self) -> PersonPage:
        """What of the page stands here."""
        return self.part or self.page

    def home(self, number: int) -> str:
        """The path of the page that holds a statement, "" for this one."""
        return self.homes[number - 1] if self.homes else self.path

    def statement(self, number: int) -> str:
        """The anchor of a statement."""
        return f"{self.anchor}-s{number}"

    def ledger(self, event: str, side: str, account: int) -> str:
        """The anchor of the sum that leads to a bound, "" if there is none."""
        for index, one in enumerate(self.page.ledgers):
            if (one.event, one.side, one.account) == (event, side, account):
                return f"{self.anchor}-w{index + 1}"
        return ""

    def ledger_anchor(self, ledger: Ledger) -> str:
        """The anchor of this sum."""
        return f"{self.anchor}-w{self.page.ledgers.index(ledger) + 1}"


def render(
    pages: Sequence[PersonPage],
    *,
    language: str = "en",
    today: int | None = None,
    speaker: Reader | None = None,
) -> str:
    """The report as HTML.

    ``pages`` are set in their order, with an index before them if there are
    several. ``today`` is the day on which the report was made (default: that of
    the first page). ``speaker`` stands in for the reader of ``language``.
    Raises UsageError where there is no catalog for the language.
    """
    spoken = speaker or reader(language)
    set_ = sheets(pages, spoken)
    made = today if today is not None else (pages[0].course.today if pages else None)
    environment = _environment().overlay()
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        spoken.gettext, spoken.catalog().ngettext, newstyle=True, pgettext=spoken.catalog().pgettext
    )
    return environment.get_template("report.html.j2").render(
        made=made,
        outside=any(page.outside for page in pages),
        style=direction.trusted(style()),
        **setting(set_, spoken),
    )


def sheets(
    pages: Sequence[PersonPage], spoken: Reader, parts: Sequence[PersonPage] | None = None
) -> list[Sheet]:
    """These pages with their places on one page, and their drawings; ``parts``: what of each stands there."""
    return [
        Sheet(
            page,
            f"p{number}",
            _drawn(page if part is None else replace(page, course=part.course), spoken),
            twin,
            part=part,
        )
        for number, (page, twin, part) in enumerate(
            zip(pages, _twins(pages), parts or repeat(None, len(pages)), strict=True), start=1
        )
    ]


def setting(set_: Sequence[Sheet], spoken: Reader) -> dict[str, Any]:
    """What the template of a life (``person.html.j2``) asks for besides the life."""
    return {
        "reader": spoken,
        "sheets": set_,
        "keys": {one.page.key: f"#{one.anchor}" for one in set_},
        "sign": sign_svg(),
        "cite": lambda sheet: _cite(sheet, spoken),
        "run": direction.run,
        "bare": direction.bare,
        "capital": spoken.capital,
        "plain": direction.plain,
        "quoted": quotes.quoted,
        "way": direction.direction,
        "roman": numbers.roman,
        "why_sign": why.sign,
        "say": _Voice(spoken),
    }


def style() -> str:
    """The style sheet of a life."""
    return _text("report.css")


def _twins(pages: Sequence[PersonPage]) -> list[int]:
    """Which of those with the same label each page is about: nobody unnamed is joined with another."""
    of_a_label = Counter(page.label for page in pages)
    seen: Counter[str] = Counter()
    out = []
    for page in pages:
        seen[page.label] += 1
        out.append(seen[page.label] if of_a_label[page.label] > 1 else 0)
    return out


class _Voice:
    """The verbs of ``language``, spoken for one reader, as templates call them."""

    def __init__(self, spoken: Reader) -> None:
        self._reader = spoken

    def __getattr__(self, name: str) -> Any:
        verb = _SPOKEN.get(name)
        if verb is None:
            raise AttributeError(name)
        speak = partial(cast("Callable[..., Any]", verb), self._reader)
        # Next time it is there.
        setattr(self, name, speak)
        return speak


def _drawn(page: PersonPage, spoken: Reader) -> Drawn | None:
    wide = draw(page, spoken, WIDE)
    middle, narrow = draw(page, spoken, MIDDLE), draw(page, spoken, NARROW)
    if wide is None or middle is None or narrow is None:
        return None
    name = direction.plain(
        spoken._(
            "Timeline of %(person)s; the table beneath says the same", person=people.who(spoken, page.label)
        )
    )
    return Drawn(
        svg(wide, name, kind="wide"),
        svg(middle, name, kind="middle"),
        svg(narrow, name, kind="narrow"),
        key(wide, spoken),
    )


def _cite(sheet: Sheet, spoken: Reader) -> Cite:
    """Statement numbers as links: each isolated, each after a no-break space. Where the page is a part, of
    many numbers the first."""

    @cache
    def link(number: int) -> str:
        return Markup('\u00a0<bdi><a class="n" href="{}#{}" aria-label="{}">{}</a></bdi>').format(
            sheet.home(number),
            sheet.statement(number),
            spoken._("statement %(number)s", number=str(number)),
            number,
        )

    def cite(cited: tuple[int, ...]) -> Markup:
        numbers_ = list(dict.fromkeys(cited))
        left = len(numbers_) - CITED if sheet.part is not None else 0
        if left < 2:
            return direction.trusted("".join([link(number) for number in numbers_]))
        more = spoken.ngettext("%(count)s more", "%(count)s more", left, count=numbers.number(spoken, left))
        return direction.trusted("".join([link(number) for number in numbers_[:CITED]])) + Markup(
            ' <span class="soft small">{}</span>'
        ).format(more)

    return cite


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("estelik.publication"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _text(name: str) -> str:
    return files("estelik.publication").joinpath("templates").joinpath(name).read_text(encoding="utf-8")
