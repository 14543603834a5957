from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from bulk_loader.codes import ProblemCode
from bulk_loader.model import Field
from bulk_loader.screening.schema import FAULTS, SCHEMA, Failure, find_failures, find_missing

if TYPE_CHECKING:
    from collections.abc import Mapping

GOOD: Mapping[str, str] = {
    Field.CALLDATE: "",
    Field.CAMPAIGN: "SALES",
    Field.DESTINATION: "0991000001",
    Field.ALTERNATIVES: "",
    Field.AGENT: "101",
    Field.DATA: "",
    Field.SOURCE: "list",
    Field.BULK: "false",
    Field.AUTOMATIC: "true",
}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (Field.CAMPAIGN, "", ProblemCode.CAMPAIGN_MISSING),
        (Field.CAMPAIGN, "a\u200b", ProblemCode.CAMPAIGN_INVISIBLE),
        (Field.DESTINATION, "12", ProblemCode.PHONE_BROKEN),
        (Field.AGENT, "a\tb", ProblemCode.AGENT_INVISIBLE),
        (Field.AGENT, "1" * 65, ProblemCode.AGENT_TOO_LONG),
        (Field.SOURCE, "", ProblemCode.SOURCE_MISSING),
        (Field.BULK, "yes", ProblemCode.TRUTH_VALUE),
        (Field.AUTOMATIC, "", ProblemCode.TRUTH_VALUE),
        (Field.DATA, None, None),
        (Field.CALLDATE, None, None),
    ],
)
def test_a_value_is_refused_under_its_code(
    field: Field, value: str | None, code: ProblemCode | None
) -> None:
    """None where nothing could be read: then the reader has the reason."""
    rows = [{**GOOD, field: value}, GOOD]
    assert find_failures(pd.DataFrame(rows, index=[7, 8], dtype="str")) == [Failure(7, field, code)]
    assert code is None or FAULTS[code].code is code


def test_fields_that_nothing_gives_are_told_in_their_order() -> None:
    """A campaign, a number to dial and a source must be there; the rest may be left out."""
    assert find_missing([]) == [Field.CAMPAIGN, Field.DESTINATION, Field.SOURCE]
    assert find_missing([Field.DESTINATION, Field.CAMPAIGN]) == [Field.SOURCE]
    assert find_missing(list(Field)) == []


def test_the_schema_knows_the_nine_fields_and_no_other_column() -> None:
    """It holds the columns of a batch as well as its values."""
    assert list(SCHEMA.columns) == [name.value for name in Field]
    others = [{**GOOD, "extra": ""}, {k: v for k, v in GOOD.items() if k is not Field.SOURCE}]
    for row, name in zip(others, ("extra", "source"), strict=True):
        with pytest.raises(SchemaErrors, match=name):
            find_failures(pd.DataFrame([row], dtype="str"))
