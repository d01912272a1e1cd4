"""Extraction: the strings of tables and of errors, for translators (used by Babel alone)."""

from __future__ import annotations

import ast
import builtins
import json
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

#: What Babel is told of a string: line, function, message, comments.
Found = tuple[int, str | None, Any, list[str]]

#: By which names an error is given its sentences; of a fault they are the last two of its fields.
_PARTS: Final = frozenset({"what", "safe", "do"})
_OF_FAULT: Final = 4


def vocabulary(
    file: IO[bytes], keywords: object, comment_tags: object, options: dict[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Every label of ``vocabulary.json`` as a string to translate."""
    del keywords, comment_tags, options
    words = json.load(file)
    labels = (kind["label"] for part in ("states", "kinds", "facts") for kind in words[part].values())
    for label in dict.fromkeys(labels):
        yield 1, "", label, []


def errors(
    file: IO[bytes], keywords: dict[str, Any], comment_tags: Collection[str], options: dict[str, Any]
) -> Iterator[Found]:
    """What Babel finds in Python by itself, and what the errors and faults of the file say: the rooms in
    which this is looked for stand in ``babel.cfg``."""
    from babel.messages.extract import extract_python

    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[arg-type, misc] # as it says elsewhere
    file.seek(0)
    for line, words in spoken(ast.parse(file.read())):
        if isinstance(words, str):
            yield line, None, words, []


def spoken(tree: ast.AST) -> Iterator[tuple[int, str | None]]:
    """Each sentence that an error or a fault is given, with its line; None where it is put together there,
    which no catalog can have: such a sentence is a ``Sentence``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for value in _given(node):
                yield from _constants(value)
        elif isinstance(node, ast.FunctionDef):
            wanted = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            yield from _texts(value for name, value in wanted if value and name.arg in _PARTS)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {one.id for one in targets if isinstance(one, ast.Name)}
            if names & {f"_{part}" for part in _PARTS}:
                yield from _texts([node.value])
            elif names & {"WORDS"} and isinstance(node.value, ast.Dict):
                pairs = [one for one in node.value.values if isinstance(one, ast.Tuple)]
                yield from _texts(part for one in pairs for part in one.elts)


def _given(call: ast.Call) -> list[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name == "Sentence":
        return call.args[:1]
    by_name = [one.value for one in call.keywords if one.arg in _PARTS]
    # What is safe is also handed on to whoever raises the error.
    handed = [one.value for one in call.keywords if one.arg == "safe" and _is_sentence(one.value)]
    if name == "Fault":
        return [*call.args[_OF_FAULT:], *by_name]
    if name.endswith("Error") and not hasattr(builtins, name):
        return [*call.args[:1], *by_name]
    return handed


def _is_sentence(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.endswith(".")


def _constants(value: ast.expr) -> Iterator[tuple[int, str | None]]:
    if isinstance(value, ast.IfExp):
        yield from _constants(value.body)
        yield from _constants(value.orelse)
    elif isinstance(value, ast.JoinedStr | ast.BinOp):
        yield value.lineno, None
    else:
        yield from _texts([value])


def _texts(values: Iterable[ast.expr]) -> Iterator[tuple[int, str]]:
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
            yield value.lineno, value.value
