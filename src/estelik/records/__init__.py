"""Records: immutable, typed documents, and their vocabularies."""

from estelik.records.judgement import Judgement, Named
from estelik.records.statement import (
    COMPARTMENTS,
    LABELS,
    WEAK_LAYERS,
    Answer,
    Compartment,
    Layer,
    Role,
    Statement,
    SubjectKind,
)

__all__ = [
    "COMPARTMENTS",
    "LABELS",
    "WEAK_LAYERS",
    "Answer",
    "Compartment",
    "Judgement",
    "Layer",
    "Named",
    "Role",
    "Statement",
    "SubjectKind",
]
