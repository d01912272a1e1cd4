"""What the pages about one life share: whose it is, what was decided on it, and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from estelik.chronology.timeline import label as label_of
from estelik.daily.grading import ROLES
from estelik.daily.history import history
from estelik.errors import NotFoundError
from estelik.language import judged
from estelik.language.grades import CREDIBILITY, RELIABILITY
from estelik.language.reader import N_
from estelik.publication.report import Sheet
from estelik.views.parts import Parts
from estelik.views.who import judged as as_judged
from estelik.web.page import spoken_by
from estelik.web.person_parts import homes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from estelik.daily.history import Decided
    from estelik.language.reader import Reader
    from estelik.views.person import PersonPage, StatementLine
    from estelik.web.session import Session

#: How a source can know what it says, as a member reads it.
_ROLES: Final = {
    "told": N_("as told"),
    "perceived": N_("saw or lived it"),
    "inferred": N_("concludes it"),
    "document": N_("document"),
    "coerced": N_("said under pressure"),
}


def label_at(session: Session, address: str) -> str:
    """The label (or key) of the life at an address. Raises ``NotFoundError``."""
    label = session.addresses.read("life", address)
    if label is None:
        raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")
    return label


def sources_open(session: Session) -> bool:
    """Whether this member holds the compartment of sources."""
    return "source" in session.casebook.vault.store.schemas


def on_life(session: Session, found: PersonPage) -> tuple[Decided, ...]:
    """What was decided on a life: on its own statements, on questions about it, on who it is."""
    own = [one.statement.statement for one in found.statements if not found.whose(one.statement)]
    keys = session.casebook.lives.resolution.members(found.key)
    labels = {found.label, *found.who.others, *map(label_of, keys)}
    return history(session.casebook, own, labels=labels, keys=keys)


def numbered(sheet: Sheet) -> dict[str, int]:
    """The number of each statement on the page, by its id."""
    return {one.statement.statement: one.number for one in sheet.page.statements}


def worded(
    session: Session,
    spoken: Reader,
    decided: Iterable[Decided],
    numbers: dict[str, int],
    cite: Callable[[tuple[int, ...]], Any],
) -> list[dict[str, object]]:
    """Decisions in words, the newest first: what, when, by whom, why, and whether they were taken back."""
    out: list[dict[str, object]] = []
    for one in decided:
        made, back = one.judgement, one.back
        if one.verdict is not None:
            what = judged.judged(spoken, as_judged(one.verdict, {made.id: one.by}))
        else:
            said = (
                judged.set_aside(spoken, cite((numbers[made.statement],)))
                if made.decision == "set-aside"
                else judged.allowed(spoken, made.event, made.source)
            )
            what = judged.signed(spoken, said, made.made, one.by, made.reason)
        out.append(
            {
                "words": what,
                "back": judged.taken_back(spoken, back.made, one.back_by, back.reason) if back else "",
                "address": session.addresses.of("judgement", made.id),
                "own": made.id in session.made,
                "last": session.made[-1:] == [made.id],
                "question": made.decision == "allow-question",
            }
        )
    return out[::-1]


def placed(found: PersonPage, address: str) -> Sheet:
    """A page without its drawing, whose statements are cited by links to the life at an address ("": by
    links within its page)."""
    return Sheet(found, "p1", None, homes=homes(Parts(found), f"/life/{address}") if address else ())


def choices(
    session: Session, line: StatementLine, given: dict[str, str] | None = None
) -> dict[str, Any] | None:
    """What a member can say of how a statement is known, and what is said of it now; None where she can say
    nothing of it."""
    one = line.statement
    if line.standing != "reasoned" or not sources_open(session) or one.about.startswith("?"):
        return None
    spoken, letters = spoken_by(session), one.grade or "F6"
    now = {"source": letters[:1], "says": letters[1:], "role": one.role, "via": one.via, "reason": ""}
    return {
        "source": [(code, spoken.gettext(words)) for code, words in RELIABILITY.items()],
        "says": [(code, spoken.gettext(words)) for code, words in CREDIBILITY.items()],
        "role": [(code, spoken.gettext(_ROLES[code])) for code in ROLES],
        "given": given or now,
    }
