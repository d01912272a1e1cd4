"""Publishing: the site and the open data of what a projection lets out, in one folder, whole or not at
all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from estelik.publication import dataset, site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from estelik.protection.gate import Projection
    from estelik.publication.site import Built
    from estelik.publication.site_counts import Earlier
    from estelik.records.release import Given

#: Where the open data lies in the site.
DATA = "data"


def publish(
    projection: Projection,
    folder: Path,
    *,
    title: str,
    address: str,
    language: str,
    today: int,
    key: bytes,
    folder_key: bytes,
    last: Callable[[tuple[Given, ...]], None],
    before: Mapping[str, Sequence[Earlier]] = {},
    progress: Callable[[int], None] = lambda _: None,
) -> Built:
    """Builds the site, with the open data in it, and puts it into ``folder`` (see ``site.build``). ``last``
    is called, with what is counted on it, when all of it is there and nothing is in its place yet: what it
    raises leaves everything as it was. ``before``: how its tables were published before."""

    def more(new: Path) -> dict[str, str]:
        dataset.build(projection, new / DATA, title=title, address=address, today=today, key=key)
        files = sorted(path for path in (new / DATA).rglob("*") if path.is_file())
        return {path.relative_to(new).as_posix(): _hashed(path) for path in files}

    return site.build(
        projection,
        folder,
        title=title,
        address=address,
        language=language,
        today=today,
        key=key,
        folder_key=folder_key,
        progress=progress,
        more=more,
        before=before,
        last=last,
    )


def _hashed(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
