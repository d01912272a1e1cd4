"""Addresses: what they may say, and that nothing secret stands in them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import asyncssh
import pytest

from estelik.vault.carriers.address import opened
from estelik.vault.carriers.failures import AddressError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.vault.carriers.conftest import Place

NAME = "a" * 26
HOSTS = {"known_hosts": ""}


@pytest.mark.parametrize("written", ["{}", "file://{}", "file://localhost{}"])
def test_a_folder_can_be_written_in_several_ways(tmp_path: Path, written: str) -> None:
    """With a blank and a percent sign in it: as it is in a path, quoted in a URL."""
    folder = tmp_path / "a stick 5%"
    folder.mkdir()
    path = str(folder) if written == "{}" else str(folder).replace("%", "%25").replace(" ", "%20")
    opened(written.format(path), secret={}).write("page", NAME, b"data")
    assert (folder / "estelik" / "page" / NAME).read_bytes() == b"data"


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("s3://key:hunter2@bucket/prefix", {}),
        ("s3://hunter2@bucket/prefix", {}),
        ("webdavs://user:hunter2@example.org/share", {}),
        ("webdavs://hunter2@example.org/share", {}),
        ("sftp://user:hunter2@example.org/share", HOSTS),
        ("sftp://user:@example.org/hunter2", HOSTS),
        ("s3://bucket", {"endpoint_url": "https://key:hunter2@example.org"}),
        ("postgresql://user:hunter2@example.org/office", {}),
        ("postgresql://user@example.org/office?password=hunter2", {}),
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(address: str, secret: dict[str, str]) -> None:
    with pytest.raises(AddressError) as caught:
        opened(address, secret=secret)
    assert "hunter2" not in repr(caught.value) + str(caught.value)
    assert caught.value.do


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("webdav://192.0.2.1/share", {}),
        ("webdav://example.org/share", {}),
        ("webdav://127.example.org/share", {}),
        ("s3://bucket", {"endpoint_url": "http://example.org:9000"}),
    ],
)
def test_connections_that_others_can_read_stay_on_this_machine(address: str, secret: dict[str, str]) -> None:
    with pytest.raises(AddressError, match="everybody on the way"):
        opened(address, secret=secret)


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("", {}),
        ("ftp://example.org/share", {}),
        ("s3://", {}),
        ("s3:///prefix", {}),
        ("webdavs:///share", {}),
        ("webdavs://example.org/share?token=1", {}),
        ("webdavs://example.org/share#part", {}),
        ("webdavs://example.org:port/share", {}),
        ("webdavs://[::1/share", {}),
        ("webdavs://example.org/share", {"user": "one:two", "password": "three"}),
        ("file://server/share", {}),
        ("file://", {}),
        ("/folder\0", {}),
        ("file:///folder%00", {}),
        ("sftp://example.org/share", {}),
        ("postgresql://example.org/office", {}),
        ("postgresql://user@example.org", {}),
        ("postgresql://user@example.org/", {}),
        ("postgresql://user@/office", {}),
        ("postgresql://user@one,other/office", {}),
        ("postgresql://user@%2Ftmp/office", {}),
        ("postgresql://user@example.org/office/schema/more", {}),
        ("postgresql://user@example.org/office", {"password": "of\0two"}),
        ("s3://bucket", {"key": "without its secret"}),
        ("s3://bucket", {"endpoint_url": "example.org"}),
        ("/folder", {"password": "of no use"}),
        ("webdavs://example.org/share", {"pasword": "mistyped"}),
    ],
)
def test_what_cannot_be_followed_is_refused(address: str, secret: dict[str, str]) -> None:
    with pytest.raises(AddressError) as caught:
        opened(address, secret=secret)
    assert not any(value in str(caught.value) for value in secret.values())


def test_a_bucket_without_given_keys_takes_them_from_the_environment(
    place_of: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of("bucket")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "member")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{place.port}")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    with closing(opened(f"s3://sealed-files/{place.root}", secret={})) as carrier:
        carrier.write("page", NAME, b"data")
        assert place.all_names() == {f"estelik/page/{NAME}", "estelik/probe"}


def test_a_server_can_be_asked_with_a_private_key_in_the_users_own_folder(
    place_of: Callable[[str], Place],
) -> None:
    """The key is sealed with a passphrase; the right one opens it."""
    place = place_of("sftp")
    key, sealed = asyncssh.generate_private_key("ssh-ed25519"), "of the key"
    (place.folder.parent / "authorized").write_bytes(key.export_public_key())
    secret = {
        "key": key.export_private_key(passphrase=sealed).decode(),
        "passphrase": sealed,
        "known_hosts": f"[127.0.0.1]:{place.port} {place.host_key}",
    }
    address = f"sftp://member@127.0.0.1:{place.port}/~/{place.root}"
    with closing(opened(address, secret=secret)) as carrier:
        carrier.write("page", NAME, b"data")
    assert place.all_names() == {f"estelik/page/{NAME}"}


def test_no_library_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    """A folder carrier works, and no protocol of the network was imported for it."""
    code = f"""
import sys
from estelik.vault.carriers.address import opened
opened(sys.argv[1], secret={{}}).write("page", "{NAME}", b"data")
print(*(sorted({{"asyncssh", "botocore", "psycopg", "urllib3"}} & set(sys.modules))))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == ""
