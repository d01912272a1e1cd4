"""Proposals: the pairs of people who may be one, by their names and by all else that is recorded of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from estelik.identity.candidate import Candidate
from estelik.identity.evidence import Evidence
from estelik.identity.likeness import likeness
from estelik.identity.profile import profiles
from estelik.index.linked import kept, shown
from estelik.places.atlas import Atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from estelik.identity.namesakes import Alike
    from estelik.identity.profile import Profile
    from estelik.index.lives import Lives
    from estelik.records import Statement
    from estelik.vault.store import Store

    #: What came of pairs of people (keys, in order) that were weighed: one candidate, or none.
    Weighed = dict[tuple[str, str], list[Candidate]]

#: So many of the pairs whose names fit best are weighed by all that is recorded.
_WEIGHED: Final = 300


def proposals(
    alike: Iterable[Alike],
    lives: Lives,
    about: Callable[[Collection[str]], list[Statement]],
    weighed: Weighed | None = None,
) -> list[Candidate]:
    """A candidate for each pair; in what words is asked when they are shown.

    ``about``: the statements about the subjects with these labels. Days of
    birth are those that a life's own statements leave. ``weighed``: before, which are not weighed again;
    those that are now are added.
    """
    weighed = {} if weighed is None else weighed
    pairs = sorted(alike, key=lambda one: (-one.score, one.one, one.other))
    fitting: dict[str, set[str]] = {}
    for one in filter(_named, pairs):
        fitting.setdefault(one.one, set()).add(one.other)
        fitting.setdefault(one.other, set()).add(one.one)
    first, rest = pairs[:_WEIGHED], pairs[_WEIGHED:]
    fresh = [one for one in first if one[:2] not in weighed]
    profile = _profiles({name for one in fresh for name in one[:2]}, lives, about) if fresh else None
    atlas = Atlas(lives.about_places() if fresh else ())
    for one in fresh:
        out = weighed[one[:2]] = list[Candidate]()
        assert profile is not None  # noqa: S101 (made where there is anything fresh)
        mine, their = (profile(key) for key in (one.one, one.other))
        if mine is None or their is None or mine.key == their.key:
            out += [_unweighed(one)] if _named(one) else []
            continue
        others = len(fitting.get(one.one, set()) & fitting.get(one.other, set()))
        found = likeness(mine, their, atlas, others=others)
        # The number may have been corrected, or set aside.
        if _named(one) or any(piece.kind == "number" for piece in found.evidence):
            out.append(Candidate(one.one, one.other, found.score, names=found.names, evidence=found.evidence))
    return [found for one in first for found in weighed[one[:2]]] + [_unweighed(one) for one in rest]


def _named(one: Alike) -> bool:
    """Whether names of two people fit."""
    return bool(one.names[0])


def _unweighed(one: Alike) -> Candidate:
    number = () if _named(one) else (Evidence("number", 1.0),)
    return Candidate(one.one, one.other, one.score, names=one.names, evidence=number)


def linked(
    store: Store, lives: Lives, about: Callable[[Collection[str]], list[Statement]]
) -> list[Candidate]:
    """The pairs that linkage found, of those whom all that is recorded of can be seen."""
    pairs = kept(store)
    if not pairs:
        return []
    labels = {name.split("\x1f")[0] for one in pairs for name in one.pair}
    return shown(pairs, {lives.resolution.key(one) for one in about(labels)})


def grounded(pair: Candidate, lives: Lives, about: Callable[[Collection[str]], list[Statement]]) -> Candidate:
    """A pair with what speaks for and against it, where linkage found it."""
    return (weighed(pair, lives, about) or pair) if pair.linked else pair


def weighed(
    pair: Candidate, lives: Lives, about: Callable[[Collection[str]], list[Statement]]
) -> Candidate | None:
    """A pair with what speaks for and against it in these lives; None where one of the two is not there."""
    profile = _profiles(set(pair.pair), lives, about)
    one, other = profile(pair.one), profile(pair.other)
    if one is None or other is None:
        return None
    found = likeness(one, other, Atlas(lives.about_places()))
    return replace(pair, names=found.names, evidence=found.evidence, linked=False)


def _profiles(
    names: Collection[str], lives: Lives, about: Callable[[Collection[str]], list[Statement]]
) -> Callable[[str], Profile | None]:
    """The profiles of these people (keys), by key, made of all that is told of whoever is one with them."""
    keys = {key for name in names for key in lives.resolution.members(name)}
    # Whoever was split off a label is told from who kept it by all of it.
    splits = {label for label, _ in lives.resolution.splits}
    merged = lives.merged(about({key.split("\x1f")[0] for key in keys} | splits))
    known = {one.key: one for one in profiles(merged)}
    return lambda key: known.get(merged.lives.get(key, key))
