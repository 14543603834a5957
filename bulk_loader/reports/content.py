"""What a page tells, whatever it is about: a run that has ended just now, one of the past, a check."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bulk_loader.reports.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bulk_loader.model import Status
    from bulk_loader.reports.groups import Group


class Mood(StrEnum):
    """How it went, at a glance."""

    GOOD = "good"
    OPEN = "open"
    """Somebody has to do something."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now.

    Attributes:
        command: as it can be typed; "" where nothing is to be run.
    """

    sentence: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a page tells.

    Attributes:
        title: of the page, such as "Upload of leads.csv".
        verdict: one sentence.
        facts: names and what belongs to them.
        counts: leads by status.
        groups: as `groups.in_order` has them.
        settings: names and values, without any secret.
        names: of statuses, where they are called otherwise, such as what a check would send.
        timeline: empty where nothing was answered.
        session_starts: a sentence each, where there was more than one.
        question: what the counts answer.
    """

    title: str
    mood: Mood
    verdict: str
    facts: Sequence[tuple[str, str]]
    counts: Mapping[Status, int]
    next_step: NextStep
    groups: Sequence[Group] = ()
    notes: Sequence[str] = ()
    settings: Sequence[tuple[str, str]] = ()
    names: Mapping[Status, str] = field(default_factory=dict)
    timeline: Timeline = field(default_factory=Timeline)
    session_starts: Sequence[str] = ()
    question: str = "What became of"
