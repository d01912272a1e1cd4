"""Runs pytest with the command that is given, and what failed once more, by itself.

Tests wait for processes, browsers and servers, on computers that have too much to do. What fails beside
others and holds alone is said loudly, and does not fail the run; what fails twice does, and so do more than
a few. Examples that Hypothesis has found are kept in between: they fail twice.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: So many at most are tried once more.
MOST: Final = 5
#: Where pytest says which have failed.
_SAID: Final = Path(".pytest_cache/v/cache/lastfailed")
#: How pytest ends where tests have failed, and nothing else went wrong.
_FAILED: Final = 1
#: The same once more: those alone, without others beside them.
_ALONE: Final = ("-n", "0", "--last-failed", "--last-failed-no-failures", "none")


def main(command: Sequence[str]) -> int:
    """The exit status of all of it."""
    _SAID.unlink(missing_ok=True)
    status = subprocess.run(command, check=False).returncode
    names = failed()
    if status != _FAILED or not 0 < len(names) <= MOST:
        return status
    say("Failed beside others; tried once more, alone", names)
    status = subprocess.run([*command, *_ALONE], check=False).returncode
    # One that was not found again is still among them.
    if left := failed():
        say("Failed again", left)
        return _FAILED
    if not status:
        say("FAILED BESIDE OTHERS, HELD ALONE", names)
    return status


def failed() -> list[str]:
    """The tests that failed when they were last run."""
    return list(json.loads(_SAID.read_text(encoding="utf-8"))) if _SAID.exists() else []


def say(what: str, names: Sequence[str]) -> None:
    """Says something of tests, so that it is seen."""
    print(f"\n==== {what}:", *names, sep="\n     ", end="\n\n", flush=True)  # noqa: T201 (whoever runs it reads that)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
