"""Telling: what somebody tells, line by line, while it is being written down.

A frozen record and the verbs on it. It names who tells: it lies in a draft (``vault.drafts``) until its
statements are entered, and every verb is a step from whatever stands there to what stands there then, so that
two who write down one telling lose nothing of each other's.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import NotFoundError, UsageError
from estelik.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

#: More letters than any account that somebody pastes.
LONGEST: Final = 200_000
#: What a line that is not understood is kept as: what was typed, and nothing made of it.
WORDS_ALONE: Final = "words"


class Wording(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a line was written: as it was ``typed``, and its ``cells`` (columns of the sheet)."""

    typed: str
    cells: dict[str, str]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line that was kept, and becomes a statement about ``about``. ``id``: of that statement; ``language``:
    in which it was typed; ``was``: how it was written before, the first wording first; ``gone``: it was
    taken out again, and is kept to be seen."""

    id: str
    about: str
    now: Wording
    language: str = "en"
    was: tuple[Wording, ...] = ()
    gone: bool = False


class Open(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one member is writing and has not kept: ``typed``, or the small fields (``cells``); which line
    (its id) is being ``changing``; which statement (its id) of an earlier visit is being ``correcting``;
    what was ``asked``, and of which event; which ``passage`` of the account it comes from."""

    typed: str = ""
    cells: dict[str, str] = {}
    changing: str = ""
    correcting: str = ""
    asked: tuple[str, str] | None = None
    passage: tuple[int, int] | None = None


class Use(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was said of one use of what was told: to whom and for what (``use``, as ``daily.consenting`` has
    it), yes or no, as whom, and whether in the words themselves."""

    use: str
    answer: str
    identity: str = "none"
    words: bool = False


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What holds for every use that was allowed: until when, under which condition, whom that is about."""

    until: str = ""
    condition: str = ""
    concerns: str = ""


class Telling(msgspec.Struct, frozen=True, omit_defaults=True):
    """One telling. ``testimony``: its label; ``source``: who tells; ``about``: whose life it is about now,
    ``abouts``: all of them; ``told``: the day (ISO), ``agreed``: when (ISO) she agreed to be recorded;
    ``language``: in which she tells (BCP 47); ``interpreter``: through whom ("": nobody); ``member``: who
    began it; ``present``: that the visitor has not left; ``beside``: who sits with her, by name;
    ``account``: what was pasted, of several accounts one after the other, ``begins``: where in it each begins
    but the first, ``left_out``: the beginnings of those that do not belong here; ``marked``: the passages of
    which a line was made; ``heard``: when it was read back, and ``heard_lines`` what of it (as
    ``versions`` has it); ``uses``: what she said then; ``closing``: it is being entered, and takes nothing
    more."""

    id: str
    testimony: str
    source: str
    about: str
    told: str
    agreed: str
    abouts: tuple[str, ...] = ()
    language: str = ""
    interpreter: str = ""
    member: str = ""
    present: bool = False
    lines: tuple[Line, ...] = ()
    open: dict[str, Open] = {}
    account: str = ""
    marked: tuple[tuple[int, int], ...] = ()
    heard: str = ""
    heard_lines: dict[str, int] = {}
    uses: tuple[Use, ...] = ()
    terms: Terms = Terms()
    kept: str = ""
    closing: bool = False
    beside: tuple[str, ...] = ()
    begins: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()

    def line(self, id_: str) -> Line:
        """The line with this id. Raises ``NotFoundError``."""
        found = next((one for one in self.lines if one.id == id_), None)
        if found is None:
            raise NotFoundError(
                "There is no such line.", safe="Your line is kept.", do="Look at the lines again."
            )
        return found

    def hand(self, member: str) -> Open:
        """What this member is writing."""
        return self.open.get(member, Open())

    @property
    def accounts(self) -> tuple[tuple[int, int], ...]:
        """Where in ``account`` each of the accounts that belong here begins and ends."""
        edges = (0, *self.begins, len(self.account))
        return tuple(
            one
            for one in pairwise(edges)
            if one[0] not in self.left_out and self.account[slice(*one)].strip()
        )

    @property
    def standing(self) -> tuple[Line, ...]:
        """The lines that become statements."""
        return tuple(one for one in self.lines if not one.gone)

    @property
    def versions(self) -> dict[str, int]:
        """The lines that become statements (their ids), each with how often it was worded anew."""
        return {one.id: len(one.was) for one in self.standing}

    @property
    def all_heard(self) -> bool:
        """Whether what would be entered is what was read back, line for line."""
        return bool(self.heard) and self.heard_lines == self.versions

    @property
    def allowed(self) -> tuple[Use, ...]:
        """What she said of each use, as far as it holds: a yes holds for what was read back to her, and for
        none of it where something was kept, worded anew or taken out since; a no holds always. Where nothing
        was read back both hold, and are entered as what was not."""
        return tuple(one for one in self.uses if one.answer != "yes" or self.all_heard or not self.heard)

    @property
    def unheard(self) -> tuple[Line, ...]:
        """The lines that were kept or worded anew since all was read back, or were never read back."""
        return tuple(one for one in self.standing if self.heard_lines.get(one.id) != len(one.was))


encode: Final = msgspec.json.Encoder().encode
decode: Final = msgspec.json.Decoder(Telling).decode
_replace: Final = msgspec.structs.replace


def sat_down(telling: Telling, member: str) -> Telling:
    """The visitor is here, and this member sits with her, beside whoever does already."""
    return _replace(telling, present=True, beside=tuple(dict.fromkeys((*telling.beside, member))))


def risen(telling: Telling, member: str) -> Telling:
    """For this member the visitor has left; she is here for as long as anybody sits with her."""
    beside = tuple(one for one in telling.beside if one != member)
    return _replace(telling, present=bool(beside), beside=beside)


def writing(telling: Telling, member: str, hand: Open) -> Telling:
    """What this member is writing now."""
    others = {name: one for name, one in telling.open.items() if name != member}
    return _replace(telling, open=others | ({member: hand} if hand != Open() else {}))


def keep(telling: Telling, member: str, typed: str, cells: Mapping[str, str], language: str) -> Telling:
    """Keeps what this member has written: as a new line, or as another wording of the one that she is
    changing; if somebody else changed it meanwhile, both wordings stay to be seen."""
    _still_open(telling)
    hand = telling.hand(member)
    now = Wording(typed, dict(cells))
    if hand.changing:
        old = telling.line(hand.changing)
        new = _replace(old, now=now, was=(*old.was, old.now), language=language, gone=False)
        lines = tuple(new if one.id == old.id else one for one in telling.lines)
    else:
        lines = (*telling.lines, Line(new_id(), telling.about, now, language))
    marked = telling.marked if hand.passage is None else tuple(sorted({*telling.marked, hand.passage}))
    return writing(_replace(telling, lines=lines, marked=marked), member, Open())


def set_aside(telling: Telling, member: str) -> Telling:
    """Keeps what this member has begun to write and not kept, as words alone: nothing that was typed is lost
    when she turns to something else, or the telling ends."""
    words = unfinished(telling, member)
    if not words:
        return writing(telling, member, Open())
    hand = telling.hand(member)
    beside = {name: hand.cells[name] for name in ("quote", "language") if hand.cells.get(name)}
    # A line that was being worded anew stays as it was kept: what she had come to is a line of its own.
    telling = writing(telling, member, Open(passage=hand.passage))
    return keep(telling, member, words, words_alone(words) | beside, "")


def unfinished(telling: Telling, member: str) -> str:
    """What this member has begun to write and not kept, in words: as it was typed, and what stands in small
    fields, each with the name of its column; "" for nothing that is not kept already."""
    hand = telling.hand(member)
    was = Wording("", {})
    if hand.changing:
        was = telling.line(hand.changing).now
    typed = "" if hand.typed.strip() == was.typed.strip() else hand.typed.strip()
    if not typed and (not hand.cells or _filled(hand) == _filled(was)):
        return ""
    cells = (f"{name}: {text}" for name, text in hand.cells.items() if text.strip() and name != "quote")
    return "; ".join(one for one in (typed, *cells) if one) or hand.cells.get("quote", "").strip()


def _filled(one: Open | Wording) -> dict[str, str]:
    """What small fields of a page hold of these cells."""
    return {name: text for name, text in one.cells.items() if text and name not in ("corrects", "language")}


def words_alone(typed: str) -> dict[str, str]:
    """The cells of a line of which nothing is made but the words."""
    return {"fact": WORDS_ALONE, "value": typed.strip()}


def take_out(telling: Telling, id_: str) -> Telling:
    """Takes a line out: it becomes no statement, and stays to be seen. Raises ``NotFoundError``."""
    old = telling.line(id_)
    lines = tuple(_replace(old, gone=True) if one.id == id_ else one for one in telling.lines)
    return _replace(telling, lines=lines)


def turn(telling: Telling, about: str) -> Telling:
    """Goes on to somebody else's life."""
    return _replace(telling, about=about, abouts=tuple(dict.fromkeys((*telling.abouts, about))))


def paste(telling: Telling, account: str) -> Telling:
    """Takes in an account that was written down elsewhere, beside those that are there: none takes the place
    of another, and none is taken in twice."""
    _still_open(telling)
    there = {telling.account[slice(*one)] for one in telling.accounts}
    if not account.strip() or account in there:
        return telling
    begins = (*telling.begins, len(telling.account)) if telling.account else ()
    return _replace(telling, account=telling.account + account, begins=begins)


def leave_out(telling: Telling, begin: int) -> Telling:
    """An account (where it begins) does not belong here; one of which a line was made stays."""
    found = next((one for one in telling.accounts if one[0] == begin), None)
    if found is None or any(_within(one, found) for one in telling.marked):
        return telling
    hands = {
        name: _replace(one, passage=None) if one.passage and _within(one.passage, found) else one
        for name, one in telling.open.items()
    }
    return _replace(telling, open=hands, left_out=(*telling.left_out, begin))


def in_one_account(telling: Telling, passage: tuple[int, int]) -> bool:
    """Whether these letters are a passage of one account."""
    return passage[0] < passage[1] and any(_within(passage, one) for one in telling.accounts)


def _within(passage: tuple[int, int], account: tuple[int, int]) -> bool:
    return account[0] <= passage[0] and passage[1] <= account[1]


def _still_open(telling: Telling) -> None:
    if telling.closing:
        raise UsageError(
            "This telling has just been ended by somebody else.",
            safe="What was kept before is entered.",
            do="Begin another telling for what is still to be said.",
        )
