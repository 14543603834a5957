"""Lists that no file holds: they come through a pipe, and can be read only once."""

from __future__ import annotations

import os
import re
import select
import sys
import threading
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bulk_loader.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

STANDARD_INPUT = Path("-")

_DEVICES = {"stdin": 0, "stdout": 1, "stderr": 2}


def _nobody(_sentence: str) -> None:
    """Is told in vain."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a list that comes through a pipe is waited for.

    Attributes:
        tell: takes a sentence on what is waited for.
        silent_s: until that is told.
        writer_s: until a program must have opened a named pipe for writing. What it then takes
            to write is its own affair: it may ask a database first.
    """

    tell: Callable[[str], None] = _nobody
    silent_s: float = 2.0
    writer_s: float = 30.0  # one script starts both, or a person in two terminals


def descriptor_of(path: Path) -> int | None:
    """The open descriptor that a path stands for: `-`, `/dev/stdin`, `/dev/fd/63`; None for a file.

    A shell writes the last one for `<(command)`. What the path leads to is not looked at.
    """
    if path == STANDARD_INPUT:
        return 0
    folder, name = os.path.realpath(path.absolute().parent), path.name
    if folder == "/dev":
        return _DEVICES.get(name)
    is_own = re.fullmatch(rf"/dev/fd|/proc/{os.getpid()}(/task/\d+)?/fd", folder)
    return int(name) if is_own and name.isascii() and name.isdecimal() else None


def pipe_name(path: Path) -> str:
    """What messages call a list that can be read only once; "" for a file, or for nothing."""
    number = descriptor_of(path)
    if number is not None:
        return "standard input" if number == 0 else f"descriptor {number}"
    try:
        return f"the pipe {path}" if path.is_fifo() else ""
    except OSError:
        return ""


@contextmanager
def opened_pipe(path: Path, patience: Patience) -> Iterator[BinaryIO]:
    """A pipe or descriptor, from where it stands, once something can be read or at the latest told.

    Raises:
        SourceError: no program writes into it, or the descriptor is closed.
        OSError: as the system says it.
    """
    number = descriptor_of(path)
    stream: AbstractContextManager[BinaryIO]
    if number == 0:
        if sys.stdin is None:
            raise _closed(path)
        stream = nullcontext(sys.stdin.buffer)
    elif number is not None:
        stream = _duplicate(path, number)
    else:
        stream = _written(path, patience)
    with stream as pipe:
        if not _has_something(pipe, patience.silent_s):
            patience.tell(f"Waiting for the list from {pipe_name(path)}.")
        yield pipe


def _has_something(pipe: BinaryIO, within_s: float) -> bool:
    """Something can be read, or the end; also where that can't be found out."""
    try:
        return bool(select.select([pipe], [], [], within_s)[0])
    except (OSError, ValueError):  # Windows asks sockets only
        return True


def _duplicate(path: Path, number: int) -> BinaryIO:
    try:
        duplicate = os.dup(number)
    except OSError as error:
        raise _closed(path) from error
    try:
        return os.fdopen(duplicate, "rb")
    except OSError:  # a folder
        os.close(duplicate)
        raise


def _closed(path: Path) -> SourceError:
    return SourceError(
        f"There is no list to read: {pipe_name(path)} is closed.",
        "The program was started without it.",
        "Give the list as a file, or through a pipe: zcat list.csv.gz | bulk-loader check -",
    )


def _written(path: Path, patience: Patience) -> BinaryIO:
    """A named pipe, as soon as a program has opened it for writing."""
    opened: Future[BinaryIO] = Future()
    threading.Thread(target=_open, args=(path, opened), name="open pipe", daemon=True).start()
    try:
        with suppress(TimeoutError):
            return opened.result(patience.silent_s)
        patience.tell(f"Waiting for a program that writes into the pipe {path}.")
        return opened.result(patience.writer_s)
    except TimeoutError as error:
        raise SourceError(
            f"Nobody writes into the pipe {path}.",
            f"No program has opened it for writing within {patience.writer_s:g} seconds.",
            "Start the program that writes the list before, or give the list as a file.",
        ) from error
    finally:
        if opened.cancel():
            # The thread still waits for a writer. This is one, for a moment.
            with suppress(OSError):
                os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))


def _open(path: Path, opened: Future[BinaryIO]) -> None:
    with suppress(InvalidStateError):  # nobody waits any more
        try:
            stream = path.open("rb")
        except OSError as error:
            opened.set_exception(error)
            return
        try:
            opened.set_result(stream)
        except InvalidStateError:
            stream.close()
