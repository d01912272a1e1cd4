"""Log: who did what, and when, as far as the records of whoever opened the casebook show it.

Nothing is written for it: it is read from the roll, and from what members have signed or entered. A record
that nobody has signed is its computer's member's; that says who used the computer, and proves nothing.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

from estelik.index import acts, changes, releases
from estelik.records import disposition
from estelik.records.consent import CONSENT
from estelik.records.evidence import EVIDENCE
from estelik.records.journey import JOURNEY
from estelik.records.release import Publication
from estelik.records.risk import RISK
from estelik.records.stored import JUDGEMENT
from estelik.vault import authorship, dispositions, roll
from estelik.vault.device import id_of
from estelik.vault.roll import Authority, Enrolment, Membership, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.casebook import Casebook
    from estelik.daily.errands import Errand, Errands
    from estelik.index.acts import Act
    from estelik.vault.standing import Standing

Kind = Literal["belonging", "decisions", "erasing", "consents", "releases", "evidence", "journeys", "entered"]
KINDS: Final[tuple[Kind, ...]] = (
    "belonging", "decisions", "erasing", "consents", "releases", "evidence", "journeys", "entered",
)  # fmt: skip
#: Who did what the office's secret has signed: enough custodians, or whoever founded the office.
CUSTODIANS: Final = "*"
_ERRAND: Final = "log"
_OF: Final[dict[str, Kind]] = {
    JUDGEMENT: "decisions",
    CONSENT: "consents",
    RISK: "consents",
    EVIDENCE: "evidence",
    JOURNEY: "journeys",
}
#: Of evidence only these are somebody's acts.
_ACTS: Final = ("file", "copy", "accession")


class Noted(NamedTuple):
    """Something that was done: ``when`` (seconds since 1970), what ``kind`` of thing, ``what`` it was, by
    which ``member`` (an id; "": not known); whom or what it is ``about``, which compartments were ``held``
    then, how many there are (``number``), the ``reason``; whether it still ``counts``, and is ``signed``."""

    when: int
    kind: Kind
    what: str
    member: str = ""
    about: str = ""
    held: tuple[str, ...] = ()
    number: int = 0
    reason: str = ""
    counts: bool = True
    signed: bool = False


class Log(NamedTuple):
    """All that is noted, the last first, and whether that is as it is now."""

    noted: tuple[Noted, ...]
    whole: bool


class _Body(msgspec.Struct, frozen=True):
    """What the bodies of several kinds have in common."""

    what: str = ""
    decision: str = ""
    device: str = ""
    reason: str = ""
    giver: str = ""
    about: str = ""
    who: str = ""
    answer: str = ""


_decode: Final = msgspec.json.Decoder(_Body).decode


class _Read:
    """What was read of a casebook, up to which record of each compartment."""

    def __init__(self) -> None:
        self.state: object = None
        self.seqs: dict[str, int] = {}
        self.hidden: object = None
        self.records: list[Noted] = []
        self.noted: tuple[Noted, ...] = ()


_READ: Final[WeakKeyDictionary[Casebook, _Read]] = WeakKeyDictionary()


def look(casebook: Casebook, errands: Errands, seconds: float = 0.0) -> Log:
    """What was found last; where anything was entered since, it is read meanwhile, and waited for so long."""
    read = _READ.setdefault(casebook, _Read())
    state = _state(casebook)
    if read.state == state:
        return Log(read.noted, whole=True)
    errands.begin_told(_ERRAND, lambda told: _look(casebook, read, state, told)).ended(seconds)
    return Log(read.noted, whole=read.state == state)


def _state(casebook: Casebook) -> tuple[object, ...]:
    store, said = casebook.vault.store, casebook.vault.registrar.standing
    with store.read() as connection:
        return changes.marks(connection, store.schemas), frozenset(said.signed)


def _look(casebook: Casebook, read: _Read, state: object, told: Errand) -> None:
    registrar, store = casebook.vault.registrar, casebook.vault.store
    said, office = registrar.standing, registrar.signer.device.office
    hidden = casebook.out_of_sight()
    # What was erased, or is shown again, may lie anywhere.
    if (erased := _erased(casebook), frozenset(hidden)) != read.hidden:
        read.seqs, read.records, read.hidden = {}, [], (erased, frozenset(hidden))
    with store.read() as connection:
        seqs = changes.marks(connection, store.schemas)
        fresh: list[Noted] = []
        for one in acts.since(connection, store.schemas, read.seqs, _OF):
            told.go_on()
            if one.id not in hidden:
                fresh += _recorded(one, said, office)
    read.records, read.seqs = read.records + fresh, seqs
    every = chain(read.records, _belonging(said), _decided(casebook), _released(casebook), _entered(casebook))
    read.noted = tuple(sorted(every, key=lambda one: -one.when))
    read.state = state


def _erased(casebook: Casebook) -> int:
    store = casebook.vault.store
    with store.read() as connection:
        return acts.erased(connection, store.schemas)


def _recorded(one: Act, said: Standing, office: bytes) -> Iterator[Noted]:
    found = _decode(one.body)
    if one.kind == EVIDENCE and found.what not in _ACTS:
        return
    member, signed = _by(one, found.device, said, office)
    what = found.decision or found.what
    if what == "consent" and found.answer == "no":
        what = "refusal"
    about = found.giver or found.about or found.who
    yield Noted(
        changes.moment(one.batch),
        _OF[one.kind],
        what,
        member,
        about=about,
        reason=found.reason,
        signed=signed,
    )


def _by(one: Act, device: str, said: Standing, office: bytes) -> tuple[str, bool]:
    """The member who entered a record, and whether she has signed it. What names a seat is hers alone who
    has signed there."""
    named = said.devices.get(device)
    if authorship.claimed(one.body) or (named is not None and named.seat):
        author = authorship.author(one.compartment, one.kind, one.id, one.body, said, office)
        named = said.devices.get(author)
        return ("", False) if named is None else (named.member, True)
    return ("" if named is None else named.member), False


def _belonging(said: Standing) -> Iterator[Noted]:
    """What the roll says, also what does not count any more."""
    office = next((one.office for one in said.statements.values()), b"")
    names = {id_: one.name or id_[:8] for id_, one in said.members.items()}
    devices = {id_: one.member for id_, one in said.devices.items()}
    for digest, one in said.signed.items():
        says = roll.read(one, office)
        if says is None:
            continue
        by = devices.get(id_of(says.by), CUSTODIANS)
        noted = Noted(says.made, "belonging", "", by, counts=digest in said.statements, signed=True)
        if isinstance(says, Authority):
            yield noted._replace(what="began" if says.number == 1 else "renewed")
        elif isinstance(says, Membership):
            what = "coordinator" if says.coordinator else "admitted" if says.number == 1 else "holds"
            yield noted._replace(what=what, about=says.name or says.member[:8], held=says.compartments)
        elif isinstance(says, Enrolment):
            what = "computer" if says.recipient else "seat"
            yield noted._replace(what=what, about=names.get(says.member, says.member[:8]))
        elif isinstance(says, Withdrawal):
            whose = devices.get(says.who, says.who)
            what = "lost" if says.who in devices else "left"
            yield noted._replace(what=what, about=names.get(whose, whose[:8]))


def _decided(casebook: Casebook) -> list[Noted]:
    """What is to become of records, each decision once, in however many compartments it lies."""
    registrar, store = casebook.vault.registrar, casebook.vault.store
    found: dict[tuple[str, str, str], Noted] = {}
    with store.read() as connection:
        for name, schema in store.schemas.items():
            for one in dispositions.read(
                connection, schema, name, registrar.standing, registrar.signer.device.office
            ):
                if isinstance(one.says, disposition.Acknowledgement):
                    continue
                what = type(one.says).__name__.lower()
                key = what, one.says.decision, one.member.id
                found[key] = Noted(
                    _at(one.says.made), "erasing", what, one.member.id, reason=one.says.reason, signed=True
                )
    return list(found.values())


def _released(casebook: Casebook) -> Iterator[Noted]:
    """What was released, and what somebody took along."""
    for one in releases.every(casebook.vault.store, casebook.vault.registrar):
        record = one.record
        what = type(record).__name__.lower()
        about = getattr(record, "title", "")
        if isinstance(record, Publication) and record.recipient:
            what, about = "export", record.recipient
        reason = getattr(record, "reason", "") or getattr(record, "anyway", "")
        yield Noted(_at(record.made), "releases", what, one.member, about=about, reason=reason, signed=True)


def _entered(casebook: Casebook) -> Iterator[Noted]:
    """Statements, those together that were entered at once."""
    registrar, store = casebook.vault.registrar, casebook.vault.store
    said, office = registrar.standing, registrar.signer.device.office
    with store.read() as connection:
        for one in acts.together(connection, store.schemas):
            member, signed = _by(one.first, "", said, office)
            when = changes.moment(one.batch)
            yield Noted(when, "entered", "statements", member, number=one.number, signed=signed)


def _at(made: str) -> int:
    """A time in ISO as seconds since 1970; 0 where it is none."""
    try:
        return int(datetime.fromisoformat(made).timestamp())
    except ValueError:
        return 0
