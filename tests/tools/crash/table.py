"""The table of a crash experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.crash.experiments import Ended, Kind

HEADINGS = (
    "what happened",
    "runs",
    "kills",
    "take-overs",
    "cuts",
    "stops",
    "leads",
    "recorded",
    "accepted",
    "unknown",
    "in doubt*",
    "twice",
    "lost",
)
_SUMMED = (
    *("kills", "takeovers", "cuts", "stops"),
    *("leads", "recorded", "accepted", "unknown", "twice", "lost"),
)
FOOTNOTE = "* most leads in doubt after one crash, as a multiple of the concurrency; 2 are allowed"


def table(kinds: Sequence[Kind], ended: Sequence[Ended]) -> str:
    """Figures by kind, and all of them together, in columns of Markdown."""
    groups = [(kind.name, [one for one in ended if one.kind is kind]) for kind in kinds]
    lines = [_line(name, group) for name, group in [*groups, ("all", ended)] if group]
    return f"{markdown(HEADINGS, lines)}\n\n{FOOTNOTE}"


def markdown(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A table whose first column is words and whose others are figures."""
    widths = [max(map(len, column)) for column in zip(headings, *lines, strict=True)]
    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_shown(line, widths) for line in (headings, rules, *lines))


def _line(name: str, ended: Sequence[Ended]) -> tuple[str, ...]:
    figures = [one.figures for one in ended]
    sums = [sum(getattr(figure, column) for figure in figures) for column in _SUMMED]
    *shown, twice, lost = [f"{number:,}" for number in sums]
    doubt = max(figure.doubt for figure in figures)
    return (name, f"{len(figures):,}", *shown, f"{doubt:.2f}", twice, lost)


def _shown(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1])] + [cell.rjust(width) for cell, width in others]
    return f"| {' | '.join(padded)} |"
