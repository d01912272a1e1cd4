"""What the description of the machine interface says, and what it does, asked by somebody else's program."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.web.conftest import made, serving
from tests.web.program import Program, token_for

if TYPE_CHECKING:
    from tests.web.conftest import Served

#: Schemathesis, beside the Python that runs this: its plugin for tests would be loaded for all of them.
PROGRAM: Final = Path(sys.executable).with_name("schemathesis")
EVERYTHING: Final = ("testimony", "source", "casework", "medical", "public")
#: What is of the form described need not be what a sheet may say (422): a date is a text, and then a date.
#: What is not of that form may be refused for its size before anybody looks at its form.
SETTINGS: Final = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "409", "413", "422", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "413", "415", "422", "429"]
"""


def asked(desk: Served, text: str, folder: Path, *options: str) -> str:
    """What Schemathesis says of a desk, asked with a token; a token is in no argument."""
    settings = folder / "schemathesis.toml"
    settings.write_text(SETTINGS + '\n[headers]\nAuthorization = "Bearer ${TOKEN}"\n', encoding="utf-8")
    done = subprocess.run(
        [PROGRAM, "--config-file", settings, "--no-color", "run", f"http://127.0.0.1:{desk.host.partition(':')[2]}/api/openapi.json",
         "--seed", "20261123", "--generation-database", "none", "--suppress-health-check", "all",
         "--workers", "2", *options],
        cwd=folder, env=os.environ | {"TOKEN": text}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.skipif(not PROGRAM.exists(), reason="needs schemathesis: make .venv/.installed-dev")
def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    """Some hundreds of requests as they are described, and as they are not, one by one and one after another:
    no answer that is not described, no fault of ours, nothing taken that should not be."""
    folder = made(tmp_path / "casebook")
    text = token_for(folder, "schemathesis", EVERYTHING)
    with serving(folder) as desk:
        desk.signed_in()
        program = Program(desk, text)
        while not program.ask("POST", "/api/registry", {}).said["whole"]:
            time.sleep(0.1)
        said = asked(desk, text, tmp_path, "--max-examples", os.environ.get("ESTELIK_TEST_EXAMPLES", "1"))
        found = re.search(r"(\d+) generated, (\d+) passed", said)
        assert found is not None, said
        assert int(found[1]) > 300
        assert "Authentication failed" not in said
        # What it entered and begun has harmed nothing that was there.
        assert program.ask("POST", "/api/names", {"words": "Saule"}).said["found"]
