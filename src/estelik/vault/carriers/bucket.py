"""A carrier in a bucket of an S3 server.

An object appears whole, when its last byte has arrived. That it replaces none
is asked of the server with ``If-None-Match: *``. Some servers do not know that
header and replace all the same, so each is tested on an object of our own,
``estelik/probe``, before the first sealed file is written to it.

A large object goes in parts. Those of an upload that broke off are used again
where their hashes are those of what is sent.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from estelik.vault.carriers import bucket_requests, carrier, half, patience
from estelik.vault.carriers.failures import (
    CarrierError,
    MissingError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnsuitableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of a part: S3 takes 10,000 of them, 5 MiB at least (78 GiB in all here).
PART: Final = 8 * 1024 * 1024
_PARTS: Final = 10_000
_CHUNK: Final = 1024 * 1024


class BucketCarrier:
    """Sealed files in a bucket, below a prefix ("" or one that ends with a slash).

    Without ``key`` and ``secret`` they come from where programs of S3 look by
    themselves: the environment and its files, but never from a network.
    ``timeout`` in seconds. Raises ``UnsuitableError`` where the bucket can replace.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str | None = None,
        region: str | None = None,
        key: str | None = None,
        secret: str | None = None,
        token: str | None = None,
        timeout: float = patience.TIMEOUT,
    ) -> None:
        self._bucket = bucket
        self._home = f"{prefix}{carrier.HOME}/"
        given = {
            "endpoint_url": endpoint,
            "region_name": region,
            "aws_access_key_id": key,
            "aws_secret_access_key": secret,
            "aws_session_token": token,
        }
        with bucket_requests.in_our_words():
            self._reader, self._writer = bucket_requests.clients(given, timeout)
        self._probed = False

    def names(self, kind: str) -> dict[str, int]:
        """See ``Carrier.names``."""
        carrier.checked(kind)
        folder = f"{self._home}{kind}/"
        found = {}
        with bucket_requests.in_our_words():
            pages = self._reader.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=folder, Delimiter="/"
            )
            for page in pages:
                for entry in page.get("Contents", ()):
                    name = entry["Key"].removeprefix(folder)
                    if carrier.is_name(name):
                        found[name] = int(entry["Size"])
        return found

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """See ``Carrier.read``."""
        carrier.checked(kind, name)
        return patience.persistently(lambda: self._read(kind, name, limit), TransferError)

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """See ``Carrier.fetch``."""
        carrier.checked(kind, name)
        size = 0
        with self._opened(kind, name, start) as (body, _):
            while True:
                with bucket_requests.in_our_words():
                    chunk = body.read(_CHUNK)
                if not chunk:
                    return size
                target.write(chunk)
                size += len(chunk)

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        carrier.checked(kind, name)
        self._probe()
        self._add(self._key(kind, name), data)

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        carrier.checked(kind, name)
        first = _part(source)
        if len(first) < PART:
            self.write(kind, name, first)
            return len(first)
        key = self._key(kind, name)
        self._probe()
        if self._is_there(key):
            raise ThereAlreadyError
        return self._add_in_parts(kind, key, first, source)

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``; a bucket with versions keeps the old one until its own rules end it."""
        carrier.removable(kind, name, damaged=damaged)
        with bucket_requests.in_our_words():
            self._reader.delete_object(Bucket=self._bucket, Key=self._key(kind, name))

    def sweep(self) -> int:
        """See ``Carrier.sweep``: uploads that were never completed, and to which no part came lately."""
        swept = 0
        before = time.time() - carrier.STALE
        for upload in self._uploads(self._home):
            if not carrier.is_name(upload["Key"].rsplit("/", 1)[-1]):
                continue
            if upload["Initiated"].timestamp() < before and not any(
                part["LastModified"].timestamp() >= before for part in self._parts(upload)
            ):
                with bucket_requests.in_our_words():
                    self._reader.abort_multipart_upload(
                        Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                swept += 1
        return swept

    def close(self) -> None:
        """See ``Carrier.close``."""
        self._reader.close()
        self._writer.close()

    def _key(self, kind: str, name: str) -> str:
        return f"{self._home}{kind}/{name}"

    @contextmanager
    def _opened(self, kind: str, name: str, start: int = 0) -> Iterator[tuple[Any, int]]:
        part = {"Range": f"bytes={start}-"} if start else {}
        with bucket_requests.in_our_words():
            found = self._reader.get_object(Bucket=self._bucket, Key=self._key(kind, name), **part)
        body = found["Body"]
        try:
            yield body, int(found.get("ContentLength", -1))
        finally:
            body.close()

    def _read(self, kind: str, name: str, limit: int) -> bytes:
        with self._opened(kind, name) as (body, size), bucket_requests.in_our_words():
            data: bytes = b"" if size > limit else body.read(limit + 1)
        if size > limit or len(data) > limit:
            raise TooLargeError
        if size not in {len(data), -1}:
            raise TransferError
        return data

    def _is_there(self, key: str) -> bool:
        try:
            with bucket_requests.in_our_words():
                self._reader.head_object(Bucket=self._bucket, Key=key)
        except MissingError:
            return False
        return True

    def _add(self, key: str, data: bytes) -> None:
        # Not tried again by itself: a first answer that was lost would look like another writer's file.
        with self._unless_there(key):
            self._writer.put_object(Bucket=self._bucket, Key=key, Body=data, IfNoneMatch="*")

    def _add_in_parts(self, kind: str, key: str, first: bytes, source: BinaryIO) -> int:
        upload, there = self._left_over(key) if kind == half.KIND else ("", {})
        if not upload:
            with bucket_requests.in_our_words():
                made = self._reader.create_multipart_upload(Bucket=self._bucket, Key=key)
                upload = made["UploadId"]
        place = {"Bucket": self._bucket, "Key": key, "UploadId": upload}
        try:
            # The server puts together those parts alone whose hashes are the ones that we name, of our bytes.
            parts: list[dict[str, Any]] = []
            size, data = 0, first
            while data:
                number = len(parts) + 1
                _check_parts(len(parts))
                tag = f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'
                if there.get(number) != (tag, len(data)):
                    with self._unless_ended(key):
                        tag = self._reader.upload_part(**place, PartNumber=number, Body=data)["ETag"]
                parts.append({"PartNumber": number, "ETag": tag})
                size += len(data)
                data = b""  # let go before the next is read
                data = _part(source)
            with self._unless_there(key), self._unless_ended(key):
                self._writer.complete_multipart_upload(
                    **place, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
                )
        except BaseException as error:
            if not half.stays(kind, error):
                with suppress(CarrierError), bucket_requests.in_our_words():
                    self._writer.abort_multipart_upload(**place)
            raise
        return size

    def _left_over(self, key: str) -> tuple[str, dict[int, tuple[str, int]]]:
        """An upload of this object that was begun and not completed, and the hash and size of each part that
        it has; "" where there is none, or nobody may ask."""
        found: list[tuple[str, dict[int, tuple[str, int]]]] = [("", {})]
        with suppress(RefusedError, MissingError, UnsuitableError):
            for upload in self._uploads(key):
                if upload["Key"] == key:
                    parts = {
                        int(part["PartNumber"]): (str(part["ETag"]), int(part["Size"]))
                        for part in self._parts(upload)
                    }
                    found.append((upload["UploadId"], parts))
        return max(found, key=lambda one: len(one[1]))

    def _uploads(self, prefix: str) -> list[dict[str, Any]]:
        with bucket_requests.in_our_words():
            pages = self._reader.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            return [upload for page in pages for upload in page.get("Uploads", ())]

    def _parts(self, upload: dict[str, Any]) -> list[dict[str, Any]]:
        with bucket_requests.in_our_words():
            pages = self._reader.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            )
            return [part for page in pages for part in page.get("Parts", ())]

    @contextmanager
    def _unless_ended(self, key: str) -> Iterator[None]:
        try:
            with bucket_requests.in_our_words():
                yield
        except TransferError:
            # Somebody else who went on with the same upload may have completed it.
            if self._is_there(key):
                raise ThereAlreadyError from None
            raise

    @contextmanager
    def _unless_there(self, key: str) -> Iterator[None]:
        try:
            with bucket_requests.in_our_words():
                yield
        except bucket_requests.ConflictError:
            # Another writer was at work at the same moment: it has won, or was not done either.
            raise (ThereAlreadyError if self._is_there(key) else TransferError) from None

    def _probe(self) -> None:
        """Raises ``UnsuitableError`` for a server that replaces objects although told not to."""
        if self._probed:
            return
        for _ in range(2):
            try:
                self._add(f"{self._home}{carrier.PROBE}", b"")
            except ThereAlreadyError:
                self._probed = True
                return
        raise UnsuitableError


def _part(source: BinaryIO) -> bytes:
    """The next part: full, unless the source ends."""
    data = source.read(PART)
    if 0 < len(data) < PART:
        pieces = [data]
        missing = PART - len(data)
        while missing and (piece := source.read(missing)):
            pieces.append(piece)
            missing -= len(piece)
        data = b"".join(pieces)
    return data


def _check_parts(count: int) -> None:
    if count == _PARTS:
        raise TooLargeError(
            "A file is larger than is sent to a bucket.", safe="Nothing was written.", do="Split it."
        )
