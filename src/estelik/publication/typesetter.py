"""The child process that sets one page as PDF (``python -m estelik.publication.typesetter <page >pdf``).

It is started without keys and environment, loads weasyprint, confines itself (it may open fonts, and write
nothing), and only then reads the page. Whatever the page names is not fetched.
"""

from __future__ import annotations

import logging
import os
from typing import Any, NoReturn

from estelik.media import confinement


def main() -> None:
    """Reads HTML on standard input, and writes PDF on standard output."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class Refusing(URLFetcher):  # type: ignore[misc] # the library ships no types
        """Fetches nothing: neither from a network nor from a disk, nor what is written out in an address."""

        def fetch(self, *_: Any, **__: Any) -> NoReturn:
            """Refuses."""
            raise ValueError

    # Its warnings hold what stands on the page.
    logging.disable()
    confinement.confine(readable=("/",))
    with os.fdopen(0, "rb", closefd=False) as file:
        page = file.read().decode()
    made = HTML(string=page, url_fetcher=Refusing(), base_url=None).write_pdf()
    with os.fdopen(1, "wb", closefd=False) as out:
        out.write(made)
    os._exit(0)


if __name__ == "__main__":
    main()
