"""The course of a run as charts in Vega-Lite: numbers only, nothing of the list or the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from bulk_loader.reports.timeline import ANSWERED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.reports.timeline import Span, Timeline

Spec: TypeAlias = "dict[str, object]"
_Row: TypeAlias = "dict[str, float | str]"

PARTS: Final = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
"""Quantiles of the answer times, by the names that a legend gives them."""

FEWEST = 5
"""Stretches below which a curve says no more than a table."""

# Where the slowest stretches dwarf the usual ones, only such an axis shows both.
_SPREAD_OF_A_LOG_AXIS = 20

_UNITS = ((2 * 3600, 3600, "hours"), (180, 60, "minutes"), (0, 1, "seconds"))
_DASHES = {"p50": [1, 0], "p95": [6, 3], "p99": [2, 2]}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a chart is drawn, in pixels, and of how many stretches."""

    width: int
    height: int
    stretches: int


WIDE, NARROW = Size(740, 180, 300), Size(260, 150, 100)
"""For a screen or a sheet of paper, and for a phone."""


def pace_chart(timeline: Timeline, size: Size) -> Spec:
    """Answers a second by what they made of their lead, one upon the other."""
    mark: Spec = {
        "mark": {"type": "area", "strokeWidth": 0},
        "encoding": {
            "x": _x(timeline),
            "y": {"field": "low", "type": "quantitative", "axis": _axis("answers a second")},
            "y2": {"field": "high"},
            "color": _colours([status.value for status in ANSWERED]),
        },
    }
    return _spec(timeline, size, mark, list(_pace_rows(timeline, size)))


def times_chart(timeline: Timeline, size: Size) -> Spec:
    """How long answers took: of each stretch the quantiles of `PARTS`."""
    rows = list(_times_rows(timeline, size))
    mark: Spec = {
        "mark": {"type": "line", "strokeWidth": 1.5},
        "encoding": {
            "x": _x(timeline),
            "y": {
                "field": "seconds",
                "type": "quantitative",
                "axis": _axis("seconds"),
                "scale": {"type": "log"} if _is_wide_spread(rows) else {"zero": True},
            },
            "color": _colours(list(PARTS)),
            "strokeDash": {
                "field": "name",
                "type": "nominal",
                "legend": None,
                "scale": {"domain": list(PARTS), "range": [_DASHES[name] for name in PARTS]},
            },
            "detail": {"field": "piece", "type": "nominal"},
        },
    }
    return _spec(timeline, size, mark, rows)


def queue_chart(queue: Sequence[tuple[float, int]], size: Size) -> Spec:
    """How many leads wait, from the begin of a rehearsal on.

    Args:
        queue: seconds, and how many wait then.
    """
    each_s, unit = _unit_of(queue[-1][0])
    stride = len(queue) // size.stretches + 1
    shown = [*queue[::stride], queue[-1]]
    rows = [{"at": _round(at_s / each_s), "waiting": waiting} for at_s, waiting in shown]
    domain = {"domain": [0, rows[-1]["at"]], "nice": False}
    x = {"field": "at", "type": "quantitative", "scale": domain, "axis": _x_axis(unit)}
    mark: Spec = {
        "mark": {"type": "area", "color": "var(--p50)", "interpolate": "step-after"},
        "encoding": {
            "x": x,
            "y": {"field": "waiting", "type": "quantitative", "axis": _axis("leads that wait")},
        },
    }
    return _drawn(size, [{"data": {"values": rows}, **mark}])


def is_worth_a_curve(timeline: Timeline) -> bool:
    """It went on for long enough."""
    return len(timeline.stretches) >= FEWEST


def _pace_rows(timeline: Timeline, size: Size) -> Iterator[_Row]:
    for span in timeline.spans(size.stretches):
        low = 0.0
        for status in ANSWERED:
            high = low + span.stretch.counts[status] / (span.end_s - span.begin_s)
            for at in _ends(timeline, span):
                yield {"at": at, "name": status.value, "low": _round(low), "high": _round(high)}
            low = high


def _times_rows(timeline: Timeline, size: Size) -> Iterator[_Row]:
    piece = 0
    for span in timeline.spans(size.stretches):
        times = span.stretch.times
        if not times.count:
            piece += 1  # no line leads over a time without answers
            continue
        for name, part in PARTS.items():
            seconds = _round(times.quantile(part) or 0.0)
            for at in _ends(timeline, span):
                yield {"at": at, "name": name, "seconds": seconds, "piece": str(piece)}


def _ends(timeline: Timeline, span: Span) -> tuple[float, float]:
    """Of a span, in the unit of the axis."""
    each_s, _ = _unit(timeline)
    return _round(span.begin_s / each_s), _round(span.end_s / each_s)


def _is_wide_spread(rows: Sequence[_Row]) -> bool:
    slowest = max((float(row["seconds"]) for row in rows), default=0.0)
    usual = sorted(float(row["seconds"]) for row in rows if row["name"] == "p50")
    return bool(usual) and slowest > _SPREAD_OF_A_LOG_AXIS * usual[len(usual) // 2]


def _round(value: float) -> float:
    """To what a pixel shows; a page is to be small."""
    return float(f"{value:.5g}")


def _unit(timeline: Timeline) -> tuple[int, str]:
    return _unit_of(timeline.length_s)


def _unit_of(length_s: float) -> tuple[int, str]:
    return next((each_s, name) for least_s, each_s, name in _UNITS if length_s >= least_s)


def _x(timeline: Timeline) -> dict[str, object]:
    each_s, name = _unit(timeline)
    return {
        "field": "at",
        "type": "quantitative",
        "scale": {"domain": [0, _round(timeline.length_s / each_s)], "nice": False},
        "axis": _x_axis(f"{name} of sending"),
    }


def _x_axis(title: str) -> dict[str, object]:
    return {**_axis(title), "grid": False, "tickCount": 6}


def _axis(title: str) -> dict[str, object]:
    return {"title": title, "tickCount": 4}


def _colours(names: list[str]) -> dict[str, object]:
    scale = {"domain": names, "range": [f"var(--{name})" for name in names]}
    return {"field": "name", "type": "nominal", "legend": None, "scale": scale}


def _breaks(timeline: Timeline) -> dict[str, object]:
    """A line where the run was gone on with."""
    each_s, _ = _unit(timeline)
    return {
        "data": {"values": [{"at": _round(one.at_s / each_s)} for one in timeline.sessions[1:]]},
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": "var(--ink)"},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }


def _spec(timeline: Timeline, size: Size, mark: Spec, rows: Sequence[_Row]) -> Spec:
    return _drawn(size, [{"data": {"values": list(rows)}, **mark}, _breaks(timeline)])


def _drawn(size: Size, layers: list[Spec]) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": size.width,
        "height": size.height,
        "background": None,
        "layer": layers,
        "config": {
            "aria": False,  # whoever listens is told in words, beside the chart
            "font": "system-ui, sans-serif",
            "view": {"stroke": None},
            "axis": {
                "labelColor": "var(--ink)",
                "titleColor": "var(--ink)",
                "titleFontWeight": "normal",
                "labelFontSize": 11,
                "titleFontSize": 11,
                "titlePadding": 10,
                "gridColor": "var(--line)",
                "domainColor": "var(--line)",
                "tickColor": "var(--line)",
            },
        },
    }
