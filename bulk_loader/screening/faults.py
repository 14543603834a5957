"""What is wrong with a text, before it is known which lead holds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulk_loader.model import Problem

if TYPE_CHECKING:
    from bulk_loader.codes import ProblemCode


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as a person sees it.

    Attributes:
        row: row number.
        column: label of the column; None for the whole row.
        value: the text of the cell, before anything was done to it.
        is_personal: the value is a phone number or the like.
    """

    row: int
    column: str | None
    value: str
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text can't be taken: code, predicate and remedy as in `Problem`."""

    code: ProblemCode
    fault: str
    remedy: str

    def at(self, cell: Cell) -> Problem:
        """The problem of the lead that holds the text there."""
        return Problem(
            code=self.code,
            row=cell.row,
            column=cell.column,
            value=cell.value,
            fault=self.fault,
            remedy=self.remedy,
            is_personal=cell.is_personal,
        )

    def coded(self, code: ProblemCode) -> Fault:
        """The same fault under another code."""
        return replace(self, code=code)
