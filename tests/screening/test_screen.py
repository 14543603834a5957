"""Every lead is judged by every rule, and ends in exactly one place."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, TypedDict

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.choices import DataSeparators
from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SettingsError
from bulk_loader.mapping import Defaults, lay_out, match_columns, to_tasks
from bulk_loader.model import ColumnMap, Field, LeadBatch, Problem
from bulk_loader.screening import (
    CallingHours,
    PastDates,
    PhoneFormat,
    Rules,
    Screen,
    Screened,
    SuppressionList,
)
from bulk_loader.screening.zones import open_zone
from bulk_loader.spreadsheets.cells import (
    FORMULA_WITHOUT_VALUE,
    UNKNOWN_FORMAT,
    UNSEEN_FORMAT,
    Damage,
    Damaged,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
_DEFAULTS = Defaults(campaign="POWER<-")


def _screen(
    columns: Mapping[str, Sequence[str]],
    *,
    defaults: Defaults = _DEFAULTS,
    damages: Sequence[Problem] = (),
    **rules: object,
) -> Screened:
    """The columns as rows 2, 3, … of a sheet, screened as a run would."""
    size = len(next(iter(columns.values())))
    frame = pd.DataFrame(columns, index=range(2, 2 + size), dtype="str")
    found = match_columns(list(frame.columns), {}, defaults.data)
    separators = rules.get("separators", DataSeparators.SPACE)
    assert isinstance(separators, DataSeparators)
    fields = lay_out(frame, found, defaults, separators).fields
    screen = Screen(found, Rules(now=_NOW, **rules))  # type: ignore[arg-type]
    return screen.screen(LeadBatch(frame, damages), fields)


def _codes(screened: Screened) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in screened.problems]


def test_a_clean_lead_is_sent_as_the_sheet_shows_it() -> None:
    """Nothing is changed in a lead that needs nothing."""
    screened = _screen({"tel": ["0123456789"], "agente": ["101"]})

    assert screened.problems == ()
    assert screened.suppressed == ()
    assert (screened.tidied, screened.formatted, screened.hastened) == (0, 0, 0)
    assert screened.fields.index.tolist() == [2]
    assert screened.fields.iloc[0].tolist() == [
        "", "POWER<-", "0123456789", "", "101", "", "source", "false", "true",
    ]  # fmt: skip


def test_every_problem_of_every_row_is_told_in_the_order_of_rows() -> None:
    """An operator mends a sheet once, not once a problem."""
    screened = _screen(
        {
            "tel": ["no tiene", "099123456", ""],
            "tel 2": ["12:x;y", "", ""],
            "campaign": ["C\u200b", "C", "C"],
            "agent": ["a\tb" * 30, "", ""],
            "calldate": ["03/04/2026", "", "31/31/2026"],
            "bulk": ["maybe", "sí", "Não"],
            "automatic": ["VERDADERO", "0", "x"],
        }
    )

    assert _codes(screened) == [
        (2, "calldate_ambiguous"),
        (2, "campaign_invisible"),
        (2, "phone_text"),
        (2, "alternative_too_short"),
        (2, "alternative_text"),
        (2, "agent_invisible"),
        (2, "agent_too_long"),
        (2, "truth_value"),
        (4, "calldate_unreadable"),
        (4, "phone_missing"),
        (4, "truth_value"),
    ]
    assert screened.fields.index.tolist() == [3]
    assert screened.fields[["bulk", "automatic"]].to_numpy().tolist() == [["true", "false"]]


def test_a_problem_names_the_column_and_the_cell_that_a_person_sees() -> None:
    """Not the name of the field, and not the tidied text."""
    screened = _screen({"Teléfono": [" 099 123 456 / 098765432 "], "Otro teléfono": ["1\u00a02"]})
    destination, other = screened.problems

    assert destination.column == "Teléfono"
    assert destination.value == "099 123 456 / 098765432"
    assert destination.sentence == (
        'column "Teléfono": 099 123 456 / 098765432 seems to hold more than one number. '
        "Keep one in this cell and put the others in a column for alternatives."
    )
    assert (other.column, other.value) == ("Otro teléfono", "1\u00a02")


def test_missing_is_said_differently_from_wrong() -> None:
    """An empty cell is called empty."""
    screened = _screen({"tel": [""], "campaign": [""]}, defaults=Defaults())

    assert [problem.sentence.split(". ")[0] for problem in screened.problems] == [
        'column "campaign": the cell is empty, so the call belongs to no campaign',
        'column "tel": the cell is empty, so there is no number to dial',
    ]


@pytest.mark.parametrize(
    ("cell", "is_personal"),
    [
        ("099123456 / 098765432", True),
        ("991234567.0", True),
        ("no tiene", False),
        ("", False),
        ("5.21551E+12", False),
        ("2024-05-03", False),
    ],
)
def test_only_what_may_be_somebody_s_number_is_personal(cell: str, is_personal: bool) -> None:
    """A number is masked on the terminal; a remark or a lost number helps whole."""
    (problem,) = _screen({"tel": [cell]}).problems

    assert problem.is_personal is is_personal


def test_a_bad_default_in_alternatives_names_the_field() -> None:
    """Where no column is at fault, the field is named."""
    screened = _screen({"tel": ["099123456"]}, defaults=Defaults(campaign="C", alternatives="x"))

    assert [(p.column, p.value, p.code) for p in screened.problems] == [
        ("alternatives", "x", "alternative_text")
    ]


def test_one_bad_alternative_of_several_columns_is_named_where_it_stands() -> None:
    """The cell to mend is the one that the problem names."""
    screened = _screen({"tel": ["1000"], "tel 2": ["2000"], "tel 3": ["3000:no"]})

    assert [(p.column, p.value) for p in screened.problems] == [("tel 3", "no")]


def test_a_missing_source_is_a_problem_of_its_lead() -> None:
    """The dialer takes no task without a source."""
    screened = _screen(
        {"tel": ["1000"], "source": [""]}, defaults=Defaults(campaign="C", source="")
    )

    assert _codes(screened) == [(2, "source_missing")]


def _damage(row: int, column: str | None) -> Problem:
    return Problem(ProblemCode.ERROR_CELL, row, column, "#N/A", "is an error.", "Mend it.")


def test_a_damage_counts_where_its_column_is_used_and_hides_others_of_its_cell_or_row() -> None:
    """What was lost can't be judged, and what is not sent does not matter."""
    screened = _screen(
        {
            "tel": ["#N/A", "1000", "1000", "no"],
            "Name": ["a", "b", "c", "d"],
            "Note": ["x", "x", "x", "x"],
        },
        defaults=Defaults(campaign="C", data="{Name}"),
        damages=[_damage(2, "tel"), _damage(3, "Note"), _damage(4, "Name"), _damage(5, None)],
    )

    assert _codes(screened) == [
        (2, "error_cell"),
        (4, "error_cell"),
        (5, "error_cell"),
    ]
    assert screened.fields.index.tolist() == [3]


@pytest.mark.parametrize("damage", [UNKNOWN_FORMAT, UNSEEN_FORMAT, FORMULA_WITHOUT_VALUE])
def test_damages_that_may_show_a_number_are_masked(damage: Damage) -> None:
    """A number whose format is not known, and a formula that spells one out, are somebody's."""
    problem = Damaged("0991234567", damage).problem(2, "tel")
    (told,) = _screen({"tel": ["0991234567"]}, damages=[problem]).problems
    assert "…4567" in told.masked_sentence
    assert "0991234567" not in told.masked_sentence
    assert "0991234567" in told.sentence


def test_tidied_leads_are_counted_once() -> None:
    """Two tidied numbers of one lead are one lead."""
    screened = _screen({"tel": ["099 1", "0992"], "tel 2": ["09-93", ""]})

    assert screened.fields["destination"].tolist() == ["0991", "0992"]
    assert screened.fields["alternatives"].tolist() == ["0993", ""]
    assert (screened.tidied, screened.formatted) == (1, 0)


def test_untidied_numbers_are_judged_alike_and_sent_as_they_are() -> None:
    """The setting changes what is sent, not what is refused."""
    screened = _screen({"tel": ["099 1", "no"], "tel 2": ["09-93", ""]}, tidy_phones=False)

    assert screened.fields["destination"].tolist() == ["099 1"]
    assert screened.fields["alternatives"].tolist() == ["09-93"]
    assert _codes(screened) == [(3, "phone_text")]
    assert screened.tidied == 0


def test_formatted_leads_are_counted_apart_from_tidied_ones() -> None:
    """The summary can say how many numbers were written anew."""
    screened = _screen(
        {"tel": ["099123456", "+598 99 123 456", "123"], "tel 2": ["24001234", "", ""]},
        phone_region="UY",
        phone_format=PhoneFormat.E164,
    )

    assert screened.fields["destination"].tolist() == ["+59899123456", "+59899123456"]
    assert screened.fields["alternatives"].tolist() == ["+59824001234", ""]
    assert (screened.tidied, screened.formatted) == (1, 1)
    assert _codes(screened) == [(4, "phone_too_short")]


class OtherRules(TypedDict, total=False):
    """What else is said of phones."""

    phone_region: str
    tidy_phones: bool


@pytest.mark.parametrize(
    "rules", [{}, {"phone_region": "UY", "tidy_phones": False}], ids=["no region", "untidied"]
)
def test_a_format_that_can_not_be_applied_is_refused(rules: OtherRules) -> None:
    """An option that could do nothing is an error, not a silence."""
    with pytest.raises(SettingsError, match="can't be written as e164"):
        _screen({"tel": ["1000"]}, phone_format=PhoneFormat.E164, **rules)


def test_separators_in_values_of_the_template_are_refused_where_asked() -> None:
    """Each value is named where it stands, unless the lead has data of its own."""
    screened = _screen(
        {"tel": ["1000"] * 3, "N": ["10:30", "a=b", "c"], "data": ["", "own", ""]},
        defaults=Defaults(campaign="C", data="n={N}:again={N}"),
        separators=DataSeparators.REJECT,
    )

    assert [(p.row, p.code, p.column, p.value) for p in screened.problems] == [
        (2, "data_separator", "N", "10:30")
    ]


def test_separators_are_refused_without_a_column_data_too() -> None:
    """Every lead uses the template then."""
    screened = _screen(
        {"tel": ["1000"], "N": ["a\nb"]},
        defaults=Defaults(campaign="C", data="n={N}"),
        separators=DataSeparators.REJECT,
    )

    assert _codes(screened) == [(2, "data_separator")]


def test_past_dates_made_now_are_counted() -> None:
    """Dates that were open already are not."""
    screened = _screen(
        {"tel": ["1000"] * 3, "calldate": ["2020-01-01", "null", ""]}, past_dates=PastDates.NOW
    )

    assert screened.fields["calldate"].tolist() == ["", "", ""]
    assert screened.hastened == 1


def test_a_listed_number_suppresses_its_lead_once() -> None:
    """An alternative on the list counts too: the dialer may call it."""
    screened = _screen(
        {
            "tel": ["099 111 111", "099222222", "099333333", "no"],
            "tel 2": ["099111111", "M=0=099111111", "", "099111111"],
        },
        suppression=SuppressionList.from_numbers(["99111111"]),
    )

    assert [(p.row, p.code, p.column, p.value) for p in screened.suppressed] == [
        (2, "do_not_call", "tel", "099111111"),
        (3, "do_not_call", "tel 2", "099111111"),
    ]
    assert screened.fields.index.tolist() == [4]
    assert _codes(screened) == [(5, "phone_text")]
    assert screened.suppressed[0].masked_sentence == (
        'Row 2, column "tel": …1111 is on a do-not-call list.'
    )


_HOURS = CallingHours({0: ((time(9), time(20)),)}, open_zone("America/Montevideo"))


def test_calling_hours_judge_the_date_of_the_call() -> None:
    """1 June 2026 is a Monday; noon UTC is nine in Montevideo."""
    cells = {"tel": ["1000"] * 3, "calldate": ["2026-06-08 10:00", "2026-06-09 10:00", ""]}
    screened = _screen(cells, calling_hours=_HOURS)

    assert [(p.row, p.code) for p in screened.suppressed] == [(3, "outside_calling_hours")]
    assert "nobody is called on a Tuesday" in screened.suppressed[0].sentence
    assert screened.fields.index.tolist() == [2, 4]


def test_calling_hours_judge_the_clock_of_the_dialer() -> None:
    """Ten in Madrid is five in Montevideo."""
    cells = {"tel": ["1000"], "calldate": ["2026-06-08 10:00"]}
    screened = _screen(cells, calling_hours=_HOURS, dialer_timezone="Europe/Madrid")

    assert [p.code for p in screened.suppressed] == ["outside_calling_hours"]


def test_a_call_without_a_date_is_judged_now() -> None:
    """A run at night sends nothing that would ring at once."""
    hours = CallingHours({0: ((time(10), time(20)),)}, open_zone("America/Montevideo"))
    screened = _screen({"tel": ["1000"]}, calling_hours=hours)

    assert "the cell is empty, and now is outside the calling hours" in (
        screened.suppressed[0].sentence
    )


def test_a_lead_listed_and_out_of_hours_has_one_reason() -> None:
    """A suppressed lead is told once."""
    screened = _screen(
        {"tel": ["1000"]},
        suppression=SuppressionList.from_numbers(["1000"]),
        calling_hours=CallingHours({}, open_zone("UTC")),
    )

    assert [p.code for p in screened.suppressed] == ["do_not_call"]


def test_no_leads_are_no_trouble() -> None:
    """A batch of which every lead was taken out is screened all the same."""
    screened = _screen(
        {"tel": []},
        suppression=SuppressionList.from_numbers(["1000"]),
        calling_hours=_HOURS,
        separators=DataSeparators.REJECT,
    )

    assert len(screened.fields) == 0
    assert screened.problems == ()


def test_good_defaults_pass() -> None:
    """A missing default is not a wrong one."""
    screen = Screen(ColumnMap({Field.DESTINATION: ("tel",)}), Rules(now=_NOW))

    screen.check_defaults(Defaults().texts())
    screen.check_defaults(
        Defaults(campaign="C", calldate="2026-12-25", alternatives="1000:2000").texts()
    )


def test_bad_defaults_are_told_at_once_before_any_lead() -> None:
    """All of them in one message, with what to do about each."""
    screen = Screen(ColumnMap({Field.DESTINATION: ("tel",)}), Rules(now=_NOW))
    defaults = Defaults(campaign="C\u200b", calldate="03/04/2026", alternatives="no")

    with pytest.raises(SettingsError) as caught:
        screen.check_defaults(defaults.texts())

    assert re.findall(r"default for (\w+)", caught.value.what) == [
        "calldate",
        "campaign",
        "alternatives",
    ]
    assert '"03/04/2026", can be read with the day first' in caught.value.what
    assert "Type the name of the campaign again." in caught.value.remedy


_cells = st.text() | st.sampled_from(
    ["", "099 123 456", "+598 99 123 456", "no", "2026-12-25", "03/04/2026", "true", "sí", "1:2000"]
)


@given(st.lists(st.tuples(_cells, _cells, _cells, _cells, _cells), max_size=6))
def test_screening_lets_nothing_through_that_mapping_can_not_take(
    rows: list[tuple[str, ...]],
) -> None:
    """Every lead that is sent has the types and the marks of a task, and none is lost."""
    labels = ("tel", "tel 2", "calldate", "bulk", "campaign")
    columns = {label: [row[at] for row in rows] for at, label in enumerate(labels)}
    screened = _screen(columns, defaults=Defaults())
    tasks = to_tasks(screened.fields)

    for task in tasks:
        assert re.fullmatch(r"\+?[0-9]{3,17}", task.destination)
        assert re.fullmatch(r"([+=A-Z0-9]+(:[+=A-Z0-9]+)*)?", task.alternatives)
        assert task.calldate is None or datetime.fromisoformat(task.calldate)
        assert task.campaign
    refused = {problem.row for problem in screened.problems}
    assert len(tasks) + len(refused) == len(rows)
    assert refused.isdisjoint(screened.fields.index)
