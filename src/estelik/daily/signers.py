"""Signers: whose device signed what."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estelik.casebook import Casebook


def signers(casebook: Casebook) -> dict[str, str]:
    """The name of the member of each device of the office."""
    standing = casebook.vault.registrar.standing
    return {device: standing.members[one.member].name for device, one in standing.devices.items()}
