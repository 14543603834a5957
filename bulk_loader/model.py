"""The values that flow from the spreadsheet to the results file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bulk_loader.campaigns import Campaigns
from bulk_loader.codes import OutcomeCode
from bulk_loader.masking import mask, masked_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import pandas as pd

    from bulk_loader.codes import Code

RESULT_COLUMNS = ("dialer_result", "dialer_status", "dialer_error")
"""The columns that a results file adds at the right of the user's own, in this order."""

EXAMPLE_MARK = "#example"
"""A row whose first cell begins with this is an example of the template, never a lead."""


class Field(StrEnum):
    """The nine keys of a task, in the order of the vendor's page "Add Record to Dialer"."""

    CALLDATE = "calldate"
    CAMPAIGN = "campaign"
    DESTINATION = "destination"
    ALTERNATIVES = "alternatives"
    AGENT = "agent"
    DATA = "data"
    SOURCE = "source"
    BULK = "bulk"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class DialerTask:
    """One call record, as the dialer takes it.

    Source: the vendor's page "Add Record to Dialer", for the keys, types and meanings.

    Attributes:
        calldate: `YYYY-MM-DD HH:MM:SS` in the dialer's time zone; None for as soon as possible.
        campaign: never empty.
        destination: the phone number to dial, as text; never empty.
        alternatives: other numbers joined by `:`; may be empty.
        agent: phone or extension of one agent; may be empty.
        data: `name=value` pairs joined by `:`; may be empty.
    """

    calldate: str | None
    campaign: str
    destination: str
    alternatives: str
    agent: str
    data: str
    source: str
    bulk: bool
    automatic: bool


class Status(StrEnum):
    """What became of a lead; every lead ends in exactly one."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INVALID = "invalid"
    UNSENT = "unsent"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"

    @property
    def result(self) -> str:
        """`1` where the dialer took the lead, `0` for everything else."""
        return "1" if self is Status.ACCEPTED else "0"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a lead was refused before sending; read as "{value} {fault}", then the remedy.

    Attributes:
        row: row number as the spreadsheet program shows it.
        column: label of the column; None where the whole row is at fault.
        value: what a person sees in the cell; "" for an empty cell or a whole row.
        fault: predicate after the value, such as "is not a phone number: ...", ends with a stop;
            never with a value in it.
        remedy: what to do, a whole sentence.
        is_personal: the value is a phone number or the like, of which a terminal shows the end;
            of any other value it shows nothing.
    """

    code: Code
    row: int
    column: str | None
    value: str
    fault: str
    remedy: str
    is_personal: bool = False

    @property
    def sentence(self) -> str:
        """Fault and remedy with the whole value, for the results file."""
        return self._sentence(self.value, self.column)

    @property
    def masked_sentence(self) -> str:
        """Row, fault and remedy without the value, for everything but the results file."""
        shown = mask(self.value) if self.is_personal else "the value"
        column = self.column and masked_label(self.column)
        return f"Row {self.row}, {self._sentence(self.value and shown, column)}"

    @property
    def advice(self) -> str:
        """Fault and remedy with the whole value, for a note at the cell itself."""
        shown = _shortened(self.value) if self.value else "the cell"
        return f"{shown} {self.fault} {self.remedy}".rstrip()

    @property
    def masked_fault(self) -> str:
        """Row and fault without the value, where column and remedy are said already."""
        return f"Row {self.row}: {self.told()}"

    def told(self, *, whole: bool = False) -> str:
        """The fault, where row, column and remedy are said already.

        Args:
            whole: with the whole value, for whoever asked for it.
        """
        masked = mask(self.value) if self.is_personal else "the value"
        shown = self.value and (self.value if whole else masked)
        subject = "the row" if self.column is None else shown or "the cell"
        return f"{_shortened(subject)} {self.fault}"

    def _sentence(self, shown: str, column: str | None) -> str:
        if column is None:
            return f"the row {self.fault} {self.remedy}".rstrip()
        subject = _shortened(shown) if shown else "the cell"
        # A workbook looks for the name of a column in just these words, to mark its cell.
        return f'column "{column}": {subject} {self.fault} {self.remedy}'.rstrip()


# Longer values are cut in messages: a sentence that holds a whole novel tells nothing.
MAX_SHOWN_LENGTH = 60


def _shortened(value: str) -> str:
    text = " ".join(value.split())
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[: MAX_SHOWN_LENGTH - 1]}…"


@dataclass(frozen=True, slots=True)
class LeadBatch:
    """Consecutive leads of one file.

    Attributes:
        frame: text only, no missing values; index: row numbers, ascending; columns: the labels
            of the table. Rows without any text are not leads and are not here.
        damages: problems of single cells or whole rows found while reading. A damage of a cell
            matters only where its column is used; one with no column always does.
    """

    frame: pd.DataFrame
    damages: Sequence[Problem] = ()


class FileFormat(StrEnum):
    """Formats by content, whatever the file's name says."""

    CSV = "csv"
    XLSX = "xlsx"
    XLSM = "xlsm"
    XLS = "xls"
    XLSB = "xlsb"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class TextDialect:
    """How a text file is written, so that its results file can be written alike.

    Attributes:
        encoding: name of a Python codec, without the byte order mark.
        has_bom: a byte order mark stands at the beginning.
        delimiter: one character.
        quotes_all: every cell is quoted, not only those that need it.
        line_end: what ends a row: LF, CR LF or CR.
        has_sep_line: a line `sep=;` stands before everything else.
    """

    encoding: str = "utf-8"
    has_bom: bool = False
    delimiter: str = ","
    quotes_all: bool = False
    line_end: str = "\n"
    has_sep_line: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What was found out about a file before anything is sent.

    Attributes:
        path: absolute.
        digest: SHA-256 of the file's bytes, hexadecimal.
        columns: labels, unique: the header's text, with the column's letter added where the
            text is empty or stands twice (`telefono [D]`).
        leads: number of rows with any text below the header.
        header_row: row number of the header; 0 where the file has none.
        dialect: None for workbooks.
        sheet: None for text files.
        notes: what was decided, one sentence each, to be said before anything is sent.
        is_piped: the list was read from a pipe, so that nothing stands at `path`, or nothing that
            can be read again.
        file_limit: how many times the usual the file may cost, by the user's word.
        phone_sheets: other sheets whose header names a phone, where the one that was read, which
            nobody chose, names none for sure.
    """

    path: Path
    format: FileFormat
    digest: str
    columns: tuple[str, ...]
    leads: int
    header_row: int
    dialect: TextDialect | None = None
    sheet: str | None = None
    notes: tuple[str, ...] = ()
    is_piped: bool = False
    file_limit: float = 1.0
    phone_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which columns of a file feed which field.

    Attributes:
        columns: labels by field, in the order of the file; only `alternatives` may have several.
            A field without a column is not a key.
        template_columns: labels that the template for `data` refers to.
    """

    columns: Mapping[Field, tuple[str, ...]]
    template_columns: tuple[str, ...] = ()

    def label(self, name: Field) -> str:
        """The column to name in a message about a field: its first label, else the field's name."""
        labels = self.columns.get(name, ())
        return labels[0] if labels else name.value


DATA_SEPARATOR = r"\r\n|[:=\t\n\v\f\r\x85\u2028\u2029]"
"""Pattern of what ends a name, a value or a line in `data`."""


class LeadTable(Protocol):
    """A file that can be read as often as needed, in bounded memory."""

    @property
    def source(self) -> Source:
        """What was found out about the file."""

    def batches(self, size: int = 1000) -> Iterator[LeadBatch]:
        """All leads in order, at most `size` a batch; opens the file anew each time."""

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every row of the sheet with its row number, the header and rows before it included.

        Cells are the text that a person sees, as many as the row has.
        """


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one lead, as the ledger keeps it: no phone number, name or payload.

    Attributes:
        row: row number.
        code: the reason, or what is wrong with the row.
        detail: what the code's sentence needs, such as a row number or an HTTP status.
    """

    row: int
    status: Status
    code: Code = OutcomeCode.NONE
    detail: str = ""


class RunKind(StrEnum):
    """What a run was asked to do, by the verb of the command."""

    UPLOAD = "upload"
    RETRY = "retry"


class Ending(StrEnum):
    """How a run ended, or that it has not."""

    UNFINISHED = "unfinished"
    FINISHED = "finished"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class FrequentProblem:
    """A kind of problem that many leads of a run have.

    Attributes:
        sentence: what the kind is; it holds nothing of any lead.
        leads: how many have it.
        row: the first of them.
        told: what is wrong with that one, its value masked; "" where the sentence says it.
    """

    status: Status
    code: Code
    sentence: str
    leads: int
    row: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """One run in figures; `counts` adds up to the leads of the file.

    Attributes:
        digest: SHA-256 of the file's bytes as they were read, hexadecimal.
        target: address of the dialer, without credentials.
        profile: the one that was named; None for none.
        counts: leads by status; statuses with none are there with 0.
        sent: requests that the dialer answered or may have taken, in this session of the run.
        seconds: wall time of this session, without pauses that somebody wanted.
        started_at: when the call began, which reads the file before the session begins; UTC.
        ended_at: when the results were written; UTC.
        results: path of the results file; None where none was written.
        stopped_why: the rule or fault that stopped the run, one sentence; "" where none did.
        notes: what else the user should know, one sentence each.
        campaigns: those of the list, as it was read.
        fault: what stopped the run where that was a fault of the program itself.
        problems: the three kinds that most leads have which somebody must do something about.
        report: path of the page that tells all of it; None where none was written.
    """

    run_id: str
    kind: RunKind
    file: Path
    digest: str
    target: str
    profile: str | None
    ending: Ending
    counts: Mapping[Status, int]
    sent: int
    seconds: float
    started_at: datetime
    ended_at: datetime
    results: Path | None
    stopped_why: str = ""
    notes: tuple[str, ...] = ()
    campaigns: Campaigns = field(default_factory=Campaigns)
    fault: Exception | None = None
    problems: tuple[FrequentProblem, ...] = ()
    report: Path | None = None

    @property
    def leads(self) -> int:
        """Leads of the file."""
        return sum(self.counts.values())

    @property
    def rows_per_second(self) -> float:
        """Leads sent per second of that time."""
        return self.sent / self.seconds if self.seconds > 0 else 0.0


def leads_text(count: int) -> str:
    """So many leads in words."""
    return "1 lead" if count == 1 else f"{count:,} leads"
