"""Where text goes: data to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.errors import LoaderError


@dataclass(slots=True)
class Console:
    """The two streams of the command.

    Attributes:
        is_quiet: only data asked for and errors are shown.
        above: writes a line to standard error without tearing a progress bar that stands there.
    """

    is_quiet: bool = False
    above: Callable[[str], None] | None = field(default=None)

    def data(self, text: str) -> None:
        """What the command was asked for.

        A reader such as `head` may be gone; that changes nothing about what became of the leads,
        so the command goes on and ends with its own exit code.
        """
        _write(sys.stdout, text)

    def say(self, text: str) -> None:
        """What a person at the terminal wants to know meanwhile."""
        if not self.is_quiet:
            (self.above or self._to_error)(text)

    def fail(self, error: LoaderError) -> None:
        """What happened, why, and what to do.

        Lines are left to the terminal to wrap: a command broken in two can't be copied.
        """
        self._to_error(f"Error: {error}")

    def _to_error(self, text: str) -> None:
        _write(sys.stderr, text)


def _write(stream: TextIO, text: str) -> None:
    try:
        print(_printable(text, stream.encoding), file=stream, flush=True)
    except BrokenPipeError:
        # The interpreter flushes once more at its end, which must not fail again.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _printable(text: str, encoding: str | None) -> str:
    """Text that the stream can carry: a terminal under an old code page must not stop a run."""
    encoding = encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
