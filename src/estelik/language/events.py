"""Events, states and facts by name, in the forms that sentences need.

A kind has a label ("Released"), a clause that follows "not" or "then"
("released") and a noun that follows "after" ("the release"). A kind that is not
in the vocabulary is shown as it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.language.direction import run
from estelik.language.numbers import digits, listed
from estelik.language.reader import N_
from estelik.records.vocabulary import fact_kind_of, kind_of, vocabulary

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader

#: The relations that lines are read for, and what they are called.
_RELATIONS: dict[str, str] = {
    "brother": N_("brother"),
    "sister": N_("sister"),
    "mother": N_("mother"),
    "father": N_("father"),
    "son": N_("son"),
    "daughter": N_("daughter"),
    "husband": N_("husband"),
    "wife": N_("wife"),
    "uncle": N_("uncle"),
    "aunt": N_("aunt"),
    "cousin": N_("cousin"),
    "grandmother": N_("grandmother"),
    "grandfather": N_("grandfather"),
    "nephew": N_("nephew"),
    "niece": N_("niece"),
    "neighbour": N_("neighbour"),
    "friend": N_("friend"),
    "brother-in-law": N_("brother-in-law"),
    "sister-in-law": N_("sister-in-law"),
}
#: Kind: its clause and its noun, neither of which says who it happened to.
_FORMS: dict[str, tuple[str, str]] = {
    "birth": (N_("born"), N_("the birth")),
    "arrest": (N_("arrested"), N_("the arrest")),
    "detention": (N_("detained"), N_("the detention")),
    "camp-entry": (N_("taken to the camp"), N_("being taken to the camp")),
    "sentence": (N_("sentenced"), N_("the sentence")),
    "prison-entry": (N_("taken to prison"), N_("being taken to prison")),
    "house-arrest": (N_("put under house arrest"), N_("being put under house arrest")),
    "labour-entry": (N_("taken to forced labour"), N_("being taken to forced labour")),
    "transfer": (N_("moved to another place"), N_("being moved to another place")),
    "passport-taken": (N_("passport taken"), N_("the taking of the passport")),
    "hospital-entry": (N_("taken to hospital"), N_("being taken to hospital")),
    "missing": (N_("gone missing"), N_("going missing")),
    "contact-lost": (N_("contact lost"), N_("the loss of contact")),
    "displacement": (N_("displaced"), N_("the displacement")),
    "departure": (N_("gone away"), N_("the departure")),
    "shelter-entry": (N_("gone into a shelter"), N_("going into a shelter")),
    "death": (N_("died"), N_("the death")),
    "release": (N_("released"), N_("the release")),
    "camp-exit": (N_("out of the camp"), N_("leaving the camp")),
    "prison-exit": (N_("out of prison"), N_("leaving prison")),
    "house-arrest-end": (N_("free of house arrest"), N_("the end of house arrest")),
    "labour-exit": (N_("out of forced labour"), N_("leaving forced labour")),
    "passport-returned": (N_("passport given back"), N_("the passport being given back")),
    "hospital-exit": (N_("out of hospital"), N_("leaving hospital")),
    "found": (N_("found"), N_("being found")),
    "contact-restored": (N_("contact restored"), N_("contact being restored")),
    "arrival": (N_("arrived"), N_("the arrival")),
    "return": (N_("back"), N_("the return")),
    "shelter-exit": (N_("out of the shelter"), N_("leaving the shelter")),
    "burial": (N_("buried"), N_("the burial")),
    "body-returned": (N_("body given back"), N_("the body being given back")),
    "death-confirmed": (N_("death confirmed"), N_("the death being confirmed")),
    "death-notified": (N_("family told of the death"), N_("the family being told of the death")),
    "exhumation": (N_("exhumed"), N_("the exhumation")),
    "rehabilitation": (N_("rehabilitated"), N_("the rehabilitation")),
    "torture": (N_("tortured"), N_("the torture")),
    "injury": (N_("injured"), N_("the injury")),
    "sexual-violence": (N_("sexual violence"), N_("the sexual violence")),
    "rape": (N_("raped"), N_("the rape")),
    "abortion": (N_("abortion"), N_("the abortion")),
    "forced-abortion": (N_("forced abortion"), N_("the forced abortion")),
}


#: What is counted, and how a row names that.
_COUNTED: dict[str, str] = {
    "children": N_("Number of children"),
    "siblings": N_("Number of siblings"),
}
#: State: how a sentence about a life begins with it.
_HELD: dict[str, str] = {
    "detained": N_("Detained"),
    "in camp": N_("Held in a camp"),
    "in prison": N_("Held in prison"),
    "under house arrest": N_("Under house arrest"),
    "in forced labour": N_("In forced labour"),
    "passport withheld": N_("Without the passport"),
    "in hospital": N_("In hospital"),
    "missing": N_("Missing"),
    "displaced": N_("Displaced"),
    "sheltering": N_("Sheltering"),
    "dead": N_("Dead"),
}


def label(reader: Reader, event: str, place: str = "", whose: str = "") -> Markup:
    """The event as a heading or a row names it: "Released", "Taken to the camp: Tekes";
    ``whose`` it is where the page is about somebody else."""
    if place and event == "transfer":
        words = reader._("Moved to %(place)s", place=run(place))
    else:
        kind = vocabulary().kinds.get(kind_of(event))
        words = _told_apart(reader, reader._(kind.label) if kind else run(kind_of(event)), event, place)
    return of_whom(reader, words, whose)


def clause(reader: Reader, event: str, place: str = "") -> Markup:
    """The event within a line of words: "released"."""
    if place and event == "transfer":
        return reader._("moved to %(place)s", place=run(place))
    forms = _FORMS.get(kind_of(event))
    return _told_apart(reader, reader._(forms[0]) if forms else run(kind_of(event)), event, place)


def noun(reader: Reader, event: str, whose: str = "") -> Markup:
    """The event after "after": "the release", "the arrest (Ajar)"."""
    forms = _FORMS.get(kind_of(event))
    words = _told_apart(reader, reader._(forms[1]) if forms else run(kind_of(event)), event, "")
    return of_whom(reader, words, whose)


def forms(reader: Reader, kind: str) -> tuple[Markup, ...]:
    """What a kind of event is called, in every form that a sentence has: its label, its clause, its noun."""
    known = vocabulary().kinds.get(kind)
    label = (reader._(known.label),) if known else ()
    return (*label, *(reader._(form) for form in _FORMS.get(kind, ())))


def referred(reader: Reader, reference: str) -> Markup:
    """What a cell refers to, as ``noun`` says it: the own event, or ``SUBJECT/EVENT``."""
    whose, own = _split(reference)
    return noun(reader, own, whose)


def _split(reference: str) -> tuple[str, str]:
    """Whose event a reference names, "" for the own, and which. A slash may stand in any label:
    where no reading gives an event of a kind that is known, it stands as it was written."""
    kinds = vocabulary().kinds
    slash = -1 if kind_of(reference) in kinds else reference.find("/")
    while slash >= 0:
        if kind_of(reference[slash + 1 :]) in kinds:
            return reference[:slash], reference[slash + 1 :]
        slash = reference.find("/", slash + 1)
    return "", reference


def of_whom(reader: Reader, words: Markup, whose: str) -> Markup:
    """An event or a fact with whose it is, where that must be said."""
    if not whose:
        return words
    return reader._("%(event)s (%(subject)s)", event=words, subject=run(whose))


def state(reader: Reader, code: str) -> Markup:
    """A state as a lane names it."""
    known = vocabulary().states.get(code)
    return reader._(known.label) if known else run(code)


def held(reader: Reader, code: str) -> Markup:
    """A state at the head of a sentence about a life: "Held in a camp"."""
    return reader._(_HELD[code]) if code in _HELD else run(code)


def fact(reader: Reader, code: str, whose: str = "") -> Markup:
    """A fact as a sentence names it: "Ethnicity", "Relation, brother"."""
    return of_whom(reader, _fact(reader, code), whose)


def _fact(reader: Reader, code: str) -> Markup:
    kind = vocabulary().facts.get(fact_kind_of(code))
    head = reader._(kind.label) if kind else run(fact_kind_of(code))
    _, colon, rest = code.partition(":")
    which = rest.strip()
    if which in _COUNTED and fact_kind_of(code) == "count":
        return reader._(_COUNTED[which])
    if colon and which:
        named = clause(reader, which) if kind_of(which) in _FORMS else related(reader, which)
        return reader._("%(fact)s (%(which)s)", fact=head, which=named)
    return head


def relation(reader: Reader, code: str) -> Markup:
    """What a relation is called by itself: "sister"."""
    _, _, which = code.partition(":")
    return related(reader, which.strip()) if which.strip() else _fact(reader, code)


def related(reader: Reader, which: str) -> Markup:
    """A kind of relation; what is none of the usual words stands as it was written."""
    return reader._(_RELATIONS[which]) if which in _RELATIONS else run(which)


def vocabulary_strings() -> tuple[str, ...]:
    """Every label of the vocabulary, for the extraction of strings."""
    words = vocabulary()
    return tuple(
        dict.fromkeys(
            [one.label for one in words.states.values()]
            + [one.label for one in words.kinds.values()]
            + [one.label for one in words.facts.values()]
        )
    )


def _told_apart(reader: Reader, words: Markup, event: str, place: str) -> Markup:
    rest = event[len(kind_of(event)) :].lstrip("#: ").strip() if event != kind_of(event) else ""
    if place and place != rest:
        words = reader._("%(event)s: %(place)s", event=words, place=run(place))
    if rest:
        which = _again(reader, int(rest)) if reader.outside and rest.isdecimal() else run(rest)
        return reader._("%(event)s (%(which)s)", event=words, which=which)
    return words


def _again(reader: Reader, times: int) -> Markup:
    """What tells events of a kind apart that have a number: which was first it does not say."""
    if times <= 2:
        return reader._("another time") if times == 2 else reader._("one time")
    return reader._("another time, %(count)s", count=digits(reader, times))


def labels(reader: Reader, found: tuple[str, ...]) -> Markup:
    """Several events by name, as a list."""
    return listed(reader, [label(reader, event) for event in found])
