"""The part of a page about problems: each kind with its first rows, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import leads_text
from bulk_loader.reports.markup import Html, element

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.model import Status
    from bulk_loader.reports.groups import FirstRow, Group
    from bulk_loader.reports.markup import Content

MOST_GROUPS = 30
"""Kinds that are shown; a list with more of them has another problem than its rows."""


def problem_section(groups: Sequence[Group], names: Mapping[Status, str]) -> Html:
    """All kinds in their order; nothing where there are none.

    Args:
        names: of statuses, where they are called otherwise.
    """
    if not groups:
        return Html(b"")
    told = [
        _group(group, names.get(group.status, group.status.value)) for group in groups[:MOST_GROUPS]
    ]
    if (more := len(groups) - MOST_GROUPS) > 0:
        told.append(element("p", f"And {more:,} more kinds."))
    return element("section", element("h2", "Problems by kind"), *told)


def _group(group: Group, status: str) -> Html:
    about: list[Content] = [f"{leads_text(group.leads)} {status}"]
    if group.column:
        about += [", column ", element("bdi", f'"{group.column}"')]
    if group.code:
        about += [", code ", element("code", str(group.code))]
    told = [element("h3", group.sentence), element("p", *about, class_="soft")]
    if group.remedy:
        told.append(element("p", element("strong", "What to do: "), group.remedy))
    return element("article", *told, *_first_rows(group), class_="problem")


def _first_rows(group: Group) -> list[Html]:
    more = f"and {group.leads - len(group.first):,} more" * (group.leads > len(group.first))
    told = {each.told for each in group.first}
    if len(told) == 1:  # nothing differs from row to row
        numbers = ", ".join(f"{each.row:,}" for each in group.first)
        rows = f"{'Row' if group.leads == 1 else 'Rows'} {numbers} {more}".rstrip()
        what = told.pop()
        return [element("p", f"{rows}: ", element("bdi", what)) if what else element("p", rows)]
    head = element(
        "tr",
        element("th", "Row", scope="col"),
        element("th", "What is wrong", scope="col", class_="words"),
    )
    table = element("table", element("thead", head), element("tbody", *map(_row, group.first)))
    return [table, *([element("p", f"… {more}", class_="soft")] if more else [])]


def _row(each: FirstRow) -> Html:
    told = element("td", element("bdi", each.told), class_="words")
    return element("tr", element("th", f"{each.row:,}", scope="row"), told)
