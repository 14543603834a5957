"""Cell formats with a look of their own, added to the styles of a workbook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.xlsx.edit.sheet_part import UneditableError, is_plain_markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_TEXT_FORMAT = 49  # the built-in number format `@` (ECMA-376 part 1, 18.8.30)

# What a workbook without a font of its own gets, as spreadsheet programs have it.
_USUAL_SIZE, _USUAL_FONT = b'sz val="11"', b'name val="Calibri"'

_SIZE, _FONT = re.compile(rb'sz val="[\d.]{1,8}"'), re.compile(rb'name val="[^"<>&]{1,60}"')
_CONDITIONAL = re.compile(rb"<((?:[\w.-]++:)?)dxfs(?:/|\s[^<>]*+)?>")
_CELL_FORMATS = re.compile(rb"<((?:[\w.-]++:)?)cellXfs[\s>]")
_NUMBER_FORMAT = re.compile(rb'\s(?:numFmtId|applyNumberFormat)="[^"<>]*"')
_BEFORE_CONDITIONAL = re.compile(rb"</((?:[\w.-]++:)?)(?:cellStyles|cellXfs)>")


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell of text looks; colours are ARGB, in hexadecimal.

    Attributes:
        shade: of its ground.
        ink: of bold letters; None for those of the workbook.
        is_wrapped: a long text goes on below, instead of to the right.
    """

    shade: str
    ink: str | None = None
    is_wrapped: bool = False


def with_looks(styles: bytes, looks: Sequence[Look]) -> tuple[bytes, int]:
    """The styles part of a workbook with a cell format for text of each of these looks.

    Args:
        styles: as it is; where it has these formats already, it stays so.

    Returns:
        The part, and the number of the first of the cell formats; the others follow it.

    Raises:
        UneditableError: the part is not as spreadsheet programs write it.
    """
    inks = sorted({look.ink for look in looks if look.ink})
    shades = list(dict.fromkeys(look.shade for look in looks))
    styles, first_font = _with(styles, "fonts", "font", lambda p: _fonts(inks, styles, p))
    styles, first_fill = _with(styles, "fills", "fill", lambda p: [_fill(s, p) for s in shades])

    def formats(prefix: str) -> list[str]:
        return [
            _format(
                look,
                first_font + inks.index(look.ink) if look.ink else 0,
                first_fill + shades.index(look.shade),
                prefix,
            )
            for look in looks
        ]

    return _with(styles, "cellXfs", "xf", formats)


def with_text_formats(styles: bytes, numbers: Iterable[int]) -> tuple[bytes, Mapping[int, int]]:
    """The styles part in which each of these cell formats also is there as one for text.

    Args:
        numbers: of cell formats.

    Returns:
        The part, and for each of the numbers that of the same format for text.

    Raises:
        UneditableError: the part is not as spreadsheet programs write it.
    """
    found = _CELL_FORMATS.search(styles)
    prefix = found[1] if found else b""
    end = styles.find(b"</%bcellXfs>" % prefix)
    item = re.compile(
        rb"<%bxf(?=[\s/>])[^<>]*+(?:(?<=/)>|>.*?</%bxf>)" % ((re.escape(prefix),) * 2), re.DOTALL
    )
    formats = item.findall(styles, found.end() if found else 0, max(end, 0))
    wanted = sorted(set(numbers))
    if found is None or end < 0 or (wanted and wanted[-1] >= len(formats)):
        raise UneditableError("cell formats of an unknown kind")
    texts = {number: _as_text(formats[number]) for number in wanted}
    new = [text for text in dict.fromkeys(texts.values()) if text not in formats]
    if new:
        styles, _ = _with(styles, "cellXfs", "xf", lambda _prefix: [text.decode() for text in new])
    known = [*formats, *new]
    return styles, {number: known.index(text) for number, text in texts.items()}


def _as_text(cell_format: bytes) -> bytes:
    """A cell format as it would be for text."""
    bare = _NUMBER_FORMAT.sub(b"", cell_format)
    name = re.match(rb"<[\w.:-]++", bare)
    assert name is not None
    attributes = b' numFmtId="%d" applyNumberFormat="1"' % _TEXT_FORMAT
    return name[0] + attributes + bare[name.end() :]


def with_conditional_look(styles: bytes, look: Look) -> tuple[bytes, int]:
    """The styles part with a look that a condition can give a cell, and its number.

    Raises:
        UneditableError: the part is not as spreadsheet programs write it.
    """

    def added(prefix: str) -> list[str]:
        ink = f'<{prefix}font><{prefix}b/><{prefix}color rgb="{look.ink}"/></{prefix}font>'
        # A condition takes the background of a solid fill, where a cell takes the foreground.
        fill = (
            f"<{prefix}fill><{prefix}patternFill>"
            f'<{prefix}bgColor rgb="{look.shade}"/></{prefix}patternFill></{prefix}fill>'
        )
        return [f"<{prefix}dxf>{ink if look.ink else ''}{fill}</{prefix}dxf>"]

    return _with(_with_conditional_group(styles), "dxfs", "dxf", added)


def _with_conditional_group(styles: bytes) -> bytes:
    """The part with a place for such looks, behind the cell formats and their names."""
    found = _CONDITIONAL.search(styles)
    if found is not None:
        if not found[0].endswith(b"/>"):
            return styles
        empty = found[0][:-2] + b"></%bdxfs>" % found[1]
        return styles[: found.start()] + empty + styles[found.end() :]
    for end in _BEFORE_CONDITIONAL.finditer(styles):
        at, prefix = end.end(), end[1]
    group = b'<%bdxfs count="0"></%bdxfs>' % (prefix, prefix)
    return styles[:at] + group + styles[at:]


def _fonts(inks: Sequence[str], styles: bytes, prefix: str) -> list[str]:
    """Bold letters in each of the colours, of the size and kind that the workbook's own have."""
    size, name = _SIZE.search(styles), _FONT.search(styles)
    own_size = (size[0] if size else _USUAL_SIZE).decode()
    own_name = (name[0] if name else _USUAL_FONT).decode("utf-8", "replace")
    return [
        f'<{prefix}font><{prefix}b/><{prefix}{own_size}/><{prefix}color rgb="{ink}"/>'
        f"<{prefix}{own_name}/></{prefix}font>"
        for ink in inks
    ]


def _fill(shade: str, prefix: str) -> str:
    return (
        f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{shade}"/>'
        f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
    )


def _format(look: Look, font: int, fill: int, prefix: str) -> str:
    begin = (
        f'<{prefix}xf numFmtId="{_TEXT_FORMAT}" fontId="{font}" fillId="{fill}" '
        'borderId="0" applyNumberFormat="1" applyFill="1"'
    )
    if font:
        begin += ' applyFont="1"'
    if not look.is_wrapped:
        return f"{begin}/>"
    return f'{begin} applyAlignment="1"><{prefix}alignment wrapText="1"/></{prefix}xf>'


def _with(
    styles: bytes, group: str, item: str, added: Callable[[str], list[str]]
) -> tuple[bytes, int]:
    """The part with these items at the end of their group, and the number of the first of them."""
    start = re.search(rb"<((?:[\w.-]++:)?)%b((?:\s[^<>]*+)?+)(?<!/)>" % group.encode(), styles)
    end_tag = b"</%b%b>" % (start[1], group.encode()) if start else b""
    end = styles.find(end_tag, start.end()) if start else -1
    if start is None or end < 0 or not is_plain_markup(styles):
        raise UneditableError("styles of an unknown kind")
    prefix, items = start[1], styles[start.end() : end]
    new_items = added(prefix.decode())
    new = "".join(new_items).encode()
    item_tag = re.compile(rb"<%b%b[\s/>]" % (re.escape(prefix), item.encode()))
    if (at := items.find(new)) >= 0:
        return styles, len(item_tag.findall(items[:at]))
    first = len(item_tag.findall(items))
    count = b'count="%d"' % (first + len(new_items))
    attributes = re.sub(rb'count="\d+"', count, start[2])
    whole = b"<%b%b%b>%b%b</%b%b>" % (
        prefix, group.encode(), attributes, items, new, prefix, group.encode(),
    )  # fmt: skip
    return styles[: start.start()] + whole + styles[end + len(end_tag) :], first
