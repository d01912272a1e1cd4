"""Every kind of carrier, each on a real server of this machine or a real folder."""

from __future__ import annotations

import datetime as dt
import errno
import ipaddress
import json
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.cluster import DATABASE

from estelik.vault.carriers import naming, patience
from estelik.vault.carriers.address import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cluster import Cluster

    from estelik.vault.carriers.carrier import Carrier

SERVERS = Path(__file__).with_name("servers.py")
USER: Final = "member"
PASSWORD: Final = "kept-from-every-log-7f3a"  # noqa: S105 (of a server that lives for one test)
BUCKET: Final = "sealed-files"
NETWORK = ("bucket", "webdav", "webdavs", "sftp", "sftp-linkless", "postgres")
#: Those without a folder on this machine in which their files lie.
FOLDERLESS = ("bucket", "postgres")
FOLDERS = ("folder", "stick", "bare-stick")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def fresh_name() -> str:
    """A name that a sealed file may have."""
    # Not from the generator that Hypothesis sets back.
    return "".join(secrets.choice(_LETTERS) for _ in range(26))


class Place:
    """A root of its own for one test, and ways to look at it past the carrier."""

    def __init__(self, kind: str, folder: Path, server: dict[str, Any]) -> None:
        self.kind = kind
        self._server = server
        self._folder = folder
        self.root = fresh_name()
        if kind not in FOLDERLESS:
            (folder / self.root).mkdir(parents=True)

    @property
    def folder(self) -> Path:
        """Where the files are on this machine; buckets and databases have no such place."""
        return self._folder / self.root

    @property
    def port(self) -> int:
        """The server's own port."""
        return int(self._server.get("port", 0))

    @property
    def host_key(self) -> str:
        """The public key of an SFTP server."""
        return str(self._server["host_key"])

    def open(
        self,
        port: int | None = None,
        root: str | None = None,
        *,
        secret: dict[str, str] | None = None,
        timeout: float = 20,
    ) -> Carrier:
        """The carrier here, or through another port, or with other secrets."""
        other = secret or {}
        port, root = port or self.port, root or self.root
        if self.kind in FOLDERS:
            return opened(str(self._folder / root), secret={})
        if self.kind == "bucket":
            known = {"endpoint_url": f"http://127.0.0.1:{port}", "key": USER, "secret": PASSWORD}
            return opened(f"s3://{BUCKET}/{root}", secret=known | other, timeout=timeout)
        if self.kind.startswith("webdav"):
            known = {"user": USER, "password": PASSWORD}
            return opened(f"{self.kind}://127.0.0.1:{port}/{root}", secret=known | other, timeout=timeout)
        user = {"sftp": USER}.get(self.kind, self.kind.removeprefix("sftp-"))
        known = {"password": PASSWORD, "known_hosts": f"[127.0.0.1]:{port} {self.host_key}\n"}
        return opened(f"sftp://{user}@127.0.0.1:{port}/{root}", secret=known | other, timeout=timeout)

    def plant(self, kind: str, name: str, data: bytes) -> None:
        """Puts a file there that the carrier did not write."""
        if self.kind == "bucket":
            _client(self.port).put_object(Bucket=BUCKET, Key=f"{self.root}/estelik/{kind}/{name}", Body=data)
            return
        path = self.folder / "estelik" / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def all_names(self) -> set[str]:
        """The path of every file below the root, those of interrupted writes too."""
        if self.kind == "bucket":
            listed = _client(self.port).list_objects_v2(Bucket=BUCKET, Prefix=f"{self.root}/")
            return {entry["Key"].removeprefix(f"{self.root}/") for entry in listed.get("Contents", ())}
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    def another(self) -> Place:
        """An empty place of the same kind."""
        return Place(self.kind, self._folder, self._server)


class SchemaPlace(Place):
    """A schema of its own for one test."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__("postgres", cluster.folder, {"port": cluster.port})
        self.cluster = cluster
        cluster.schema(self.root)

    def open(
        self,
        port: int | None = None,
        root: str | None = None,
        *,
        secret: dict[str, str] | None = None,
        timeout: float = 20,
    ) -> Carrier:
        """See ``Place.open``."""
        known = {"password": PASSWORD} | (secret or {})
        return opened(self.cluster.address(root or self.root, port), secret=known, timeout=timeout)

    def plant(self, kind: str, name: str, data: bytes) -> None:
        """See ``Place.plant``."""
        self.tables()
        content = fresh_name()
        self.ask("INSERT INTO estelik_chunk VALUES (%s, 0, %s)", content, data)
        self.ask(
            "INSERT INTO estelik_file (kind, name, size, content) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            kind,
            name,
            len(data),
            content,
        )

    def tables(self) -> None:
        """Lets a carrier make its tables, where there are none yet."""
        if not self.all_names():
            with closing(self.open()) as carrier:
                carrier.write("page", "a" * 26, b"")
                carrier.remove("page", "a" * 26)

    def ask(self, text: str, *values: object) -> list[tuple[Any, ...]]:
        """What the administrator is answered about the tables of this place."""
        return self.cluster.admin(text.replace("estelik_", f'"{self.root}".estelik_'), values, DATABASE)

    def all_names(self) -> set[str]:
        """See ``Place.all_names``."""
        there = self.ask("SELECT count(*) FROM pg_tables WHERE schemaname = %s", self.root)
        if there == [(0,)]:
            return set()
        whole = self.ask("SELECT kind, name FROM estelik_file")
        halves = self.ask(
            "SELECT DISTINCT content FROM estelik_chunk "
            "WHERE content NOT IN (SELECT content FROM estelik_file)"
        )
        return {f"estelik/{kind}/{name}" for kind, name in whole} | {f"{one}.half" for (one,) in halves}

    def another(self) -> Place:
        """See ``Place.another``."""
        return SchemaPlace(self.cluster)


@cache
def _client(port: int) -> Any:
    import botocore.session

    return botocore.session.Session().create_client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-east-1",
        aws_access_key_id=USER,
        aws_secret_access_key=PASSWORD,
    )


class Wire:
    """A line to a server; it breaks after ``up`` bytes from the client or ``down`` pieces from the server.

    A ``mute`` one takes what it gets and says nothing.
    """

    def __init__(self, port: int, *, up: int | None, down: int | None, mute: bool) -> None:
        self._target = port
        self._up, self._down, self._mute = up, down, mute
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        #: Pieces that came from the server.
        self.pieces = 0
        #: Bytes that went to the server and came from it.
        self.sent = self.received = 0
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                self._ends.append(here)
                if self._mute:
                    continue
                there = socket.create_connection(("127.0.0.1", self._target))
                self._ends.append(there)
                for end in (here, there):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for carry, ends in ((self._carry_up, (here, there)), (self._carry_down, (there, here))):
                    threading.Thread(target=carry, args=ends, daemon=True).start()

    def _carry_up(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.sent += len(data)
                if self._up is None:
                    target.sendall(data)
                    continue
                target.sendall(data[: self._up])
                self._up -= len(data)
                if self._up <= 0:
                    return self.end()
            target.shutdown(socket.SHUT_WR)
        return None

    def _carry_down(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.pieces == self._down:
                    return self.end()
                self.pieces += 1
                self.received += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        return None

    def drop(self) -> None:
        """Ends the connections, without a word."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def end(self) -> None:
        """Ends the connections and takes no new ones."""
        # A listener that somebody waits at stays open until it is shut down.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()


@pytest.fixture
def wire() -> Iterator[Callable[..., Wire]]:
    """Makes lines to ports."""
    wires: list[Wire] = []

    def make(port: int, *, up: int | None = None, down: int | None = None, mute: bool = False) -> Wire:
        wires.append(Wire(port, up=up, down=down, mute=mute))
        return wires[-1]

    yield make
    for made in wires:
        made.end()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], tuple[Path, dict[str, Any]]]]:
    """Starts the server of a kind, once for all tests; gives its folder and what it says of itself."""
    running: dict[str, tuple[Path, dict[str, Any]]] = {}
    children: list[subprocess.Popen[str]] = []

    def server(kind: str) -> tuple[Path, dict[str, Any]]:
        if kind not in running:
            folder = tmp_path_factory.mktemp(kind) / "files"
            folder.mkdir()
            if kind == "webdavs":
                certify(folder.parent)
            child = subprocess.Popen(
                [sys.executable, str(SERVERS), kind, str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            children.append(child)
            assert child.stdout is not None
            running[kind] = (folder, json.loads(child.stdout.readline()))
        return running[kind]

    yield server
    for child in children:
        child.communicate()


def certify(folder: Path) -> None:
    """A certificate for the loopback address, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


@pytest.fixture
def place_of(
    start: Callable[[str], tuple[Path, dict[str, Any]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Callable[[str], Place]:
    """An empty place of a kind."""
    monkeypatch.setattr(patience, "_PAUSE", 0.01)

    def place(kind: str) -> Place:
        if kind in FOLDERS:
            if kind != "folder":
                monkeypatch.setattr("os.link", _unknown)
            if kind == "bare-stick":
                monkeypatch.setattr(naming, "_rename_function", lambda: None)
            return Place(kind, tmp_path / "places", {})
        if kind == "postgres":
            # Not started before it is needed.
            return SchemaPlace(request.getfixturevalue("cluster"))
        folder, server = start(kind.partition("-")[0])
        if kind == "webdavs":
            monkeypatch.setenv("SSL_CERT_FILE", str(folder.parent / "server.pem"))
            assert ssl.get_default_verify_paths().openssl_cafile_env == "SSL_CERT_FILE"
        return Place(kind, folder, server)

    return place


def _unknown(*_: object, **__: object) -> None:
    """What a FAT file system says to a hard link."""
    raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


@pytest.fixture(params=[*FOLDERS, *NETWORK])
def place(request: pytest.FixtureRequest, place_of: Callable[[str], Place]) -> Place:
    """An empty place of every kind, one after the other."""
    return place_of(request.param)


@pytest.fixture(params=NETWORK)
def remote(request: pytest.FixtureRequest, place_of: Callable[[str], Place]) -> Place:
    """An empty place of every kind that has a server."""
    return place_of(request.param)


@pytest.fixture
def carrier(place: Place) -> Iterator[Carrier]:
    """The carrier at ``place``."""
    with closing(place.open()) as made:
        yield made


@pytest.fixture
def small_disk() -> Iterator[Callable[[Path], Callable[[str], None]]]:
    """Mounts a disk of 1 MiB on a folder; what it gives changes how it is mounted ("ro")."""
    mounted: list[Path] = []

    def mount(folder: Path) -> Callable[[str], None]:
        command = shutil.which("mount")
        if command is None or os.geteuid() != 0:
            pytest.skip("mounting a small disk needs root")
        done = subprocess.run(
            [command, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], check=False, capture_output=True
        )
        if done.returncode:
            pytest.skip("nothing can be mounted here")
        mounted.append(folder)

        def remount(option: str) -> None:
            subprocess.run([command, "-o", f"remount,{option}", folder], check=True, capture_output=True)

        return remount

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", folder], check=True)
