"""The nine fields of every lead as text, from its columns and the defaults."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bulk_loader.choices import DataSeparators
from bulk_loader.mapping.columns import find_column
from bulk_loader.mapping.template import parse_template
from bulk_loader.model import DATA_SEPARATOR, Field

if TYPE_CHECKING:
    from bulk_loader.model import ColumnMap

_find_separator = re.compile(DATA_SEPARATOR).search


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in for a missing column or an empty cell.

    Attributes:
        data: a template such as `idcustomer={ID}:name={Name}`, or plain text.
        source: the dialer wants one; the vendor's example sends `source`.
    """

    campaign: str = ""
    agent: str = ""
    data: str = ""
    source: str = "source"
    calldate: str = ""
    alternatives: str = ""
    bulk: bool = False
    automatic: bool = True

    def texts(self) -> dict[Field, str]:
        """By field, as a cell would hold it; the template of `data` as it stands."""
        return {
            Field.CALLDATE: self.calldate.strip(),
            Field.CAMPAIGN: self.campaign.strip(),
            Field.DESTINATION: "",
            Field.ALTERNATIVES: self.alternatives.strip(),
            Field.AGENT: self.agent.strip(),
            Field.DATA: self.data.strip(),
            Field.SOURCE: self.source.strip(),
            Field.BULK: str(self.bulk).lower(),
            Field.AUTOMATIC: str(self.automatic).lower(),
        }


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The leads of a batch as fields.

    Attributes:
        fields: nine text columns named by the values of `Field`, with the batch's index.
        touched: leads whose `data` had a separator replaced by a space.
    """

    fields: pd.DataFrame
    touched: int


def lay_out(
    frame: pd.DataFrame,
    columns: ColumnMap,
    defaults: Defaults,
    separators: DataSeparators = DataSeparators.SPACE,
) -> LaidOut:
    """Give every lead its nine fields, without surrounding white space, not yet judged.

    A filled cell wins over the default, a filled column `data` over the template. Several
    columns of `alternatives` are joined by `:`, empty ones left out.

    Raises:
        ColumnError: the template names a column that the frame doesn't have.
    """
    stand_ins = {name: [text] * len(frame) for name, text in defaults.texts().items()}
    stand_ins[Field.DATA], touched = _filled_template(frame, defaults.data.strip(), separators)
    fields: dict[str, list[str]] = {}
    for name in Field:
        own = _cells(frame, columns.columns.get(name, ()))
        if own is None:
            fields[name.value] = stand_ins[name]
        else:
            pairs = zip(own, stand_ins[name], strict=True)
            fields[name.value] = [cell or stand_in for cell, stand_in in pairs]
        if own is not None and name is Field.DATA:
            touched = {position for position in touched if not own[position]}
    return LaidOut(pd.DataFrame(fields, index=frame.index, dtype="str"), len(touched))


def _cells(frame: pd.DataFrame, labels: tuple[str, ...]) -> list[str] | None:
    """One text a lead from the columns of a field; None where it has no column."""
    stripped = [[cell.strip() for cell in frame[label].tolist()] for label in labels]
    if len(stripped) <= 1:
        return stripped[0] if stripped else None
    return [":".join(filter(None, cells)) for cells in zip(*stripped, strict=True)]


def _filled_template(
    frame: pd.DataFrame, text: str, separators: DataSeparators
) -> tuple[list[str], set[int]]:
    """One text a lead, and the positions of those with a separator replaced."""
    template = parse_template(text)
    if not template.names:
        return [template.pattern.format()] * len(frame), set()
    labels = [find_column(name, list(frame.columns), "--data") for name in template.names]
    values = {label: [cell.strip() for cell in frame[label].tolist()] for label in labels}
    touched: set[int] = set()
    if separators is DataSeparators.SPACE:
        for cells in values.values():
            touched |= _replace_separators(cells)
    return template.fill([values[label] for label in labels]), touched


def _replace_separators(cells: list[str]) -> set[int]:
    """Put a space for each separator, in place; the positions that changed."""
    if not _find_separator("".join(cells)):  # one search for the usual case: none at all
        return set()
    found = {position for position, cell in enumerate(cells) if _find_separator(cell)}
    for position in found:
        cells[position] = re.sub(DATA_SEPARATOR, " ", cells[position])
    return found
