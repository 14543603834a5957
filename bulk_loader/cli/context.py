"""What every command is given: the workflows, the streams, and the command line itself."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from bulk_loader.choices import LogFormat
from bulk_loader.cli.again import options_for_retry
from bulk_loader.cli.console import Console
from bulk_loader.cli.crashes import crash_error
from bulk_loader.cli.logs import Event
from bulk_loader.cli.progress import Progress
from bulk_loader.cli.report import (
    check_json,
    check_text,
    counts_text,
    summary_json,
)
from bulk_loader.cli.streams import reason
from bulk_loader.cli.summary import summary_lines
from bulk_loader.errors import LoaderError
from bulk_loader.exit_codes import check_code, exit_code
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.shell import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_loader.errors import ExitCode
    from bulk_loader.ledger_place import LedgerPlace
    from bulk_loader.model import Summary
    from bulk_loader.workflows.check_report import CheckReport


P = ParamSpec("P")
T = TypeVar("T")


class Caller(Protocol):
    """The seam between the command line and the program: all that a command does goes through it."""

    def __call__(self, verb: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """What the verb gives."""


def _directly(verb: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
    return verb(*arguments, **named)


@dataclass(slots=True)
class App:
    """One call of the command line.

    Attributes:
        arguments: as they were typed; no secret can be among them.
        file: that the command was given; None where it takes none.
        started_at: UTC.
        call: does the work of a command. What the work needs is imported by the verb itself, since
            pandas alone takes longer than any help text may.
        run_id: of the run in the ledger; empty as long as there is none.
        has_started: sending has begun, so that a fault leaves a run to go on with.
    """

    arguments: Sequence[str] = ()
    call: Caller = _directly
    console: Console = field(default_factory=Console)
    file: Path | None = None
    started_at: datetime = field(default_factory=partial(datetime.now, UTC))
    run_id: str = ""
    has_started: bool = False
    _watch: Progress | None = None
    _counts: str = ""
    _flags: Mapping[str, object] = field(default_factory=dict)

    @property
    def command(self) -> str:
        """The command as it can be typed again."""
        return typed("bulk-loader", *self.arguments)

    @property
    def attempt(self) -> dict[str, str | None]:
        """What was given, and when: for whoever reads of its failing, as JSON."""
        return {
            "file": None if self.file is None else str(self.file),
            "run_id": self.run_id or None,
            "started_at": self.started_at.isoformat(),
            "ended_at": datetime.now(UTC).isoformat(),
        }

    def watch(self, flags: Mapping[str, object], *, as_json: bool, is_quiet: bool) -> Progress:
        """A watch for one run that was given these options, to be used in a `with`."""
        self.console.is_quiet = is_quiet
        self._flags = flags
        self._watch = Progress(
            self.console, has_bar=not as_json, on_start=self._start, on_begin=self._begin
        )
        return self._watch

    def _begin(self, run_id: str) -> None:
        self.run_id = run_id

    def _start(self) -> None:
        self.has_started = True

    def show(self, summary: Summary, flags: Mapping[str, object], *, as_json: bool) -> ExitCode:
        """Print what became of a run with these options; the exit code."""
        if summary.stopped_why:
            self.console.note(Event.STOPPED, f"Stopped: {summary.stopped_why}")
        self._counts = counts_text(summary.counts)
        if as_json:
            self.console.json(summary_json(summary))
        elif not self.console.is_quiet:
            kept = options_for_retry(flags)
            self.console.lines(summary_lines(summary, self.command, kept))
        if summary.fault is not None:
            self.console.fail(crash_error(summary.fault, has_started=True))
        return exit_code(summary)

    def show_check(
        self, report: CheckReport, flags: Mapping[str, object], *, as_json: bool
    ) -> ExitCode:
        """Print what a check with these options found; the exit code."""
        if as_json:
            self.console.json(check_json(report))
        elif not self.console.is_quiet:
            for line in check_text(report, flags):
                self.console.data(line)
        return check_code(report.counts)

    def fail(self, error: LoaderError) -> None:
        """Say what went wrong; in the log, too, where wrong settings kept it from being opened."""
        if self._watch is not None and not self.console.log.is_open:
            with suppress(LoaderError, ValueError, RuntimeError):
                if path := self._asked("log_file"):
                    form = LogFormat(self._asked("log_format") or LogFormat.TEXT)
                    self.console.log.open(Path(path).expanduser(), form)
        self.console.fail(error)

    def _asked(self, name: str) -> str:
        """What an option or a variable says, while the rest of the settings can't be read."""
        return str(self._flags.get(name) or os.environ.get(SETTINGS[name].variable, ""))

    def end(self, code: int) -> None:
        """Have the log say how it ended, as every other place says it."""
        if self.run_id:
            counts = f": {self._counts}" if self._counts else ""
            self.console.note(Event.ENDED, f"Run {self.run_id} ended with {code}{counts}.")
        if (failure := self.console.log.close()) is not None:
            self.console.alert(f"The log lacks lines: {reason(failure)}.")

    def close(self) -> None:
        """Leave what could not be said where it can be read later: in the run's record."""
        kept = ""
        if self.run_id and self.console.unsaid:
            # Whatever fails here, what became of the leads decides how the command ends.
            with suppress(Exception):
                watch = self._watch
                place = watch.ledger if watch else None
                self.call(_note_unsaid, place, self.run_id, tuple(self.console.unsaid))
                kept = f" What it lacks stands in: bulk-loader runs show {self.run_id}"
        if self.console.failure is not None:
            self.console.alert(
                f"Standard output can't be written: {reason(self.console.failure)}.{kept}"
            )


def _note_unsaid(place: LedgerPlace | None, run_id: str, texts: Sequence[str]) -> None:
    """Keep with a run what could not be written to the terminal or log."""
    from bulk_loader.runs.unsaid import note_unsaid
    from bulk_loader.settings import load_settings

    note_unsaid(place or load_settings({}).ledger_place, run_id, texts)
