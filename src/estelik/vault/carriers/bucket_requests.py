"""How a bucket is spoken to, and what its answers mean."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from estelik.vault.carriers import patience
from estelik.vault.carriers.failures import (
    CarrierError,
    ElsewhereError,
    FullError,
    MissingError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
    UnsuitableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ABSENT: Final = {"NoSuchKey", "404", "NotFound"}
_FULL: Final = {"QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "InsufficientCapacity"}
_BROKEN: Final = {
    "RequestTimeout",
    "IncompleteBody",
    "BadDigest",
    "XAmzContentSHA256Mismatch",
    "NoSuchUpload",
    "InvalidPart",
}
#: By which S3 says in which region a bucket is.
_REGION: Final = "x-amz-bucket-region"
_TOO_LARGE: Final = {"EntityTooLarge", "MaxMessageLengthExceeded"}


class ConflictError(CarrierError):
    """The server saw two writers at once, and wrote nothing for this one."""


def clients(given: dict[str, str | None], timeout: float) -> tuple[Any, Any]:
    """A client that tries again, and one that does not."""
    import botocore.session
    from botocore.config import Config

    # At its most talkative the library logs requests with their keys and tokens.
    logging.getLogger("botocore").setLevel(logging.WARNING)
    session = botocore.session.Session()
    session.register_component("data_loader", _loader(session.get_config_variable("data_path")))
    providers = session.get_component("credential_provider")
    # These would ask an address of the network that the laptop happens to be in.
    for name in ("container-role", "iam-role"):
        providers.remove(name)

    def client(tries: int) -> Any:
        settings = Config(
            connect_timeout=timeout,
            read_timeout=timeout,
            retries={"total_max_attempts": tries, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": "path" if given["endpoint_url"] else "auto"},
            # Older servers do not know the newer checksums; sealed files are checked by what seals them.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        region = given["region_name"] or session.get_config_variable("region") or "us-east-1"
        made = session.create_client("s3", config=settings, **{**given, "region_name": region})
        made.meta.events.register_first("needs-retry.s3", _stay)
        return made

    return client(patience.TRIES), client(1)


@cache
def _loader(path: str | None) -> Any:
    """What reads the library's own descriptions of services, and keeps what it read: once for all carriers of
    a process (50 ms of a core)."""
    import botocore.loaders

    return botocore.loaders.create_loader(path)


def _stay(response: tuple[Any, Any] | None = None, **_: object) -> None:
    """Goes nowhere but to another region of the same service: who is sent elsewhere, the library asks where
    the bucket is, and is sent elsewhere again, without end."""
    answer = response[0] if response else None
    if answer is not None and 300 <= answer.status_code < 400 and _REGION not in answer.headers:
        raise ElsewhereError


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turns the library's errors into ours."""
    from botocore import exceptions as failures
    from botocore.parsers import ResponseParserError

    try:
        yield
    except failures.ClientError as error:
        raise _meaning(error.response) from None
    except (
        failures.EndpointConnectionError,
        failures.ConnectTimeoutError,
        failures.ProxyConnectionError,
        failures.SSLError,
    ):
        raise UnreachableError from None
    except (
        failures.HTTPClientError,
        failures.IncompleteReadError,
        failures.ResponseStreamingError,
        ResponseParserError,
        KeyError,
    ):
        # The last two: an answer that is none, or that leaves out what each must hold.
        raise TransferError from None
    except (failures.NoCredentialsError, failures.PartialCredentialsError, failures.CredentialRetrievalError):
        raise RefusedError("There is no complete key for the bucket.") from None
    except (failures.BotoCoreError, ValueError):
        raise CarrierError(do="Check the address, the endpoint and the region.") from None


def _meaning(response: dict[str, Any]) -> CarrierError:
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if 300 <= status < 400:
        return ElsewhereError()
    if code == "NoSuchBucket":
        return UnreachableError("There is no such bucket.")
    if code in _BROKEN:
        return TransferError()
    if code in _FULL or status == 507:
        return FullError()
    if code in _TOO_LARGE or status == 413:
        return TooLargeError("A file is larger than the bucket takes.", safe="Nothing was written.")
    if status == 412:
        return ThereAlreadyError()
    if status == 409:
        return ConflictError()
    if status == 501:
        return UnsuitableError()
    if code in _ABSENT or status == 404:
        return MissingError()
    if status in {400, 401, 403}:
        return RefusedError()
    if status >= 500:
        return UnreachableError("The server of the bucket cannot answer now.", do="Try again later.")
    return CarrierError()
