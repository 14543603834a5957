from __future__ import annotations

import xml.dom.minidom

import pytest

from bulk_loader.spreadsheets.xlsx.edit.notes import (
    ForeignNotesError,
    Note,
    NoteParts,
    with_notes,
)

NOTES = [Note(2, 0, "is <too> short & more."), Note(3, 27, "is text.")]

THEIRS = NoteParts(
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors>'
    b'<author>Ana</author></authors><commentList><comment ref="A2" authorId="0"><text><t>Call '
    b"her first</t></text></comment></commentList></comments>",
    b'<xml xmlns:ns1="urn:schemas-microsoft-com:vml" xmlns:ns2="urn:schemas-microsoft-com:'
    b'office:excel"><ns1:shape id="_x0000_s1030"><ns2:ClientData ObjectType="Note"><ns2:Row>1'
    b"</ns2:Row><ns2:Column>0</ns2:Column></ns2:ClientData></ns1:shape></xml>",
)


def test_notes_are_put_at_their_cells() -> None:
    """Each has a text and a box; nothing in them can be taken for markup."""
    parts = with_notes(NoteParts(), NOTES)
    for part in parts:
        xml.dom.minidom.parseString(part)  # noqa: S318 - we have written it ourselves
    assert b'ref="A2"' in parts.comments
    assert b'ref="AB3"' in parts.comments
    assert b"is &lt;too&gt; short &amp; more." in parts.comments
    assert b"<x:Row>2</x:Row><x:Column>27</x:Column>" in parts.boxes
    assert parts.boxes.count(b"<v:shape ") == 2


def test_new_notes_take_the_place_of_old_ones_of_ours() -> None:
    """A list that is checked again does not collect them."""
    once = with_notes(NoteParts(), NOTES)
    assert with_notes(once, NOTES) == once
    assert with_notes(once, []).is_empty
    assert b"<v:shape " not in with_notes(once, []).boxes


def test_what_people_have_written_stays() -> None:
    """Also at a cell that we would say something of; what they have is not touched without need."""
    assert with_notes(THEIRS, []) is THEIRS
    parts = with_notes(THEIRS, NOTES)
    for part in parts:
        xml.dom.minidom.parseString(part)  # noqa: S318 - we have written it ourselves
    assert parts.comments.count(b'ref="A2"') == 1
    assert b'<comment ref="AB3" authorId="1">' in parts.comments
    assert b'id="_x0000_s1031"' in parts.boxes

    emptied = with_notes(parts, [])
    assert b"Call her first" in emptied.comments
    assert b"bulk-loader:" not in emptied.comments
    assert b"_x0000_s1030" in emptied.boxes
    assert b"_x0000_s1031" not in emptied.boxes
    assert not emptied.is_empty


def test_a_part_with_a_prefix_gets_notes_with_it() -> None:
    """As some programs name all elements."""
    prefixed = THEIRS.comments.replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
    prefixed = prefixed.replace(b"xmlns=", b"xmlns:x=")
    parts = with_notes(NoteParts(prefixed, THEIRS.boxes), NOTES)
    xml.dom.minidom.parseString(parts.comments)  # noqa: S318 - we have written it ourselves
    assert b'<x:comment ref="AB3"' in parts.comments
    assert with_notes(parts, NOTES) == parts


@pytest.mark.parametrize("parts", [NoteParts(b"<comments/>"), NoteParts(boxes=b"<a/>")])
def test_what_is_not_understood_gets_none(parts: NoteParts) -> None:
    """The caller says so, and the cells are coloured all the same."""
    with pytest.raises(ForeignNotesError):
        with_notes(parts, NOTES)
