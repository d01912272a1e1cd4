"""What all tests share: where others' data lie, when they are there."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of others' data beside the project; tests that need it are skipped elsewhere."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the folder of others' data beside the project")
    return SHARED
