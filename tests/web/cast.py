"""A cast of members with fixed roles at one desk, and what is hidden from some of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, made

from estelik.casebook import Casebook
from estelik.evidence.intake import Particulars, add_text
from estelik.records import Judgement, Statement
from estelik.vault import keys

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from estelik.records.statement import Compartment

#: What each role holds; a role is what somebody holds.
ROLES: Final = {
    "listener": ("testimony",),
    "documenter": ("testimony", "source"),
    "medical": ("testimony", "source", "medical"),
    "editor": ("testimony", "source", "casework", "public"),
    "visited": ("testimony", "source"),
}
#: Of the one who made the casebook.
COORDINATOR: Final = 0
_MARK: Final = "LEAKED"
#: Who tells what is hidden from somebody who is not told the names of sources: no word of it is in what is
#: told, else that would lie with the sources.
_TELLER: Final = "Zbigniew"


def seat_of(role: str) -> int:
    """The number of the seat of a role."""
    return COORDINATOR if role == "coordinator" else 1 + list(ROLES).index(role)


def passphrase_of(role: str) -> str:
    """The passphrase of a role."""
    return PASSPHRASE if role == "coordinator" else f"{role} of the cast"


class Cast(NamedTuple):
    """A casebook of the cast, and a token of each member, by role."""

    folder: Path
    tokens: dict[str, str]


def cast(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The demonstration's people, a seat for each role, and a token for each."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    made(folder)
    tokens = {}
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        for role, held in ROLES.items():
            listed = casebook.seats.add(role, passphrase_of(role).encode(), held)
            assert listed.number == seat_of(role)
            tokens[role] = casebook.add_token(role, held, 30, role)[0]
        every = tuple(casebook.vault.store.held)
        tokens["coordinator"] = casebook.add_token("all", every, 30)[0]
    return Cast(folder, tokens)


def planted(there: Cast, folder: Path, compartments: tuple[Compartment, ...]) -> Cast:
    """A copy of a casebook in which there is something more in each of these compartments: about somebody
    whom everybody sees, and about somebody whom nobody else tells of; a decision on it."""
    shutil.copytree(there.folder, folder)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        every = casebook.statements()
        known = next(one for one in every if one.about.startswith("Saule"))
        # Another than herself: what she tells of herself names her, and lies with the sources.
        other = next(one for one in every if one.source and not one.source.startswith("Saule"))
        for where in compartments:
            mark = f"{_MARK}-{where}"
            # Names of sources lie in a compartment of their own: who holds it sees each of them.
            teller = _TELLER if "source" in compartments else other.source
            casebook.add_statements(
                [
                    Statement(
                        f"{mark}-1", known.about, source=teller, told="2023-01-04",
                        event=f"arrest#{mark}", when="2016-05-01", place=f"{mark} town",
                        quote=f"{mark} quote of Saule", compartment=where,
                    ),
                    Statement(
                        f"{mark}-2", f"{mark} Saule", source=teller, told="2023-01-04",
                        fact="ethnicity", value=f"{mark} people", compartment=where,
                    ),
                    Statement(
                        f"{mark}-3", known.about, source=other.source, told=other.told, fact="illness",
                        value=f"{mark} illness", compartment=where,
                    ),
                ]
            )  # fmt: skip
            said = Particulars(brought="2023", about=(known.about,), note=f"{mark} note", compartment=where)
            add_text(casebook.vault, "file.txt", f"{mark} words in a file", said)
            casebook.add_judgement(
                Judgement(
                    f"{mark}-j", "set-aside", f"{mark} reason", "2024-01-01", statement=f"{mark}-1",
                    device=casebook.vault.device,
                )
            )  # fmt: skip
    return Cast(folder, there.tokens)
