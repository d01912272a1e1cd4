"""The oracle: the rules of docs/howto/record-consent.md as a table, read for one case at a time.

It shares nothing with the gate but the records. Days are compared as the words that they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.records.consent import ReprisalCheck, Withdrawal

if TYPE_CHECKING:
    from estelik.records import Statement
    from estelik.records.consent import Consent, Consents

#: (withdrawn, began, ended, answer, condition, renewed, public elsewhere, found safe) -> what it says; None
#: in a row stands for either. The first row that fits counts.
TABLE: Final = (
    ((True, None, None, None, None, None, None, None), "no"),
    ((False, False, None, None, None, None, None, None), "silent"),
    ((False, True, True, None, None, None, None, None), "silent"),
    ((False, True, False, "no", None, None, None, None), "no"),
    ((False, True, False, "yes", True, None, None, None), "no"),
    ((False, True, False, "yes", False, True, None, None), "silent"),
    ((False, True, False, "yes", False, False, True, False), "silent"),
    ((False, True, False, "yes", False, False, True, True), "yes"),
    ((False, True, False, "yes", False, False, False, None), "yes"),
)
ORDER: Final = ("none", "pseudonym", "named")


class Table:
    """What some consents say, by the table."""

    def __init__(self, consents: Consents) -> None:
        self._given = consents.given
        self._acts = consents.acts
        self._known: dict[tuple[str, str], str] = {}

    def says(self, one: Consent, day: str) -> str:
        """What a consent says on a day: yes, no, or nothing."""
        if (one.id, day) not in self._known:
            self._known[one.id, day] = self._says(one, day)
        return self._known[one.id, day]

    def _says(self, one: Consent, day: str) -> str:
        acts = [act for act in self._acts if act.consent == one.id and act.day <= day]
        checks = [act for act in acts if isinstance(act, ReprisalCheck)]
        last = max((act.day for act in checks), default="")
        state = (
            any(isinstance(act, Withdrawal) for act in acts),
            one.given <= day and (not one.first or one.first <= day),
            bool(one.last) and one.last < day,
            one.answer,
            bool(one.condition),
            any(other.renews == one.id and other.given <= day for other in self._given),
            one.basis == "already-public",
            bool(last) and all(act.safe for act in checks if act.day == last),
        )
        return next(
            what
            for row, what in TABLE
            if all(wanted is None or wanted == there for wanted, there in zip(row, state, strict=True))
        )

    def _after(self, one: Consent, day: str) -> list[Consent]:
        """What renews a consent, or what renews that, and so on; given after the last no that it speaks."""
        last = max(
            [one.given]
            + [
                act.day
                for act in self._acts
                if isinstance(act, Withdrawal) and act.consent == one.id and act.day <= day
            ]
        )
        found, wanted = [], {one.id}
        for other in self._given:
            if other.renews in wanted:
                wanted.add(other.id)
                if other.given >= last:
                    found.append(other)
        return found

    def side(self, who: str, statement: Statement, audience: str, purpose: str, day: str) -> str:
        """As whom somebody appears in a statement, by her own consents: "", "none", "pseudonym" or "named";
        with "+medical" behind it where all of them cover medical statements."""

        def about(one: Consent) -> bool:
            return (
                one.giver == who
                and audience in one.audiences
                and purpose in one.purposes
                and (
                    one.scope == "all"
                    or (one.scope == "testimony" and one.of == statement.testimony)
                    or (
                        one.scope == "person"
                        and statement.about_kind == "person"
                        and one.of == statement.about
                    )
                )
            )

        found = []
        for one in filter(about, self._given):
            what = self.says(one, day)
            if what == "no" and not any(
                about(other) and self.says(other, day) == "yes" for other in self._after(one, day)
            ):
                return ""
            if what == "yes":
                found.append(one)
        if not found:
            return ""
        least = min((one.identity for one in found), key=ORDER.index)
        return least + ("+medical" if all(one.including for one in found) else "")

    def cleared(self, statement: Statement, audience: str, purpose: str, day: str) -> tuple[str, str, bool]:
        """As whom teller and person appear, and whether the statement may be shown."""
        teller = self.side(statement.source, statement, audience, purpose, day) if statement.source else ""
        asked = statement.about_kind == "person" and not statement.about.startswith("?")
        person = self.side(statement.about, statement, audience, purpose, day) if asked else "named+medical"
        yes = (
            bool(teller)
            and bool(person)
            and statement.compartment != "source"
            and statement.answer not in ("unknown", "refused")
            and (statement.compartment != "medical" or ("+medical" in teller and "+medical" in person))
        )
        return teller.partition("+")[0], person.partition("+")[0], yes
