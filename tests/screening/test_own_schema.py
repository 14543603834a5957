"""The user's own schema refuses leads in the same sentences, and changes none."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pandera.pandas as pa
import pytest

from bulk_loader.errors import ColumnError, MissingExtraError, SettingsError
from bulk_loader.mapping import Defaults, lay_out, match_columns
from bulk_loader.model import LeadBatch
from bulk_loader.screening import Rules, Screen
from bulk_loader.screening.check_words import words_of
from bulk_loader.screening.own_schema import OwnSchema

if TYPE_CHECKING:
    from pathlib import Path


def _faults(schema: pa.DataFrameSchema, **columns: list[str]) -> list[tuple[int, str | None, str]]:
    size = len(next(iter(columns.values())))
    frame = pd.DataFrame(columns, index=range(2, 2 + size), dtype="str")
    found = OwnSchema(schema).find_faults(frame)
    return [(row, column, fault.fault) for row, column, fault in found]


def test_a_lead_that_passes_has_no_fault() -> None:
    """A schema that is content says nothing."""
    assert _faults(pa.DataFrameSchema({"A": pa.Column(str)}), A=["x"]) == []


def test_every_fault_of_every_row_is_told() -> None:
    """Column, row and check in words, in the order of rows."""
    schema = pa.DataFrameSchema(
        {
            "ID": pa.Column(str, pa.Check.str_matches(r"^\d+$")),
            "Name": pa.Column(str, [pa.Check.str_length(2, 5), pa.Check.ne("Bob")]),
        }
    )

    assert _faults(schema, ID=["1", "x", "y"], Name=["Ana", "B", "Bob"]) == [
        (3, "ID", r"does not match ^\d+$, against your schema."),
        (3, "Name", "does not have 2 to 5 characters, against your schema."),
        (4, "ID", r"does not match ^\d+$, against your schema."),
        (4, "Name", "is Bob, against your schema."),
    ]


def test_an_empty_cell_is_a_missing_value() -> None:
    """`nullable` means what it says, although cells are text."""
    schema = pa.DataFrameSchema(
        {"A": pa.Column(str), "B": pa.Column(str, pa.Check.eq("x"), nullable=True)}
    )

    assert _faults(schema, A=[""], B=[""]) == [(2, "A", "is empty, and your schema wants a value.")]


def test_a_cell_that_can_not_be_converted_does_not_hide_the_faults_of_others() -> None:
    """One word in a column of ages, and the minors are still found."""
    schema = pa.DataFrameSchema(
        {
            "Age": pa.Column("Int64", pa.Check.ge(18), coerce=True, nullable=True),
            "Name": pa.Column(str, pa.Check.ne("x")),
        }
    )
    columns = {"Age": ["18", "ten", "7", ""], "Name": ["a", "x", "b", "c"]}

    assert _faults(schema, **columns) == [
        (3, "Age", "can't be read as Int64, as your schema asks."),
        (3, "Name", "is x, against your schema."),
        (4, "Age", "is less than 18, against your schema."),
    ]


def test_an_empty_cell_that_must_be_a_number_is_called_empty() -> None:
    """Missing is not wrong here either."""
    schema = pa.DataFrameSchema({"A": pa.Column(int, coerce=True)})

    assert _faults(schema, A=["1", ""]) == [(3, "A", "is empty, and your schema wants a value.")]


def test_a_check_of_whole_rows_refuses_the_row_once() -> None:
    """The row is named, not each of its cells."""
    schema = pa.DataFrameSchema(
        {"A": pa.Column(str)},
        checks=pa.Check(lambda rows: rows["A"] != rows["B"], error="A and B must differ."),
    )

    assert _faults(schema, A=["1", "2"], B=["1", "3"]) == [
        (2, None, "fails a check of your schema: A and B must differ.")
    ]


def test_columns_are_found_by_pattern() -> None:
    """The column that a pattern found is named, not the pattern."""
    schema = pa.DataFrameSchema({"N.*": pa.Column(str, pa.Check.isin(["a"]), regex=True)})

    assert _faults(schema, N1=["a"], N2=["b"]) == [
        (2, "N2", "is not one of a, against your schema.")
    ]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (pa.DataFrameSchema({"Z": pa.Column(str)}), 'needs the column "Z"'),
        (pa.DataFrameSchema({"Z.*": pa.Column(str, regex=True)}), 'named like "Z.*"'),
        (pa.DataFrameSchema({"A": pa.Column(str)}, strict=True), 'not allow the column "B"'),
        (
            pa.DataFrameSchema({"B": pa.Column(str), "A": pa.Column(str)}, ordered=True),
            "in another place",
        ),
    ],
)
def test_columns_that_do_not_fit_stop_the_run(schema: pa.DataFrameSchema, words: str) -> None:
    """A column that is missing or too many is no fault of a lead."""
    with pytest.raises(ColumnError, match="schema") as caught:
        _faults(schema, A=["1"], B=["2"])

    assert words in caught.value.what
    assert caught.value.why == 'The file has "A", "B".'


@pytest.mark.parametrize("cell", ["1", ""])
def test_a_type_without_coerce_stops_the_run(cell: str) -> None:
    """Cells are text, so the schema itself must be mended."""
    with pytest.raises(SettingsError, match='wants int64 in the column "A"') as caught:
        _faults(pa.DataFrameSchema({"A": pa.Column(int, nullable=True)}), A=[cell])

    assert "coerce: true" in caught.value.remedy


def test_a_check_that_breaks_down_stops_the_run() -> None:
    """A crash in the user's code is not taken for a verdict."""
    schema = pa.DataFrameSchema({"A": pa.Column(str, pa.Check(lambda _: 1 / 0, name="mine"))})

    with pytest.raises(SettingsError, match='check "mine" of the schema broke down'):
        _faults(schema, A=["1"])


def test_a_parser_that_breaks_down_stops_the_run() -> None:
    """Whatever the user's code raises becomes one clear error."""
    schema = pa.DataFrameSchema({"A": pa.Column(str, parsers=pa.Parser(lambda _: 1 / 0))})

    with pytest.raises(SettingsError, match=r"(?s)The schema broke down.*ZeroDivisionError"):
        _faults(schema, A=["1"])


def test_one_verdict_for_many_rows_stops_the_run() -> None:
    """It would not say which lead may be sent."""
    schema = pa.DataFrameSchema({"A": pa.Column(str, pa.Check(lambda _: False, name="mine"))})

    with pytest.raises(SettingsError, match="gave one verdict for many rows"):
        _faults(schema, A=["1"])


_WORDS = [
    (pa.Check.eq(1), "is not 1"),
    (pa.Check.gt(1), "is not more than 1"),
    (pa.Check.lt(1), "is not less than 1"),
    (pa.Check.le(1), "is more than 1"),
    (pa.Check.in_range(1, 2), "is not between 1 and 2"),
    (pa.Check.notin(["a", "b"]), "is one of a, b"),
    (pa.Check.str_contains("a+"), "does not contain a+"),
    (pa.Check.str_startswith("a"), "does not begin with a"),
    (pa.Check.str_endswith("a"), "does not end with a"),
    (pa.Check.str_length(exact_value=3), "does not have 3 characters"),
    (pa.Check.str_length(min_value=3), "has fewer than 3 characters"),
    (pa.Check.str_length(max_value=3), "has more than 3 characters"),
]


@pytest.mark.parametrize(("check", "words"), _WORDS)
def test_a_check_of_pandera_is_put_in_words(check: pa.Check, words: str) -> None:
    """No operator has to read the name of a function."""
    assert words_of(check) == f"{words}, against your schema."


@pytest.mark.parametrize(
    "check",
    [
        pa.Check.isin(["a"], error="own words"),
        pa.Check(bool, description="own words"),
        pa.Check(bool, name="own words"),
    ],
)
def test_the_user_s_own_words_win(check: pa.Check) -> None:
    """What the schema says about a check is what the operator reads."""
    assert words_of(check) == "fails a check of your schema: own words."


_YAML = """\
schema_type: dataframe
columns:
  ID:
    dtype: str
    checks:
      str_matches: ^[0-9]+$
"""


def test_a_schema_is_read_from_yaml(tmp_path: Path) -> None:
    """The format is that of pandera, as its documents describe it."""
    pytest.importorskip("yaml")
    path = tmp_path / "checks.yaml"
    path.write_text(_YAML, "utf-8")
    frame = pd.DataFrame({"ID": ["1", "x"]}, index=[2, 3], dtype="str")

    faults = OwnSchema.load(str(path)).find_faults(frame)

    assert [(fault.row, fault.fault.code) for fault in faults] == [(3, "own_schema")]


@pytest.mark.parametrize("text", ["columns: [1", "", "columns: 7", "- a"])
def test_a_file_that_is_no_schema_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever YAML or pandera raise becomes one clear error."""
    pytest.importorskip("yaml")
    path = tmp_path / "checks.yml"
    path.write_text(text, "utf-8")

    with pytest.raises(SettingsError, match="schema"):
        OwnSchema.load(str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The reason is the system's own."""
    pytest.importorskip("yaml")
    with pytest.raises(SettingsError, match="No such file"):
        OwnSchema.load(str(tmp_path / "none.yaml"))


def test_a_file_without_an_end_is_refused(tmp_path: Path) -> None:
    """Neither a device nor a file that is far too large is read into memory."""
    pytest.importorskip("yaml")
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    with pytest.raises(SettingsError, match="It is a device"):
        OwnSchema.load(str(tmp_path / "device.yaml"))
    (tmp_path / "large.yaml").write_text(_YAML + "#" * (1 << 20), "utf-8")
    with pytest.raises(SettingsError, match="It has more than 1,048,576 bytes"):
        OwnSchema.load(str(tmp_path / "large.yaml"))


def test_without_pyyaml_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    path = tmp_path / "checks.yaml"
    path.write_text(_YAML, "utf-8")
    monkeypatch.setitem(sys.modules, "yaml", None)  # as if it were not installed

    with pytest.raises(MissingExtraError, match="PyYAML"):
        OwnSchema.load(str(path))


_MODULE = """\
import pandera.pandas as pa

schema = pa.DataFrameSchema({"ID": pa.Column(str, unique=UNIQUE)})

class Model(pa.DataFrameModel):
    ID: str

text = "no schema"
empty = pa.DataFrameSchema()
"""


@pytest.mark.parametrize("name", ["schema", "Model"])
def test_a_schema_is_taken_from_a_module_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """An object and a model will do; the path of imports is left as it was."""
    (tmp_path / "own_checks.py").write_text(_MODULE.replace("UNIQUE", "False"), "utf-8")
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)

    schema = OwnSchema.load(f"own_checks:{name}")
    del sys.modules["own_checks"]

    assert schema.find_faults(pd.DataFrame({"ID": ["1"]}, dtype="str")) == []
    assert sys.path == path


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("own_checks_2:text", "is not a pandera schema"),
        ("own_checks_2:none", "can't be loaded"),
        ("own_checks_none:schema", "can't be loaded"),
        ("own_checks_2:schema", "wants values to be unique"),
        ("own_checks_2", "names no schema"),
        (":schema", "names no schema"),
        ("own_checks_2:empty", "checks nothing"),
    ],
)
def test_what_is_no_usable_schema_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str, words: str
) -> None:
    """Before anything is sent, and with what to give instead."""
    (tmp_path / "own_checks_2.py").write_text(_MODULE.replace("UNIQUE", "True"), "utf-8")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match=words):
        OwnSchema.load(spec)


def test_a_schema_that_drops_rows_refuses_them_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lead vanishes in silence."""
    text = (
        "import pandera.pandas as pa\n"
        'schema = pa.DataFrameSchema({"ID": pa.Column(str, pa.Check.eq("1"))},'
        " drop_invalid_rows=True)\n"
    )
    (tmp_path / "own_checks_3.py").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"ID": ["1", "2"]}, index=[2, 3], dtype="str")

    faults = OwnSchema.load("own_checks_3:schema").find_faults(frame)

    assert [fault.row for fault in faults] == [3]


def test_faults_of_the_own_schema_become_problems_of_leads() -> None:
    """After ours, with the cell, and masked where the column holds phones."""
    schema = OwnSchema(
        pa.DataFrameSchema(
            {
                "tel": pa.Column(str, pa.Check.str_startswith("098")),
                "ID": pa.Column(str, pa.Check.str_length(1)),
            },
            checks=pa.Check(lambda rows: rows["ID"] != "9", name="no nine"),
        )
    )
    frame = pd.DataFrame(
        {"tel": ["099 123 456", "098123456"], "ID": ["7", "9"]}, index=[2, 3], dtype="str"
    )
    columns = match_columns(list(frame.columns), {})
    rules = Rules(now=datetime(2026, 6, 1, tzinfo=UTC), own_schema=schema)
    fields = lay_out(frame, columns, Defaults(campaign="C")).fields
    screened = Screen(columns, rules).screen(LeadBatch(frame), fields)

    assert [problem.masked_sentence for problem in screened.problems] == [
        f"{fault} Change the cell, or the schema."
        for fault in (
            'Row 2, column "tel": … 456 does not begin with 098, against your schema.',
            "Row 3, the row fails a check of your schema: no nine.",
        )
    ]
