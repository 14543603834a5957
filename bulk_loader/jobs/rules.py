"""The rules of a job: what must be true of a list before any of its leads is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from bulk_loader.errors import RuleError
from bulk_loader.masking import masked_label
from bulk_loader.model import Status, leads_text
from bulk_loader.settings.durations import write_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.jobs.inbox import Candidate
    from bulk_loader.model import Source
    from bulk_loader.settings import BadLeadLimit, JobRules

# Clocks of servers and time zones of old disks are wrong by less.
MOST_AHEAD = timedelta(days=1)

_REMEDY = (
    "If the list is right, send it by hand: bulk-loader upload FILE; else let it be made anew."
)


def require_whole(source: Source, rules: JobRules) -> None:
    """Make sure that a list has the rows and columns that it must have.

    Raises:
        RuleError: it has not.
    """
    if source.leads < rules.min_rows:
        raise RuleError(
            f"{source.path.name} has {leads_text(source.leads)}.",
            f"The job wants {rules.min_rows:,} at least (min_rows), so it may be cut off or empty.",
            _REMEDY,
        )
    lacking = [name for name in rules.columns if _plain(name) not in map(_plain, source.columns)]
    if lacking:
        raise RuleError(
            f"{source.path.name} lacks {_named(lacking, source.columns)}.",
            "The job wants them (columns), so this may be another list.",
            _REMEDY,
        )


def require_valid(name: str, counts: Mapping[Status, int], limit: BadLeadLimit) -> None:
    """Make sure that not too many leads of a list are invalid.

    Raises:
        RuleError: more are.
    """
    leads, invalid = sum(counts.values()), counts[Status.INVALID]
    most = limit.amount * leads / 100 if limit.is_percent else limit.amount
    if invalid > most:
        raise RuleError(
            f"{name} has {invalid:,} invalid leads of {leads:,}.",
            f"The job takes {limit} at the most (max_invalid), so a column may be mixed up.",
            f"See them with: bulk-loader check FILE. {_REMEDY}",
        )


def stale(files: Sequence[Candidate], now: datetime, max_age: timedelta | None) -> str:
    """Why the newest of some files is too old to be tonight's, one sentence; "" where it is not."""
    if max_age is None or not files:
        return ""
    newest = files[-1]  # they come in the order of their time
    written_at = datetime.fromtimestamp(newest.modified_ns / 1e9, UTC)
    told = f"{newest.path.name}, the newest file, is of {written_at.astimezone():%Y-%m-%d %H:%M}"
    if written_at - now > MOST_AHEAD:
        return f"{told}, which is still to come, so its age is not known (max_age)."
    if now - written_at > max_age:
        return f"{told}, and the job takes none older than {write_duration(max_age)} (max_age)."
    return ""


def _named(lacking: Sequence[str], columns: Sequence[str]) -> str:
    """The columns that lack, each with the one that comes nearest."""
    known = {_plain(label): label for label in columns}
    told = []
    for name in lacking:
        near = get_close_matches(_plain(name), known, n=1)
        asked = f' (it has "{masked_label(known[near[0]])}")' if near else ""
        told.append(f'the column "{name}"{asked}')
    return " and ".join(told)


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()
