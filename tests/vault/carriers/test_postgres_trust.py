"""Whom a database carrier trusts: nobody but the server that was meant."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.cluster import PASSWORD
from tests.vault.carriers.conftest import certify

from estelik.vault.carriers.address import opened
from estelik.vault.carriers.failures import CarrierError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cluster import Cluster
    from tests.vault.carriers.conftest import SchemaPlace


@pytest.fixture
def schema(place_of: Callable[[str], SchemaPlace]) -> SchemaPlace:
    """An empty schema."""
    return place_of("postgres")


def test_the_users_own_settings_lead_nowhere(
    schema: SchemaPlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither the environment nor a file of services or passwords is followed."""
    (tmp_path / "services").write_text("[office]\nhost=127.0.0.2\nport=1\n")
    for name, value in (
        ("PGSERVICE", "office"),
        ("PGSERVICEFILE", str(tmp_path / "services")),
        ("PGHOSTADDR", "127.0.0.2"),
        ("PGOPTIONS", "-c default_transaction_read_only=on"),
        ("PGSSLMODE", "disable"),
        ("PGPORT", "1"),
    ):
        monkeypatch.setenv(name, value)
    with closing(schema.open()) as carrier:
        carrier.write("page", "a" * 26, b"data")
        assert carrier.names("page") == {"a" * 26: 4}


def test_a_server_shows_a_certificate_for_its_name(cluster: Cluster, schema: SchemaPlace) -> None:
    """With one that vouches for it all is encrypted; with another, or without TLS, nothing is said."""
    good, other = (cluster.folder / name for name in ("good", "other"))
    for folder in (good, other):
        folder.mkdir()
        certify(folder)
    secret = {"certificate": (good / "server.pem").read_text()}
    with closing(schema.open(secret=secret)) as carrier, pytest.raises(UnreachableError):
        carrier.names("page")
    for name in ("server.pem", "server.key"):
        cluster.own(good / name)
        (good / name).chmod(0o600)
    cluster.admin(f"ALTER SYSTEM SET ssl_cert_file = '{good}/server.pem'")
    cluster.admin(f"ALTER SYSTEM SET ssl_key_file = '{good}/server.key'")
    cluster.admin("ALTER SYSTEM SET ssl = on")
    try:
        cluster.restart()
        with closing(schema.open(secret=secret)) as carrier:
            carrier.write("page", "a" * 26, b"data")
            ask = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'member'"
            assert cluster.admin(ask) == [(True,)]
        for wrong in ((other / "server.pem").read_text(), "no certificate"):
            with (
                closing(schema.open(secret={"certificate": wrong})) as carrier,
                pytest.raises(UnreachableError, match=r"could not show|not there"),
            ):
                carrier.names("page")
        name = cluster.address(schema.root).replace("127.0.0.1", "localhost")
        with (
            closing(opened(name, secret=secret | {"password": PASSWORD})) as carrier,
            pytest.raises(UnreachableError, match="could not show"),
        ):
            carrier.names("page")
    finally:
        cluster.admin("ALTER SYSTEM RESET ALL")
        cluster.restart()


def test_a_server_elsewhere_must_show_a_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without being asked to: the library is told so for every address but this machine's own."""
    told: list[str] = []

    def connect(_: type[object], /, wanted: str, **__: object) -> None:
        told.append(wanted)
        raise psycopg.OperationalError

    monkeypatch.setattr(psycopg.Connection, "connect", classmethod(connect))
    for host in ("192.0.2.1", "example.org", "127.0.0.1"):
        with (
            closing(opened(f"postgresql://member@{host}/office", secret={})) as carrier,
            pytest.raises(CarrierError),
        ):
            carrier.write("page", "a" * 26, b"data")
    modes = [one.split("sslmode=")[1].split()[0] for one in told]
    assert (set(modes[:-1]), modes[-1]) == ({"verify-full"}, "prefer")


@pytest.mark.parametrize("asked", [3, 5])
def test_a_server_that_asks_for_the_password_itself_does_not_get_it(asked: int) -> None:
    """Neither as it is (3) nor as a hash that can be guessed at (5): the line is ended first."""
    heard: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def lie() -> None:
            with suppress(OSError):
                while True:
                    line, _ = listener.accept()
                    with closing(line):
                        line.settimeout(5)
                        heard.append(line.recv(4096))
                        if len(heard[-1]) == 8:
                            line.sendall(b"N")  # no TLS here
                            heard.append(line.recv(4096))
                        salt = b"salt" if asked == 5 else b""
                        line.sendall(struct.pack("!cii", b"R", 8 + len(salt), asked) + salt)
                        heard.append(line.recv(4096))

        threading.Thread(target=lie, daemon=True).start()
        address = f"postgresql://member@127.0.0.1:{listener.getsockname()[1]}/office"
        with (
            closing(opened(address, secret={"password": PASSWORD})) as carrier,
            pytest.raises(CarrierError),
        ):
            carrier.write("page", "a" * 26, b"data")
    assert any(b"member" in one for one in heard)
    assert all(not one.startswith(b"p") and PASSWORD.encode() not in one for one in heard)
