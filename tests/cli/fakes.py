"""Workflows that send nothing: they note what they are asked, and answer what they are told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulk_loader.campaigns import Campaign, Campaigns
from bulk_loader.codes import ProblemCode
from bulk_loader.mapping import LeftOut
from bulk_loader.model import (
    ColumnMap,
    Ending,
    Field,
    FileFormat,
    Problem,
    RunKind,
    Source,
    Status,
    Summary,
)
from bulk_loader.results import ResultsReport
from bulk_loader.settings.starter import Start
from bulk_loader.workflows.check_report import CheckReport
from bulk_loader.workflows.old_results import OldResults
from bulk_loader.workflows.past_runs import Forgetting, PastRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.desk import DeskOptions
    from bulk_loader.ledger_place import LedgerPlace
    from bulk_loader.runs.watch import Watch
    from bulk_loader.sandbox import SandboxOptions
    from bulk_loader.workflows.doctor import Finding

NONE = dict.fromkeys(Status, 0)

SOURCE = Source(
    path=Path("/lists/leads.csv"),
    format=FileFormat.CSV,
    digest="0" * 64,
    columns=("Tel",),
    leads=3,
    header_row=1,
    notes=("The delimiter is a semicolon.",),
)

SUMMARY = Summary(
    run_id="20260102-0304-abcdef",
    kind=RunKind.UPLOAD,
    file=SOURCE.path,
    digest=SOURCE.digest,
    target="https://acme.ucontactcloud.com",
    profile="night",
    ending=Ending.FINISHED,
    counts={**NONE, Status.ACCEPTED: 3},
    sent=3,
    seconds=1.5,
    started_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    ended_at=datetime(2026, 1, 2, 3, 5, tzinfo=UTC),
    results=Path("/lists/leads.results.csv"),
    campaigns=Campaigns((Campaign("Ventas<-", 3, 2),)),
)


REPORT = CheckReport(
    source=SOURCE,
    started_at=SUMMARY.started_at,
    ended_at=SUMMARY.ended_at,
    profile="night",
    columns=ColumnMap({Field.DESTINATION: ("Tel",)}),
    problems=(),
    counts={**NONE, Status.UNSENT: 3},
    first_tasks=('row 2: {"destination": "099123456"}',),
    notes=(),
    campaigns=Campaigns((Campaign("Ventas<-", 2, 2), Campaign("", 1, 4))),
    left_out=LeftOut(),
)

PAST = PastRun(
    run_id=SUMMARY.run_id,
    kind=RunKind.UPLOAD,
    file=SUMMARY.file,
    digest=SUMMARY.digest,
    target=SUMMARY.target,
    ending=Ending.FINISHED,
    stopped_why="",
    counts=SUMMARY.counts,
    sent=SUMMARY.counts,
    leads=3,
    results=Path("/lists/leads.results.csv"),
    started_at=SUMMARY.started_at,
    ended_at=SUMMARY.ended_at,
)

PROBLEM = Problem(
    code=ProblemCode.PHONE_TOO_SHORT,
    row=3,
    column="Tel",
    value="0991234",
    fault="is too short for a phone number.",
    remedy="Correct the cell.",
    is_personal=True,
)


def summary(ending: Ending = Ending.FINISHED, why: str = "", **counts: int) -> Summary:
    """A run with these leads by status."""
    by_status = {**NONE, **{Status(name): count for name, count in counts.items()}}
    return replace(SUMMARY, ending=ending, counts=by_status, stopped_why=why)


@dataclass(slots=True)
class FakeVerbs:
    """The seam's other side.

    Attributes:
        asked: what the command passed on: verb, file, flags, and what else there is.
        summary: what `upload` and `retry` answer.
        report: what `check` answers.
        past: the runs of this machine.
        old: its old results files.
        findings: what `doctor` answers.
        unsaid: what was kept, by id of the run.
        meanwhile: is called with the watch before the answer; may raise.
    """

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    summary: Summary = SUMMARY
    report: CheckReport = REPORT
    past: list[PastRun] = field(default_factory=lambda: [PAST])
    kept: tuple[PastRun, ...] = ()
    old: OldResults = field(default_factory=lambda: OldResults((), ()))
    findings: list[Finding] = field(default_factory=list)
    unsaid: dict[str, Sequence[str]] = field(default_factory=dict)
    meanwhile: Callable[[Watch], None] = lambda _watch: None

    def __call__(self, verb: Callable[..., Any], /, *arguments: object, **named: object) -> Any:
        """Answer in place of a verb, by the method of its name."""
        return getattr(self, verb.__name__.removeprefix("_"))(*arguments, **named)

    def upload(self, file: Path, flags: Mapping[str, object], watch: Watch) -> Summary:
        """Note it, and answer."""
        self.asked.append(("upload", file, dict(flags)))
        self.meanwhile(watch)
        return self.summary

    def check(
        self,
        file: Path,
        flags: Mapping[str, object],
        watch: Watch,
        results: str | None,
        found: Callable[[Problem], object],
    ) -> CheckReport:
        """Note it, tell every problem, and answer."""
        self.asked.append(("check", file, dict(flags), results))
        self.meanwhile(watch)
        for problem in self.report.problems:
            found(problem)
        return self.report

    def retry(
        self,
        results: Path,
        flags: Mapping[str, object],
        watch: Watch,
        include: frozenset[Status],
    ) -> Summary:
        """Note it, and answer."""
        self.asked.append(("retry", results, dict(flags), include))
        self.meanwhile(watch)
        return self.summary

    def foresee(
        self,
        results: Path,
        flags: Mapping[str, object],
        watch: Watch,
        include: frozenset[Status],
    ) -> CheckReport:
        """Note it, and answer."""
        self.asked.append(("foresee", results, dict(flags), include))
        self.meanwhile(watch)
        return self.report

    def sandbox(self, options: SandboxOptions, announce: Callable[[str], None]) -> None:
        """Note it, and say a line."""
        self.asked.append(("sandbox", options))
        announce("The sandbox listens.")

    def desk(
        self, options: DeskOptions, announce: Callable[[str], None], *, has_browser: bool
    ) -> None:
        """Note it, and say a line."""
        self.asked.append(("desk", options, has_browser))
        announce("The desk is open.")

    def set_password(self, file: Path, ask: Callable[[str], str]) -> None:
        """Note what is answered."""
        self.asked.append(("set_password", file, ask("Password")))

    def runs(self, since: str | None) -> list[PastRun]:
        """Note it, and answer."""
        self.asked.append(("runs", since))
        return self.past

    def one_run(self, run_id: str) -> PastRun:
        """Note it, and answer."""
        self.asked.append(("run", run_id))
        return self.past[0]

    def results(self, run_id: str) -> ResultsReport:
        """Note it, and answer."""
        self.asked.append(("results", run_id))
        return ResultsReport(Path("/lists/leads.results.csv"), ("A note.",))

    def settle(self, run_id: str, rows: Sequence[int] | None, status: Status) -> int:
        """Note it, and answer with the rows there are."""
        self.asked.append(("settle", run_id, rows, status))
        return 3 if rows is None else len(rows)

    def plan_prune(self, older_than: str) -> Forgetting:
        """All runs there are."""
        self.asked.append(("plan_prune", older_than))
        return Forgetting(tuple(self.past), self.kept)

    def note_unsaid(self, _place: LedgerPlace | None, run_id: str, texts: Sequence[str]) -> None:
        """Keep it."""
        self.unsaid[run_id] = texts

    def prune(self, older_than: str) -> int:
        """Note it, and answer with the runs there are."""
        self.asked.append(("prune", older_than))
        return len(self.past)

    def plan_removal(self, older_than: str | None) -> OldResults:
        """Note it, and answer."""
        self.asked.append(("plan_removal", older_than))
        return self.old

    def remove(self, older_than: str | None) -> OldResults:
        """Note it, and answer."""
        self.asked.append(("remove", older_than))
        return self.old

    def doctor(self, flags: Mapping[str, object]) -> list[Finding]:
        """Note it, and answer."""
        self.asked.append(("doctor", dict(flags)))
        return self.findings

    def init(self, given: Mapping[str, object]) -> tuple[Path, Start]:
        """Note it, and answer."""
        self.asked.append(("init", dict(given)))
        return Path("/lists/bulk_loader.toml"), Start()

    def template(self, file: Path, flags: Mapping[str, object], campaigns: Sequence[str]) -> Path:
        """Note it, and answer."""
        self.asked.append(("template", file, dict(flags), campaigns))
        return Path("/lists") / file

    def samples(self, directory: Path) -> list[Path]:
        """Note it, and answer."""
        self.asked.append(("sample", directory))
        return [Path("/lists") / directory / "damaged.xlsx"]
