"""The user's own pandera schema over the columns of the file."""

from __future__ import annotations

import copy
import importlib
import io
import re
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandera.pandas as pa
from pandera.errors import SchemaErrorReason, SchemaErrors

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import ColumnError, MissingExtraError, SettingsError
from bulk_loader.masking import listed_columns, masked_label
from bulk_loader.screening.check_words import words_of
from bulk_loader.screening.faults import Fault
from bulk_loader.small_files import read_small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from pandera.errors import SchemaError


_MOST_BYTES = 1 << 20  # of a schema; one with a hundred columns has about 30 KB
_FORMS = "Give a file such as checks.yaml, or an object such as my_checks:schema."
_UNSHOWN = "What it says of that is not shown, since it may hold what stands in a cell."
_CHANGE = "Change the cell, or the schema."

# What pandera says of the whole batch after a single cell could not be converted; the cell is
# reported, and the other rows are validated again without it.
_FOLLOWS_FROM_COERCION = (SchemaErrorReason.WRONG_DATATYPE, SchemaErrorReason.CHECK_ERROR)

_COLUMN_FAULTS = {
    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME: 'The schema needs the column "{}".',
    SchemaErrorReason.INVALID_COLUMN_NAME: 'The schema needs a column named like "{}".',
    SchemaErrorReason.COLUMN_NOT_IN_SCHEMA: 'The schema does not allow the column "{}".',
    SchemaErrorReason.COLUMN_NOT_ORDERED: 'The schema wants the column "{}" in another place.',
}


class CellFault(NamedTuple):
    """A cell that the user's schema refuses; `column` is None where a whole row is refused."""

    row: int
    column: str | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class OwnSchema:
    """A schema that may refuse leads and never changes them.

    Cells are text and an empty cell is a missing value, so that `nullable` and `coerce` mean
    what they say. It sees one batch at a time, so what compares rows is not taken.
    """

    schema: pa.DataFrameSchema

    @classmethod
    def load(cls, spec: str) -> OwnSchema:
        """Read `file.yaml` in pandera's own format, or take `module:object`.

        Raises:
            SettingsError: nothing is there, it is no schema, or it compares rows.
            MissingExtraError: YAML can't be read by this installation.
        """
        is_file = spec.lower().endswith((".yaml", ".yml"))
        found = _from_yaml(Path(spec)) if is_file else _from_module(spec)
        if isinstance(found, type) and issubclass(found, pa.DataFrameModel):
            found = found.to_schema()
        if not isinstance(found, pa.DataFrameSchema):
            raise SettingsError(
                f'"{spec}" is not a pandera schema.', f"It is {type(found).__name__}.", _FORMS
            )
        if not (found.columns or found.checks):
            raise SettingsError(f'The schema "{spec}" checks nothing.', "", _FORMS)
        schema = copy.deepcopy(found)
        schema.drop_invalid_rows = False  # it would drop them without a word
        if schema.unique or any(column.unique for column in schema.columns.values()):
            raise SettingsError(
                f'The schema "{spec}" wants values to be unique.',
                "Candidates are checked in batches, so equal values far apart would not be seen.",
                "Take unique out of the schema; --duplicates treats equal campaigns and numbers.",
            )
        return cls(schema)

    def find_faults(self, frame: pd.DataFrame) -> list[CellFault]:
        """Every cell and row that the schema refuses, ascending by row.

        Raises:
            ColumnError: a column that the schema needs is missing, or one is not allowed.
            SettingsError: a column is to have a type that text has not, without `coerce`; a
                check broke down, or gave one verdict for the whole batch.
        """
        cells = _with_missing(frame)
        failures = self._failures(cells)
        unread = {
            row
            for failure in failures
            if failure.reason_code is SchemaErrorReason.DATATYPE_COERCION
            for row in failure.failure_cases["index"]
        }
        if unread:
            faults = [
                fault for failure in failures for fault in _faults(failure) if fault.row in unread
            ]
            rest = self._failures(cells.drop(index=list(unread)))
        else:
            faults, rest = [], failures
        for failure in rest:
            _refuse_verdict_on_all(failure)
            faults.extend(_faults(failure))
        return sorted(dict.fromkeys(faults), key=lambda fault: fault.row)

    def _failures(self, cells: pd.DataFrame) -> Sequence[SchemaError]:
        try:
            self.schema.validate(cells, lazy=True)
        except SchemaErrors as errors:
            failures = list(errors.schema_errors)
        except Exception as error:  # the user's parsers and types may raise anything
            raise SettingsError(
                "The schema broke down.",
                f"It raised {type(error).__name__}{_place_of(error)}. {_UNSHOWN}",
                "Mend the schema.",
            ) from error
        else:
            return []
        _refuse_faults_of_columns(failures, cells)
        return failures


def _from_yaml(path: Path) -> object:
    try:
        content = read_small(path, _MOST_BYTES).content.decode("utf-8-sig")
        return pa.DataFrameSchema.from_yaml(io.StringIO(content))  # a string would be a path
    except ImportError as error:
        raise MissingExtraError(
            f'The schema "{path}" can\'t be read.',
            "Reading YAML needs the package PyYAML, which is not installed.",
            'Install it: pip install "bulk-loader[schema]"',
        ) from error
    except OSError as error:
        raise SettingsError(
            f'The schema "{path}" can\'t be read.', str(error.strerror), _FORMS
        ) from error
    except Exception as error:  # pandera and YAML raise whatever a wrong file leads them into
        raise SettingsError(
            f'The file "{path}" is not a schema in pandera\'s format.',
            " ".join(f"{type(error).__name__}: {error}".split()),
            "DataFrameSchema.to_yaml() of pandera writes such files.",
        ) from error


def _from_module(spec: str) -> object:
    module, colon, name = spec.partition(":")
    if not (module and colon and name):
        raise SettingsError(f'"{spec}" names no schema.', "", _FORMS)
    here = str(Path.cwd())
    sys.path.insert(0, here)  # an installed command does not look into the working directory
    try:
        return getattr(importlib.import_module(module), name)
    except Exception as error:  # the user's module may raise anything while it is imported
        raise SettingsError(
            f'The schema "{spec}" can\'t be loaded.', f"{type(error).__name__}: {error}", _FORMS
        ) from error
    finally:
        sys.path.remove(here)


def _with_missing(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.mask(frame == "")


def _faults(failure: SchemaError) -> Iterator[CellFault]:
    """What one check refused; nothing where it says no more than a failed conversion did."""
    if failure.reason_code in _FOLLOWS_FROM_COERCION:
        return
    cases = failure.failure_cases
    if "column" in cases:  # a check of whole rows names every cell of the row
        fault = _fault(words_of(failure.check))
        yield from (CellFault(row, None, fault) for row in dict.fromkeys(cases["index"].tolist()))
        return
    column = failure.column_name or failure.schema.name
    for row, is_empty in zip(cases["index"], cases["failure_case"].isna(), strict=True):
        if is_empty:
            yield CellFault(row, column, _fault("is empty, and your schema wants a value."))
        elif failure.reason_code is SchemaErrorReason.DATATYPE_COERCION:
            words = f"can't be read as {failure.schema.dtype}, as your schema asks."
            yield CellFault(row, column, _fault(words))
        else:
            yield CellFault(row, column, _fault(words_of(failure.check)))


def _fault(words: str) -> Fault:
    return Fault(ProblemCode.OWN_SCHEMA, words, _CHANGE)


def _refuse_faults_of_columns(failures: Sequence[SchemaError], cells: pd.DataFrame) -> None:
    has_unconverted = any(
        failure.reason_code is SchemaErrorReason.DATATYPE_COERCION for failure in failures
    )
    for failure in failures:
        if failure.reason_code in _COLUMN_FAULTS:
            is_pattern = failure.reason_code is SchemaErrorReason.INVALID_COLUMN_NAME
            name = failure.schema.name if is_pattern else failure.failure_cases
            raise ColumnError(
                _COLUMN_FAULTS[failure.reason_code].format(masked_label(str(name))),
                f"The file has {listed_columns(list(cells.columns))}.",
                "Change the schema or the file.",
            )
        if failure.reason_code is SchemaErrorReason.WRONG_DATATYPE and not has_unconverted:
            raise SettingsError(
                f'The schema wants {failure.schema.dtype} in the column "{failure.schema.name}".',
                "Cells are text until they are converted.",
                "Write coerce: true for this column, or dtype: str.",
            )


def _place_of(error: Exception) -> str:
    """The last line of the user's own code that it went through."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    own = [frame for frame in frames if "site-packages" not in Path(frame.filename).parts]
    return f" in {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""


def _raised(failure: SchemaError) -> str:
    """The kind of what a check raised; pandera passes it on as text, `ValueError("…")`."""
    kind = re.match(r"\w+", str(failure.failure_cases))
    return kind[0] if kind else "an error"


def _refuse_verdict_on_all(failure: SchemaError) -> None:
    name = getattr(failure.check, "name", failure.check)
    if failure.reason_code is SchemaErrorReason.CHECK_ERROR:
        raise SettingsError(
            f'The check "{name}" of the schema broke down.',
            f"It raised {_raised(failure)}. {_UNSHOWN}",
            "Mend the check.",
        )
    if not hasattr(failure.failure_cases, "columns"):
        raise SettingsError(
            f'The check "{name}" of the schema gave one verdict for many rows.',
            "Only a verdict for each row tells which leads may be sent.",
            "Let the check return one truth value for each row.",
        )
