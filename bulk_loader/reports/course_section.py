"""The part of a page about the course of a run: figures, curves where they are drawn, and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bulk_loader.model import Status
from bulk_loader.reports.charts import PARTS
from bulk_loader.reports.markup import Html, element, joined, raw
from bulk_loader.reports.sketch import RELATIVE_ERROR
from bulk_loader.reports.words import clock, pace, took

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.reports.content import Content
    from bulk_loader.reports.drawing import Picture
    from bulk_loader.reports.timeline import Span, Stretch, Timeline

TABLE_ROWS = 12
"""As many as are read at a glance."""

_ANSWERS: Final = {
    Status.ACCEPTED: "accepted",
    Status.REJECTED: "rejected",
    Status.UNKNOWN: "unclear",
}
_WITHIN: Final = {"p50": "half within", "p95": "95 % within", "p99": "99 % within"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart, drawn for a wide page and for a narrow one."""

    wide: Picture
    narrow: Picture


@dataclass(frozen=True, slots=True)
class Curves:
    """The charts of a page.

    Attributes:
        pace: None where none is drawn; `times` likewise.
        note: why there are none, and what brings them; "" where nothing is to be said.
    """

    pace: Drawing | None = None
    times: Drawing | None = None
    note: str = ""


def course_section(content: Content, curves: Curves) -> Html:
    """How the answers came; nothing where none came."""
    timeline = content.timeline
    if not timeline.stretches:
        return Html(b"")
    told = [element("p", _figures(timeline))]
    if curves.pace is not None:
        told.append(figure("Answers a second", curves.pace, _pace_key(), _pace_told(timeline)))
    if curves.times is not None:
        words = _times_told(timeline)
        told.append(figure("How long answers took", curves.times, _times_key(), words))
    if curves.note:
        told.append(element("p", curves.note, class_="soft"))
    return element(
        "section",
        element("h2", "The course"),
        *told,
        _table(timeline),
        _sessions(content.session_starts),
    )


def _sessions(starts: Sequence[str]) -> Html:
    if not starts:
        return Html(b"")
    told = element("p", "The run was gone on with; the pauses between are left out above:")
    return joined([told, element("ul", *(element("li", each) for each in starts))])


def _figures(timeline: Timeline) -> str:
    total = timeline.total
    per_second = total.times.count / timeline.length_s
    within = ", ".join(f"{_WITHIN[name]} {_quantile(total, name)}" for name in PARTS)
    return (
        f"{total.times.count:,} answers in {clock(timeline.length_s)}, {pace(per_second)} a second: "
        f"{within}. Answer times are exact to {100 * RELATIVE_ERROR:.0f} %."
    )


def _quantile(stretch: Stretch, name: str) -> str:
    return took(stretch.times.quantile(PARTS[name]))


def figure(title: str, drawing: Drawing, key: Sequence[Html], told: str) -> Html:
    """A chart with its title, its key, and what it shows in words."""
    pictures = [
        element(
            "svg",
            raw(picture.markup),
            class_=f"curve {name}",
            viewBox=picture.box,
            role="img",
            aria_label=told,
        )
        for name, picture in (("wide", drawing.wide), ("narrow", drawing.narrow))
    ]
    return element("figure", element("figcaption", element("strong", title), *key), *pictures)


def _pace_key() -> list[Html]:
    return [
        _key(element("rect", width="100%", height="100%", class_=status.value), name)
        for status, name in _ANSWERS.items()
    ]


def _times_key() -> list[Html]:
    return [
        _key(element("line", x2="100%", y1="50%", y2="50%", class_=name), told)
        for name, told in _WITHIN.items()
    ]


def _key(sample: Html, name: str) -> Html:
    return element("span", element("svg", sample, aria_hidden="true"), name, class_="key")


def _pace_told(timeline: Timeline) -> str:
    paces = [span.per_second for span in timeline.spans(TABLE_ROWS)]
    return (
        f"Chart of the answers a second over {clock(timeline.length_s)}: between "
        f"{pace(min(paces))} and {pace(max(paces))}. The table below has the numbers."
    )


def _times_told(timeline: Timeline) -> str:
    slowest = max(each.times.quantile(PARTS["p99"]) or 0.0 for each in timeline.stretches)
    return (
        f"Chart of the answer times over {clock(timeline.length_s)}: 99 % within {took(slowest)} "
        "at the worst. The table below has the numbers."
    )


def _table(timeline: Timeline) -> Html:
    names = ["Time", "Answers", "Per second", *_ANSWERS.values(), *_WITHIN.values()]
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    return element(
        "div",
        element("table", head, element("tbody", *map(_row, timeline.spans(TABLE_ROWS)))),
        class_="scroll",
        role="region",
        aria_label="The course in numbers",
        tabindex="0",
    )


def _row(span: Span) -> Html:
    stretch = span.stretch
    cells = [
        f"{stretch.times.count:,}",
        pace(span.per_second),
        *(f"{stretch.counts[status]:,}" for status in _ANSWERS),
        *(_quantile(stretch, name) for name in PARTS),
    ]
    when = element("th", f"{clock(span.begin_s)} to {clock(span.end_s)}", scope="row")
    return element("tr", when, *(element("td", cell) for cell in cells))
