from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik import ids


@given(st.binary(min_size=16, max_size=16))
def test_an_identifier_is_base32_without_padding(data: bytes) -> None:
    assert ids.text_of(data) == base64.b32encode(data).decode().rstrip("=").lower()


@given(
    st.binary(min_size=1, max_size=32),
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
)
def test_parts_are_kept_apart(key: bytes, parts: list[str]) -> None:
    """The same parts give the same identifier; the one part or letter of the key more gives another."""
    assert ids.derived_id(key, *parts) == ids.derived_id(key, *parts)
    assert ids.derived_id(key, *parts) != ids.derived_id(key, *parts, "")
    assert ids.derived_id(key, *parts) != ids.derived_id(key + b"x", *parts)


@given(st.lists(st.binary(min_size=16, max_size=16)))
def test_many_identifiers_are_written_as_one_by_one_and_read_back(data: list[bytes]) -> None:
    texts = ids.texts_of(b"".join(data))
    assert texts == [ids.text_of(one) for one in data]
    assert ids.data_of(texts) == b"".join(data)


def test_new_identifiers_have_sixteen_bytes_and_differ() -> None:
    made = [*ids.new_ids(999), ids.new_id(), ids.derived_id(b"key", "part")]
    assert len(ids.data_of(made)) == 16 * 1001
    assert len(set(made)) == 1001


@given(
    st.one_of(
        st.text(max_size=27),
        # Two bits of the last letter are no part of the sixteen bytes.
        st.binary(min_size=16, max_size=16).map(lambda data: ids.text_of(data)[:-1] + "b"),
        st.binary(min_size=16, max_size=16).map(lambda data: ids.text_of(data).upper() + "A"),
    )
)
def test_whatever_is_no_identifier_is_refused(text: str) -> None:
    """Alone, and where another one makes up for the letters that it lacks."""
    for texts in ([text], [text, "a" * (52 - len(text))]):
        with pytest.raises(ValueError, match="identifier"):
            ids.data_of(texts)
