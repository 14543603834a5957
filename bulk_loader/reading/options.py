"""What the user says about a file; what is not said is found out from the content."""

from __future__ import annotations

from dataclasses import dataclass, field

from bulk_loader.choices import HiddenRows
from bulk_loader.reading.pipes import Patience
from bulk_loader.reading.tally import Tally
from bulk_loader.spreadsheets.limits import Limits


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """The user's word about a file; it wins over what the content suggests.

    Attributes:
        sheet: name of the sheet of a workbook; None for the one that was active when saved.
        header_row: row number of the header; 0 where the file has none; None to find it.
        encoding: name of a Python codec for a text file; None to find it.
        delimiter: one character for a text file; None to find it.
        hidden: `ask` stops and says how many there are.
        tally: is told of each lead that is come across.
    """

    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    hidden: HiddenRows = HiddenRows.ASK
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    tally: Tally = field(default_factory=Tally)
