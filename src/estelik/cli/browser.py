"""The browser of whoever sits at this computer."""

from __future__ import annotations

import os
import sys


def opened(address: str) -> bool:
    """Whether a browser with a screen was found for an address."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return False
    import webbrowser

    return webbrowser.open(address)
