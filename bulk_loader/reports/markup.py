"""HTML that is made of elements, so that no text can become one.

Whatever is a `str` is text: it is escaped, shortened, and shows by its code what would act on its
reader unseen. Only the functions here make `Html`.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final, NewType, TypeAlias

from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

Html = NewType("Html", bytes)
"""Finished markup in UTF-8; bytes, since a `str` is never trusted."""

Content: TypeAlias = "str | Html"

LONGEST_TEXT: Final = 400
"""Characters of one text; a cell may hold a novel, and a page has many texts."""

_VOID = frozenset({"meta"})
_NAME = re.compile(r"[a-z][a-zA-Z0-9]*")


def element(name: str, /, *content: Content, **attributes: str | None) -> Html:
    """One element.

    Args:
        attributes: without those that are None; `_` stands for `-`, and one at the end for nothing.
    """
    assert _NAME.fullmatch(name)
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    start = Html(f"<{name}{told}>".encode())
    if name in _VOID:
        return start
    return joined([start, *content, Html(f"</{name}>".encode())])


def joined(content: Iterable[Content]) -> Html:
    """Texts and elements, one after the other."""
    return Html(b"".join(each if isinstance(each, bytes) else _text(each) for each in content))


def uncut(told: str) -> Html:
    """A text in its whole length, such as a command that is to be copied."""
    return Html(_visible(told).encode())


def raw(markup: str) -> Html:
    """What this program has written itself, such as the drawing of a chart; never a value."""
    return Html(markup.encode())


def _text(told: str) -> bytes:
    return _escaped(told).encode()


def _escaped(told: str) -> str:
    return _visible(told if len(told) <= LONGEST_TEXT else f"{told[: LONGEST_TEXT - 1]}…")


def _visible(told: str) -> str:
    return escape(on_one_line(told))
