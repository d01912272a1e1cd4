"""How far tests go that could go on for ever: state machines, kills at random moments, oracles.

A little in every run, and state machines always the same way; further, and each time elsewhere, where
``ESTELIK_TEST_DEPTH`` says how many times as far (``make histories``).
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

DEPTH: Final = int(os.environ.get("ESTELIK_TEST_DEPTH", "1"))


def histories(count: int, steps: int) -> settings:
    """So many histories of so many steps."""
    return settings(
        max_examples=count * DEPTH,
        stateful_step_count=steps if DEPTH == 1 else 2 * steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        derandomize=DEPTH == 1,
        print_blob=True,
    )
