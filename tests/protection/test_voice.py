"""What ends a no: her own later yes, and no more than that yes grants."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from estelik.identity.resolution import Resolution
from estelik.protection.account import stricter
from estelik.protection.permission import Asked, permissions
from estelik.protection.voice import standing
from estelik.records import Statement
from estelik.records.consent import Consent, Consents, Met, Withdrawal

ONE = Statement("s1", "Aigul", testimony="t1", source="Aigul", event="release")
OTHER = Statement("s2", "Aigul", testimony="t2", source="Aigul", event="release")
DAY = date(2026, 1, 1).toordinal()


def yes(id_: str, given: str, **more: Any) -> Consent:
    """A yes by name to everybody, for publication, unless more is said."""
    every: dict[str, Any] = {"audiences": ("public",), "purposes": ("publication",), "identity": "named"}
    return Consent(id_, "Aigul", **({"scope": "all", "given": given} | every | more))


def no(id_: str, given: str, **more: Any) -> Consent:
    """A no to everything."""
    return yes(id_, given, **({"answer": "no", "identity": "none", "audiences": ("public", "partner"),
                               "purposes": ("publication", "legal")} | more))  # fmt: skip


def open_to(
    consents: Consents, statement: Statement = ONE, audience: Any = "public", purpose: Any = "publication"
) -> bool:
    """Whether a statement may be shown on the day of these tests."""
    return permissions(consents, Resolution()).of(statement, Asked(audience, purpose, DAY)).cleared


OLD, NO = yes("a", "2022-01-01"), no("b", "2023-01-01")


@pytest.mark.parametrize(
    "renewal",
    [
        yes("c", "2024-01-01", renews="b", audiences=("partner",), purposes=("legal",)),
        yes("c", "2024-01-01", renews="b", condition="When all are here", concerns=("Aigul",)),
        yes("c", "2024-01-01", renews="b", last="2025-01-01"),
        yes("c", "2024-01-01", renews="b", first="2027-01-01"),
        yes("c", "2024-01-01", renews="b", scope="testimony", of="t2"),
        yes("c", "2022-06-01", renews="b"),
        no("c", "2024-01-01", renews="b", audiences=("partner",)),
    ],
)
def test_a_renewal_lifts_a_no_only_within_what_it_grants(renewal: Consent) -> None:
    """An old yes does not come back to life beside it: not for others, not under a condition, not past its
    end, not in another telling, and not by a paper from before the no."""
    assert not open_to(Consents((OLD, NO, renewal)))
    assert not open_to(Consents((OLD, NO)))


def test_where_it_grants_something_that_is_open() -> None:
    partner = yes("c", "2024-01-01", renews="b", audiences=("partner",), purposes=("legal",))
    assert open_to(Consents((OLD, NO, partner)), audience="partner", purpose="legal")
    telling = yes("c", "2024-01-01", renews="b", scope="testimony", of="t2")
    assert open_to(Consents((OLD, NO, telling)), OTHER)
    assert open_to(Consents((OLD, NO, yes("c", "2024-01-01", renews="b"))))


def test_what_renews_a_renewal_lifts_as_well() -> None:
    first = yes("c", "2024-01-01", renews="b")
    again = yes("d", "2025-01-01", renews="c", identity="pseudonym")
    assert open_to(Consents((NO, first, again)))
    gone = Consents((NO, first, again), (Withdrawal("w", "d", "2025-06-01", "because"),))
    assert not open_to(gone)


def test_a_withdrawal_counts_whatever_has_renewed_what_it_withdraws() -> None:
    """A paper that was renewed before is withdrawn with what renewed it; one from before the withdrawal does
    not undo it; one from after it does."""
    renewed = yes("c", "2022-06-01", renews="a", identity="pseudonym")
    gone = Withdrawal("w", "a", "2023-01-01", "because")
    for consents in (Consents((OLD, renewed), (gone,)), Consents((OLD,), (gone,))):
        assert not open_to(consents)
        assert standing(OLD, consents, DAY) == "withdrawn"
    later = yes("d", "2023-02-01", renews="a")
    assert open_to(Consents((OLD, later), (gone,)))


def test_a_condition_keeps_her_out_of_everything_until_she_was_asked_again() -> None:
    """Also where she said yes before; and that the two do not say the same is told."""
    waits = yes("c", "2024-01-01", condition="When all are here", concerns=("Aigul",))
    met = Met("m", "c", "2025-01-01", "They are here.")
    for consents in (Consents((OLD, waits)), Consents((OLD, waits), (met,))):
        assert not open_to(consents)
        assert (
            permissions(consents, Resolution()).of(ONE, Asked("public", "publication", DAY)).teller.reason
            == "waits"
        )
        assert stricter(consents, date.fromordinal(DAY))
    assert open_to(Consents((OLD, waits, yes("d", "2025-02-01", renews="c")), (met,)))
