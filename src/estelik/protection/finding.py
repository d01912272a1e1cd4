"""Finding: what an editor has to look at before a release, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.protection.anonymity import Anonymity, Crowd
from estelik.protection.fact import Fact
from estelik.protection.identifying_number import Number
from estelik.protection.named import Mention
from estelik.protection.relation import SaidOf, Singled
from estelik.protection.repair import Step
from estelik.protection.sole_source import SoleSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.protection.population import Population
    from estelik.protection.repair import Repair

#: ``wider``: say it more roughly; ``leave out``; ``reword`` a text; ``nothing``: it is out already.
Do = Literal["wider", "leave out", "reword", "nothing"]


class FewPeople(msgspec.Struct, frozen=True, tag=True):
    """``facts`` together fit no more than ``k`` people. ``steps`` are those of the repair that concern them,
    and ``then`` how many people fit after them; 0 where nothing is left to say."""

    person: str
    facts: tuple[Fact, ...]
    k: int
    steps: tuple[Step, ...] = ()
    then: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it is about."""
        return (self.person,)

    @property
    def statements(self) -> tuple[str, ...]:
        """What it rests on."""
        return tuple(dict.fromkeys(one for fact in self.facts for one in fact.statements))

    @property
    def do(self) -> Do:
        """What to do."""
        if not self.steps:
            return "nothing"
        return "wider" if any(step.wider for step in self.steps) else "leave out"


class OnlyOneKnew(msgspec.Struct, frozen=True, tag=True):
    """A fact gives its source away."""

    what: SoleSource

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it gives away: labels."""
        return self.what.exposed

    @property
    def statements(self) -> tuple[str, ...]:
        """What it rests on."""
        return self.what.statements

    @property
    def do(self) -> Do:
        """What to do."""
        return "wider" if self.what.wider else "leave out"


class InText(msgspec.Struct, frozen=True, tag=True):
    """A text, ``where`` (an id of the caller's), names somebody or singles somebody out: ``words`` are those
    that do."""

    where: str
    words: str
    what: Mention | Number | Singled | SaidOf
    statements: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it may be about: keys, or labels of those in reach."""
        return self.what.people

    @property
    def do(self) -> Do:
        """What to do."""
        return "reword"


class Corrected(msgspec.Struct, frozen=True, tag=True):
    """A ``statement`` (an id) was corrected by another, ``by``, that does not leave."""

    statement: str
    by: str

    @property
    def people(self) -> tuple[str, ...]:
        """Nobody."""
        return ()

    @property
    def statements(self) -> tuple[str, ...]:
        """What it is."""
        return (self.statement,)

    @property
    def do(self) -> Do:
        """What to do."""
        return "leave out"


class ByName(msgspec.Struct, frozen=True, tag=True):
    """A ``person`` (a label) who is not named here was published by name on ``days`` (ISO)."""

    person: str
    days: tuple[str, ...]
    statements: tuple[str, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Whom it gives away."""
        return (self.person,)

    @property
    def do(self) -> Do:
        """What to do."""
        return "leave out"


Finding = FewPeople | OnlyOneKnew | InText | Corrected | ByName


def few_people(population: Population, found: Anonymity, mended: Repair) -> Iterator[FewPeople]:
    """A finding for each combination, with what the repair of them all does to it."""
    steps = {(step.fact.said, step.fact.occasion): step for step in mended.steps}
    for one in found.combinations:
        own = [(fact, steps.get((fact.said, fact.occasion))) for fact in one.facts]
        rest = [fact if step is None else step.wider for fact, step in own]
        left = [fact for fact in rest if fact is not None]
        then = Crowd(population, left).fitting(left) if left else 0
        yield FewPeople(found.person, one.facts, one.k, tuple(step for _, step in own if step), then)
