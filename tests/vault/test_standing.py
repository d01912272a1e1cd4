"""Who belongs to the office follows from the set of statements, and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from estelik.vault import custody, roll
from estelik.vault.device import Signer, signer
from estelik.vault.roll import Authority, Enrolment, Membership, Renewal, Signed, Statement, Withdrawal
from estelik.vault.standing import Standing, standing, vouching

if TYPE_CHECKING:
    from collections.abc import Iterable

ALL = ("casework", "medical", "public", "source", "testimony")
SECRET = bytes(range(32))
ROOT = custody.root(SECRET)
OFFICE = ROOT.public_key().public_bytes_raw()
RECOVERY = str(custody.recovery(SECRET).to_public())
KEYS = [signer(bytes([number]) * 32, OFFICE) for number in range(1, 7)]
RECIPIENTS = [str(Identity.generate().to_public()) for _ in KEYS]
IDS = [one.device.id for one in KEYS]
MEMBERS = ["zhanar", "aigul", "dina"]


def _by(key: Signer, statement: type, *fields: object) -> Signed:
    return roll.signed(statement(OFFICE, key.device.key, 1, *fields), key.key)


def _root(statement: type, *fields: object) -> Signed:
    return roll.signed(statement(OFFICE, OFFICE, 1, *fields), ROOT)


def _said(*statements: Signed) -> Standing:
    return standing(roll.gathered(statements), OFFICE)


BEGUN = (
    _root(Authority, 1, OFFICE, RECOVERY),
    _root(Membership, "zhanar", 1, "Zhanar", ALL, True),
    _root(Enrolment, "zhanar", KEYS[0].device.key, RECIPIENTS[0]),
)
#: A second coordinator, who does not hold everything; a member with a device.
SECOND = (
    _root(Membership, "aigul", 1, "Aigul", ("medical", "testimony"), True),
    _root(Enrolment, "aigul", KEYS[1].device.key, RECIPIENTS[1]),
)
MEMBER = (
    _by(KEYS[0], Membership, "dina", 1, "Dina", ("source", "testimony"), False),
    _by(KEYS[0], Enrolment, "dina", KEYS[2].device.key, RECIPIENTS[2]),
)


def _statements() -> st.SearchStrategy[Signed]:
    """Anything that anybody of a few can say about anybody, rightly or not."""
    compartments = st.sets(st.sampled_from(ALL)).map(lambda some: tuple(sorted(some)))
    head = st.binary(min_size=32, max_size=32)
    kinds = st.one_of(
        st.tuples(
            st.just(Membership),
            st.sampled_from(MEMBERS),
            st.integers(1, 3),
            st.sampled_from("AB"),
            compartments,
            st.booleans(),
        ),
        st.builds(
            lambda member, number: (Enrolment, member, KEYS[number].device.key, RECIPIENTS[number]),
            st.sampled_from(MEMBERS),
            st.integers(0, 5),
        ),
        st.tuples(st.just(Renewal), st.integers(1, 3), st.sampled_from(RECIPIENTS)),
        st.tuples(st.just(Withdrawal), st.sampled_from([*MEMBERS, *IDS]), st.tuples(head), st.just(())),
    )
    return st.builds(
        lambda key, said: _root(*said) if key is None else _by(key, *said),
        st.sampled_from([None, *KEYS]),
        kinds,
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(_statements(), max_size=14), st.randoms(), st.data())
def test_any_order_any_grouping_and_twice_give_the_same(
    said: list[Signed], dice: object, data: st.DataObject
) -> None:
    """Merging is taking both: associative, commutative, and the same a second time."""
    every = [*BEGUN, *said]
    expected = _said(*every)
    shuffled = data.draw(st.permutations(every))
    cut = data.draw(st.integers(0, len(every)))
    one, other = roll.gathered(shuffled[:cut]), roll.gathered(shuffled[cut:])
    for merged in (one | other, other | one, one | other | one):
        found = standing(merged, OFFICE)
        assert (found.members, found.devices, found.cuts, found.statements) == (
            expected.members,
            expected.devices,
            expected.cuts,
            expected.statements,
        )
    del dice


@settings(max_examples=60, deadline=None)
@given(st.lists(_statements(), max_size=14))
def test_without_the_root_nobody_gains_a_right(said: list[Signed]) -> None:
    """Whatever those say who are not coordinators: members and compartments stay as they were."""
    own = {MEMBERS[2]: {IDS[2]}}
    before = _said(*BEGUN, *MEMBER)
    strangers = [one for one in said if _signer(one) in {*IDS[2:]}]
    found = _said(*BEGUN, *MEMBER, *strangers)
    assert {id_: one._replace(present=True) for id_, one in found.members.items()} == before.members
    assert found.members["zhanar"].present
    new = found.devices.keys() - before.devices.keys()
    assert all(found.devices[device].member == "dina" for device in new)
    assert own["dina"] <= found.devices.keys()


def _signer(one: Signed) -> str:
    says = roll.read(one, OFFICE)
    assert says is not None
    from estelik.vault.device import id_of

    return id_of(says.by)


def test_what_is_changed_or_of_another_office_is_ignored() -> None:
    """A flipped byte, another's signature, another office's statement, another way to write the same."""
    whole = MEMBER[0]
    statements = [
        Signed(whole.said, whole.signature[:-1] + bytes([whole.signature[-1] ^ 1])),
        Signed(whole.said, MEMBER[1].signature),
        Signed(whole.said + b"\0", whole.signature),
        Signed(b"", b""),
        Signed(b"\xc0", whole.signature),
    ]
    before = _said(*BEGUN)
    assert _said(*BEGUN, *statements).members == before.members
    for place in range(len(whole.said)):
        changed = whole.said[:place] + bytes([whole.said[place] ^ 1]) + whole.said[place + 1 :]
        assert roll.read(Signed(changed, whole.signature), OFFICE) is None
    assert roll.read(whole, bytes(32)) is None
    assert roll.read(whole, OFFICE) is not None


def test_a_coordinator_gives_no_more_than_she_holds_and_takes_no_more() -> None:
    """What is beyond her stays as it was, and she enrols no device of whoever holds more than she does."""
    said = _said(
        *BEGUN, *SECOND, *MEMBER, _by(KEYS[1], Membership, "dina", 2, "Dina", ("medical", "public"), False)
    )
    assert said.members["dina"].compartments == {"source", "medical"}
    more = _by(KEYS[1], Enrolment, "dina", KEYS[3].device.key, RECIPIENTS[3])
    assert IDS[3] not in _said(*BEGUN, *SECOND, *MEMBER, more).devices
    less = _by(KEYS[0], Membership, "dina", 3, "Dina", ("testimony",), False)
    assert IDS[3] in _said(*BEGUN, *SECOND, *MEMBER, less, more).devices
    raised = _by(KEYS[1], Membership, "dina", 9, "Dina", ALL, True)
    assert not _said(*BEGUN, *SECOND, *MEMBER, raised).members["dina"].coordinator
    demoted = _by(KEYS[1], Membership, "zhanar", 9, "Zhanar", (), False)
    assert _said(*BEGUN, *SECOND, demoted).members["zhanar"].compartments == set(ALL)


def test_what_a_thief_said_counts_where_it_was_kept_and_nowhere_else() -> None:
    """Also what he says later, of others or of himself; devices that he brought in are out."""
    kept = _by(KEYS[1], Membership, "dina", 1, "Dina", ("testimony",), False)
    brought = _by(KEYS[1], Enrolment, "dina", KEYS[3].device.key, RECIPIENTS[3])
    out = _by(KEYS[0], Withdrawal, IDS[1], (), (kept.digest,))
    before = _said(*BEGUN, *SECOND, kept, brought)
    assert before.devices[IDS[3]].present
    after = _said(*BEGUN, *SECOND, kept, brought, out)
    assert not after.devices[IDS[1]].present
    assert after.members["aigul"].present
    assert after.members["dina"].compartments == {"testimony"}
    assert IDS[3] not in after.devices
    himself = _by(KEYS[1], Enrolment, "aigul", KEYS[4].device.key, RECIPIENTS[4])
    against = _by(KEYS[1], Withdrawal, "dina", (), ())
    later = _said(*BEGUN, *SECOND, kept, brought, out, himself, against)
    assert IDS[4] not in later.devices
    assert later.members["dina"].present


def test_two_who_withdraw_each_other_are_out_until_the_root_speaks() -> None:
    """Whoever was first: the statements do not tell."""
    mutual = (_by(KEYS[0], Withdrawal, IDS[1], (), ()), _by(KEYS[1], Withdrawal, IDS[0], (), ()))
    both = _said(*BEGUN, *SECOND, *mutual)
    assert not both.devices[IDS[0]].present
    assert not both.devices[IDS[1]].present
    spoken = _said(*BEGUN, *SECOND, *mutual, _root(Withdrawal, IDS[1], (), ()))
    assert spoken.devices[IDS[0]].present
    assert not spoken.devices[IDS[1]].present


def test_a_root_that_was_succeeded_says_nothing_more() -> None:
    """What its successor kept counts; what is signed with the old secret later does not."""
    new = custody.root(bytes(32))
    public = new.public_key().public_bytes_raw()
    kept = tuple(one.digest for one in BEGUN)
    follows = roll.signed(Authority(OFFICE, OFFICE, 2, 2, public, RECOVERY, kept), ROOT)
    late = _root(Membership, "thief", 1, "Thief", ALL, True)
    said = _said(*BEGUN, follows, late)
    assert (said.root, said.number) == (public, 2)
    assert said.members.keys() == {"zhanar"}
    right = roll.signed(Membership(OFFICE, public, 2, "aigul", 1, "Aigul", ALL, coordinator=True), new)
    assert "aigul" in _said(*BEGUN, follows, late, right).members
    assert "aigul" not in _said(*BEGUN, late, right).members


@pytest.mark.parametrize("device", [0, 2])
def test_what_vouches_for_a_device_is_enough(device: int) -> None:
    """The few statements that a table carries make it one of the office, without the others."""
    every: Iterable[Signed] = (*BEGUN, *SECOND, *MEMBER)
    whole = _said(*every)
    alone = _said(*vouching(whole, IDS[device]))
    assert alone.devices[IDS[device]] == whole.devices[IDS[device]]
    assert IDS[1] not in alone.devices


def test_limits_hold_from_the_statement_on() -> None:
    """A device that lost a compartment is accepted there up to the heads that were named; elsewhere whole."""
    head = bytes([7]) * 32
    less = _by(KEYS[0], Membership, "dina", 2, "Dina", ("testimony",), False, (head,))
    said = _said(*BEGUN, *MEMBER, less)
    assert said.limit(IDS[2], "testimony") is None
    assert said.limit(IDS[2], "source") == frozenset({head})
    assert not said.limit(IDS[5], "testimony")
    assert _said(*BEGUN, *MEMBER).limit(IDS[2], "medical") == frozenset()


def test_every_kind_of_statement_is_written_and_read() -> None:
    """By its own name, and as it was."""
    statements: list[Statement] = [
        Authority(OFFICE, OFFICE, 1, 1, OFFICE, RECOVERY, (bytes(32),)),
        Membership(OFFICE, OFFICE, 1, "m", 1, "Жанар", ("source",), coordinator=False, last=(bytes(32),)),
        Enrolment(OFFICE, OFFICE, 1, "m", KEYS[0].device.key, RECIPIENTS[0]),
        Renewal(OFFICE, OFFICE, 1, 2, RECIPIENTS[1]),
        Withdrawal(OFFICE, OFFICE, 1, "m", (bytes(32),), (bytes(32),)),
    ]
    for one in statements:
        assert roll.read(roll.signed(one, ROOT), OFFICE) == one
    short = Withdrawal(OFFICE, OFFICE, 1, "m", (bytes(31),), ())
    assert roll.read(roll.signed(short, ROOT), OFFICE) is None
    wrong = Renewal(OFFICE, OFFICE, 1, 2, "age1nothing")
    assert roll.read(roll.signed(wrong, ROOT), OFFICE) is None
