"""Tokens: what a program of a member shows instead of a passphrase, and what it opens.

A token is the private key of a device that the roll names (``roll.Token``). By itself it opens nothing, and
nothing of it lies on the disk: the keys of its compartments are lent to it by the casebook that its member
has open, and are gone with that (``docs/decisions/0034-tokens.md``).
"""

from __future__ import annotations

import base64
import binascii
import secrets
import time
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError, MembershipError
from estelik.vault import office, roll
from estelik.vault.device import id_of, signer
from estelik.vault.keys import KEY_SIZE, NEXT, SOURCES_KEY, Keyring
from estelik.vault.seat import FORMAT, SEAT_KEY, Held, SeatKeyring

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from estelik.vault.registrar import Registrar
    from estelik.vault.standing import Computer, Standing

#: How every token begins, so that programs that look for secrets find one.
PREFIX: Final = "estelik_"
#: Days that a token can be for at most.
LONGEST: Final = 366
_DAY: Final = 24 * 3600
_LETTERS: Final = 43


def written(seed: bytes) -> str:
    """A token as text."""
    return PREFIX + base64.urlsafe_b64encode(seed).decode().rstrip("=")


def read(text: str) -> bytes | None:
    """The private key that a token is; None where it is of another form."""
    body = text.removeprefix(PREFIX)
    if not text.startswith(PREFIX) or len(body) != _LETTERS or not body.isascii():
        return None
    try:
        seed = base64.b64decode(body + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return seed if len(seed) == KEY_SIZE and written(seed) == text else None


def device_of(seed: bytes) -> str:
    """The id of the device that signs with a token."""
    return signer(seed, b"").device.id


def valid(said: Standing, device: str, member: str, now: float) -> bool:
    """Whether a device is a token of this member that was not withdrawn and is not over."""
    found = said.devices.get(device)
    return (
        found is not None
        and found.token is not None
        and found.member == member
        and said.of_device(device) is not None
        and now < found.token.until
    )


def make(
    registrar: Registrar, name: str, compartments: Collection[str], days: int, member: str = ""
) -> tuple[str, Computer]:
    """A new token for a program called ``name``, of this member, or of the one with this name or id; as text,
    and what the roll says of it. Nobody can show the text again.

    Raises ``MembershipError``; nothing is written then.
    """
    own = registrar.own()
    whose = registrar.member(member) if member else own
    wanted = frozenset(compartments)
    if whose.id != own.id and not (own.coordinator and whose.compartments <= own.compartments):
        raise MembershipError(
            "Only a coordinator who holds what she holds can make a token for another member.",
            do="Ask such a coordinator.",
        )
    if not wanted or not wanted <= whose.compartments:
        raise MembershipError(
            "A token opens compartments that its member holds, and at least one.",
            do="See: estelik member list",
        )
    if not name.strip() or not name.isprintable():
        raise MembershipError("A token cannot have this name.", do="Choose a name of letters and digits.")
    if any(one.token.name == name and one.member == whose.id for one in present(registrar.standing)):  # type: ignore[union-attr]
        raise MembershipError(
            "There is a token of that name already.", do="Choose another name, or withdraw it first."
        )
    seed = secrets.token_bytes(KEY_SIZE)
    key = registrar.signer
    public = signer(seed, registrar.office.root).device.key
    now = int(time.time())
    until = now + min(max(days, 1), LONGEST) * _DAY
    said = roll.Token(
        registrar.office.root, key.device.key, now, whose.id, public, name, tuple(sorted(wanted)), until
    )
    registrar.learn([roll.signed(said, key.key)])
    return written(seed), registrar.standing.devices[id_of(public)]


def present(said: Standing) -> list[Computer]:
    """The tokens that were not withdrawn, the oldest first; also those that are over."""
    found = (one for one in said.devices.values() if one.present and one.token is not None)
    return sorted(found, key=lambda one: (one.since, one.id))


class TokenKeyring(SeatKeyring):
    """The keys that a token opens, as long as they are lent to it. ``lender``: the keys of its member's open
    casebook, of which ``registrar`` knows the roll; ``folder``: of the casebook."""

    __slots__ = ("_lender", "_registrar", "_watched")

    def __init__(self, lender: Keyring, registrar: Registrar, seed: bytes, folder: Path) -> None:
        Keyring.__init__(self, {SEAT_KEY: seed})
        self._lender = lender
        self._registrar = registrar
        # What changes when the roll does.
        self._watched = lender.path if isinstance(lender, SeatKeyring) else folder / office.FILE
        self.refresh(folder)

    def refresh(self, folder: Path) -> None:
        """Takes over what the lender has by now. Raises ``MembershipError`` where the token was withdrawn, or
        what it is lent from is no longer there."""
        self._lender.refresh(folder)
        try:
            found = self._watched.stat()
        except OSError:
            raise withdrawn() from None
        now = self._lender.edition, found.st_ino, found.st_mtime_ns, found.st_size
        if now == self._seen:
            return
        there, said = self._registrar.office, self._registrar.standing
        public = signer(self[SEAT_KEY], there.root).device.key
        computer, member = said.devices.get(id_of(public)), said.of_device(id_of(public))
        if member is None or computer is None or computer.token is None:
            raise withdrawn()
        if member.id != self._registrar.own().id:
            raise withdrawn()
        held = frozenset(computer.token.compartments) & member.compartments
        names = [name + more for name in held for more in ("", NEXT)]
        if "source" in held:
            names.append(SOURCES_KEY)
        self.held = Held(FORMAT, public, b"", there.root, {}, there.roll)
        self._take(
            {name: self._lender[name] for name in names if name in self._lender} | {SEAT_KEY: self[SEAT_KEY]}
        )
        self._seen = now


def withdrawn() -> CasebookError:
    """What is said of a token that opens nothing."""
    return MembershipError("This token was withdrawn.", safe="What was entered with it stays.", do="")
