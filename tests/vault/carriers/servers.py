"""A real server on the loopback address, in a process of its own: ``servers.py KIND FOLDER``.

Prints one line of JSON, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import asyncssh

    App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

USER: Final = "member"
PASSWORD: Final = "kept-from-every-log-7f3a"  # noqa: S105 (of a server that lives for one test)
BUCKET: Final = "sealed-files"


def _serve(app: App, certificate: tuple[str, str] | None = None) -> int:
    """Serves in threads; gives the port."""
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from cheroot.wsgi import Server

    server = Server(("127.0.0.1", 0), app, numthreads=8)
    if certificate is not None:
        server.ssl_adapter = BuiltinSSLAdapter(*certificate)
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    return int(server.bind_addr[1])


def _refused(start: Callable[..., Any], status: str, code: str) -> list[bytes]:
    body = f"<Error><Code>{code}</Code></Error>".encode()
    start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
    return [body]


def bucket(_folder: Path) -> dict[str, Any]:
    """A bucket with a key; below ``old/`` conditions are not known, below ``full/`` there is no room."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from moto.s3.models import s3_backends

    inner = DomainDispatcherApplication(create_backend_app)
    made = s3_backends["123456789012"]["aws"].create_bucket(BUCKET, "us-east-1")
    # The imitation looks and adds in two steps.
    one_at_a_time = threading.Lock()

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        signed = environ.get("HTTP_AUTHORIZATION", "")
        if f"Credential={USER}/" not in signed:
            return _refused(start, "403 Forbidden", "InvalidAccessKeyId")
        path = environ["PATH_INFO"]
        if "/old/" in path:
            environ.pop("HTTP_IF_NONE_MATCH", None)
        writing = environ["REQUEST_METHOD"] in {"PUT", "POST"}
        if "/full/" in path and writing and not path.endswith("/probe"):
            return _refused(start, "507 Insufficient Storage", "XMinioStorageFull")
        if writing and environ.get("CONTENT_LENGTH"):
            # The imitation keeps what came before a line broke; a bucket does not.
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            if len(body) < int(environ["CONTENT_LENGTH"]):
                return _refused(start, "400 Bad Request", "IncompleteBody")
            environ["wsgi.input"] = io.BytesIO(body)
        upload = parse_qs(environ.get("QUERY_STRING", "")).get("uploadId")
        if environ["REQUEST_METHOD"] == "PUT" and upload and upload[0] not in made.multiparts:
            # The imitation breaks down over it.
            return _refused(start, "404 Not Found", "NoSuchUpload")
        if "HTTP_IF_NONE_MATCH" in environ:
            with one_at_a_time:
                return list(inner(environ, start))
        answer: Iterable[bytes] = inner(environ, start)
        return answer

    return {"port": _serve(app)}


def webdav(folder: Path, certificate: tuple[str, str] | None = None) -> dict[str, Any]:
    """A WebDAV share; as in other servers, a move is one step. Below ``full/`` there is no room."""
    from wsgidav.wsgidav_app import WsgiDAVApp

    inner = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    one_at_a_time = threading.Lock()

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "PUT" and "/full/" in environ["PATH_INFO"]:
            return _refused(start, "507 Insufficient Storage", "Full")
        if environ["REQUEST_METHOD"] == "MOVE":
            with one_at_a_time:
                return list(inner(environ, start))
        answer: Iterable[bytes] = inner(environ, start)
        return answer

    return {"port": _serve(app, certificate)}


def webdavs(folder: Path) -> dict[str, Any]:
    """The same behind TLS, with a certificate that stands beside the folder."""
    beside = folder.parent
    return webdav(folder, (str(beside / "server.pem"), str(beside / "server.key")))


def sftp(folder: Path) -> dict[str, Any]:
    """An SFTP server; ``linkless`` and ``careless`` get no links, and ``careless`` renames that replace."""
    import asyncssh

    class Files(asyncssh.SFTPServer):
        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=os.fsencode(folder))
            self.user = channel.get_extra_info("username")

        def link(self, oldpath: bytes, newpath: bytes) -> Any:
            if self.user != USER:
                raise asyncssh.SFTPOpUnsupported("no links here")
            return super().link(oldpath, newpath)

        def rename(self, oldpath: bytes, newpath: bytes) -> Any:
            if self.user == "careless":
                return super().posix_rename(oldpath, newpath)
            return super().rename(oldpath, newpath)

    class Door(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return bool(username)

        def public_key_auth_supported(self) -> bool:
            return True

        def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
            known = folder / "authorized"
            return username == USER and known.exists() and key == asyncssh.read_public_key(known)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return username in {USER, "linkless", "careless"} and password == PASSWORD

    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        asyncssh.create_server(
            Door, "127.0.0.1", 0, server_host_keys=[key], sftp_factory=Files, sftp_version=3
        )
    )
    threading.Thread(target=loop.run_forever, daemon=True).start()
    public = key.export_public_key().decode().strip()
    return {"port": server.get_port(), "host_key": public}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    kinds: dict[str, Callable[[Path], dict[str, Any]]] = {
        "bucket": bucket,
        "webdav": webdav,
        "webdavs": webdavs,
        "sftp": sftp,
    }
    sys.stdout.write(json.dumps(kinds[sys.argv[1]](Path(sys.argv[2]))) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)
