"""The page of a rehearsal: what was assumed, what comes of it, and the queue as a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.reports.content import Mood
from bulk_loader.reports.course_section import figure
from bulk_loader.reports.markup import Html, element, joined
from bulk_loader.reports.page import heading, listed, shell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.reports.course_section import Drawing

TABLE_ROWS = 12
"""Of the queue, as many as are read at a glance."""


@dataclass(frozen=True, slots=True)
class RehearsalContent:
    """All that the page tells, in words.

    Attributes:
        figures: names, and what belongs to them.
        waits: of each campaign its name, its leads, and until half, 95 % and all of them are called.
        others: what other numbers of agents would change, a sentence each.
        queue: seconds from the begin, and how many leads wait then; never empty.
        times: of the rows of `queue_rows`, as a clock shows them.
    """

    title: str
    verdict: str
    assumptions: Sequence[str]
    figures: Sequence[tuple[str, str]]
    waits: Sequence[Sequence[str]]
    others: Sequence[str]
    notes: Sequence[str]
    queue: Sequence[tuple[float, int]]
    times: Sequence[str]


def queue_rows(queue: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """What of the queue stands in the table: evenly from its begin to its end."""
    stride = -(-len(queue) // (TABLE_ROWS - 1))
    return [*queue[:-1:stride], queue[-1]]


def rehearsal_page(told: RehearsalContent, drawing: Drawing | None, note: str = "") -> bytes:
    """The whole of it, in UTF-8.

    Args:
        note: why there is no drawing.
    """
    return shell(
        told.title,
        heading(told.title, told.verdict, Mood.GOOD),
        _section("Assumed, and not measured at your dialer", [_items(told.assumptions)]),
        _section("What comes of it", [listed(told.figures), _items(told.notes)]),
        _section("With other numbers of agents", [_items(told.others)]),
        _section("Until the first call of a lead", [_waits(told.waits)]),
        _section("The queue", _queue(told, drawing, note)),
    )


def _section(title: str, content: Sequence[Html]) -> Html:
    return element("section", element("h2", title), *content)


def _items(sentences: Sequence[str]) -> Html:
    if not sentences:
        return Html(b"")
    return element("ul", *(element("li", element("bdi", each)) for each in sentences))


def _waits(waits: Sequence[Sequence[str]]) -> Html:
    return _table(("Campaign", "Leads", "Half within", "95 % within", "All within"), waits)


def _queue(told: RehearsalContent, drawing: Drawing | None, note: str) -> list[Html]:
    rows = [
        (when, f"{waiting:,}")
        for when, (_, waiting) in zip(told.times, queue_rows(told.queue), strict=True)
    ]
    content = [_table(("Time", "Leads that wait"), rows)]
    if drawing is not None:
        most = max(waiting for _, waiting in told.queue)
        words = f"Chart of the leads that wait: {most:,} at the most. The table has the numbers."
        content.insert(0, figure("Leads that wait", drawing, (), words))
    if note:
        content.insert(0, element("p", note, class_="soft"))
    return content


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    body = [
        element(
            "tr",
            element("th", element("bdi", first), scope="row"),
            *(element("td", c) for c in rest),
        )
        for first, *rest in rows
    ]
    table = joined([head, element("tbody", *body)])
    return element(
        "div",
        element("table", table),
        class_="scroll",
        role="region",
        aria_label=names[0],
        tabindex="0",
    )
