"""What the desk remembers of a list, as it stands in a file beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from bulk_loader.errors import ErrorCode
from bulk_loader.model import Ending, RunKind, Status

if TYPE_CHECKING:
    from bulk_loader.errors import LoaderError
    from bulk_loader.model import Summary

FORM_SETTINGS = (
    *("sheet", "header_row", "hidden", "encoding", "delimiter"),
    *("date_format", "phone_region"),
)
"""How the file is read, as a person may say it."""

STAND_INS = ("campaign", "agent", "data", "source", "calldate", "alternatives")
"""What stands in for empty cells and missing columns."""


class Choices(BaseModel):
    """What a person said of a list; what is empty was not said.

    Attributes:
        settings: text by name of the setting, of `FORM_SETTINGS` and `STAND_INS`; none is empty.
        map: columns by field, the whole of it; None where the names of the columns decide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: str = ""
    settings: dict[str, str] = {}
    map: dict[str, tuple[str, ...]] | None = None

    def flags(self) -> dict[str, object]:
        """The same as options of the command."""
        given: dict[str, object] = dict(self.settings)
        if self.profile:
            given["profile"] = self.profile
        if self.map is not None:
            given["map"] = {name: labels or ("",) for name, labels in self.map.items()}
        return given


class Trouble(BaseModel):
    """A `LoaderError` that is shown later."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    why: str = ""
    remedy: str = ""
    code: ErrorCode = ErrorCode.FAILED

    @classmethod
    def of(cls, error: LoaderError) -> Trouble:
        """Its three parts."""
        return cls(what=error.what, why=error.why, remedy=error.remedy, code=error.code)


class AsFor(BaseModel):
    """Another list, whose choices were taken over.

    Attributes:
        name: of its file.
        header: to which its reading has led.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    said_at: datetime
    header: str


class RehearsalWish(BaseModel):
    """What a person assumes of the agents, as it was typed; what is empty was not said.

    Attributes:
        asked_at: when, with its zone; the rehearsal begins then, however often it is looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    agents: str
    shift: str = ""
    seeds: str = ""
    asked_at: datetime

    def written(self) -> dict[str, object]:
        """The same as options of the command."""
        given = {"agents": self.agents, "shift": self.shift, "seeds": self.seeds}
        told = {name: text for name, text in given.items() if text or name == "agents"}
        return {**told, "starts_at": self.asked_at.isoformat()}


class Order(BaseModel):
    """What a person wants sent.

    Attributes:
        is_trial: to a sandbox inside the desk, where nobody is called.
        include: of a retry, the statuses that are sent again only where a person says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RunKind
    is_trial: bool = False
    include: frozenset[Status] = frozenset()


class Sent(BaseModel):
    """How a sending of a list ended.

    Attributes:
        counts: leads by status.
        results: name of the results file; "" where there is none.
        report: name of the page that tells all of it; "" where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RunKind
    is_trial: bool
    ended_at: datetime
    run_id: str
    target: str
    ending: Ending
    counts: dict[Status, int]
    sent: int
    seconds: float
    stopped_why: str = ""
    results: str = ""
    report: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, summary: Summary, *, is_trial: bool) -> Sent:
        """What is kept of a summary."""
        return cls(
            kind=summary.kind,
            is_trial=is_trial,
            ended_at=summary.ended_at,
            run_id=summary.run_id,
            target=summary.target,
            ending=summary.ending,
            counts=dict(summary.counts),
            sent=summary.sent,
            seconds=summary.seconds,
            stopped_why=summary.stopped_why,
            results="" if summary.results is None else summary.results.name,
            report="" if summary.report is None else summary.report.name,
            notes=summary.notes,
        )


class Corrected(BaseModel):
    """What became of a file at the desk by what was typed into its cells.

    Attributes:
        turn: of the list when that was done last.
        cells: that were typed into, all times together.
        saved_as: the name by which the copy is saved.
        notes: what is not in the copy, one sentence each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: int
    cells: int
    saved_as: str
    notes: tuple[str, ...] = ()


class ListRecord(BaseModel):
    """One list.

    Attributes:
        name: of its file, as it stands in its folder.
        touched_at: when somebody last did something with it.
        edition: grows with whatever changes what the list is: another sheet, another column.
        turn: grows with each sending, so that a form which was made before it sends nothing.
        is_results: it is a results file, for a retry.
        is_sending: leads are being sent; or were when the desk was killed.
        order: what is sent, or was last.
        last: how the last sending that came to its end did so.
        trouble: what kept the last sending from its end; None where nothing did.
        rehearsal: what was rehearsed last; None for nothing.
        header: digest of the header that it came with; "" where it has none, or as long as nobody
            has looked.
        as_for: the list whose choices these are; None for this very one.
        is_anew: somebody has said something of this very list, so nothing is taken over.
        digest: SHA-256 of the list as it was dropped, or corrected last.
        before: digests of the same list before cells of it were corrected, as far as it was dropped
            or may have been sent so.
        corrected: by the name of the file, the list's own or that of its results.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    added_at: datetime
    touched_at: datetime
    edition: int = 0
    turn: int = 0
    is_results: bool = False
    is_sending: bool = False
    choices: Choices = Field(default_factory=Choices)
    order: Order | None = None
    last: Sent | None = None
    trouble: Trouble | None = None
    rehearsal: RehearsalWish | None = None
    header: str = ""
    as_for: AsFor | None = None
    is_anew: bool = False
    digest: str = ""
    before: frozenset[str] = frozenset()
    corrected: dict[str, Corrected] = {}

    @property
    def to_correct(self) -> str:
        """Name of the file whose cells are corrected.

        What was sent for real is corrected in its results, where it stands what was taken; a list
        that was changed since would be a new one one day, and all of its leads sent again.
        """
        is_sent = self.last is not None and not self.last.is_trial and self.last.results
        return self.results if is_sent else self.name

    @property
    def correction(self) -> Corrected | None:
        """What was corrected in that file; None where nothing was since it was written."""
        corrected = self.corrected.get(self.to_correct)
        is_list = self.to_correct == self.name and not self.is_results
        return corrected if corrected and (is_list or corrected.turn == self.turn) else None

    @property
    def sends_results(self) -> bool:
        """Only results can be sent: it is a results file, or cells of its results were corrected.

        A run of the list would set these aside, with what was typed into them.
        """
        is_corrected = self.to_correct != self.name and self.correction is not None
        return self.is_results or is_corrected

    @property
    def results(self) -> str:
        """Name of its results file; "" where there is none."""
        if self.is_results:
            return self.name
        return self.last.results if self.last else ""

    @property
    def can_go_on(self) -> bool:
        """The same order once more would send what is left of it."""
        if self.order is None or self.is_sending:
            return False
        if self.trouble is not None:
            return self.trouble.code is not ErrorCode.LOADED_BEFORE
        last = self.last
        return last is not None and bool(
            last.ending is not Ending.FINISHED or last.counts.get(Status.UNSENT)
        )
