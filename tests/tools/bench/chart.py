"""A bar chart as SVG, readable on light and dark pages: it brings its own ground for either."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH = 760
_BAR, _STEP = 22, 34
_LEFT, _RIGHT, _TOP, _BOTTOM = 190, 90, 48, 34

_STYLE = """\
svg { background: #ffffff; }
text { font: 13px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; }
.scale, .number { font-variant-numeric: tabular-nums; }
.scale { fill: #656d76; font-size: 11px; }
.line { stroke: #d0d7de; }
.bar { fill: #8c959f; }
.ours { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  svg { background: #0d1117; }
  text { fill: #e6edf3; }
  .scale { fill: #9198a1; }
  .line { stroke: #3d444d; }
  .bar { fill: #656c76; }
  .ours { fill: #4493f8; }
}"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; the value stands beside it."""

    label: str
    value: float
    is_ours: bool = False


def bar_chart(title: str, bars: Sequence[Bar]) -> str:
    """Horizontal bars on a logarithmic scale: from 88 to 80,000 no other shows them all."""
    height = _TOP + _STEP * len(bars) + _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(_told(title, bars))}</title>",
        f"<style>\n{_STYLE}\n</style>",
        f'<text class="title" x="12" y="24">{escape(title)}</text>',
    ]
    lowest = math.floor(math.log10(min(bar.value for bar in bars)))
    highest = max(bar.value for bar in bars)
    per_decade = (_WIDTH - _LEFT - _RIGHT) / (math.log10(highest) - lowest)
    parts += _scale(lowest, highest, per_decade, height)
    for number, bar in enumerate(bars):
        width = (math.log10(bar.value) - lowest) * per_decade
        parts += _drawn(bar, _TOP + _STEP * number, width)
    return "\n".join([*parts, "</svg>", ""])


def _told(title: str, bars: Sequence[Bar]) -> str:
    """The chart in words, for those who can't see it."""
    return f"{title}: {', '.join(f'{bar.label} {bar.value:,.0f}' for bar in bars)}"


def _scale(lowest: int, highest: float, per_decade: float, height: int) -> Iterator[str]:
    bottom = height - _BOTTOM
    for power in range(lowest, math.floor(math.log10(highest)) + 1):
        x = round(_LEFT + (power - lowest) * per_decade)
        yield f'<line class="line" x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{bottom}"/>'
        yield (
            f'<text class="scale" x="{x}" y="{bottom + 18}" text-anchor="middle">'
            f"{10**power:,}</text>"
        )


def _drawn(bar: Bar, y: int, width: float) -> Iterator[str]:
    kind = "bar ours" if bar.is_ours else "bar"
    middle = y + _BAR - 6
    yield f'<text x="{_LEFT - 10}" y="{middle}" text-anchor="end">{escape(bar.label)}</text>'
    yield f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{width:.0f}" height="{_BAR}" rx="3"/>'
    yield f'<text class="number" x="{_LEFT + width + 8:.0f}" y="{middle}">{bar.value:,.0f}</text>'
