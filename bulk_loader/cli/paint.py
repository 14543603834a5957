"""Lines in colours, for a terminal that shows them; elsewhere the same lines are plain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from bulk_loader.shell import ON_WINDOWS
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


BLOCK: Final = "▇"
"""What bars are made of."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A piece of a line.

    Attributes:
        colour: as click calls it; None for that of the terminal.
        only_there: it stands only where there are colours, such as a bar.
    """

    text: str
    colour: str | None = None
    is_bold: bool = False
    only_there: bool = False


Line: TypeAlias = "Sequence[str | Painted]"


def plain(lines: Iterable[Line]) -> str:
    """As a file or another program gets them."""
    return "\n".join("".join(map(_plain, line)) for line in lines)


def painted(lines: Iterable[Line]) -> str:
    """As a terminal gets them: what is not of ours can't act on it, and only then has its colour."""
    return "\n".join("".join(map(_in_colour, line)) for line in lines)


def _plain(piece: str | Painted) -> str:
    if isinstance(piece, str):
        return on_one_line(piece)
    return "" if piece.only_there else on_one_line(piece.text)


def _in_colour(piece: str | Painted) -> str:
    if isinstance(piece, str):
        return on_one_line(piece)
    return click.style(on_one_line(piece.text), fg=piece.colour, bold=piece.is_bold or None)


def has_colours(*, is_terminal: bool, encoding: str, environ: Mapping[str, str]) -> bool:
    """Whether colours and bars are shown there, and wanted.

    Source: no-color.org for `NO_COLOR`; the terminal of Windows says by `WT_SESSION` that it knows
    them, which its older console does not.
    """
    if not is_terminal or environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    try:
        BLOCK.encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return not ON_WINDOWS or "WT_SESSION" in environ
