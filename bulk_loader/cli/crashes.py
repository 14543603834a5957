"""A fault of the program itself: written down whole, told in plain words."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from bulk_loader.errors import LoaderError, StoppedError
from bulk_loader.owners import make_private


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
    )


def _report(fault: Exception) -> str:
    """Where the traceback was written: never the terminal, but never nowhere."""
    text = "".join(traceback.format_exception(fault))
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
