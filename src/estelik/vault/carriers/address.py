"""What a carrier's address says, and the carrier there.

``/path`` and ``file:///path``, ``s3://bucket/prefix``, ``webdavs://host/path``,
``sftp://user@host:port/path`` (``/~/path`` below the user's own folder),
``postgresql://user@host:port/database`` or, for a schema of its own, ``.../database/schema``.
Addresses are written down and shown; secrets come apart from them.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urlsplit

from estelik.errors import Sentence
from estelik.vault.carriers import patience
from estelik.vault.carriers.failures import AddressError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

    from estelik.vault.carriers.carrier import Carrier

#: What may be given along with an address of each scheme.
SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "file": (),
    "s3": ("endpoint_url", "region", "key", "secret", "token"),
    "webdav": ("user", "password"),
    "webdavs": ("user", "password"),
    "sftp": ("known_hosts", "password", "key", "passphrase"),
    "postgresql": ("password", "certificate"),
}
#: The schemes in whose addresses a user stands: there it is no secret.
_WITH_USER: Final = ("sftp", "postgresql")


def opened(address: str, *, secret: Mapping[str, str], timeout: float = patience.TIMEOUT) -> Carrier:
    """The carrier at ``address``; nothing is asked of it yet.

    ``secret`` holds what ``SECRETS`` names for the scheme. ``timeout`` is in
    seconds without progress, of every network operation. Raises
    ``AddressError``, also for a password in the address or a connection that
    others on the way could read.
    """
    parts = _parts(address)
    unknown = secret.keys() - set(SECRETS[parts.scheme])
    if unknown:
        allowed = ", ".join(SECRETS[parts.scheme])
        raise AddressError(
            "Something was given along with the address that has no use there.",
            do=Sentence("Give %(words)s.", words=allowed) if allowed else "Give nothing.",
        )
    if parts.scheme == "file":
        return _folder(parts)
    if parts.scheme == "s3":
        return _bucket(parts, secret, timeout)
    if parts.scheme == "sftp":
        return _sftp(parts, secret, timeout)
    if parts.scheme == "postgresql":
        return _postgres(parts, secret, timeout)
    return _webdav(parts, secret, timeout)


def _parts(address: str) -> SplitResult:
    if "://" not in address:
        if not address or "\0" in address:
            raise AddressError
        path = str(Path(address).expanduser().absolute())
        return urlsplit("file://")._replace(path=quote(path))
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressError from None
    if parts.scheme not in SECRETS or port == 0:
        raise AddressError
    if parts.password is not None or (parts.username is not None and parts.scheme not in _WITH_USER):
        raise AddressError(
            "Nothing secret may stand in an address: addresses are written down and shown.",
            do="Give the user and the password apart from it (--secret user=FILE --secret password=FILE), "
            "and change the password if others saw it.",
        )
    if parts.query or parts.fragment or "\0" in unquote(parts.path):
        raise AddressError
    if not parts.hostname and parts.scheme != "file":
        raise AddressError
    return parts


def _folder(parts: SplitResult) -> Carrier:
    from estelik.vault.carriers.folder import FolderCarrier

    if parts.netloc not in {"", "localhost"} or not parts.path:
        raise AddressError(do="Write file:///folder, with three slashes.")
    return FolderCarrier(Path(unquote(parts.path)))


def _bucket(parts: SplitResult, secret: Mapping[str, str], timeout: float) -> Carrier:
    from estelik.vault.carriers.bucket import BucketCarrier

    endpoint = secret.get("endpoint_url")
    if endpoint is not None:
        try:
            place = urlsplit(endpoint)
            host = place.hostname or ""
        except ValueError:
            raise AddressError from None
        if place.scheme not in {"http", "https"} or not host or place.username is not None:
            raise AddressError(
                "The endpoint of the bucket cannot be followed.", do="Write https://host:port."
            )
        if place.scheme == "http" and not _is_loopback(host):
            raise _open_to_all("https://")
    if ("key" in secret) != ("secret" in secret):
        raise AddressError("A bucket needs both a key and its secret, or neither.", do="Give both.")
    prefix = unquote(parts.path).strip("/")
    return BucketCarrier(
        # As written: hostname is in small letters.
        parts.netloc,
        f"{prefix}/" if prefix else "",
        endpoint=endpoint,
        region=secret.get("region"),
        key=secret.get("key"),
        secret=secret.get("secret"),
        token=secret.get("token"),
        timeout=timeout,
    )


def _webdav(parts: SplitResult, secret: Mapping[str, str], timeout: float) -> Carrier:
    from estelik.vault.carriers.webdav import WebdavCarrier

    if parts.scheme == "webdav" and not _is_loopback(parts.hostname or ""):
        raise _open_to_all("webdavs://")
    if ":" in secret.get("user", ""):
        raise AddressError(
            "A user's name with a colon cannot be sent to a WebDAV server.", do="Use another user."
        )
    scheme = "https" if parts.scheme == "webdavs" else "http"
    root = f"{scheme}://{parts.netloc}{quote(unquote(parts.path))}"
    return WebdavCarrier(
        root, user=secret.get("user", ""), password=secret.get("password", ""), timeout=timeout
    )


def _sftp(parts: SplitResult, secret: Mapping[str, str], timeout: float) -> Carrier:
    from estelik.vault.carriers.sftp import SftpCarrier

    if "known_hosts" not in secret:
        raise AddressError(
            "The server's key is not known.",
            do="Get its line of a known_hosts file from whoever runs it, and give it along with the address.",
        )
    path = unquote(parts.path)
    # As in other programs' addresses: below the folder that the user lands in.
    root = path.removeprefix("/~/") or "." if path.startswith("/~/") else path or "/"
    return SftpCarrier(
        parts.hostname or "",
        root,
        port=parts.port or 22,
        user=unquote(parts.username) if parts.username else None,
        known_hosts=secret["known_hosts"],
        password=secret.get("password", ""),
        key=secret.get("key", ""),
        passphrase=secret.get("passphrase", ""),
        timeout=timeout,
    )


def _postgres(parts: SplitResult, secret: Mapping[str, str], timeout: float) -> Carrier:
    from estelik.vault.carriers.postgres import PostgresCarrier
    from estelik.vault.carriers.postgres_session import Session

    database, _, schema = unquote(parts.path).removeprefix("/").partition("/")
    host = parts.hostname or ""
    # A list of hosts, or a folder in place of one, would lead the library elsewhere.
    if not parts.username or not database or "/" in schema or "," in host or "/" in unquote(host):
        raise AddressError(do="Write postgresql://user@host/database.")
    if any("\0" in one for one in secret.values()):
        raise AddressError("What was given along with the address cannot be sent to a server.")
    schema = schema or "public"
    place = {
        "host": host,
        "port": str(parts.port or 5432),
        "user": unquote(parts.username),
        "dbname": database,
        "schema": schema,
        "password": secret.get("password", ""),
    }
    certificate = secret.get("certificate", "")
    verified = bool(certificate) or not _is_loopback(host)
    return PostgresCarrier(Session(place, certificate, timeout, verified=verified), schema)


def _open_to_all(instead: str) -> AddressError:
    return AddressError(
        "Passwords and files would be sent so that everybody on the way can read them.",
        do=Sentence("Use %(words)s.", words=instead),
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
