"""Packing: a travel casebook is looked at before it is made, and made whole or not at all."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.casebook import Casebook
from estelik.errors import CasebookError, NotFoundError, PassphraseError, Sentence, UsageError
from estelik.index import excerpt, journeys, reader
from estelik.records import COMPARTMENTS
from estelik.records.journey import Departure
from estelik.records.stored import STATEMENT
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from estelik.index.excerpt import Excerpt
    from estelik.records import Statement
    from estelik.vault.keys import Cost
    from estelik.vault.store import Store
    from estelik.vault.vault import Vault

#: What goes along where nothing else is said.
USUAL: Final = ("testimony", "public")
#: Shorter labels stand by chance in other words.
_SHORTEST: Final = 3


class Luggage(NamedTuple):
    """What would go along: the records; of each compartment how many statements; whom these are about,
    the chosen ones first; the sources and relayers that are named, where they go along; who else, of whom the
    casebook knows, is named in the words of a statement."""

    excerpt: Excerpt
    statements: dict[str, int]
    chosen: list[str]
    linked: list[str]
    sources: list[str]
    mentioned: list[str]

    def reachable(self) -> list[str]:
        """Everybody who could be reached through it: by what name, each once."""
        return list(dict.fromkeys((*self.chosen, *self.linked, *self.sources, *self.mentioned)))


def look(
    home: Casebook, subjects: Sequence[str], compartments: Collection[str] = USUAL, *, evidence: bool = False
) -> Luggage:
    """What a journey needs for these subjects. Raises ``NotFoundError`` or ``CasebookError``."""
    store = home.vault.store
    lacking = [name for name in COMPARTMENTS if name in compartments and name not in store.held]
    if lacking:
        raise CasebookError(
            Sentence("You do not hold: %(words)s.", words=", ".join(lacking)),
            do="Ask somebody who holds it to make the travel casebook: estelik member list",
        )
    unseen = home.decisions.hidden_records()
    found = excerpt.chosen(store, subjects, compartments, evidence=evidence, unseen=unseen)
    # What home shows to nobody does not go along either.
    shown = {one.statement for one in home.statements({one.about for one in found.statements})}
    hidden = {one.statement for one in found.statements} - shown
    if hidden:
        found = excerpt.chosen(
            store, subjects, compartments, evidence=evidence, without=hidden, unseen=unseen
        )
    if found.missing:
        raise NotFoundError(
            "Nothing is recorded about one of these subjects in what would go along.",
            do="Check how the label is written, and the compartments.",
        )
    counts = Counter(row.compartment for row in found.rows if row.kind == STATEMENT)
    about = list(dict.fromkeys(one.about for one in found.statements))
    sources = sorted({label for one in found.statements for label in one.chain if label})
    chosen = [label for label in dict.fromkeys(subjects) if label in about]
    linked = [label for label in about if label not in chosen]
    named = {*about, *sources}
    return Luggage(
        found,
        {name: counts[name] for name in COMPARTMENTS if counts[name]},
        chosen,
        linked,
        sources,
        list(_named_in((label for label in _labels(home) if label not in named), found.statements)),
    )


def pack(
    home: Casebook,
    folder: Path | str,
    passphrase: bytes,
    luggage: Luggage,
    *,
    until: str = "",
    cost: Cost = keys.STANDARD,
) -> Casebook:
    """Makes the travel casebook in ``folder`` (new, or empty), under a passphrase of its own, and opens it.

    It is an office of its own, with keys of its own. What goes along is noted
    at home first: there is no travel casebook of which home does not know.
    Raises ``UsageError`` where the passphrase is that of ``home``, and
    ``CasebookError``.
    """
    _check_other(home, passphrase)

    def fill(store: Store, vault: Vault) -> None:
        excerpt.enter(store, luggage.excerpt.rows)
        if luggage.excerpt.files and vault.fetch_blobs(home.vault.shelf).troubles:
            raise CasebookError(
                "A file of evidence that would go along is not on this computer, or is damaged.",
                do="A carrier that has it brings it: estelik sync. Or leave out --with-evidence.",
            )
        _note(home, luggage, vault.office.root, until)

    return Casebook.create(folder, passphrase, name="Coordinator", cost=cost, fill=fill)


def _note(home: Casebook, luggage: Luggage, root: bytes, until: str) -> None:
    made, device = datetime.now(UTC).isoformat(timespec="seconds"), home.vault.device
    went: dict[str, list[str]] = {}
    for row in luggage.excerpt.rows:
        went.setdefault(row.compartment, []).append(row.id)
    departures = {
        compartment: Departure(root.hex(), made, device, until, tuple(sorted(ids)))
        for compartment, ids in went.items()
    }
    journeys.depart(home.vault.store, departures)


def _check_other(home: Casebook, passphrase: bytes) -> None:
    try:
        keys.unlock(home.folder, passphrase)
    except PassphraseError:
        return
    raise UsageError(
        "This passphrase opens the casebook at home: whoever gets it on the way would have both.",
        do="Choose another one for the journey.",
    )


def _labels(home: Casebook) -> list[str]:
    """The labels of everybody of whom the casebook knows: persons and, where they are open, sources."""
    store, shown = home.vault.store, set(home.subjects())
    with store.read() as connection:
        persons = reader.subjects(connection, store.schemas, kind="person")
        return sorted({*shown.intersection(persons), *reader.sources(connection, store.schemas)})


def _named_in(labels: Iterable[str], statements: Iterable[Statement]) -> Iterator[str]:
    """Those of these labels that stand in the words of a statement."""
    words = "\n".join(
        f"{one.quote}|{one.note}|{one.value}|{one.by}|{one.after}|{one.before}|{one.evidence}"
        for one in statements
    ).casefold()
    for label in labels:
        if len(label) >= _SHORTEST and not label.startswith("?") and label.casefold() in words:
            yield label
