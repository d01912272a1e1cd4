"""Chromium of the system, without a network to go to: which of its programs tests look at pages with."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

#: The browser as users have it.
WHOLE: Final = Path("/usr/bin/chromium")
#: The same without windows: a page costs it a third of the work.
_SHELL: Final = Path("/usr/bin/chromium-headless-shell")
_QUIET: Final = ("background-networking", "component-update", "sync", "gpu", "quic")
ARGUMENTS: Final = ("--no-sandbox", "--no-first-run", *(f"--disable-{one}" for one in _QUIET))


@contextmanager
def started() -> Iterator[Browser]:
    """A browser until the end; the tests that need one are skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api")
    program = _SHELL if _SHELL.exists() else WHOLE
    if not program.exists():
        pytest.skip(f"needs Chromium at {WHOLE}")
    with playwright.sync_playwright() as there:
        found = there.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()
