"""What the nine fields must be, as a pandera schema over a whole batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phone_faults import DIALABLE

if TYPE_CHECKING:
    import pandas as pd

# An agent is known by a phone or an extension, of which the longest has 17 characters; what is
# much longer is a remark that stands in the wrong column.
_MAX_AGENT_LENGTH = 64

UNREADABLE: Final = "not_nullable"
"""The check that fails where a reader found no value; the reader knows why."""

TRUTH_VALUES: Final = ("true", "false")

FAULTS: Final = {
    fault.code: fault
    for fault in (
        Fault(
            ProblemCode.CAMPAIGN_MISSING,
            "is empty, so the call belongs to no campaign.",
            "Enter the campaign, or give one for all with --campaign.",
        ),
        Fault(
            ProblemCode.CAMPAIGN_INVISIBLE,
            "has a character in it that nobody sees, so the dialer would not know the campaign.",
            "Type the name of the campaign again.",
        ),
        Fault(
            ProblemCode.PHONE_BROKEN,
            "is not a whole phone number.",
            "Enter one whole number, in digits.",
        ),
        Fault(
            ProblemCode.AGENT_INVISIBLE,
            "has a character in it that nobody sees, so the dialer would not know the agent.",
            "Type the phone or extension of the agent again.",
        ),
        Fault(
            ProblemCode.AGENT_TOO_LONG,
            f"is longer than {_MAX_AGENT_LENGTH} characters, so it is no phone or extension.",
            "Enter the phone or extension of one agent, or leave the cell empty.",
        ),
        Fault(
            ProblemCode.SOURCE_MISSING,
            "is empty, and the dialer wants a source.",
            "Enter one, or give one for all with --source.",
        ),
    )
}


def _filled(values: pd.Series[str]) -> pd.Series[bool]:
    return values != ""


def _printable(values: pd.Series[str]) -> pd.Series[bool]:
    return values.map(str.isprintable)


def _field(*checks: pa.Check) -> pa.Column:
    return pa.Column("str", list(checks), nullable=False)


SCHEMA: Final = pa.DataFrameSchema(
    {
        Field.CALLDATE.value: _field(),
        Field.CAMPAIGN.value: _field(
            pa.Check(_filled, error=ProblemCode.CAMPAIGN_MISSING),
            pa.Check(_printable, error=ProblemCode.CAMPAIGN_INVISIBLE),
        ),
        Field.DESTINATION.value: _field(
            pa.Check.str_matches(rf"{DIALABLE}\Z", error=ProblemCode.PHONE_BROKEN)
        ),
        Field.ALTERNATIVES.value: _field(),
        Field.AGENT.value: _field(
            pa.Check(_printable, error=ProblemCode.AGENT_INVISIBLE),
            pa.Check.str_length(max_value=_MAX_AGENT_LENGTH, error=ProblemCode.AGENT_TOO_LONG),
        ),
        Field.DATA.value: _field(),
        Field.SOURCE.value: _field(pa.Check(_filled, error=ProblemCode.SOURCE_MISSING)),
        Field.BULK.value: _field(pa.Check.isin(TRUTH_VALUES)),
        Field.AUTOMATIC.value: _field(pa.Check.isin(TRUTH_VALUES)),
    }
)


class Failure(NamedTuple):
    """One value that one check refused.

    Attributes:
        check: `UNREADABLE`, or a code of `FAULTS`.
    """

    row: int
    field: Field
    check: str


def find_failures(fields: pd.DataFrame) -> list[Failure]:
    """Every value of a batch that breaks the schema; None stands for a value not readable."""
    try:
        SCHEMA.validate(fields, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        return [
            Failure(int(row), Field(name), check)
            for row, name, check in zip(
                cases["index"], cases["column"], cases["check"], strict=True
            )
        ]
    return []
