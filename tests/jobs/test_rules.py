from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import RuleError
from bulk_loader.jobs.inbox import Candidate
from bulk_loader.jobs.rules import require_valid, require_whole, stale
from bulk_loader.model import Status
from bulk_loader.settings import BadLeadLimit, JobRules
from tests.cli.fakes import SOURCE
from tests.jobs.fakes import TWO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@pytest.mark.parametrize(
    ("invalid", "is_right"), [(0, True), (20, True), (21, False), (100, False)]
)
def test_a_share_of_invalid_leads_is_of_all_leads(invalid: int, is_right: bool) -> None:
    """Just as many as the limit says are no fault."""
    counts = {Status.INVALID: invalid, Status.UNSENT: 100 - invalid}
    limit = BadLeadLimit(20, is_percent=True)
    if is_right:
        require_valid("leads.csv", counts, limit)
        return
    with pytest.raises(RuleError, match=f"{invalid} invalid leads of 100"):
        require_valid("leads.csv", counts, limit)


def test_no_invalid_lead_at_all_can_be_asked_for() -> None:
    """By a number, as well as by a share."""
    counts = {Status.INVALID: 1, Status.UNSENT: 10_000}
    for limit in (BadLeadLimit(0), BadLeadLimit(0, is_percent=True)):
        with pytest.raises(RuleError):
            require_valid("leads.csv", counts, limit)


def test_columns_are_known_however_they_are_spaced_and_spelled() -> None:
    """A program that writes TELEFONO today and telefono tomorrow writes the same list."""
    source = replace(SOURCE, columns=("TELÉFONO ", "first  name"))
    require_whole(source, JobRules(columns=["teléfono", "First Name"]))
    with pytest.raises(RuleError, match=r'lacks the column "telefon" \(it has "TELÉFONO "\) and'):
        require_whole(source, JobRules(columns=["telefon", "zzz"]))


def test_a_column_without_header_may_hold_a_number_that_is_not_shown() -> None:
    """The nearest label is masked, as everywhere."""
    source = replace(SOURCE, columns=("0991234567",))
    with pytest.raises(RuleError) as refused:
        require_whole(source, JobRules(columns=["0991234568x"]))
    assert "0991234567" not in refused.value.what


def files(*times: datetime) -> Sequence[Candidate]:
    """Of these times."""
    return [
        Candidate(Path(f"{place}.csv"), 1, int(time.timestamp() * 1e9), (1, place))
        for place, time in enumerate(times)
    ]


def test_only_the_newest_file_must_be_new() -> None:
    """Those that came late yesterday are loaded with it."""
    day = timedelta(days=1)
    assert stale(files(TWO - 9 * day, TWO - timedelta(hours=1)), TWO, day) == ""
    assert "1.csv, the newest file" in stale(files(TWO - 9 * day, TWO - 2 * day), TWO, day)


def test_a_clock_that_is_a_little_ahead_is_no_fault() -> None:
    """Servers and old disks have time zones of their own."""
    day = timedelta(days=1)
    assert stale(files(TWO + timedelta(hours=14)), TWO, day) == ""
    assert "still to come" in stale(files(TWO + 2 * day), TWO, day)


def test_without_the_rule_any_age_is_right() -> None:
    """And so is no file."""
    assert stale(files(TWO - timedelta(days=900)), TWO, None) == ""
    assert stale([], TWO, timedelta(days=1)) == ""
