"""The texts that the cells of a workbook share."""

from __future__ import annotations

import re
from contextlib import closing
from sys import getsizeof
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.markup import (
    MAX_ELEMENT_BYTES,
    PLAIN_PROLOG,
    MarkupError,
    SafeParser,
    UnusualMarkupError,
    check_depth,
    local_name,
    plain_text,
    unescaped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bulk_loader.spreadsheets.package import Package

# The way in which nearly every program writes a text without formats inside.
_PLAIN_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_TAGS_OF_PLAIN_ITEM = 4
_POINTER_BYTES = 8
_BYTES_OF_TEXT = getsizeof("é") + _POINTER_BYTES  # besides its characters
_HEAD = re.compile(PLAIN_PROLOG + rb"<sst(?:\s[^<>]*+)?+>")

# Characters that XML can't hold are written as `_x000D_`, and such a text itself with `_x005F_`
# for its first sign. ECMA-376 part 1, 22.9.2.19.
_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")
_SURROGATES = range(0xD800, 0xE000)


def decoded(text: str) -> str:
    """A text with `_x000D_` and its like as the characters that they stand for."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return match[0] if number in _SURROGATES else chr(number)


def read_strings(package: Package, part: str | None) -> list[str]:
    """All shared texts in their order; none where the workbook has no such part.

    Raises:
        SourceError: the part is broken, or a text is longer than the limit.
    """
    if part is None or not package.has(part):
        return []
    strings: list[str] = []
    with package.translated(part):
        try:
            with closing(package.chunks(part)) as chunks:
                for items in _plain_items(chunks):
                    texts = _texts(items)
                    # At most, and quicker than to ask each text.
                    package.spender.keep(getsizeof(items) + _BYTES_OF_TEXT * len(texts))
                    strings += texts
        except UnusualMarkupError:
            strings.clear()
            with closing(package.chunks(part)) as chunks:
                for texts in _exact_texts(chunks):
                    package.spender.keep(_bytes_of(texts))
                    strings += texts
    longest = max(map(len, strings), default=0)
    if longest > package.limits.max_cell_length:
        raise package.refused(f"one of its cells has {longest:,} characters")
    return strings


def _plain_items(chunks: Iterable[bytes]) -> Iterator[str]:
    """The markup of the items, many whole ones at a time.

    Raises:
        UnusualMarkupError: the part is not written the way nearly every program does.
    """
    waiting = b""
    is_begun = False
    for chunk in chunks:
        waiting += chunk
        if not is_begun:
            head = _HEAD.match(waiting)
            if head is None:
                raise UnusualMarkupError
            waiting, is_begun = waiting[head.end() :], True
        end = waiting.rfind(b"</si>") + len(b"</si>")
        if end >= len(b"</si>"):
            yield plain_text(waiting[:end])
            waiting = waiting[end:]
        elif len(waiting) > MAX_ELEMENT_BYTES:
            raise MarkupError("a single text of it takes many megabytes")
    if not waiting.lstrip().startswith(b"</sst>"):
        raise UnusualMarkupError


def _texts(items: str) -> list[str]:
    """The texts of whole items."""
    texts = _PLAIN_ITEM.findall(items)
    if items.count("<") != _TAGS_OF_PLAIN_ITEM * len(texts):
        pieces = [b"<sst>", items.encode(), b"</sst>"]
        return [text for texts in _exact_texts(pieces) for text in texts]
    if "&" in items:
        texts = [unescaped(text) for text in texts]
    return [decoded(text) for text in texts] if "_x" in items else texts


def _exact_texts(chunks: Iterable[bytes]) -> Iterator[list[str]]:
    """The texts of a part in any dialect of XML, some at a time.

    Rich text is joined, phonetic hints are left out.
    """
    texts: list[str] = []
    around: list[str] = []
    runs: list[str] = []

    def on_start(name: str, _attributes: object) -> None:
        around.append(local_name(name))
        check_depth(len(around))

    def on_text(text: str) -> None:
        if around[-1:] == ["t"] and "rPh" not in around:
            runs.append(text)

    def on_end(_name: str) -> None:
        if around.pop() == "si":
            texts.append(decoded("".join(runs)))
            runs.clear()

    parser = SafeParser(on_start, on_end, on_text)
    for chunk in chunks:
        parser.feed(chunk)
        yield texts
        texts.clear()
    parser.close()


def _bytes_of(texts: list[str]) -> int:
    """What texts take in memory, with a place in a list for each."""
    return sum(map(getsizeof, texts)) + _POINTER_BYTES * len(texts)
