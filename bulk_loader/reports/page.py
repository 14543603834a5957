"""One page that needs nothing besides itself: no script, no address, no picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from bulk_loader.model import Status, leads_text
from bulk_loader.reports.course_section import course_section
from bulk_loader.reports.markup import Html, element, joined, raw, uncut
from bulk_loader.reports.problem_section import problem_section
from bulk_loader.reports.style import STYLE
from bulk_loader.reports.words import part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.reports.content import Content, Mood, NextStep
    from bulk_loader.reports.course_section import Curves

MOST_LISTED = 40
"""Notes, and settings, that are shown; hardly a run has as many."""


def page(content: Content, curves: Curves) -> bytes:
    """The whole of it, in UTF-8."""
    return shell(
        content.title,
        heading(content.title, content.verdict, content.mood),
        listed(content.facts),
        _counts(content),
        _next(content.next_step),
        problem_section(content.groups, content.names),
        course_section(content, curves),
        _notes(content.notes),
        _settings(content.settings),
    )


def shell(title: str, *sections: Html) -> bytes:
    """A page of these sections, in UTF-8."""
    footer = element("footer", element("p", "Written by bulk-loader."))
    body = element("body", element("main", *sections), footer)
    return b"<!doctype html>\n" + element("html", _head(title), body, lang="en")


def heading(title: str, verdict: str, mood: Mood) -> Html:
    """What it is about, and how it went."""
    told = element("p", verdict, class_=f"verdict {mood.value}")
    return element("header", element("h1", title), told)


def _head(title: str) -> Html:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    metas: Sequence[dict[str, str]] = (
        {"charset": "utf-8"},
        {"http_equiv": "Content-Security-Policy", "content": policy},
        {"name": "viewport", "content": "width=device-width, initial-scale=1"},
        {"name": "color-scheme", "content": "light dark"},
        {"name": "robots", "content": "noindex"},
        {"name": "referrer", "content": "no-referrer"},
    )
    told = [element("meta", **each) for each in metas]
    return element("head", *told, element("title", title), element("style", raw(STYLE)))


def listed(pairs: Sequence[tuple[str, str]]) -> Html:
    """Names, and what belongs to them."""
    told = [
        joined([element("dt", name), element("dd", element("bdi", value))]) for name, value in pairs
    ]
    return element("dl", *told)


def _counts(content: Content) -> Html:
    leads = sum(content.counts.values())
    rows = [
        _share(content.names.get(status, status.value), status, content.counts[status], leads)
        for status in Status
        if content.counts.get(status)
    ]
    table = [element("table", element("tbody", *rows), class_="shares")] if rows else []
    return element("section", element("h2", f"{content.question} {leads_text(leads)}"), *table)


def _share(name: str, status: Status, count: int, leads: int) -> Html:
    width = max(100 * count / leads, 0.5)  # one lead of a million is seen, too
    bar = element(
        "svg",
        element("rect", class_="track", width="100%", height="100%"),
        element("rect", class_=status.value, width=f"{width:.2f}%", height="100%"),
        class_="bar",
        aria_hidden="true",
    )
    return element(
        "tr",
        element("th", name, scope="row"),
        element("td", f"{count:,}"),
        element("td", part_of(count, leads)),
        element("td", bar),
    )


def _next(step: NextStep) -> Html:
    told = [element("p", step.sentence)]
    if step.command:
        told.append(element("p", element("code", uncut(step.command)), class_="command"))
    return element("section", element("h2", "What is next"), *told)


def _notes(notes: Sequence[str]) -> Html:
    if not notes:
        return Html(b"")
    items = [element("li", element("bdi", note)) for note in notes[:MOST_LISTED]]
    return element("section", element("h2", "Notes"), element("ul", *items))


def _settings(settings: Sequence[tuple[str, str]]) -> Html:
    if not settings:
        return Html(b"")
    return element("section", element("h2", "Settings"), listed(settings[:MOST_LISTED]))
