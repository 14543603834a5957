"""SIGHUP: from a terminal it ends the command, from whoever rotates a log it must not."""

from __future__ import annotations

import signal
import sys
import threading

from bulk_loader.cli.streams import SafeStream


def survive_rotation() -> None:
    """Let nothing but a terminal that hangs up end this process by SIGHUP.

    Log rotation sends it to have files opened anew. A log here looks for that before each line, so
    there is nothing left to do; but untreated the signal would end the run between two leads.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None or threading.current_thread() is not threading.main_thread():
        return
    has_terminal = SafeStream.around(sys.stderr).isatty()
    if not has_terminal and signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, signal.SIG_IGN)
