"""Prepares the next batches while the ones before are being sent: in a process, or in a thread.

Python runs one thread at a time, so a thread that prepares takes its time from the one that sends. A
process of its own takes none, where there is a second processor; to begin it costs some
milliseconds and to hand over a lead about two microseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import warnings
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError
from bulk_loader.preparation.collector import spared_collector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection

    from bulk_loader.delivery import Prepared
    from bulk_loader.preparation.preparing import Figures, Preparation

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

# A shorter file is prepared before the process would have paid for itself.
LEADS_THAT_PAY = 10_000

# To unpack a lead takes about two microseconds, in which nothing is sent: a whole batch at once
# would delay every answer that comes in meanwhile by ten milliseconds.
LEADS_A_MESSAGE = 500
# So many messages wait while the next batch is prepared, which takes longer than to send one.
MESSAGES_AHEAD = 10


@contextmanager
def prepared_ahead(preparation: Preparation, leads: int) -> Iterator[Iterator[Prepared]]:
    """The batches of a preparation, made in another process where that pays.

    Either way its sentences and figures are those of the batches that were taken.

    Args:
        leads: of the whole file.
    """
    with spared_collector():
        if leads < LEADS_THAT_PAY or not _can_fork():
            yield preparation.batches()
        else:
            with _prepared_elsewhere(preparation) as batches:
                yield batches


@contextmanager
def _prepared_elsewhere(preparation: Preparation) -> Iterator[Iterator[Prepared]]:
    receiver, sender = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(
        target=_prepare_all, args=(preparation, receiver, sender), daemon=True
    )
    with warnings.catch_warnings():
        # Native threads of numpy's libraries, which are not used here, are idle.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    sender.close()
    try:
        yield _received(preparation, receiver)
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _can_fork() -> bool:
    """A copy of this process is safe: no other thread may hold a lock at this moment."""
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return is_safe and len(os.sched_getaffinity(0)) > 1


class _Collected:
    """Sentences of one batch."""

    def __init__(self) -> None:
        self.pairs: list[tuple[int, str]] = []

    def add(self, row: int, sentence: str) -> None:
        """Keep it until the batch is handed over."""
        self.pairs.append((row, sentence))


def _prepare_all(preparation: Preparation, receiver: Connection, sender: Connection) -> None:
    """The other process: hand over batch by batch, until the file or the reader ends."""
    receiver.close()  # so that a reader that dies is noticed
    _die_with_parent()
    # The one who sends decides when to stop; Ctrl-C reaches this process too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A reader that has enough of it closes its end of the pipe.
    with suppress(BrokenPipeError):
        try:
            _hand_over_all(preparation, sender)
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - raised again by the reader
            sender.send(error)


def _hand_over_all(preparation: Preparation, sender: Connection) -> None:
    collected = preparation.sentences = _Collected()
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="hand over") as thread:
        for prepared in preparation.batches():
            for part in prepared.parts(LEADS_A_MESSAGE):
                told = (part, collected.pairs, replace(preparation.figures))
                waiting.append(thread.submit(sender.send, told))
                collected.pairs = []
            while len(waiting) > MESSAGES_AHEAD:
                waiting.popleft().result()
            _give_memory_back()
        while waiting:
            waiting.popleft().result()
    sender.send(None)


def _give_memory_back() -> None:
    """What a batch took lies in pieces between others, which glibc keeps, ever more of them.

    So a file of 3,000,000 leads would hold some 35 MB more in the end than in the beginning. To
    look for free pages takes a hundredth of the time that a batch takes.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
    if trim is not None:
        trim(0)


def _die_with_parent() -> None:
    """After a `kill -9` of the one who sends, this copy must not hold on to its locks."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _received(preparation: Preparation, receiver: Connection) -> Iterator[Prepared]:
    while (told := _next(receiver)) is not None:
        if isinstance(told, Exception):
            raise told
        prepared, sentences, preparation.figures = told
        for row, sentence in sentences:
            preparation.sentences.add(row, sentence)
        yield prepared


def _next(
    receiver: Connection,
) -> tuple[Prepared, list[tuple[int, str]], Figures] | Exception | None:
    try:
        told: tuple[Prepared, list[tuple[int, str]], Figures] | Exception | None = receiver.recv()
    except (EOFError, OSError):  # it ended between two messages, or in the middle of one
        raise LoaderError(
            "The process that reads the file ended.",
            "The system may have ended it because memory ran out.",
            "Run the same command again: it goes on where it stopped.",
        ) from None
    return told
