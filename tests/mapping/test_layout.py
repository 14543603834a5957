"""Columns and defaults become nine fields of text."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.choices import DataSeparators
from bulk_loader.errors import ColumnError, SettingsError
from bulk_loader.mapping import Defaults, lay_out, match_columns
from bulk_loader.mapping.template import parse_template
from bulk_loader.model import ColumnMap, Field


def _frame(**columns: list[str]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=range(5, 5 + size), dtype="str")


def _lay_out(
    frame: pd.DataFrame,
    defaults: Defaults,
    separators: DataSeparators = DataSeparators.SPACE,
) -> tuple[pd.DataFrame, int]:
    columns = match_columns(list(frame.columns), {}, defaults.data)
    laid_out = lay_out(frame, columns, defaults, separators)
    return laid_out.fields, laid_out.touched


def test_all_nine_fields_are_there_in_order_with_the_rows_of_the_batch() -> None:
    """The result has one text column a field and the index of the frame."""
    fields, touched = _lay_out(_frame(tel=["1", "2"]), Defaults())

    assert fields.columns.tolist() == [name.value for name in Field]
    assert fields.index.tolist() == [5, 6]
    assert set(fields.dtypes.map(str)) == {"str"}
    assert touched == 0


def test_defaults_fill_missing_columns_and_empty_cells_only() -> None:
    """A filled cell wins; a cell of blanks is empty."""
    frame = _frame(tel=["1", "2", "3"], agent=["7", "", " \u00a0"])
    fields, _ = _lay_out(frame, Defaults(campaign=" POWER<- ", agent="101"))

    assert fields["agent"].tolist() == ["7", "101", "101"]
    assert fields["campaign"].tolist() == ["POWER<-"] * 3
    assert fields["source"].tolist() == ["source"] * 3
    assert fields["bulk"].tolist() == ["false"] * 3
    assert fields["automatic"].tolist() == ["true"] * 3


def test_surrounding_white_space_is_taken_off_and_inner_kept() -> None:
    """A cell is the text in it, without its margins."""
    fields, _ = _lay_out(_frame(tel=["\t 099 123\u00a0"], campaign=[" A  B "]), Defaults())

    assert fields["destination"].tolist() == ["099 123"]
    assert fields["campaign"].tolist() == ["A  B"]


def test_alternatives_of_several_columns_are_joined_without_the_empty_ones() -> None:
    """Numbers already joined in one cell stay joined."""
    frame = _frame(tel=["1", "1"], tel2=["2:3", ""], tel3=["4", " "])
    fields, _ = _lay_out(frame, Defaults(alternatives="9"))

    assert fields["alternatives"].tolist() == ["2:3:4", "9"]


def test_the_template_is_filled_from_the_columns_and_a_column_data_wins() -> None:
    """The template stands in only where the lead has no data of its own."""
    frame = _frame(tel=["1", "2"], ID=[" 7 ", "8"], data=["", "own=1"])
    fields, _ = _lay_out(frame, Defaults(data="idcustomer={ID}:x={{}}"))

    assert fields["data"].tolist() == ["idcustomer=7:x={}", "own=1"]


def test_plain_text_for_data_is_given_to_every_lead() -> None:
    """A template without columns is a plain default."""
    fields, touched = _lay_out(_frame(tel=["1", "2"], data=["a=b", ""]), Defaults(data="c={{d}}"))

    assert fields["data"].tolist() == ["a=b", "c={d}"]
    assert touched == 0


@pytest.mark.parametrize("value", ["10:30", "a=b", "a\nb", "a\r\nb", "a\tb", "a\u2028b"])
def test_a_separator_in_a_value_becomes_one_space_and_is_counted(value: str) -> None:
    """The agent's form stays whole, and the summary can say how many leads were touched."""
    frame = _frame(tel=["1", "2"], N=[value, "plain"])
    fields, touched = _lay_out(frame, Defaults(data="n={N}"))

    assert fields["data"].tolist()[0] in {"n=10 30", "n=a b"}
    assert fields["data"].tolist()[1] == "n=plain"
    assert touched == 1


@pytest.mark.parametrize("separators", [DataSeparators.KEEP, DataSeparators.REJECT])
def test_separators_stay_where_they_are_kept_or_refused(separators: DataSeparators) -> None:
    """Nothing is changed that is to be sent as it is, or not at all."""
    fields, touched = _lay_out(_frame(tel=["1"], N=["a:b"]), Defaults(data="n={N}"), separators)

    assert fields["data"].tolist() == ["n=a:b"]
    assert touched == 0


def test_a_lead_is_touched_once_and_only_where_the_template_is_used() -> None:
    """Two columns of one lead count as one, a lead with its own data as none."""
    frame = _frame(tel=["1", "2"], A=["a:b", "a:b"], B=["c=d", "c=d"], data=["", "own"])
    _, touched = _lay_out(frame, Defaults(data="{A}{B}"))

    assert touched == 1


def test_a_column_data_keeps_its_own_grammar() -> None:
    """What the user wrote as data is data, separators and all."""
    fields, touched = _lay_out(_frame(tel=["1"], data=["a=1:b=2"]), Defaults())

    assert fields["data"].tolist() == ["a=1:b=2"]
    assert touched == 0


def test_no_rows_give_no_rows() -> None:
    """A batch of which every lead was taken out is laid out all the same."""
    fields, touched = _lay_out(_frame(tel=[], N=[]), Defaults(data="{N}"))

    assert fields.shape == (0, 9)
    assert touched == 0


def test_a_template_that_does_not_fit_the_frame_is_refused() -> None:
    """A column that vanished between two readings is named."""
    frame = _frame(tel=["1"])
    columns = ColumnMap({Field.DESTINATION: ("tel",)})

    with pytest.raises(ColumnError, match="Nombre"):
        lay_out(frame, columns, Defaults(data="{Nombre}"))


@pytest.mark.parametrize("text", ["{", "}", "a={", "{}", "{ }", "{a}}", "{{a}"])
def test_a_brace_without_a_partner_is_refused(text: str) -> None:
    """The message shows the template and where it breaks."""
    with pytest.raises(SettingsError, match="can't be read at character"):
        parse_template(text)


@given(st.text())
def test_doubled_braces_give_any_text_back(text: str) -> None:
    """Whatever is to stand in data can be written in a template."""
    template = parse_template(text.replace("{", "{{").replace("}", "}}"))

    assert template.names == ()
    assert template.pattern.format() == text


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_values_are_put_in_unread(values: list[str]) -> None:
    """A value with braces in it is not taken for a template."""
    template = parse_template("a={A}:b={A}")

    assert template.fill([values, values]) == [f"a={value}:b={value}" for value in values]
