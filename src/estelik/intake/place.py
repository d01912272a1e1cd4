"""Place: where something was, by a label that is known or a name that is written as one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from estelik.intake.pattern import DONE
from estelik.intake.scan import Piece
from estelik.places.declension import forms
from estelik.records.vocabulary import kind_of

if TYPE_CHECKING:
    from estelik.intake.scan import Scan

#: Events that happen at the place that somebody comes away from.
_AWAY: Final = frozenset(
    {
        *("departure", "displacement", "release", "camp-exit"),
        *("prison-exit", "hospital-exit", "shelter-exit", "labour-exit"),
    }
)


def places(scan: Scan) -> list[Piece]:
    """The places named in what is left of a line."""
    known = {scan.rules.grammar.fold(label): label for label in scan.context.places}
    out = []
    away = any(kind_of(one.options[0].get("event", "")) in _AWAY for one in scan.pieces)
    rules = [*scan.rules.places, *(scan.rules.places_from if away else ())]
    for match, pattern, _ in sorted(
        scan.longest(rules, scan.text),
        key=lambda one: one[0].start(),
    ):
        (_, start, end) = next(iter(pattern.slots(match)))
        # What stands right behind an event that something was after belongs to that event.
        head = scan.text[: match.start()].rstrip()
        found = _named(scan, start, end, known)
        if found is None or (head.endswith(DONE) and _is_reference(scan, len(head))):
            continue
        stop, names = found
        out.append(Piece(match.start(), stop, [{"place": name} for name in names]))
        scan.done(match.start(), stop)
    if not out:
        out = _bare(scan, known)
    return out


def _is_reference(scan: Scan, end: int) -> bool:
    """Whether a relation ends there with the event it counts from."""
    if not scan.rules.grammar.table.spaced or scan.language == "kk":
        return False
    return any(piece.end == end and {"after", "before"} & piece.options[0].keys() for piece in scan.pieces)


def _named(scan: Scan, start: int, end: int, known: dict[str, str]) -> tuple[int, list[str]] | None:
    """Where the name at ``start`` ends, and the labels it can be; None where it is none."""
    text = scan.text[start:end]
    words = text.split(" ")
    spaced = scan.rules.grammar.table.spaced
    for count in range(len(words), 0, -1):
        part = " ".join(words[:count])
        label = _known(scan, part, known)
        if label:
            return start + len(part), [label]
    if not spaced:
        typed = scan.typed(start, end)
        bare = scan.rules.place_word.sub("", text).strip("里中内的 ")
        if (bare and bare != text) or any("a" <= letter.lower() <= "z" for letter in typed):
            return end, [typed]
        return None
    count = 0
    place = start
    named = False
    for word in words:
        typed = scan.typed(place, place + len(word))
        noun = bool(scan.rules.place_word.fullmatch(word))
        if not typed or not (typed[0].isupper() or typed[0].isdigit() or noun):
            break
        named = named or (not noun and typed[0].isupper())
        count += 1
        place += len(word) + 1
    own = scan.rules.grammar
    if not count or not named or any(own.key(kind, words[0]) for kind in ("months", "seasons", "weekdays")):
        return None
    stop = start + len(" ".join(words[:count]))
    if own.table.place_endings and not _has_ending(scan, words[count - 1]):
        return None
    return stop, _without_ending(scan, start, stop)


def _has_ending(scan: Scan, word: str) -> bool:
    """Where no preposition tells a place: whether its ending does."""
    own = scan.rules.grammar
    endings = tuple(own.fold(ending) for ending, _ in own.table.place_endings)
    return word.endswith(endings) or bool(scan.rules.place_word.fullmatch(word))


def _without_ending(scan: Scan, start: int, stop: int) -> list[str]:
    """The name without the ending that it has in the sentence; as it was typed where there is no rule."""
    typed = scan.typed(start, stop)
    for ending, instead in scan.rules.grammar.table.place_endings:
        if typed.lower().endswith(ending) and len(typed) > len(ending) + 2:
            return [typed[: len(typed) - len(ending)] + instead, typed]
    # What the name is without its case is for the documenter to say: both stand there.
    return [typed, *islice(forms(typed), 2)] if scan.language in ("ru", "uk") else [typed]


def _known(scan: Scan, part: str, known: dict[str, str]) -> str:
    """The label that a stretch is, in any form that a sentence gives it."""
    if part in known:
        return known[part]
    table = scan.rules.grammar.table
    for ending, instead in (*table.place_endings, *table.place_forms):
        bare = part.removesuffix(scan.rules.grammar.fold(ending)) + scan.rules.grammar.fold(instead)
        if bare != part and bare in known:
            return known[bare]
    return next((known[form] for form in forms(part) if form in known), "")


def _bare(scan: Scan, known: dict[str, str]) -> list[Piece]:
    """A known label that stands by itself, in any of its forms."""
    for name in sorted(known, key=len, reverse=True):
        place = scan.text.find(name[: max(3, len(name) - 1)] if scan.rules.grammar.table.spaced else name)
        if place < 0 or (place and scan.rules.grammar.table.spaced and scan.text[place - 1].isalnum()):
            continue
        stop = place + len(name)
        if scan.rules.grammar.table.spaced:
            while stop < len(scan.text) and scan.text[stop].isalnum():
                stop += 1
        if scan.text[place:stop] == name or _known(scan, scan.text[place:stop], known) == known[name]:
            piece = Piece(place, stop, [{"place": known[name]}])
            scan.done(place, stop)
            return [piece]
    return []
