"""What was done in the office, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.language.compartments import compartments
from estelik.language.direction import run
from estelik.language.reader import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from estelik.language.reader import Reader

#: The kinds of thing that are done.
KINDS: Final = {
    "belonging": N_("Who belongs to the office"),
    "decisions": N_("Decisions on what was told"),
    "erasing": N_("Erasing and keeping"),
    "consents": N_("Consents and risks"),
    "releases": N_("Releases and exports"),
    "evidence": N_("Evidence"),
    "journeys": N_("Journeys"),
    "entered": N_("What was entered"),
}
_SAYS: Final = {
    "began": N_("The office began."),
    "renewed": N_("The secret of the office was renewed."),
    "admitted": N_("%(about)s was admitted, and may read: %(held)s."),
    "coordinator": N_("%(about)s was made a coordinator, and may read: %(held)s."),
    "holds": N_("%(about)s may read from then on: %(held)s."),
    "computer": N_("A computer of %(about)s was admitted."),
    "seat": N_("A seat was made for %(about)s."),
    "left": N_("%(about)s was withdrawn."),
    "lost": N_("A computer or seat of %(about)s was withdrawn."),
    "set-aside": N_("A statement was set aside."),
    "allow-question": N_("A question was allowed that had been held back."),
    "withdrawn": N_("A decision was taken back."),
    "same": N_("Two were judged to be the same."),
    "different": N_("Two were judged not to be the same."),
    "unsure": N_("Of two nobody could say whether they are the same."),
    "split": N_("What a telling says was judged to be about somebody else."),
    "erasure": N_("Something was erased for good."),
    "restriction": N_("Something was put out of sight."),
    "hold": N_("Something is to be kept from being erased."),
    "lift": N_("It was put in sight again, or may be erased again."),
    "consent": N_("What %(about)s allows was recorded."),
    "refusal": N_("What %(about)s refuses was recorded."),
    "met": N_("The condition of a consent is met."),
    "withdrawal": N_("A consent was withdrawn."),
    "check": N_("It was looked whether repeating what is public could bring harm."),
    "pseudonym": N_("It was said what %(about)s is called outside."),
    "risk": N_("A risk on account of %(about)s was recorded."),
    "review": N_("A risk was looked at again."),
    "draft": N_("A release was drafted: %(about)s"),
    "change": N_("In a release something is to say less."),
    "ruling": N_("In a release a finding was let stand."),
    "approval": N_("A release was approved."),
    "publication": N_("A release was published."),
    "export": N_("Something was handed to %(about)s."),
    "retraction": N_("Something is to leave a release."),
    "file": N_("A file of evidence was taken in."),
    "accession": N_("It was noted who brought a file of evidence."),
    "copy": N_("A copy of a file of evidence was made."),
    "departure": N_("A travel casebook was made."),
    "homecoming": N_("What a travel casebook brought was taken in."),
    "strike": N_("A travel casebook is not waited for any more."),
}  # fmt: skip


def noted(reader: Reader, what: str, about: str = "", held: Sequence[str] = (), count: int = 0) -> Markup:
    """Something that was done."""
    if what == "statements":
        return reader.ngettext(
            "%(num)s statement was entered.", "%(num)s statements were entered.", count, num=count
        )
    if what not in _SAYS:
        return reader._("Something that this version of Estelik does not know.")
    return reader._(_SAYS[what], about=run(about), held=compartments(reader, held))
