"""What the commands call: the seam between the command line and the program.

Each is imported only when it is called, since pandas alone takes longer than any help text may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta
    from pathlib import Path

    from bulk_loader.model import Status, Summary
    from bulk_loader.results import ResultsReport
    from bulk_loader.runs.watch import Watch
    from bulk_loader.sandbox import SandboxOptions
    from bulk_loader.workflows.check import CheckReport
    from bulk_loader.workflows.past_runs import Forgetting, PastRun

    Flags = Mapping[str, object]


class Verbs(Protocol):
    """The workflows, as the commands know them; `flags` are settings that the user gave."""

    def upload(self, file: Path, flags: Flags, watch: Watch) -> Summary:
        """Send the leads of a file."""

    def check(self, file: Path, flags: Flags, watch: Watch) -> CheckReport:
        """All of an upload but the sending."""

    def retry(
        self, results: Path, flags: Flags, watch: Watch, include: frozenset[Status]
    ) -> Summary:
        """Send the leads of a results file that are to be sent again."""

    def sandbox(self, options: SandboxOptions, announce: Callable[[str], None]) -> None:
        """Run a dialer for trials until it is stopped."""

    def runs(self) -> list[PastRun]:
        """All runs of this machine, newest first."""

    def run(self, run_id: str) -> PastRun:
        """One run."""

    def results(self, run_id: str) -> ResultsReport:
        """Write the results file of a run anew."""

    def settle(self, run_id: str, rows: Sequence[int] | None, status: Status) -> int:
        """End doubts of a run, of all its leads for None; how many."""

    def plan_prune(self, older_than: str) -> Forgetting:
        """What `prune` would forget."""

    def note_unsaid(self, run_id: str, texts: Sequence[str]) -> None:
        """Keep with a run what could not be written to the terminal or log."""

    def prune(self, older_than: str) -> int:
        """Forget runs that ended longer ago than that; how many."""

    def init(self) -> Path:
        """Write a first settings file into the working directory; its path."""

    def template(self, file: Path, flags: Flags, campaigns: Sequence[str]) -> Path:
        """Write a spreadsheet to fill in; its path."""


class InstalledVerbs:
    """The program's own workflows."""

    def __init__(self) -> None:
        self._home: Path | None = None

    def upload(self, file: Path, flags: Flags, watch: Watch) -> Summary:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings

        settings = load_settings(flags)  # first, so that a slip is told before pandas is imported
        from bulk_loader.workflows.upload import upload

        self._home = settings.home
        return upload(file, settings, watch)

    def check(self, file: Path, flags: Flags, watch: Watch) -> CheckReport:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings

        settings = load_settings(flags)  # first, so that a slip is told before pandas is imported
        from bulk_loader.workflows.check import check

        return check(file, settings, watch)

    def retry(
        self, results: Path, flags: Flags, watch: Watch, include: frozenset[Status]
    ) -> Summary:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings

        home = load_settings(flags).home
        from bulk_loader.workflows.retry import remembered_settings, retry

        settings = load_settings(flags, remembered=remembered_settings(results, home))
        self._home = settings.home
        return retry(results, settings, watch, include)

    def sandbox(self, options: SandboxOptions, announce: Callable[[str], None]) -> None:
        """As `Verbs`."""
        from bulk_loader.sandbox import serve

        serve(options, announce)

    def runs(self) -> list[PastRun]:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings
        from bulk_loader.workflows.past_runs import past_runs

        return past_runs(load_settings({}).home)

    def run(self, run_id: str) -> PastRun:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings
        from bulk_loader.workflows.past_runs import past_run

        return past_run(load_settings({}).home, run_id)

    def results(self, run_id: str) -> ResultsReport:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings
        from bulk_loader.workflows.past_runs import rewrite_results

        return rewrite_results(load_settings({}).home, run_id)

    def settle(self, run_id: str, rows: Sequence[int] | None, status: Status) -> int:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings
        from bulk_loader.workflows.past_runs import settle_doubts

        return settle_doubts(load_settings({}).home, run_id, rows, status)

    def plan_prune(self, older_than: str) -> Forgetting:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings
        from bulk_loader.workflows.past_runs import plan_forgetting

        settings = load_settings({})
        return plan_forgetting(settings.home, _age(older_than), settings.hold_doubts)

    def note_unsaid(self, run_id: str, texts: Sequence[str]) -> None:
        """As `Verbs`, in the ledger of the last `upload` or `retry`."""
        from bulk_loader.runs.unsaid import note_unsaid
        from bulk_loader.settings import load_settings

        note_unsaid(self._home or load_settings({}).home, run_id, texts)

    def prune(self, older_than: str) -> int:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings
        from bulk_loader.workflows.past_runs import forget_runs

        settings = load_settings({})
        return forget_runs(settings.home, _age(older_than), settings.hold_doubts)

    def init(self) -> Path:
        """As `Verbs`."""
        from bulk_loader.settings.loading import working_directory
        from bulk_loader.settings.starter import write_starter

        return write_starter(working_directory())

    def template(self, file: Path, flags: Flags, campaigns: Sequence[str]) -> Path:
        """As `Verbs`."""
        from bulk_loader.settings import load_settings

        settings = load_settings(flags)
        from bulk_loader.workflows.template import template

        return template(file, settings, campaigns)


def _age(older_than: str) -> timedelta:
    from bulk_loader.settings import parse_duration

    if older_than.strip().replace(".", "").isdigit():
        # Seconds everywhere else; a d that was left away must not forget every run.
        raise SettingsError(
            "Nothing was forgotten.",
            f"--older-than: {older_than} has no unit.",
            f"For days, run: bulk-loader runs prune --older-than {older_than}d",
        )
    try:
        return parse_duration(older_than)
    except ValueError as error:
        raise SettingsError(
            "Nothing was forgotten.",
            f"--older-than: {older_than} {error}.",
            "Run, for example: bulk-loader runs prune --older-than 90d",
        ) from error
