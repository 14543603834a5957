"""What the nine fields must be, as a pandera schema over a whole batch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrorReason, SchemaErrors

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phone_faults import BROKEN, DIALABLE
from bulk_loader.screening.truth_values import NO_TRUTH_VALUE, TRUTH_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

# An agent is known by a phone or an extension, of which the longest has 17 characters; what is
# much longer is a remark that stands in the wrong column.
_MAX_AGENT_LENGTH = 64


def _filled(values: pd.Series[str]) -> pd.Series[bool]:
    return values != ""


def _printable(values: pd.Series[str]) -> pd.Series[bool]:
    return values.map(str.isprintable)


@dataclass(frozen=True, slots=True)
class _Demand:
    """What a field must be, and what is wrong with one that is not.

    Attributes:
        check: makes it, named by the code of the fault.
    """

    field: Field
    check: Callable[..., pa.Check]
    fault: Fault


# What a reader of the field gives is named beside the reader; here it is only held.
_DEMANDS: Final = (
    _Demand(
        Field.CAMPAIGN,
        partial(pa.Check, _filled),
        Fault(
            ProblemCode.CAMPAIGN_MISSING,
            "is empty, so the call belongs to no campaign.",
            "Enter the campaign, or give one for all with --campaign.",
        ),
    ),
    _Demand(
        Field.CAMPAIGN,
        partial(pa.Check, _printable),
        Fault(
            ProblemCode.CAMPAIGN_INVISIBLE,
            "has a character in it that nobody sees, so the dialer would not know the campaign.",
            "Type the name of the campaign again.",
        ),
    ),
    _Demand(Field.DESTINATION, partial(pa.Check.str_matches, rf"{DIALABLE}\Z"), BROKEN),
    _Demand(
        Field.AGENT,
        partial(pa.Check, _printable),
        Fault(
            ProblemCode.AGENT_INVISIBLE,
            "has a character in it that nobody sees, so the dialer would not know the agent.",
            "Type the phone or extension of the agent again.",
        ),
    ),
    _Demand(
        Field.AGENT,
        partial(pa.Check.str_length, max_value=_MAX_AGENT_LENGTH),
        Fault(
            ProblemCode.AGENT_TOO_LONG,
            f"is longer than {_MAX_AGENT_LENGTH} characters, so it is no phone or extension.",
            "Enter the phone or extension of one agent, or leave the cell empty.",
        ),
    ),
    _Demand(
        Field.SOURCE,
        partial(pa.Check, _filled),
        Fault(
            ProblemCode.SOURCE_MISSING,
            "is empty, and the dialer wants a source.",
            "Enter one, or give one for all with --source.",
        ),
    ),
    _Demand(Field.BULK, partial(pa.Check.isin, TRUTH_VALUES), NO_TRUTH_VALUE),
    _Demand(Field.AUTOMATIC, partial(pa.Check.isin, TRUTH_VALUES), NO_TRUTH_VALUE),
)

FAULTS: Final = {demand.fault.code: demand.fault for demand in _DEMANDS}

_REQUIRED: Final = frozenset({Field.CAMPAIGN, Field.DESTINATION, Field.SOURCE})


def _column(name: Field) -> pa.Column:
    """A value that a reader could not read is missing: the reader knows why."""
    checks = [d.check(error=d.fault.code.value) for d in _DEMANDS if d.field is name]
    return pa.Column("str", checks, nullable=False, required=name in _REQUIRED)


SCHEMA: Final = pa.DataFrameSchema({name.value: _column(name) for name in Field}, strict=True)


class Failure(NamedTuple):
    """One value that the schema refused.

    Attributes:
        code: a key of `FAULTS`; None where a reader found no value, and knows why.
    """

    row: int
    field: Field
    code: ProblemCode | None


def find_failures(fields: pd.DataFrame) -> list[Failure]:
    """Every value of a batch that breaks the schema; None stands for a value not readable."""
    try:
        SCHEMA.validate(fields, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            raise  # a column is missing or foreign: it was not laid out as it should be
        return [
            Failure(int(row), Field(name), None if check == _UNREADABLE else ProblemCode(check))
            for row, name, check in zip(
                cases["index"], cases["column"], cases["check"], strict=True
            )
        ]
    return []


_UNREADABLE = "not_nullable"  # pandera's name of the check


def find_missing(given: Collection[Field]) -> list[Field]:
    """Fields that must be there, and that neither a column nor a default gives, in their order."""
    try:
        SCHEMA.validate(pd.DataFrame({name.value: [] for name in given}, dtype="str"), lazy=True)
    except SchemaErrors as errors:
        return [
            Field(error.failure_cases)
            for error in errors.schema_errors
            if error.reason_code is SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME
        ]
    return []
