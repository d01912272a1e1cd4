"""Brief: the pages of a life without what takes long: whom she may have met, and what to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.timeline import label
from estelik.views.dossier import pages
from estelik.views.same_place import SameByPlaces

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.identity.merging import Merged
    from estelik.views.person import PersonPage


def brief(casebook: Casebook, subject: str, *, today: int) -> tuple[Merged, list[PersonPage]]:
    """All that reasoning about a subject needs, and its pages (several of unnamed people who share a label);
    statements have the numbers that they have on the whole page. Raises ``NotFoundError``."""
    merged = casebook.lives.of(subject)
    keys = merged.keys(subject)
    found = pages(
        merged.statements,
        merged.judgements,
        today=today,
        subjects={label(key) for key in keys},
        same_place=SameByPlaces(casebook.lives.about_places),
        brief=True,
    )
    return merged, [one for one in found if one.key in keys]
