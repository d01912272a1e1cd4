"""A time stamp authority of the test's own, by ``openssl ts``, and one behind HTTP on loopback."""

from __future__ import annotations

import shutil
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Whether there is an ``openssl`` to make one with.
HERE = shutil.which("openssl") is not None
_SETTINGS = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
accuracy = secs:1
ess_cert_id_alg = sha256
{certificates}
[stamping]
extendedKeyUsage = critical,timeStamping
"""


class Authority:
    """A root and a signer. ``days`` is how long the signer's certificate holds (none, where negative);
    ``chain``: its answers also carry the root's certificate; ``digests``: the hashes that it takes."""

    def __init__(self, folder: Path, *, days: int = 30, chain: bool = False, digests: str = "sha256") -> None:
        folder.mkdir()
        self._folder = folder
        (folder / "serial").write_text("01\n")
        certificates = f"certs = {folder}/root.pem" if chain else ""
        (folder / "settings").write_text(
            _SETTINGS.format(folder=folder, certificates=certificates, digests=digests)
        )
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._run(
            "req",
            "-x509",
            *key,
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            "-days",
            "99",
            "-subj",
            "/CN=Root",
        )
        self._run("req", *key, "-keyout", "signer.key", "-out", "signer.csr", "-subj", "/CN=Signer")
        self._run(
            "x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-days", str(days), "-extfile", "settings", "-extensions", "stamping", "-out", "signer.pem",
        )  # fmt: skip

    @property
    def certificate(self) -> bytes:
        """The root's certificate, in PEM."""
        return (self._folder / "root.pem").read_bytes()

    def answer(self, query: bytes) -> bytes:
        """The answer to a request."""
        (self._folder / "query").write_bytes(query)
        self._run(
            "ts", "-reply", "-config", "settings", "-queryfile", "query", "-signer", "signer.pem",
            "-inkey", "signer.key", "-out", "answer",
        )  # fmt: skip
        return (self._folder / "answer").read_bytes()

    def _run(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self._folder, check=True, capture_output=True)


@contextmanager
def served(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server that answers so, and what was sent to it."""
    sent: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent.append(self.requestline.encode() + bytes(self.headers) + body)
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, data = answer(body)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
