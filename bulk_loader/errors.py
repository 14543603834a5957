"""What stops a run: one tree of exceptions, each with what happened, why, and what to do."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """How the command ends; where several hold, the order is 130, 4, 7, 1."""

    OK = 0
    BAD_LEADS = 1
    USAGE = 2
    BAD_FILE = 3
    STOPPED = 4
    LOADED_BEFORE = 5
    LOCKED = 6
    IN_DOUBT = 7
    INTERRUPTED = 130


class ErrorCode(StrEnum):
    """What kind of trouble ended a command, for programs: words may change, codes don't."""

    FAILED = "failed"
    USAGE = "usage"
    SETTINGS = "settings"
    EXTRA_MISSING = "extra_missing"
    LOADED_BEFORE = "loaded_before"
    FILE = "file"
    COLUMNS = "columns"
    ROWS = "rows"
    RESULTS_FILE = "results_file"
    RULE = "rule"
    LOCKED = "locked"
    LOCKED_ELSEWHERE = "locked_elsewhere"
    LEDGER = "ledger"
    LEDGER_AWAY = "ledger_away"
    CHANGED_MEANWHILE = "changed_meanwhile"
    TEXTS_REFUSED = "texts_refused"
    RESULTS = "results"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAULT = "fault"


class LoaderError(Exception):
    """A run's trouble, in three parts that a user can read.

    Args:
        what: what happened, one sentence, with the value and the place.
        why: the cause, as far as it is known; may be empty.
        remedy: what to do, with the next command where there is one.
        code: a finer kind than that of the class.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE
    code: ErrorCode = ErrorCode.FAILED

    def __init__(
        self, what: str, why: str = "", remedy: str = "", *, code: ErrorCode | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.remedy = remedy
        self.code = code or self.code

    def __str__(self) -> str:
        return "\n".join(part for part in (self.what, self.why, self.remedy) if part)

    @property
    def one_line(self) -> str:
        """All three parts, where a line is all the room there is."""
        return " ".join(str(self).split("\n"))


class SettingsError(LoaderError):
    """A setting is missing, unknown or wrong; nothing was sent."""

    code = ErrorCode.SETTINGS


class ResultsFileError(SettingsError):
    """It is the results file of an earlier run, and no list; nothing was sent."""

    code = ErrorCode.RESULTS_FILE


class AlreadyUploadedError(LoaderError):
    """The ledger holds a finished run of this file to this dialer; nothing was sent."""

    exit_code = ExitCode.LOADED_BEFORE
    code = ErrorCode.LOADED_BEFORE


class MissingExtraError(LoaderError):
    """An optional part of the package is needed and not installed; nothing was sent."""

    code = ErrorCode.EXTRA_MISSING


class SourceError(LoaderError):
    """The file can't be read; nothing was sent."""

    exit_code = ExitCode.BAD_FILE
    code = ErrorCode.FILE


class ColumnError(SourceError):
    """The file was read, but its columns do not fit the task; nothing was sent."""

    code = ErrorCode.COLUMNS


class RuleError(SourceError):
    """The file was read, and breaks a rule of its job; nothing was sent."""

    code = ErrorCode.RULE


class LockedError(LoaderError):
    """Another run holds this file and dialer; nothing was sent."""

    exit_code = ExitCode.LOCKED
    code = ErrorCode.LOCKED


class LedgerError(LoaderError):
    """The ledger can't be read or written, so nothing may be sent."""

    code = ErrorCode.LEDGER


class ResultsError(LoaderError):
    """The results file can't be written; the ledger holds every outcome."""

    exit_code = ExitCode.STOPPED
    code = ErrorCode.RESULTS


class InterruptError(LoaderError):
    """The user ended the command outside of the sending; the same command begins or goes on."""

    exit_code = ExitCode.INTERRUPTED
    code = ErrorCode.INTERRUPTED


class StoppedError(LoaderError):
    """The run stopped early; the same command goes on where it stopped."""

    exit_code = ExitCode.STOPPED
    code = ErrorCode.STOPPED
