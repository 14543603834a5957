"""What can be told of a run: how it sends, and where it keeps what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulk_loader.choices import Duplicates, LogFormat
from bulk_loader.settings.paths import path_from
from bulk_loader.settings.statements import NEUTRAL, Group, HelpSection, Scope, Setting

if TYPE_CHECKING:
    # Known when `Settings` is built.
    from bulk_loader.settings import load_limits, values


class DeliverySettings(Group, section=HelpSection.SENDING, scope=Scope.DELIVERY):
    """How leads are sent, and when to stop."""

    duplicates: Setting[Duplicates, str] = Setting(
        NEUTRAL,
        "The same campaign and number again in the file",
        default=Duplicates.SKIP,
        section=HelpSection.SCREENING,
        scope=Scope.LEADS,
    )
    skip_loaded_within: Setting[values.Duration | None, values.LikeDuration | None] = Setting(
        NEUTRAL,
        "Leave out what this dialer accepted lately, such as 7d",
        "TIME",
        section=HelpSection.SCREENING,
    )
    # Judged when a lead is about to be sent, so that equal tasks are told apart as ever.
    max_loads: Setting[load_limits.LoadLimits, load_limits.LikeLoadLimits] = Setting(
        NEUTRAL,
        "Load no number more often, in whatever campaign, such as 1 per 1d; repeatable",
        "N per TIME",
        default=(),
        separator=";",
        section=HelpSection.SCREENING,
    )
    # Long enough for whoever looks into the dialer once a week.
    hold_doubts: Setting[values.Duration, values.LikeDuration] = Setting(
        NEUTRAL,
        "Send no number that is in doubt at this dialer since so lately",
        "TIME",
        default="7d",
        section=HelpSection.SCREENING,
    )
    concurrency: Setting[values.Concurrency, values.LikeConcurrency] = Setting(
        NEUTRAL, "Requests under way at once", "N|auto", default=8
    )
    # As fast as `concurrency` allows where None.
    rate: Setting[values.Rate | None, float | None] = Setting(
        NEUTRAL, "Rows per second at most", "N"
    )
    canary: Setting[values.Count, int] = Setting(
        NEUTRAL, "Send N leads one by one first; stop if none is accepted", "N", default=0
    )
    max_errors: Setting[values.MaxErrors | None, values.LikeMaxErrors | None] = Setting(
        NEUTRAL, "Stop at more bad leads: invalid, rejected or unknown", "N|N%"
    )
    # Connection failures count, too.
    max_doubts: Setting[values.Positive, int] = Setting(
        NEUTRAL, "Stop at so many unclear answers in a row", "N", default=20
    )
    retry_for: Setting[values.Duration, values.LikeDuration] = Setting(
        NEUTRAL, "Try again for so long where it is safe", "TIME", default="5m"
    )
    retry_503: Setting[bool, bool] = Setting(
        NEUTRAL, "A 503 certainly did nothing", default=False, flag="--retry-503/--no-retry-503"
    )
    # A handshake is done in a second or never; ten allow for a slow line.
    connect_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time to reach the dialer", "TIME", default="10s"
    )
    # The dialer writes to a database before it answers; a timeout here leaves a doubt, so wait.
    read_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time for an answer", "TIME", default="60s"
    )
    write_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time to send a request", "TIME", default="30s"
    )
    # There are as many connections as requests, so a wait means that the proxy is stuck.
    pool_timeout: Setting[values.Timeout, values.LikeDuration] = Setting(
        NEUTRAL, "Time for a free connection", "TIME", default="60s"
    )
    # pandera takes about 10 ms a batch whatever its size, and 5,000 leads take a few megabytes.
    batch_size: Setting[values.BatchSize, int] = Setting(
        NEUTRAL, "Rows that are worked on together", "ROWS", default=5000
    )
    strict: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Send nothing while any row is wrong",
        default=False,
        section=HelpSection.SCREENING,
        scope=Scope.FIRST_DELIVERY,
        is_remembered=False,
    )
    again: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Send a file once more that was sent before",
        default=False,
        scope=Scope.FIRST_DELIVERY,
        is_remembered=False,
    )
    spread: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Let other machines send parts of it: bulk-loader worker",
        default=False,
        flag="--spread/--no-spread",
        scope=Scope.FIRST_DELIVERY,
        is_remembered=False,
    )


class OutputSettings(Group, section=HelpSection.OUTPUT, scope=Scope.FIRST_DELIVERY):
    """Where the outcome goes."""

    results: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "The results file",
        "FILE",
        if_unset="NAME.results.EXT beside it",
        seen_from=path_from,
        is_remembered=False,
    )
    summary_sheet: Setting[bool, bool] = Setting(
        NEUTRAL, "A first sheet in a results workbook that sums the run up", default=False
    )
    home: Setting[values.Home, values.LikePath | None] = Setting(
        NEUTRAL,
        "Directory of the ledger",
        "DIRECTORY",
        without_option="a command that forgets it would not know what was sent",
        seen_from=path_from,
        is_remembered=False,
    )


class ReportSettings(Group, section=HelpSection.OUTPUT, scope=Scope.LEADS):
    """The page for whoever would rather look than read."""

    report: Setting[bool, bool] = Setting(
        NEUTRAL,
        "A page to open, NAME.report.html, that tells all of it; a job always writes one",
        default=False,
        flag="--report/--no-report",
    )
    report_values: Setting[bool, bool] = Setting(
        NEUTRAL,
        "Show values of bad cells whole in the report, phone numbers too",
        default=False,
        is_remembered=False,
    )


class KeepingSettings(Group, section=HelpSection.OUTPUT):
    """How long what was written is kept; no matter of a run."""

    keep_results: Setting[values.Age | None, values.LikeAge | None] = Setting(
        NEUTRAL,
        "Age from which `runs prune --results` removes results files, such as 30d",
        without_option="no run removes anything; `runs prune` takes --older-than",
        is_remembered=False,
    )


class LogSettings(Group, section=HelpSection.OUTPUT, scope=Scope.LEADS):
    """Where what is said can be read later."""

    log_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "Add what is said, with its time and run, to this file",
        "FILE",
        seen_from=path_from,
        is_remembered=False,
    )
    log_format: Setting[LogFormat, str] = Setting(
        NEUTRAL, "How its lines are written", default=LogFormat.TEXT, is_remembered=False
    )


class KeySettings(Group, section=HelpSection.OUTPUT, scope=Scope.DELIVERY):
    """Where a ledger is that machines share, and where its key is kept."""

    # The address mostly holds a password.
    ledger: Setting[values.LedgerUrl | None, values.LikeSecret | None] = Setting(
        NEUTRAL,
        "Address of the PostgreSQL database where machines share a ledger",
        "URL",
        is_secret=True,
        is_remembered=False,
        without_option="a command that forgets it would not know what other machines sent",
    )

    key_file: Setting[values.FilePath | None, values.LikePath | None] = Setting(
        NEUTRAL,
        "The key of the ledger, kept apart from it",
        "FILE",
        if_unset="ledger.key beside it",
        seen_from=path_from,
        is_remembered=False,
    )
