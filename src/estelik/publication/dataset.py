"""Data set: what leaves, as open data in a folder of its own.

A Frictionless Data Package (``datapackage.json``) of six tables, each as CSV and as JSON lines, and the same
as FollowTheMoney entities. The same projection gives the same bytes, on any day and any machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import PublicationError
from estelik.publication import followthemoney
from estelik.publication.facts import facts, front
from estelik.publication.package import TABLES, descriptor
from estelik.publication.table import csv, json_lines

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.protection.gate import Projection
    from estelik.publication.fact_rows import Facts, Front

#: Bytes that the secret for ids has at least: from shorter ones labels could be guessed.
LEAST_KEY: Final = 32
#: The licence: its SPDX name, its title, where it stands.
CC_BY: Final = (
    "CC-BY-4.0",
    "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/licenses/by/4.0/",
)
DESCRIPTOR: Final = "datapackage.json"
ENTITIES: Final = "entities.ftm.json"


class File(msgspec.Struct, frozen=True):
    """One file of a data set: its name, its bytes, its SHA-256 in hexadecimal."""

    name: str
    size: int
    digest: str


class Dataset(msgspec.Struct, frozen=True):
    """What was written: the files in order of name, and how many persons and statements are in it."""

    files: tuple[File, ...]
    persons: int
    statements: int


def build(
    projection: Projection,
    folder: Path,
    *,
    title: str,
    address: str,
    today: int,
    key: bytes,
    licence: tuple[str, str, str] = CC_BY,
) -> Dataset:
    """Writes the data set of all that leaves to ``folder``, which must not be there yet, or be empty.

    ``title`` and ``address`` (of the home page) are whoever publishes's own words; ``today`` is the day of
    the release (ordinal); ``key`` is the casebook's secret for ids, at least 32 bytes, always the same;
    ``licence``: its SPDX name, its title and its address. The folder appears whole or not at all.

    Raises PublicationError where something lies in the folder, or it cannot be written.
    """
    made = files(projection, title=title, address=address, today=today, key=key, licence=licence)
    return _written(made, folder)


def files(
    projection: Projection,
    *,
    title: str,
    address: str,
    today: int,
    key: bytes,
    licence: tuple[str, str, str] = CC_BY,
) -> tuple[dict[str, bytes], int, int]:
    """The files of the data set by name, and how many persons and statements are in them (as ``build``)."""
    if len(key) < LEAST_KEY:
        raise PublicationError(
            "The secret that ids are made with is too short.", do="Use the one that the casebook keeps."
        )
    found = facts(projection, key)
    return (
        _files(found, front(title, address, today, licence)),
        len(found.persons),
        len(found.statements),
    )


def _files(found: Facts, said: Front) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    for table in TABLES:
        rows = getattr(found, table.name)
        made[f"{table.name}.csv"] = csv((column.name for column in table.columns), rows)
        made[f"{table.name}.jsonl"] = json_lines(rows)
    made[ENTITIES] = followthemoney.lines(found)
    sizes = {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in made.items()}
    made[DESCRIPTOR] = msgspec.json.format(msgspec.json.encode(descriptor(said, sizes)), indent=2) + b"\n"
    return dict(sorted(made.items()))


def _written(made: tuple[dict[str, bytes], int, int], folder: Path) -> Dataset:
    contents, persons, statements = made
    beside = folder.with_name(f"{folder.name}.partial")
    try:
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise PublicationError(
                "Something lies where the data set is to be.", do="Name a folder that is not there yet."
            )
        # What a killed run left behind is nobody's.
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        try:
            for name, content in contents.items():
                with (beside / name).open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            # An empty folder gives way to it.
            beside.replace(folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except OSError as reason:
        raise PublicationError(
            "The data set cannot be written there.", do="Look whether there is room, and whether you may."
        ) from reason
    digests = ((name, len(one), hashlib.sha256(one).hexdigest()) for name, one in contents.items())
    return Dataset(tuple(File(*one) for one in digests), persons, statements)
