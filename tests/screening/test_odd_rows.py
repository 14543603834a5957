"""A row that sums up others or is unlike all of them is not called; an ordinary list always is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from bulk_loader.mapping import Defaults, lay_out, match_columns
from bulk_loader.model import RESULT_COLUMNS, LeadBatch
from bulk_loader.screening import Rules, Screen
from bulk_loader.screening.whole_list import Acquaintance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.model import Problem

_HEADER = ("nombre", "id", "telefono")


def _mobiles(count: int) -> list[tuple[str, ...]]:
    return [(f"Ana {at}", str(at), f"09{at:07}") for at in range(1, count + 1)]


def _problems(
    rows: Sequence[Sequence[str]], header: Sequence[str] = _HEADER, batch_size: int = 1000
) -> list[Problem]:
    """Of a list with these rows from row 2 on, looked through and then screened in batches."""
    frame = pd.DataFrame(rows, columns=list(header), index=range(2, 2 + len(rows)), dtype="str")
    columns = match_columns(list(header), {})
    batches = [frame.iloc[at : at + batch_size] for at in range(0, len(frame), batch_size)]
    acquaintance = Acquaintance(columns)
    for batch in batches:
        acquaintance.add(batch)
    now = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    screen = Screen(columns, Rules(now=now)).knowing(acquaintance.known())
    found: list[Problem] = []
    for batch in batches:
        fields = lay_out(batch, columns, Defaults(campaign="POWER<-")).fields
        found += screen.screen(LeadBatch(batch), fields).problems
    return found


def _codes(problems: Sequence[Problem]) -> list[tuple[int, str]]:
    return [(problem.row, str(problem.code)) for problem in problems]


@pytest.mark.parametrize("leads", [2, 3, 250])
@pytest.mark.parametrize("batch_size", [1, 1000])
def test_a_totals_row_at_the_end_is_not_called(leads: int, batch_size: int) -> None:
    """Whatever the length of the list and of its batches."""
    rows = [*_mobiles(leads), ("TOTAL", "", "250")]

    (problem,) = _problems(rows, batch_size=batch_size)

    assert (problem.row, problem.code) == (leads + 2, "totals_row")
    assert problem.masked_sentence == (
        f"Row {leads + 2}, the row seems to sum up others, so its number is nobody's phone. "
        "Delete the row, or send it all the same with --odd-rows send."
    )


def test_a_sum_of_the_phones_is_not_called() -> None:
    """It has as many digits as many a phone, but leaves empty what others fill."""
    rows = [*_mobiles(40), ("Total", "", "3600000820")]

    assert _codes(_problems(rows)) == [(42, "totals_row")]


def test_totals_in_two_columns_are_not_called() -> None:
    """No cell is empty there; the number is too short for anybody."""
    rows = [("Ana", "099123456"), ("Luis", "098123456"), ("TOTAL", "250")]

    assert _codes(_problems(rows, ("nombre", "telefono"))) == [(4, "totals_row")]


def test_subtotals_in_the_middle_are_not_called() -> None:
    """Those that a spreadsheet program adds after each group have the group's name beside them."""
    rows = [
        *_mobiles(3), ("Total Norte", "", "300"), *_mobiles(3), ("Total Sur", "", "300"),
        ("Total general", "", "600"),
    ]  # fmt: skip

    assert _codes(_problems(rows)) == [(5, "totals_row"), (9, "totals_row"), (10, "totals_row")]


@pytest.mark.parametrize(
    "row",
    [
        ("Total", "77", "099765432"),
        ("Total Energies", "77", "099765432"),
        ("Total Energies", "", "099765432"),
        ("Total Energies", "", "+59829021234"),
        ("Suma Seguros", "", "24021234"),
    ],
)
def test_a_person_or_company_of_that_name_is_called(row: tuple[str, ...]) -> None:
    """As long as the row is like the others, or the name stands beside a number like theirs."""
    assert _problems([*_mobiles(30), row]) == []


@pytest.mark.parametrize("campaign", ["Total", "Total<-", "SUBTOTAL"])
@pytest.mark.parametrize("others", [0, 2, 30])
def test_a_campaign_of_that_name_is_called(campaign: str, others: int) -> None:
    """Also beside others, and where some of its cells are empty."""
    rows = [("Ventas", *row) for row in _mobiles(others)]
    rows += [(campaign, f"Luis {at}", "", f"0982{at:05}") for at in range(3)]

    assert _problems(rows, ("campaign", *_HEADER)) == []


def test_a_totals_row_by_campaign_is_not_called() -> None:
    """A name of a campaign that stands once is none."""
    rows = [("Ventas", *row) for row in _mobiles(3)] + [("TOTAL", "", "", "300")]

    assert _codes(_problems(rows, ("campaign", *_HEADER))) == [(5, "totals_row")]


def test_what_a_result_says_of_a_totals_row_is_no_total() -> None:
    """The columns of a results file are not looked at."""
    header = (*_HEADER, *RESULT_COLUMNS)
    rows = [(*row, "1", "accepted", "") for row in _mobiles(3)]
    rows.append(("Luis", "9", "098123456", "0", "invalid", "Total"))

    assert _problems(rows, header) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [("250", "far fewer digits"), ("12345", "far fewer digits"), ("123456789012345", "far more")],
)
def test_a_number_unlike_all_others_is_not_called(number: str, words: str) -> None:
    """A count, a code or the number of a card is named, with the way to send it."""
    (problem,) = _problems([*_mobiles(30), ("Luis", "31", number)])

    assert (problem.row, problem.code) == (32, "number_unlike_others")
    assert words in problem.fault
    assert "--odd-rows send" in problem.remedy
    assert number not in problem.masked_sentence or len(number) == 3


@pytest.mark.parametrize(
    "number",
    ["24021234", "4021234", "402123", "+5491155551234", "005491155551234", "00491701234567"],
)
def test_a_number_of_a_person_is_called_among_others(number: str) -> None:
    """Local ones, national ones and those from abroad stand in one list."""
    assert _problems([*_mobiles(30), ("Luis", "31", number)]) == []


@pytest.mark.parametrize("extensions", [2, 15, 30])
def test_extensions_among_mobiles_are_called_where_they_are_not_rare(extensions: int) -> None:
    """Whoever mixes them means it."""
    rows = [*_mobiles(30), *[("Luis", str(at), str(200 + at)) for at in range(extensions)]]

    assert _problems(rows) == []


def test_a_short_list_is_not_judged_by_length() -> None:
    """Of nineteen numbers one is no exception, and whoever tries a list has an extension in it."""
    assert _problems([*_mobiles(18), ("Luis", "19", "250")]) == []


def test_a_mobile_among_extensions_is_called() -> None:
    """The rest of the list being short makes no number too long."""
    rows = [("Luis", str(at), str(200 + at)) for at in range(40)] + _mobiles(1)

    assert _problems(rows) == []


def test_a_cell_that_is_no_number_keeps_its_own_problem() -> None:
    """What is wrong with it is more than its length."""
    rows = [*_mobiles(30), ("Luis", "31", "12"), ("Eva", "32", "")]

    assert _codes(_problems(rows)) == [(32, "phone_too_short"), (33, "phone_missing")]


@pytest.mark.parametrize("rows", [[("Total", "1", "099123456")], [("Total", "", "250")] * 5])
def test_a_list_with_nothing_to_compare_with_is_sent(rows: list[tuple[str, ...]]) -> None:
    """Where every row bears the word, it tells none from the others."""
    assert _problems(rows) == []
