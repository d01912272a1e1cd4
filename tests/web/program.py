"""A program that asks the desk with a token."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.web.conftest import PASSPHRASE

from estelik.casebook import Casebook
from estelik.vault import roll, token
from estelik.vault.device import signer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.web.conftest import Served


class Answer(NamedTuple):
    """An answer: status, headers (names in small letters), what was in it."""

    status: int
    headers: dict[str, str]
    data: bytes

    @property
    def said(self) -> Any:
        """What was in it, read."""
        return json.loads(self.data)


class Program:
    """Asks with one token, as any library for HTTP would."""

    def __init__(self, desk: Served, text: str) -> None:
        self.desk, self.text = desk, text

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Asks for an act; ``headers`` beside or instead of those that belong to it."""
        given = {"Authorization": f"Bearer {self.text}"} if self.text else {}
        if body is not None:
            given["Content-Type"] = "application/json"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        port = int(self.desk.host.partition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection.request(method, path, data, given)
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        found = Answer(answer.status, said, answer.read())
        connection.close()
        return found


def token_for(
    folder: Path, name: str, compartments: Sequence[str], *, days: int = 30, member: str = ""
) -> str:
    """A new token of the casebook in a folder; with no ``days`` left, one that is over."""
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        registrar = casebook.vault.registrar
        if days > 0:
            return casebook.add_token(name, compartments, days, member)[0]
        seed, own, now = secrets.token_bytes(32), registrar.signer, int(time.time())
        key = signer(seed, registrar.office.root).device.key
        held = tuple(sorted(compartments))
        says = roll.Token(
            registrar.office.root, own.device.key, now, registrar.own().id, key, name, held, now - 1
        )
        registrar.learn([roll.signed(says, own.key)])
        return token.written(seed)
