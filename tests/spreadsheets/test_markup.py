"""XML from outside."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.spreadsheets.markup import (
    MarkupError,
    UnusualMarkupError,
    is_on,
    local_name,
    plain_text,
    unescaped,
    walk,
)


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "document type"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
        (b"<a>" * 100, "nested"),
        (b"<a><b></a>", "broken"),
        (b"<a>", "broken"),
        (b"", "broken"),
    ],
)
def test_refuses_what_is_not_to_be_trusted(markup: bytes, fault: str) -> None:
    """Entities, endless nesting and broken XML end in an error that says which."""
    with pytest.raises(MarkupError, match=fault):
        walk([markup], lambda *_: None)


def test_tells_each_element_with_those_around_it() -> None:
    """Elements come in their order, by local names."""
    met: list[tuple[str, list[str]]] = []
    walk([b"<x:a><b c='1'/>", b"</x:a>"], lambda name, _, around: met.append((name, list(around))))
    assert met == [("a", []), ("b", ["a"])]
    assert local_name("x:a") == "a"
    assert [is_on(value) for value in ("1", "true", "0", None)] == [True, True, False, False]


@given(st.text())
def test_unescapes_what_was_escaped(text: str) -> None:
    """Escaping and unescaping gives every text back."""
    assert unescaped(escape(text, {'"': "&quot;", "'": "&apos;"})) == text


@pytest.mark.parametrize(
    ("text", "plain"), [("&#97;&#x62;", "ab"), ("&nbsp;", "&nbsp;"), ("&#1114112;", "&#1114112;")]
)
def test_leaves_references_that_stand_for_nothing(text: str, plain: str) -> None:
    """Numbers of characters are followed; what XML does not know stays as it is."""
    assert unescaped(text) == plain


@pytest.mark.parametrize("markup", [b"<!-- -->", b"<![CDATA[a]]>", b"<?a?>", b"\xff"])
def test_leaves_odd_markup_to_the_exact_way(markup: bytes) -> None:
    """What the fast way can't be sure of, it does not read."""
    with pytest.raises(UnusualMarkupError):
        plain_text(markup)


def test_line_ends_are_those_of_a_parser() -> None:
    """XML knows one kind of line end."""
    assert plain_text(b"a\r\nb\rc") == "a\nb\nc"
