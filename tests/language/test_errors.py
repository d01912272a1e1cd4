"""What goes wrong, in the reader's language: where its sentences are found, and how they are said."""

from __future__ import annotations

import ast
import pickle
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.frontend import parse_mapping_cfg
from babel.util import pathmatch
from hypothesis import given
from hypothesis import strategies as st

from estelik.errors import EstelikError, Sentence
from estelik.language.direction import bare, plain
from estelik.language.extraction import errors, spoken
from estelik.language.reader import languages, reader

ROOT = Path(__file__).resolve().parents[2]
SOURCE = '''
"""A module."""
raise CasebookError("It is locked.", safe="All is kept.", do="Wait.")
raise api.UsageError(one if x else Sentence("%(count)s are open.", count=3))
raise NotFoundError("Here." if x else "There.")
raise ValueError("of no concern")
faults.append(Fault("file", 1, "when", "date", "This is no day.", "Mend it."))
at_risk(safe="What was there is there.")
WORDS = {"code": ("What it is.", "What to do.")}
print(_("As ever."))
'''


#: Whose errors are English, as all is that is said there: to who types commands, and to programs.
ENGLISH = ("cli/", "web/api/", "web/serving.py")


def ours() -> set[str]:
    """The names of all errors of the tree in ``estelik.errors``, wherever they are."""
    bases = {
        node.name: {getattr(one, "id", getattr(one, "attr", "")) for one in node.bases}
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    found = {"EstelikError"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found | {"Fault"}


def rooms() -> list[Path]:
    """The files whose errors are said in the reader's language, as ``babel.cfg`` has them."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, _ = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        name = str(path.relative_to(ROOT / "src"))
        method = next(one for pattern, one in methods if pathmatch(pattern, name))
        found += [path] if method.endswith(":errors") else []
    return found


def test_the_sentences_of_errors_and_faults_are_found_beside_all_others() -> None:
    found = {message for _, _, message, _ in errors(BytesIO(SOURCE.encode()), {"_": None}, (), {})}
    assert found == {
        *("It is locked.", "All is kept.", "Wait.", "%(count)s are open.", "Here.", "There."),
        *(
            "This is no day.",
            "Mend it.",
            "What was there is there.",
            "What it is.",
            "What to do.",
            "As ever.",
        ),
    }


def test_no_room_has_an_error_of_which_translators_do_not_know() -> None:
    """But those that speak English throughout."""
    known, names = set(rooms()), ours()
    assert names > {"CarrierError", "AddressError", "UsageError"}
    left = []
    for path in sorted((ROOT / "src" / "estelik").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = node.func if isinstance(node, ast.Call) else None
            name = getattr(call, "id", getattr(call, "attr", ""))
            if name in names and path not in known:
                left.append(path.relative_to(ROOT / "src" / "estelik").as_posix())
    assert {one for one in left if not one.startswith(ENGLISH)} == set()
    assert any(one.startswith(ENGLISH) for one in left)


def test_an_error_of_the_desk_is_never_put_together_where_it_is_raised() -> None:
    """No catalog could have it: what is filled in is given to a ``Sentence``."""
    apart = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in rooms()
        for line, words in spoken(ast.parse(path.read_text(encoding="utf-8")))
        if words is None
    ]
    assert apart == []
    assert [line for line, words in spoken(ast.parse('raise UsageError(f"{x}.")')) if words is None] == [1]


def test_the_rooms_of_the_desk_are_among_those_looked_at() -> None:
    names = {str(path.relative_to(ROOT / "src" / "estelik")) for path in rooms()}
    assert names >= {"errors.py", "web/desk.py", "daily/judging.py", "exchange/faults.py", "vault/keys.py"}
    assert not any(name.startswith(("web/api/", "cli/")) for name in names)


@given(st.text(), st.integers())
def test_a_sentence_is_its_english_and_its_values_stay_as_they_are(text: str, number: int) -> None:
    words = Sentence("%(count)s of %(words)s: 100%%", count=number, words=text)
    assert words == f"{number} of {text}: 100%"
    assert str(EstelikError(words, do="Wait.")) == f"{words} Nothing was written. Wait."
    again = pickle.loads(pickle.dumps(words))  # noqa: S301 (our own)
    assert (again, again.template, again.values) == (words, words.template, words.values)
    assert "<i>" not in reader().said(Sentence("%(words)s", words=f"<i>{text}"))
    assert bare(text) in plain(reader().said(Sentence("About %(words)s.", words=text)))


def test_a_sentence_within_a_sentence_is_said_in_the_same_language() -> None:
    spoken_ = reader("ru")
    inner = Sentence("Sign in")
    assert spoken_.said("Sign in") == spoken_.gettext("Sign in") != "Sign in"
    assert spoken_.said(Sentence("%(why)s", why=inner)) == spoken_.gettext("Sign in")
    assert spoken_.said(Sentence("%(count)s", count=12345)) == spoken_.digits(12345)


@pytest.mark.parametrize("language", languages())
def test_nothing_is_said_where_there_is_nothing_to_say(language: str) -> None:
    assert reader(language).said("") == ""
