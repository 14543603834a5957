from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.reports.markup import LONGEST_TEXT, element, joined, raw
from bulk_loader.visible import on_one_line
from tests.reports.reading import read

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</title></style><svg onload=alert(1)>",
    "<!-- --><b>",
    "&lt;script&gt;",
    "\u202e1234\u2066",
    "\x00\x1b[31m\x7f\ud800",
)


def page_of(*content: str, **attributes: str) -> bytes:
    """A page with one element."""
    return b"<!doctype html>\n" + element("p", *content, **attributes)


@given(st.text(max_size=LONGEST_TEXT))
def test_a_text_is_a_text(told: str) -> None:
    """Whatever stands in it, there is one element, and it has no attribute but ours."""
    (only,) = read(page_of(told, title=told)).elements
    assert only.name == "p"
    assert set(only.attributes) == {"title"}


@pytest.mark.parametrize("told", HOSTILE)
def test_what_would_act_is_shown(told: str) -> None:
    """A reader sees what stood there; what can't be seen, by its code."""
    page = read(page_of(told, title=told))
    assert len(page.elements) == 1
    shown = on_one_line(told)
    assert page.text == shown
    assert page.elements[0].attributes == {"title": shown}


def test_a_novel_is_cut() -> None:
    """A page stays small, however much stands in a cell."""
    assert len(read(page_of("a" * 1_000_000)).text) == LONGEST_TEXT


def test_elements_stand_in_elements() -> None:
    """In their order, and an attribute that is None is none."""
    inner = element("b", "x", class_="soft", aria_hidden="true", id=None)
    assert inner == b'<b class="soft" aria-hidden="true">x</b>'
    assert joined(["<", inner, raw("<i></i>")]) == b"&lt;" + inner + b"<i></i>"
    assert element("meta", charset="utf-8") == b'<meta charset="utf-8">'
