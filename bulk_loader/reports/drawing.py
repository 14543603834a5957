"""Draws charts by vl-convert, where it is installed: SVG without a script, and without the network."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bulk_loader.reports.charts import Spec

EXTRA = "bulk-loader[report]"
"""What brings it."""

_START = re.compile(r'<svg [^>]*viewBox="([-0-9. ]+)"[^>]*>')
# What a drawing of ours never has, and a page must not.
_ACTIVE = re.compile(
    r"<(?:script|foreignObject|image|style|a)\b|href=|\son\w+=|\sstyle=", re.IGNORECASE
)
# Whoever listens is told in words by the element around it, and not of every line in it.
_TOLD = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


class DrawingError(Exception):
    """A chart could not be drawn; its numbers stand in a table anyway."""


class Picture(NamedTuple):
    """A chart as it stands in a page.

    Attributes:
        box: value of `viewBox`.
        markup: what stands within the element `svg`.
    """

    box: str
    markup: str


def can_draw() -> bool:
    """The extra is installed."""
    return find_spec("vl_convert") is not None


def draw(spec: Spec) -> Picture:
    """One chart.

    Raises:
        DrawingError: it could not be drawn.
    """
    try:
        import vl_convert  # noqa: PLC0415 - 80 megabytes, and an extra

        # No address is allowed, so that nothing is loaded, whatever stands in the chart.
        drawn = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of its engine is no Exception
        raise DrawingError(f"vl-convert failed ({type(error).__name__}).") from error
    return picture_of(drawn)


def picture_of(drawn: str) -> Picture:
    """A drawing without the element that holds it.

    Raises:
        DrawingError: it is something else than a plain picture.
    """
    start = _START.match(drawn)
    if start is None or not drawn.endswith("</svg>") or _ACTIVE.search(drawn):
        raise DrawingError("vl-convert drew something else than a plain picture.")
    return Picture(start[1], _TOLD.sub("", drawn[start.end() : -len("</svg>")]))
