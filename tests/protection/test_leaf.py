"""Nothing leaves that is no leaf: neither by a template nor as data."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest
from jinja2 import DictLoader, Environment

import estelik
from estelik.protection.leaf import Cleared, Count, Phrase, UnclearedError, encode, finalize

#: The modules that may make leaves, under ``src/estelik``.
MAKERS = {
    "protection/leaf.py",
    "protection/gate.py",
    "publication/entry.py",
    "publication/facts.py",
    "publication/overview.py",
    "publication/card_sheet.py",
}


class Page(msgspec.Struct, frozen=True):
    """Something with leaves, or not."""

    name: object
    also: tuple[object, ...] = ()


def template(text: str) -> Environment:
    return Environment(loader=DictLoader({"page": text}), autoescape=True, finalize=finalize)


@pytest.mark.parametrize(
    "value", ["Zarina", 41, None, 1.5, b"Zarina", ("Zarina",), Cleared("Zar") + "ina", Phrase("Zar") + "ina"]
)
def test_a_template_sets_no_plain_value(value: object) -> None:
    """A word, a number, nothing at all: each is refused, and the refusal does not say what it was."""
    with pytest.raises(UnclearedError) as refused:
        template("<p>{{ value }}</p>").get_template("page").render(value=value)
    assert "Zarina" not in str(refused.value)


def test_a_template_sets_leaves_and_escapes_text() -> None:
    """Text is escaped, phrases stand as they are."""
    page = template("{{ name }} {{ count }} {{ words }}").get_template("page")
    out = page.render(name=Cleared("<b>"), count=Count(3), words=Phrase("<i>held</i>"))
    assert out == "&lt;b&gt; 3 <i>held</i>"


@pytest.mark.parametrize("value", ["Zarina", 41, {"a": Cleared("b")}, [Cleared("a"), "b"], Page("Zarina")])
def test_data_holds_no_plain_value(value: object) -> None:
    """Also deep within, and as the key of a mapping."""
    with pytest.raises(UnclearedError):
        encode(Page(Cleared("a"), (value,)))


def test_data_of_leaves_is_written() -> None:
    """Fields are named, leaves are their values."""
    page = Page(Cleared("Сәуле"), (Count(2), True, None, {Cleared("k"): Phrase("v")}))
    assert msgspec.json.decode(encode(page)) == {"name": "Сәуле", "also": [2, True, None, {"k": "v"}]}


def test_leaves_are_made_where_the_gate_projects_and_nowhere_else() -> None:
    """No other module of the package calls one of the three."""
    root = Path(estelik.__file__).parent
    for path in root.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if "estelik.protection.leaf" not in path.read_text(encoding="utf-8"):
            continue
        calls = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        made = calls & {"Cleared", "Count", "Phrase"}
        assert not made or str(path.relative_to(root)) in MAKERS, path
