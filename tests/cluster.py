"""A real PostgreSQL server on the loopback address, for one run of the tests."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

USER: Final = "member"
PASSWORD: Final = "kept-from-every-log-7f3a"  # noqa: S105 (of a server that lives for one test)
DATABASE: Final = "office"
_ADMIN: Final = "admin"
#: All that a client sends is logged, so that a test can look for what must not be in it.
_SETTINGS: Final = (
    "listen_addresses=127.0.0.1",
    "shared_buffers=32MB",
    "log_statement=all",
    "log_connections=on",
    "log_min_messages=debug1",
    "log_parameter_max_length=-1",
    "max_wal_size=512MB",
)


def programs() -> Path | None:
    """The folder of the server's programs; None where it is not installed."""
    found = shutil.which("postgres")
    if found is not None:
        return Path(found).resolve().parent
    # Debian keeps those of each version apart, away from the search path.
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return versions[-1].parent if versions else None


class Cluster:
    """A server with one database and one user, who may make nothing but schemas' tables."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._known: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}
        # No folder of the tests' own: those nobody else may enter.
        self.folder = Path(tempfile.mkdtemp(prefix="estelik-postgres-"))
        self._password = secrets.token_hex(8)
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = int(free.getsockname()[1])
        if os.geteuid() == 0:
            # The server refuses to run as root.
            names = {one.pw_name for one in pwd.getpwall()}
            owner = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            self._as: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        else:
            self._as = {}
        told = self.folder / "password"
        told.write_text(self._password)
        told.chmod(0o644)
        access = ("--auth=scram-sha-256", f"--pwfile={told}", f"--username={_ADMIN}")
        self._run("initdb", f"--pgdata={self.data}", "--no-sync", "--encoding=UTF8", "--locale=C", *access)
        told.unlink()
        self.start()
        # Here, and nowhere else, the password itself is sent.
        self.admin("SET log_statement = 'none'")
        self.admin(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(USER), PASSWORD))
        self.admin("RESET log_statement")
        self.admin(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    @property
    def data(self) -> Path:
        """The folder of all that the server keeps, its logs included."""
        return self.folder / "data"

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        options = [word for one in _SETTINGS for word in ("-c", one)]
        options += ["-c", f"port={self.port}", "-c", f"unix_socket_directories={self.folder}"]
        self._run(
            "pg_ctl", "start", "-w", f"--pgdata={self.data}", f"--log={self.data}/log",
            f"--options={' '.join(options)}",
        )  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        """Stops the server; "immediate" as a loss of power would."""
        for one in self._known.values():
            one.close()
        self._known.clear()
        self._run("pg_ctl", "stop", "-w", f"--pgdata={self.data}", f"--mode={mode}")

    def own(self, path: Path) -> None:
        """Gives something to the user as whom the server runs."""
        owner = self.data.stat()
        os.chown(path, owner.st_uid, owner.st_gid)

    def restart(self) -> None:
        """Stops and starts the server: it begins with what it was set to."""
        self.stop("fast")
        self.start()

    def remove(self) -> None:
        """Ends the server and takes all that it kept away."""
        self.stop()
        shutil.rmtree(self.folder)

    def admin(
        self, statement: sql.Composable | str, values: Sequence[object] = (), database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """What the server's own administrator is answered."""
        known = self._known.get(database)
        if known is None or known.closed:
            self._known[database] = known = psycopg.connect(
                host="127.0.0.1",
                port=self.port,
                user=_ADMIN,
                password=self._password,
                dbname=database,
                autocommit=True,
            )
        found = known.execute(statement, values or None)  # type: ignore[arg-type]
        return found.fetchall() if found.description else []

    def schema(self, name: str) -> None:
        """Makes a schema in which the user may make tables."""
        command = sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}")
        self.admin(command.format(sql.Identifier(name), sql.Identifier(USER)), database=DATABASE)

    def cut(self) -> int:
        """Ends every connection of the user; how many there were."""
        ask = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
        return len(self.admin(ask, (USER,)))

    def address(self, schema: str, port: int | None = None) -> str:
        """The address of a schema as a carrier."""
        return f"postgresql://{USER}@127.0.0.1:{port or self.port}/{DATABASE}/{schema}"

    def dump(self, schema: str) -> bytes:
        """All that is in a schema, as the server's own program writes it."""
        return self._run("pg_dump", f"--schema={schema}", "--format=custom", *self._reach(), DATABASE)

    def put_back(self, schema: str, dump: bytes) -> None:
        """Puts a schema back to what it was."""
        self.admin(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)), database=DATABASE)
        self._run("pg_restore", f"--dbname={DATABASE}", *self._reach(), given=dump)

    def _reach(self) -> tuple[str, ...]:
        return ("--host=127.0.0.1", f"--port={self.port}", f"--username={_ADMIN}", "--no-password")

    def _run(self, program: str, *arguments: str, given: bytes = b"") -> bytes:
        # What the server starts must not hold a pipe of ours: it would never end.
        with tempfile.TemporaryFile() as out:
            subprocess.run(
                [self._programs / program, *arguments],
                check=True,
                input=given,
                stdout=out,
                stderr=subprocess.STDOUT if program == "pg_ctl" else None,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", "PGPASSWORD": self._password},
                **self._as,
            )
            out.seek(0)
            return out.read()
