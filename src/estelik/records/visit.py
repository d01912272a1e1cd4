"""Visit: somebody is to come and tell, and whether she came.

Lies in the ``source`` compartment: it names who tells. Days are ISO days.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

#: The kind of stored record that both of these are; ``what`` tells them apart.
VISIT: Final = "visit"
_WHAT: Final = "what"

#: What came of it: she came; she did not; it was called off.
Outcome = Literal["came", "stayed-away", "off"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)


class Visit(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="visit"):
    """``who`` (the label of a source) comes on a ``day``, at a ``time`` ("10:00"; "": not agreed), to speak
    of ``about`` (a label; "": not said). ``made`` (ISO, UTC) and ``device``: when and where it was put
    down."""

    id: str
    who: str
    day: str
    time: str = ""
    about: str = ""
    note: str = ""
    made: str = ""
    device: str = ""


class End(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="end"):
    """What came of a ``visit`` (its id)."""

    id: str
    visit: str
    outcome: Outcome
    made: str = ""
    device: str = ""


decode: Final = msgspec.json.Decoder(Visit | End).decode
encode: Final = msgspec.json.Encoder().encode


def planned(found: tuple[Visit | End, ...]) -> tuple[Visit, ...]:
    """Those of which nothing came yet, the first first."""
    ended = {one.visit for one in found if isinstance(one, End)}
    waiting = [one for one in found if isinstance(one, Visit) and one.id not in ended]
    return tuple(sorted(waiting, key=lambda one: (one.day, one.time or "99", one.made, one.id)))
