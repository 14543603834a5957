"""A fault of the program itself: written down whole, told in plain words."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bulk_loader.errors import ErrorCode, LoaderError, StoppedError
from bulk_loader.owners import make_private

if TYPE_CHECKING:
    from collections.abc import Iterator


def crash_error(fault: Exception, *, has_started: bool) -> LoaderError:
    """The message about a bug, which names the report that was written.

    Where sending had begun (`has_started`), the exit code tells that the same command goes on.
    """
    kind = StoppedError if has_started else LoaderError
    then = "run the same command again: it goes on where it stopped" if has_started else "try again"
    return kind(
        f"The program has a fault of its own: {type(fault).__name__}.",
        _report(fault),
        f"Report it with that text, and {then}.",
        code=ErrorCode.FAULT,
    )


def _report(fault: Exception) -> str:
    """Where the traceback was written: never the terminal, but never nowhere."""
    text = "\n".join(_lines(fault)) + "\n"
    try:
        from bulk_loader.settings.home import default_home

        home = os.environ.get("BULK_LOADER_HOME")
        folder = (Path(home) if home else default_home()) / "crashes"
        if make_private(folder.parent) or make_private(folder):
            return f"No report was written where others could change it, so here it is:\n{text}"
        path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
        path.touch(mode=0o600)
        path.write_text(text, "utf-8", "backslashreplace")
    except (OSError, LoaderError):
        return f"No report could be written, so here it is:\n{text}"
    return f"What the program was doing stands in {path}"


# What the interpreter says in them is about code. Others may quote what they were given, such as
# "could not convert string to float: '099…'", and no cell may stand in a report.
_ABOUT_CODE = (AttributeError, ImportError, MemoryError, NameError, RecursionError)


def _lines(fault: BaseException) -> Iterator[str]:
    """A traceback as Python writes it, the first cause first, without what exceptions quote."""
    causes = []
    cause: BaseException | None = fault
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    for each in reversed(causes):
        yield "Traceback (most recent call last):"
        for line in traceback.format_tb(each.__traceback__):
            yield line.rstrip("\n")
        yield f"{_name(each)}: {_told(each)}"
        if isinstance(each, BaseExceptionGroup):
            yield from (f"  | {line}" for inner in each.exceptions for line in _lines(inner))


def _name(fault: BaseException) -> str:
    kind = type(fault)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _told(fault: BaseException) -> str:
    if isinstance(fault, OSError):
        return f"[Errno {fault.errno}] {fault.strerror}"
    if type(fault) in _ABOUT_CODE:
        return str(fault)
    return "(its text is left out: it may hold what stands in a cell)"
