"""Only campaigns that were named may be called, where any were."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SettingsError
from bulk_loader.model import Field, Status
from bulk_loader.screening.faults import Cell, Fault
from bulk_loader.screening.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bulk_loader.model import ColumnMap, Problem
    from bulk_loader.screening.rule import Candidates, Check
    from bulk_loader.screening.rules import Rules


def _asked(rules: Rules, columns: ColumnMap) -> Check | None:
    allowed = frozenset(rules.campaigns)
    label = columns.label(Field.CAMPAIGN)

    def check(leads: Candidates) -> Iterator[Problem]:
        """An empty cell is told by another rule."""
        names = leads.read[Field.CAMPAIGN.value].tolist()
        foreign = {name: _other(name, rules.campaigns) for name in set(names) - allowed if name}
        if foreign:
            for row, name in zip(leads.read.index.tolist(), names, strict=True):
                if name in foreign:
                    yield foreign[name].at(Cell(row, label, name))

    return check if allowed else None


def _other(name: str, allowed: Sequence[str]) -> Fault:
    near = get_close_matches(name, allowed, n=1)
    meant = f"Is {near[0]} meant? " if near else ""
    return Fault(
        ProblemCode.CAMPAIGN_NOT_ALLOWED,
        "is not one of the campaigns that this list may call (--only-campaign).",
        f"{meant}Correct the campaign, or allow it too.",
    )


def require_allowed(default: str, allowed: Sequence[str]) -> None:
    """Make sure that the default is a campaign that may be called.

    Raises:
        SettingsError: others were named, and not this one.
    """
    if default and allowed and default not in allowed:
        raise SettingsError(
            f'The campaign "{default}" is not one of those that may be called.',
            f"These were named: {', '.join(allowed)}.",
            "Correct --campaign, or add it with --only-campaign.",
        )


CAMPAIGNS: Final = Rule(frozenset({ProblemCode.CAMPAIGN_NOT_ALLOWED}), Status.INVALID, _asked)
