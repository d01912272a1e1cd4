"""Statement: one thing that one source says in one testimony.

A statement keeps the cells of its sheet row as they were written (so that
export is loss-free and every day that is computed leads back to words); what
they mean in days is computed from them by versioned rules (``chronology``).
"""

from __future__ import annotations

from typing import Literal

import msgspec

Answer = Literal["yes", "no", "unknown", "refused"]
Role = Literal["perceived", "told", "inferred", "document", "coerced"]
Layer = Literal["asserted", "background", "presumption", "implicature"]
SubjectKind = Literal["person", "organisation", "place", "group"]
Compartment = Literal["source", "testimony", "casework", "medical", "public"]

#: Layers from the weakest to the strongest that may be set aside whole.
WEAK_LAYERS: tuple[Layer, ...] = ("implicature", "presumption", "background")
COMPARTMENTS: tuple[Compartment, ...] = ("testimony", "source", "casework", "medical", "public")

#: Columns whose cells are labels or are compared as labels are. The last three say who told.
LABELS_OF_TELLINGS: tuple[str, ...] = ("testimony", "source", "via")
LABELS: tuple[str, ...] = (
    *("statement", "about", "event", "fact", "value", "after", "before", "place", "by", "corrects"),
    *LABELS_OF_TELLINGS,
)


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """What one row of a statement sheet says, as a reader with every key sees it.

    Each field is the cell of the column of the same name (statement-sheet
    contract, "Columns"), "" where it was blank. ``quote`` and ``note`` stand
    letter for letter; all else is stripped of outer white space, and labels are
    composed (``records.label``), so that what looks the same is one label. The
    defaults of the contract are filled in for ``about_kind``, ``answer``,
    ``role``, ``layer`` and ``compartment``, and a ``grade`` that says nothing is
    blank. ``typed`` says which of those defaults were written out, and
    ``written`` the labels that were spelled in another way than they are
    compared, so that export can give the same cells back.
    """

    statement: str
    about: str
    testimony: str = ""
    source: str = ""
    told: str = ""
    about_kind: SubjectKind = "person"
    event: str = ""
    fact: str = ""
    value: str = ""
    answer: Answer = "yes"
    when: str = ""
    age: str = ""
    after: str = ""
    before: str = ""
    gap: str = ""
    place: str = ""
    by: str = ""
    role: Role = "told"
    via: str = ""
    layer: Layer = "asserted"
    grade: str = ""
    expected: bool = False
    evidence: str = ""
    compartment: Compartment = "testimony"
    corrects: str = ""
    quote: str = ""
    language: str = ""
    note: str = ""
    #: Columns whose cell was written out although it holds the default.
    typed: tuple[str, ...] = ()
    #: True where the row had no id of its own and one was generated.
    generated: bool = False
    #: Column and cell of the labels whose letters were not composed; those that name
    #: who told (``LABELS_OF_TELLINGS``) come last.
    written: tuple[tuple[str, str], ...] = ()

    @property
    def subject(self) -> str:
        """The key of the life it is about: the label, or the label and the
        statement's id for someone unnamed (``?...``), who is never joined
        with another row's but by a judgement (``about`` is then the key already)."""
        if not self.about.startswith("?") or "\x1f" in self.about:
            return self.about
        return f"{self.about}\x1f{self.statement}"

    @property
    def telling(self) -> str:
        """The key of the telling it belongs to: the testimony's label, or one
        telling for each source and date told."""
        return self.testimony or f"\x1f{self.source}\x1f{self.told}"

    @property
    def chain(self) -> tuple[str, ...]:
        """Through whom it came, the source first, the farthest last."""
        via = (part.strip() for part in self.via.split(">"))
        return (self.source, *(part for part in via if part))
