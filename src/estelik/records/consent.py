"""Consent: what somebody said may be shown to whom, for what, how, and until when; and what came of it.

All lie in the ``source`` compartment: they name who told. Days are ISO days. What a consent opens is worked
out by ``protection.voice``; nothing here is ever changed: a later act meets a condition, withdraws or renews.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

#: The kind of stored record that all of these are; ``what`` tells them apart.
CONSENT: Final = "consent"
_WHAT: Final = "what"

#: Who may see: a partner organisation, bodies of the United Nations, a court or prosecutor, the family of the
#: person, the press, everybody.
Audience = Literal["partner", "un", "court", "family", "press", "public"]
#: What for: the public record, letters and appeals, legal proceedings, research, care, looking for somebody.
Purpose = Literal["publication", "advocacy", "legal", "research", "care", "tracing"]
#: As whom somebody appears, the least first.
Identity = Literal["none", "pseudonym", "named"]
#: What of somebody may be seen or heard; ``words`` are the words as they were told.
Medium = Literal["face", "voice", "words"]
#: For what a consent is: one telling, all that is said of a person, all.
Scope = Literal["testimony", "person", "all"]
Answer = Literal["yes", "no"]
#: How it was given.
Manner = Literal["spoken", "recorded", "written", "signed"]
#: On what it rests: a consent; a guardian's; a note why it is in the best interest of somebody who cannot be
#: asked; that it is public already.
Basis = Literal["consent", "guardian", "best-interest", "already-public"]

AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
IDENTITIES: Final[tuple[Identity, ...]] = get_args(Identity)
MEDIA: Final[tuple[Medium, ...]] = get_args(Medium)


class Consent(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="consent"):
    """What one person (``giver``, a label) said of one thing.

    ``of``: the key of a telling (``Statement.telling``) or the label of a person, as ``scope`` has it.
    ``answer`` no is a refusal. ``given`` is the day on which it was said; it holds from ``first`` to
    ``last``, both included, where they are told. ``including``: that it covers medical statements, too. A
    consent under a ``condition`` opens nothing, also when the condition is met: she is asked again, and what
    she says then ``renews`` this one. ``concerns``: whom the condition is about (labels). ``by``: who spoke
    for the giver (a guardian), or who decided (best interest). ``url`` and ``since``: where it is public
    already. ``recorder``: who wrote it down. ``made`` (ISO, UTC) and ``device``: when and where it was
    entered."""

    id: str
    giver: str
    scope: Scope
    given: str
    audiences: tuple[Audience, ...]
    purposes: tuple[Purpose, ...]
    of: str = ""
    answer: Answer = "yes"
    identity: Identity = "none"
    media: tuple[Medium, ...] = ()
    including: tuple[Literal["medical"], ...] = ()
    first: str = ""
    last: str = ""
    condition: str = ""
    concerns: tuple[str, ...] = ()
    manner: Manner = "spoken"
    language: str = ""
    read_back: bool = False
    recorder: str = ""
    basis: Basis = "consent"
    by: str = ""
    url: str = ""
    since: str = ""
    renews: str = ""
    note: str = ""
    made: str = ""
    device: str = ""


class _Act(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT):
    """Something done about a ``consent`` (its id) on a ``day``, with a reason."""

    id: str
    consent: str
    day: str
    reason: str
    made: str = ""
    device: str = ""


class Met(_Act, frozen=True, tag="met"):
    """Its condition is met: she has to be asked again. Opens nothing."""


class Withdrawal(_Act, frozen=True, tag="withdrawal"):
    """It is withdrawn: from that day on it is a refusal, until she renews it."""


class ReprisalCheck(_Act, frozen=True, tag="check"):
    """Somebody looked whether repeating what is public already could bring harm: ``safe`` or not."""

    safe: bool = False


class Pseudonym(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="pseudonym"):
    """What ``who`` (a label) is called before one ``audience``; never used for anybody else, nor
    elsewhere."""

    id: str
    who: str
    audience: Audience
    name: str
    made: str = ""
    device: str = ""


Act = Met | Withdrawal | ReprisalCheck
Record = Consent | Met | Withdrawal | ReprisalCheck | Pseudonym
decode: Final = msgspec.json.Decoder(Record).decode
encode: Final = msgspec.json.Encoder().encode


class Consents(msgspec.Struct, frozen=True):
    """All that was said of consent, in order of entry."""

    given: tuple[Consent, ...] = ()
    acts: tuple[Act, ...] = ()
    pseudonyms: tuple[Pseudonym, ...] = ()
