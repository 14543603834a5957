"""Fields become tasks."""

from __future__ import annotations

import pandas as pd

from bulk_loader.mapping import to_tasks
from bulk_loader.model import DialerTask, Field


def test_fields_become_tasks_in_their_order() -> None:
    """An empty date is null, and the words of truth are truth values."""
    rows = [
        ["", "C", "1", "2:3", "101", "a=b", "source", "false", "true"],
        ["2026-12-25 10:00:00", "C", "2", "", "", "", "s", "true", "false"],
    ]
    fields = pd.DataFrame(rows, columns=[name.value for name in Field], dtype="str")

    assert to_tasks(fields) == [
        DialerTask(None, "C", "1", "2:3", "101", "a=b", "source", bulk=False, automatic=True),
        DialerTask("2026-12-25 10:00:00", "C", "2", "", "", "", "s", bulk=True, automatic=False),
    ]


def test_no_fields_give_no_tasks() -> None:
    """An empty batch is no trouble."""
    fields = pd.DataFrame({name.value: [] for name in Field}, dtype="str")

    assert to_tasks(fields) == []
