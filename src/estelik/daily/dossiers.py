"""Dossiers: the pages of lives, out of an open casebook."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from msgspec.structs import replace

from estelik.chronology.timeline import label
from estelik.daily.signers import signers
from estelik.views.dossier import pages
from estelik.views.encounters import Meetings
from estelik.views.who import Judging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estelik.casebook import Casebook
    from estelik.chronology.encounters import Encounter
    from estelik.identity.merging import Merged
    from estelik.index.lives import Lives
    from estelik.views.person import PersonPage


#: So many labels and groups are known at most, and so many pages.
_KEPT: Final = 600
_PAGES: Final = 64

T = TypeVar("T")


class Company(NamedTuple):
    """With whom a page compares a life: with ``most`` of those who may have been met; of a life (its key)
    ``distance`` says how far it is from each label, whoever is nearest comes first."""

    most: int
    distance: Callable[[str], Callable[[str], float]] = lambda _: lambda _: 0.0


def dossiers(
    casebook: Casebook,
    subjects: Sequence[str] = (),
    *,
    today: int,
    company: Company | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[PersonPage]:
    """The pages of these subjects, or of all; ``today``: the day (ordinal) at which drawings end;
    ``company``: with whom each life is compared, of all whom it may have met (default: with everybody);
    ``progress`` is told how many lives were looked at for whom they may have met.

    Raises ``NotFoundError`` for a subject that nobody spoke of.
    """

    def made() -> tuple[PersonPage, ...]:
        return tuple(_made(casebook, subjects, today, company, progress))

    # Of a few who may have been met: a page is asked for again and again.
    return list(made() if company is None else _known(casebook).page((tuple(subjects), today, company), made))


def _made(
    casebook: Casebook,
    subjects: Sequence[str],
    today: int,
    company: Company | None,
    progress: Callable[[int], None],
) -> Iterator[PersonPage]:
    merged = _merged(casebook, subjects)
    keys = list(dict.fromkeys(key for subject in subjects for key in merged.keys(subject)))
    lives = keys or list(dict.fromkeys(one.subject for one in merged.statements))
    if len(subjects) == 1 and not subjects[0].startswith("?"):
        # Read once: its encounters are looked for in the same.
        _meetings(casebook).know(subjects[0], merged.statements)
    met = _Met(casebook, lives, company, progress)
    judging = Judging(merged, {one.id: one for one in casebook.lives.verdicts()}, signers(casebook))
    found = pages(
        merged.statements,
        merged.judgements,
        today=today,
        subjects={label(key) for key in keys} or None,
        encounters=met.encounters,
        others=met.statements,
        judging=judging,
        same_place=lambda one, other: casebook.lives.where().same(one, other),
        solve=_meetings(casebook).solved,
    )
    for one in found:
        yield replace(one, near=met.left.get(one.key, 0)) if met.left.get(one.key) else one


def others_near(casebook: Casebook, life: str, first: int, count: int) -> tuple[list[Encounter], list[str]]:
    """Whom a life (a key) may have met of those who were told of where it was, in the order of
    ``Meetings.near``: of ``count`` of them, from ``first`` on; and the labels of all of them.

    Raises ``NotFoundError`` where nobody spoke of this life.
    """

    def made() -> tuple[list[Encounter], list[str]]:
        meetings = _meetings(casebook)
        group = meetings.group(life)
        near = meetings.near(group, life)
        return meetings.some(group, life, near, first, count), near

    return _known(casebook).page((life, first, count), made)


def _merged(casebook: Casebook, subjects: Sequence[str]) -> Merged:
    """All that reasoning about these subjects needs, each statement once."""
    if not subjects:
        return casebook.lives.all()
    found = {one.statement: one for subject in subjects for one in casebook.lives.recorded(subject)}
    return casebook.lives.merged(list(found.values()))


class _Known:
    """What was read and made of lives in one state of the records and of the roll."""

    def __init__(self, state: object, lives: Lives) -> None:
        self.state = state
        self.meetings = Meetings(lives)
        self._lock = threading.Lock()
        self._pages: OrderedDict[object, Any] = OrderedDict()

    def page(self, asked: object, make: Callable[[], T]) -> T:
        """What was made when the same was asked, or is made now; what was not asked for lately goes."""
        with self._lock:
            if asked in self._pages:
                self._pages.move_to_end(asked)
                there: T = self._pages[asked]
                return there
        found = make()
        with self._lock:
            self._pages[asked] = found
            while len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        return found


def _known(casebook: Casebook) -> _Known:
    lives, known = casebook.lives, casebook.beside.get(_Known)
    # Who has decided is called by her name.
    state = lives.state, casebook.vault.registrar.standing
    if not isinstance(known, _Known) or known.state != state:
        known = casebook.beside[_Known] = _Known(state, lives)
    return known


def _meetings(casebook: Casebook) -> Meetings:
    """What compares lives; whom it has read lately it knows until something is entered."""
    known = _known(casebook)
    if known.meetings.size > _KEPT:
        known.meetings = Meetings(casebook.lives)
    return known.meetings


class _Met:
    """Whom each of these lives (keys) may have met (``encounters``), how many more were told of where it was
    (``left``), and the statements that say so, by id."""

    def __init__(
        self,
        casebook: Casebook,
        lives: Sequence[str],
        company: Company | None,
        progress: Callable[[int], None],
    ) -> None:
        meetings = _meetings(casebook)
        self.encounters: dict[str, list[Encounter]] = {}
        self.left: dict[str, int] = {}
        self.statements = meetings.statements
        for number, life in enumerate(lives, start=1):
            group = meetings.group(life)
            if company is None:
                self.encounters[life] = meetings.of(group, life)
            else:
                near = meetings.near(group, life, company.distance(life))
                some = meetings.some(group, life, near, 0, company.most)
                # What was told of the others stands on their pages.
                self.encounters[life] = [replace(one, theirs=()) for one in some]
                self.left[life] = max(0, len(near) - company.most)
            progress(number)
