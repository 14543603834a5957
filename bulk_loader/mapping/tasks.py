"""Screened fields become tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.model import DialerTask, Field

if TYPE_CHECKING:
    import pandas as pd


def to_tasks(fields: pd.DataFrame) -> list[DialerTask]:
    """One task a lead, in order; whatever screening let through can be taken.

    An empty `calldate` means as soon as possible; of the truth values, `true` alone is true.
    """
    calldates, campaigns, destinations, alternatives, agents, data, sources, bulks, automatics = (
        fields[name.value].tolist() for name in Field
    )
    return [
        DialerTask(
            calldate or None, campaign, destination, others, agent, text, source,
            bulk == "true", automatic == "true",
        )
        for calldate, campaign, destination, others, agent, text, source, bulk, automatic in zip(
            calldates, campaigns, destinations, alternatives, agents, data, sources, bulks,
            automatics, strict=True,
        )
    ]  # fmt: skip
