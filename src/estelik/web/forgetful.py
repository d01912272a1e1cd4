"""Forgetful: no form has a browser keep what is typed into it.

What is typed into a form of which nothing is said lies on the disk afterwards: to be offered the next time,
and to be there again when a window is opened again.
"""

from __future__ import annotations

import re
from typing import Final

from jinja2.ext import Extension

_FORM: Final = re.compile(r"<form (?![^>]*\bautocomplete=)")


class Forgetful(Extension):
    """Says so of every form of a template."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template, as it is set."""
        del name, filename
        return _FORM.sub('<form autocomplete="off" ', source)
