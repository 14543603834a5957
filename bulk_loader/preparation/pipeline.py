"""The one way through reading, mapping and screening, the same for every verb."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.choices import OddRows
from bulk_loader.errors import ColumnError, SettingsError
from bulk_loader.mapping import Defaults, LeftOut, lay_out, left_out, match_columns
from bulk_loader.masking import masked_label
from bulk_loader.model import RESULT_COLUMNS, Field, Status
from bulk_loader.preparation.looking_through import look_through
from bulk_loader.preparation.screening_rules import require_fields, screening_rules
from bulk_loader.reading import Limits, Patience, ReadingOptions, Tally, open_leads
from bulk_loader.screening.screen import Screen
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.choices import DataSeparators
    from bulk_loader.model import ColumnMap, LeadBatch, LeadTable, Source
    from bulk_loader.reading.opening import OpenedTable
    from bulk_loader.screening.calling_hours import CallingHours
    from bulk_loader.screening.screen import Screened
    from bulk_loader.screening.suppression import SuppressionList
    from bulk_loader.screening.whole_list import WholeList
    from bulk_loader.settings import Settings


# A check calls a lead that would be sent valid, not unsent.
_GIVEN_BY_A_RUN = frozenset({Status.ACCEPTED, Status.REJECTED, Status.UNKNOWN, Status.UNSENT})


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A file whose columns are known to fit; every batch of it can be screened.

    Attributes:
        listed: the do-not-call lists; None where none is named.
        hours: when people may be called; None for at any time.
        left_out: the columns of which nothing is sent.
        whole_list: what the list is like; None where it was not looked through.
    """

    table: LeadTable
    columns: ColumnMap
    defaults: Defaults
    separators: DataSeparators
    screener: Screen
    listed: SuppressionList | None = None
    hours: CallingHours | None = None
    left_out: LeftOut = field(default_factory=LeftOut)
    whole_list: WholeList | None = None

    def screen(self, batch: LeadBatch) -> tuple[Screened, int]:
        """The leads that may be sent and what is wrong with the others.

        Returns:
            What the screening says, and how many leads had a separator of `data` replaced.
        """
        laid_out = lay_out(batch.frame, self.columns, self.defaults, self.separators)
        return self.screener.screen(batch, laid_out.fields), laid_out.touched

    @property
    def decisions(self) -> tuple[str, ...]:
        """All that was decided about the file, one sentence each."""
        return (*self.table.source.notes, self.decision)

    @property
    def decision(self) -> str:
        """Which column feeds which field, and which feed none, in a few sentences."""
        fed = self.columns.columns.items()
        pairs = [f"{name.value} <- {', '.join(map(masked_label, of))}" for name, of in fed]
        if template := self.columns.template_columns:
            pairs.append(f"data <- {', '.join(map(masked_label, template))} by its template")
        return " ".join((f"Columns: {'; '.join(pairs)}.", *self.left_out.sentences))


def open_table(
    file: Path,
    settings: Settings,
    tell: Callable[[str], None] | None = None,
    tally: Tally | None = None,
) -> OpenedTable:
    """Read a file through once.

    Args:
        tell: takes a sentence where a pipe keeps the reading waiting.
        tally: counts the leads on the way.

    Raises:
        SourceError: it can't be read, or holds no leads.
    """
    options = ReadingOptions(
        sheet=settings.sheet,
        header_row=settings.header_row,
        encoding=settings.encoding,
        delimiter=settings.delimiter,
        hidden=settings.hidden,
        limits=Limits().times(settings.file_limit),
        patience=Patience(tell) if tell else Patience(),
        tally=tally or Tally(),
    )
    table = open_leads(file, options)
    _require_fitting(table, settings)
    return table


def _require_fitting(table: LeadTable, settings: Settings) -> None:
    """Make sure that what was said of the file can be true of it."""
    is_text = table.source.dialect is not None
    for name in ("sheet",) if is_text else ("encoding", "delimiter"):
        if getattr(settings, name) is not None:
            kind = "a text file" if is_text else "a workbook"
            raise SettingsError(
                f"--{name} does not fit {table.source.path.name}.",
                f"It is {kind}, which has no {name}; the setting comes from "
                f"{settings.origin(name)}.",
                "Leave it out, or give another file.",
            )


def is_results_file(table: LeadTable) -> bool:
    """The file has the three columns of an outcome, and it is not what a check wrote."""
    return set(RESULT_COLUMNS) <= set(table.source.columns) and not is_checked_file(table)


def is_checked_file(table: LeadTable) -> bool:
    """The file is what a check wrote: it says of its leads how they are, and of none what became.

    Somebody who would make one of a results file has to empty all of its results and statuses.
    """
    if not set(RESULT_COLUMNS) <= set(table.source.columns):
        return False
    result, status, _ = RESULT_COLUMNS
    is_judged = False
    for batch in table.batches():
        statuses = batch.frame[status].str.strip().str.lower()
        if batch.frame[result].str.strip().any() or statuses.isin(_GIVEN_BY_A_RUN).any():
            return False
        is_judged = is_judged or bool(statuses.any())
    return is_judged


def _require_right_sheet(source: Source) -> None:
    """Ask which sheet is meant where it is more likely another one than that in front.

    Raises:
        ColumnError: with the options that say it.
    """
    if not source.phone_sheets:
        return
    named = ", ".join(f'"{name}"' for name in source.phone_sheets)
    choices = [typed("--sheet", name) for name in (*source.phone_sheets, source.sheet or "")]
    raise ColumnError(
        f'The sheet "{source.sheet}" was in front when the file was saved, and none of its columns '
        "surely holds the phone number.",
        f"There is such a column in: {named}.",
        f"Say which sheet is meant: {' or '.join(choices)}",
    )


def build_pipeline(
    table: LeadTable, settings: Settings, now: datetime, began_at: datetime | None = None
) -> Pipeline:
    """Match the columns, and judge the defaults and the rules before any lead.

    Args:
        began_at: of the run that is gone on with; None for a new one.

    Raises:
        ColumnError: the columns do not fit the task.
        SettingsError: a default or a rule can't be used, or a field that must be there has
            neither a column nor a default.
    """
    if Field.DESTINATION not in settings.map:
        _require_right_sheet(table.source)
    columns = match_columns(table.source.columns, settings.map, settings.data)
    defaults = Defaults(
        campaign=settings.campaign,
        agent=settings.agent,
        data=settings.data,
        source=settings.source,
        calldate=settings.calldate,
        alternatives=settings.alternatives,
        bulk=settings.bulk,
        automatic=settings.automatic,
    )
    require_fields(columns, defaults, settings)
    rules = screening_rules(settings, now, began_at or now)
    screener = Screen(columns, rules)
    screener.check_defaults(defaults.texts())
    whole_list = None
    if settings.odd_rows is OddRows.REJECT:
        whole_list = look_through(table, columns, settings.batch_size)
        screener = screener.knowing(whole_list)
    return Pipeline(
        table=table,
        columns=columns,
        defaults=defaults,
        separators=rules.separators,
        screener=screener,
        listed=rules.suppression,
        hours=rules.calling_hours,
        left_out=left_out(table.source.columns, columns, settings.map.keys()),
        whole_list=whole_list,
    )
