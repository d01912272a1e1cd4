"""Bringing: files that people bring are taken in, once what is said of them was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.errors import NotFoundError, UsageError
from estelik.evidence.intake import intake
from estelik.exchange import cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.evidence.coming import Coming
    from estelik.evidence.intake import Added, Particulars


def check(casebook: Casebook, said: Particulars) -> None:
    """Raises where what is said of a file cannot be."""
    if said.brought and cell.date(said.brought):
        raise UsageError("This is no date.", do="Write it like 2019, 2019-03 or 2019-03-21.")
    if any(not one or not casebook.statements([one]) for one in said.about):
        raise NotFoundError("Nothing is recorded about this subject.", do="Check how the label is written.")
    if set(said.statements) - set(casebook.known().digests(list(said.statements))):
        raise NotFoundError(
            "There is no statement with this id.", do="Find the id with: estelik timeline SUBJECT --json"
        )


def bring(casebook: Casebook, said: Particulars, files: Iterable[Coming]) -> list[Added]:
    """Takes files in as they come, all or none. Nobody waits for them: what comes slowly is sealed before
    anything is entered."""
    check(casebook, said)
    with intake(casebook.vault, said) as made:
        came = False
        for file in files:
            came = True
            with file:
                made.take_coming(file)
        if not came:
            raise UsageError("No file was chosen.", do="Choose one, and add it again.")
        with casebook.entering(alone=False):
            return made.enter()
