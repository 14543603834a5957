from __future__ import annotations

import pytest

from bulk_loader.spreadsheets.sums import sums_rows


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(C2:C100)",
        "SUM($C$2:$C$100)",
        "SUBTOTAL(109,C2:C100)",
        "SUBTOTAL( 9, C2:C100 )",
        "_xlfn.AGGREGATE(9,5,C2:C100)",
        "COUNTA(A2:A9)",
        "AVERAGE(B2:B3)",
        "SUBTOTAL(109,Table1[Phone])",
        "SUM(Leads[Phone number])",
        "of:=SUM([.C2:.C100])",
        "of:=SUBTOTAL(9;[.$C$2:.$C$100])",
    ],
)
def test_a_sum_of_rows_is_known(formula: str) -> None:
    """As Excel and LibreOffice write what a person or a table's row of totals sums up."""
    assert sums_rows(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "SUM(C2:E2)",
        "SUM(C2:D100)",
        "SUM(C2:C2)",
        "SUM(C2,C3)",
        "C2/SUM(C2:C100)",
        "SUM(C2:C100)+1",
        'TEXT(SUM(C2:C3),"0")',
        "SUM(Table1[@Phone])",
        "SUM(Table1[[#This Row],[a]])",
        "A2&B2",
        "VLOOKUP(A2,Other!A1:B9,2)",
        "CONSUM(C2:C100)",
    ],
)
def test_what_may_belong_to_a_lead_is_none(formula: str) -> None:
    """A sum of the cells of one row, or a part of another formula, tells nothing of the row."""
    assert not sums_rows(formula)
