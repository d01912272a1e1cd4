from __future__ import annotations

import base64

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
