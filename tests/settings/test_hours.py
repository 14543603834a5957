from __future__ import annotations

from datetime import time

import pytest
from pydantic import ValidationError

from bulk_loader.settings import HoursTable, Window

OFFICE = Window(time(9), time(18))


def test_a_weekday_has_one_span_several_or_none() -> None:
    """Each weekday takes a span, a list of spans, or nothing: a day without calls."""
    hours = HoursTable.model_validate(
        {"monday": "09:00-18:00", "tuesday": ["9:00 - 13:00", "14:30-24:00"], "sunday": ""}
    )
    assert hours.by_weekday == (
        (OFFICE,),
        (Window(time(9), time(13)), Window(time(14, 30), time.max)),
        *((),) * 5,
    )


@pytest.mark.parametrize(
    "span", ["9-18", "18:00-09:00", "09:00-09:00", "09:61-10:00", 9, "9:00-24:01"]
)
def test_refuses_what_is_no_span_of_a_day(span: object) -> None:
    """A span that is none, or ends before it begins, is refused and not turned round."""
    with pytest.raises(ValidationError, match=r"span of hours|ends before it begins"):
        HoursTable.model_validate({"monday": span})


def test_reads_back_what_it_wrote() -> None:
    """Calling hours survive the ledger's JSON."""
    hours = HoursTable.model_validate(
        {"zone": "America/Montevideo", "friday": ["09:00-12:00", "13:00-24:00"]}
    )
    assert HoursTable.model_validate_json(hours.model_dump_json()) == hours
