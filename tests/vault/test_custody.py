"""The office's secret and its shares."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import combine_mnemonics

from estelik.errors import CustodyError
from estelik.vault import custody

SECRET = bytes(range(32))
#: The vectors of the reference project (MIT), unchanged.
SLIP39 = json.loads((Path(__file__).parent / "vectors" / "slip39.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("needed", "shares"), [(2, 2), (2, 3), (3, 5), (5, 5)])
def test_any_shares_that_are_enough_bring_the_secret_back(needed: int, shares: int) -> None:
    """Every choice of as many as are needed does, in any order, and one fewer never does."""
    made = custody.split(SECRET, needed, shares)
    assert len(set(made)) == shares
    assert {custody.needed(share) for share in made} == {needed}
    for some in combinations(made, needed):
        assert custody.join(some[::-1]) == SECRET
    for few in combinations(made, needed - 1):
        with pytest.raises(CustodyError):
            custody.join(few)


def test_more_shares_than_are_needed_do_no_harm() -> None:
    """Whoever has all five of three gives all five; a share given twice counts once."""
    made = custody.split(SECRET, 3, 5)
    assert custody.join(made) == SECRET
    assert custody.join([*made[:3], made[0]]) == SECRET
    with pytest.raises(CustodyError):
        custody.join([made[0], made[0], made[1]])


def test_shares_of_two_custodies_do_not_mix() -> None:
    """Not of another secret, nor of the same one shared out again, also as one too many."""
    made, again, other = (custody.split(secret, 2, 3) for secret in (SECRET, SECRET, bytes(32)))
    for mixed in ((made[0], again[1]), (made[0], other[1]), (*made, other[0]), (*made[:2], again[2])):
        with pytest.raises(CustodyError):
            custody.join(mixed)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_mistyped_word_is_refused(data: st.DataObject) -> None:
    """One word that is another, or two that changed places, are noticed before anything is joined."""
    from shamir_mnemonic.wordlist import WORDLIST

    made = custody.split(SECRET, 2, 2)
    words = made[0].split()
    place = data.draw(st.integers(0, len(words) - 1))
    wrong = data.draw(st.sampled_from([*WORDLIST, "estelik"]).filter(lambda word: word != words[place]))
    words[place] = wrong
    with pytest.raises(CustodyError) as caught:
        custody.join([" ".join(words), made[1]])
    assert not set(str(caught.value).lower().replace(".", "").split()) & (set(words) - {"check", "each"})


def test_how_a_share_is_written_down_does_not_matter() -> None:
    """Capital letters and white space are not part of a share."""
    made = custody.split(SECRET, 2, 2)
    assert custody.join([f"  {made[0].upper()}\n", made[1].replace(" ", "\t ")]) == SECRET


@pytest.mark.parametrize(("needed", "shares"), [(1, 1), (1, 3), (4, 3), (2, 17), (0, 0), (-1, 5)])
def test_what_cannot_be_shared_out_is_refused(needed: int, shares: int) -> None:
    """A single share would be the secret itself; more than sixteen cannot be told apart."""
    with pytest.raises(CustodyError):
        custody.split(SECRET, needed, shares)


@pytest.mark.parametrize("given", [[], [""], ["academic"], ["estelik " * 33]])
def test_what_is_no_share_is_refused(given: list[str]) -> None:
    """Nothing, an empty line, too few words and unknown words are told in our words."""
    with pytest.raises(CustodyError):
        custody.join(given)


def test_a_shorter_secret_is_not_an_office(tmp_path: Path) -> None:
    """Shares of something else, however right, make no keys."""
    from shamir_mnemonic import generate_mnemonics

    (made,) = generate_mnemonics(1, [(2, 2)], bytes(16))
    with pytest.raises(CustodyError, match="not of an office"):
        custody.join(made)
    assert not list(tmp_path.iterdir())


def test_the_recovery_key_opens_what_is_for_its_recipient() -> None:
    """As an age identity, made anew from the secret each time."""
    sealed = pyrage.encrypt(b"words", [custody.recovery(SECRET).to_public()])
    assert pyrage.decrypt(sealed, [custody.recovery(SECRET)]) == b"words"
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [custody.recovery(bytes(32))])


def test_another_program_opens_what_is_for_the_recovery_key(tmp_path: Path) -> None:
    """The reference program of age takes the identity and the file."""
    age = shutil.which("age")
    if age is None:
        pytest.skip("needs the program age")
    identity = tmp_path / "identity.txt"
    identity.write_text(f"{custody.recovery(SECRET)}\n")
    sealed = pyrage.encrypt(b"words", [custody.recovery(SECRET).to_public()])
    done = subprocess.run([age, "--decrypt", "-i", identity], input=sealed, capture_output=True, check=True)
    assert done.stdout == b"words"


def test_every_purpose_has_a_key_of_its_own() -> None:
    """Root, recovery and shared keys have nothing in common but the secret."""
    made = {
        custody.root(SECRET).private_bytes_raw(),
        custody.shared_key(SECRET, "one"),
        custody.shared_key(SECRET, "two"),
        custody.shared_key(bytes(32), "one"),
        SECRET,
    }
    assert len(made) == 5


@pytest.mark.parametrize(
    ("about", "shares", "secret"),
    [case[:3] for case in SLIP39],
    ids=[case[0].split(".")[0] for case in SLIP39],
)
def test_shares_of_the_reference_project(about: str, shares: list[str], secret: str) -> None:
    """Its vectors (SLIP-39) are joined, or refused: those of another kind are refused."""
    ours = len(secret) == 64 and "passphrase" not in about and "group" not in about.lower()
    if not secret:
        with pytest.raises(CustodyError):
            custody.join(shares)
    elif ours:
        # The reference seals under a passphrase; what comes back without it is as long, and another.
        assert len(custody.join(shares)) == len(combine_mnemonics(shares)) == 32
        assert combine_mnemonics(shares, b"TREZOR").hex() == secret
    else:
        assert combine_mnemonics(shares, b"TREZOR").hex() == secret
        with pytest.raises(CustodyError):
            custody.join(shares)
