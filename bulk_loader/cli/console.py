"""Where text goes: data to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from bulk_loader.cli.logs import Event, Log
from bulk_loader.cli.paint import has_colours, painted, plain
from bulk_loader.cli.streams import CANT_WRITE, SafeStream, has_reader, reason
from bulk_loader.errors import LoaderError, SettingsError
from bulk_loader.masking import mask
from bulk_loader.visible import on_one_line, visible, visible_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from bulk_loader.cli.paint import Line

MAX_UNSAID = 100
"""Texts that are kept for the record of a run; the last ones, which tell how it ended."""

MAX_UNSAID_LENGTH = 4000
"""Characters of one of them; a summary has less than half of that."""

# A header that is none may hold a phone number, and the ledger must not. Names of runs begin
# with a day.
_MAY_BE_PHONE = re.compile(r"(?<!\d)(?!\d{8}-\d{4}-[0-9a-f]{6})\d{7,}")


def _masked(text: str) -> str:
    return _MAY_BE_PHONE.sub(lambda found: mask(found[0]), text)


def recorded(error: LoaderError) -> str:
    """An error on one line, for a log."""
    # Of a part with several lines, such as the trace of a fault, the first one tells enough.
    parts = (error.what, error.why, error.remedy)
    return " ".join(part.splitlines()[0] for part in parts if part)


@dataclass(slots=True)
class Console:
    """The two streams of the command; nothing is raised where one of them can't be written.

    Attributes:
        is_quiet: only data asked for and errors are shown.
        log: has what is said in any case.
        above: what a line to standard error is written in, so as not to tear a progress bar that
            stands there.
        unsaid: what could not be written, the last `MAX_UNSAID` texts, without phone numbers.
        failure: why data could not be written; None where it was, or where its reader is gone.
    """

    is_quiet: bool = False
    log: Log = field(default_factory=Log)
    above: Callable[[], AbstractContextManager[object]] = nullcontext
    unsaid: list[str] = field(default_factory=list)
    failure: Exception | None = None

    def data(self, text: str) -> None:
        """What the command was asked for.

        A reader such as `head` may be gone, or the disk of a log full; that changes nothing about
        what became of the leads, so the command goes on and ends with its own exit code.
        """
        failure = self._write(sys.stdout, text, text)
        if failure is not None and has_reader(failure):
            self.failure = failure

    def lines(self, lines: Iterable[Line]) -> None:
        """Data in lines, in colours where they are shown and wanted."""
        lines, stream = list(lines), SafeStream.around(sys.stdout)
        is_terminal, encoding = stream.isatty(), stream.encoding
        if not has_colours(is_terminal=is_terminal, encoding=encoding, environ=os.environ):
            self.data(plain(lines))
            return
        failure = self._write(stream.for_paint(), painted(lines), plain(lines))
        if failure is not None and has_reader(failure):
            self.failure = failure

    def json(self, line: str) -> None:
        """Data as one line of JSON, which stays JSON where the stream lacks or hides a letter."""
        line = visible_json(line)
        try:
            line.encode(SafeStream.around(sys.stdout).encoding)
        except UnicodeError:
            line = json.dumps(json.loads(line))
        self.data(line)

    def require_said(self) -> None:
        """For a command that has nothing to do but to give its data.

        Raises:
            LoaderError: they could not be written.
        """
        failure = self.failure or getattr(sys.stdout, "failure", None)
        if failure is not None and has_reader(failure):
            raise LoaderError(
                "What was asked for could not be written to standard output.",
                f"The system says: {reason(failure)}.",
                "Make room there, or send it somewhere else, and give the command again.",
            )

    def say(self, text: str) -> None:
        """What a person at the terminal wants to know meanwhile."""
        if self.is_quiet:
            self.log.add(Event.NOTE, _masked(text))
        else:
            self.alert(text)

    def alert(self, text: str) -> None:
        """What a person wants to know in any case."""
        record = _masked(text)
        self.log.add(Event.NOTE, record)
        with self.above():
            self._write(sys.stderr, text, record)

    def note(self, event: Event, text: str) -> None:
        """Only for the log."""
        self.log.add(event, _masked(text))

    def fail(self, error: LoaderError) -> None:
        """What happened, why, and what to do.

        Lines are left to the terminal to wrap: a command broken in two can't be copied.
        """
        record = recorded(error)
        # What happened is one sentence, but for faults of settings, which have a line each.
        what = error.what if isinstance(error, SettingsError) else on_one_line(error.what)
        told = "\n".join(part for part in (what, error.why, error.remedy) if part)
        self.log.add(Event.ERROR, _masked(record))
        self._write(sys.stderr, f"Error: {told}", f"Error: {record}")

    def _write(
        self, stream: TextIO | SafeStream | None, text: str, record: str
    ) -> Exception | None:
        """Why it could not be written; then its `record` is kept."""
        try:
            SafeStream.around(stream).put(f"{text}\n")
        except CANT_WRITE as failure:
            self.unsaid.append(visible(record)[:MAX_UNSAID_LENGTH])
            del self.unsaid[:-MAX_UNSAID]
            return failure
        return None
