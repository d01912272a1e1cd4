"""The measurements run, and what they compare is equal; how fast is not for a test to say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    "name", ["bounds", "contradictions", "edtf_parsing", "entering", "gate", "sealing", "whole"]
)
def test_a_measurement_runs(name: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bench", name],
        cwd=ROOT,
        env={**os.environ, "BENCH_SIZE": "0.002"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "at least" in ran.stdout


def test_a_measurement_that_is_not_there_is_told() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "speed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "bounds" in ran.stderr
