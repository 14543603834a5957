from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.errors import ExitCode
from bulk_loader.exit_codes import exit_code
from bulk_loader.model import Ending
from tests.cli.fakes import summary


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({}, ExitCode.OK),
        ({"accepted": 2}, ExitCode.OK),
        ({"accepted": 2, "duplicate": 1, "suppressed": 1}, ExitCode.OK),
        ({"accepted": 2, "invalid": 1}, ExitCode.BAD_LEADS),
        ({"rejected": 1}, ExitCode.BAD_LEADS),
        ({"invalid": 1, "unknown": 1}, ExitCode.IN_DOUBT),
        ({"unknown": 1, "unsent": 1}, ExitCode.STOPPED),
    ],
)
def test_a_finished_run_ends_by_what_became_of_its_leads(
    counts: dict[str, Any], code: ExitCode
) -> None:
    """The code is 0 only where every lead is accepted or was left out on purpose."""
    assert exit_code(summary(**counts)) is code


@given(
    st.sampled_from([Ending.STOPPED, Ending.UNFINISHED, Ending.INTERRUPTED]),
    st.dictionaries(st.sampled_from(["accepted", "invalid", "unknown"]), st.integers(0, 3)),
)
def test_how_a_run_ended_weighs_more_than_its_leads(ending: Ending, counts: dict[str, Any]) -> None:
    """An interrupt is told before a stop, and a stop before any count."""
    expected = ExitCode.INTERRUPTED if ending is Ending.INTERRUPTED else ExitCode.STOPPED
    assert exit_code(summary(ending, **counts)) is expected
