"""A WebDAV server's list of files, which may be anybody's."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.vault.carriers import multistatus
from estelik.vault.carriers.failures import TransferError

LIST = b"""<?xml version="1.0"?>
<x:multistatus xmlns:x="DAV:" xmlns:o="other">
<x:response><x:href>https://host/estelik/page/</x:href><x:propstat><x:prop>
<x:resourcetype><x:collection/></x:resourcetype><x:getcontentlength>0</x:getcontentlength>
</x:prop></x:propstat></x:response>
<x:response><x:href>/estelik/page/one%20a</x:href><x:propstat><x:prop>
<x:getcontentlength> 12 </x:getcontentlength>
<x:getlastmodified>Thu, 01 Jan 1970 00:01:00 GMT</x:getlastmodified>
<x:resourcetype/></x:prop></x:propstat></x:response>
<x:response><x:href>/estelik/page/two</x:href><x:propstat><x:prop><o:getcontentlength>9</o:getcontentlength>
<x:resourcetype/></x:prop></x:propstat></x:response>
<x:response><x:href>/estelik/page/three</x:href><x:propstat><x:prop>
<x:getcontentlength>-3</x:getcontentlength><x:resourcetype/></x:prop></x:propstat></x:response>
</x:multistatus>"""


@given(st.lists(st.integers(0, len(LIST)), max_size=6))
def test_files_are_read_from_a_list_however_it_arrives(cuts: list[int]) -> None:
    """Folders, and what has no size of its own, are left out."""
    places = [0, *sorted(cuts), len(LIST)]
    pieces = [LIST[start:end] for start, end in pairwise(places)]
    assert multistatus.entries(pieces) == [multistatus.Entry("one a", 12, 60.0)]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>please log in",
        LIST[:-5],
        b'<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
    ],
)
def test_what_is_no_list_is_an_error(answer: bytes) -> None:
    with pytest.raises(TransferError):
        multistatus.entries([answer])


@given(st.binary(max_size=200))
def test_nothing_but_our_own_error_comes_of_noise(noise: bytes) -> None:
    try:
        multistatus.entries([b"<a>", noise])
    except TransferError:
        return
    pytest.fail("an element that nothing closes was taken for a list")
