"""One run at a time for a file and a dialer; what a process holds is gone with it."""

from __future__ import annotations

import json
import os
import socket
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from bulk_loader.errors import LedgerError, LockedError
from bulk_loader.ledger import leased
from bulk_loader.ledger_place import LedgerPlace
from bulk_loader.owners import make_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bulk_loader.ledger import Lease, Ledger, RunPlan
    from bulk_loader.ledger_place import LikePlace
    from bulk_loader.owners import Exposure


def lock_names(plan: RunPlan) -> tuple[str, ...]:
    """What one run holds: the file for this dialer, by path and content, and its results file."""
    return f"{plan.target}\0{plan.path}", content_name(plan), plan.results


def content_name(plan: RunPlan) -> str:
    """What is held on all machines: the content of the file for this dialer."""
    return f"{plan.target}\0{plan.digest}"


@contextmanager
def locked(place: LikePlace, plan: RunPlan, file: Path) -> Iterator[Lease | None]:
    """Hold what a run holds while the body runs, on this machine and where others see it.

    Paths are of this machine; only the content is the same on all.

    Args:
        file: for the message.

    Returns:
        What is held on all machines; None for a ledger that no machines share.

    Raises:
        LockedError: another run holds one of the names; it is told as far as it is known.
        LedgerError: the locks can't be written, or others can write them.
    """
    place = LedgerPlace.of(place)
    otherwise = f"{file.name} is being uploaded to this dialer already."
    with held(place.home, lock_names(plan), otherwise):
        if place.url is None:
            yield None
        else:
            with leased(place, [content_name(plan)], otherwise) as lease:
                yield lease


def is_under_way(ledger: Ledger, run: int, own: RunPlan) -> bool:
    """Whether another program carries out a run at this moment."""
    record = ledger.runs.by_id(run)
    if record is None or content_name(record.plan) == content_name(own):
        return False
    if ledger.is_leased([content_name(record.plan)]) or ledger.is_helped(run):
        return True
    names = set(lock_names(record.plan))
    # A run that shares a lock with this one waits for it, or is over.
    return names.isdisjoint(lock_names(own)) and is_held(ledger.place.home, names)


@contextmanager
def held(home: Path, names: Iterable[str], otherwise: str) -> Iterator[None]:
    """Hold all of the names on this machine while the body runs.

    Args:
        otherwise: what happened where another program holds one of them.

    Raises:
        LockedError, LedgerError: as `locked`.
    """
    directory = home / _DIRECTORY
    with ExitStack() as stack:
        # The body is outside: what fails there is not a matter of the locks.
        try:
            exposed = make_private(home) or make_private(directory)
            if exposed is not None:
                raise _shared(directory, exposed)
            for name in sorted(set(names)):
                stack.enter_context(_one_lock(_stem(home, name), otherwise))
        except OSError as error:
            raise LedgerError(
                f"The directory {directory} can't be written.",
                f"{error.strerror or error}.",
                "Make room on the disk or make it writable for this user, or set "
                "BULK_LOADER_HOME to another directory.",
            ) from error
        yield


@contextmanager
def held_in(folder: Path, otherwise: str) -> Iterator[None]:
    """Keep out whoever else works in a folder, on any machine that shares it.

    On a share that has no locks nobody is kept out.

    Args:
        otherwise: what happened where somebody else works there.

    Raises:
        LockedError: somebody does.
    """
    with ExitStack() as stack:
        with suppress(OSError, NotImplementedError):
            stack.enter_context(_one_lock(folder / ".bulk-loader", otherwise))
        yield


def _shared(directory: Path, exposed: Exposure) -> LedgerError:
    return LedgerError(
        f"The directory {directory} is not this user's alone.",
        f"{exposed.why} Who can write there decides which runs may begin.",
        f"If all in it is right: {exposed.remedy}\n"
        "Or set BULK_LOADER_HOME to a directory of yours, such as a new one below it.",
    )


def is_held(home: Path, names: Iterable[str]) -> bool:
    """Whether any process holds one of the names, this one included."""
    return any(_is_locked(_stem(home, name).with_suffix(".lock")) for name in names)


def _is_locked(path: Path) -> bool:
    if not path.exists():
        return False
    lock = FileLock(path, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False


def _stem(home: Path, name: str) -> Path:
    digest = sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return home / _DIRECTORY / digest[:32]


_DIRECTORY = "locks"


@contextmanager
def _one_lock(stem: Path, otherwise: str) -> Iterator[None]:
    holder = stem.with_suffix(".json")
    lock = FileLock(stem.with_suffix(".lock"), timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(
            otherwise,
            f"{_holder_sentence(holder)}",
            "Wait until it has ended, then run the command again if anything is left to send.",
        ) from None
    try:
        holder.touch(mode=0o600)
        holder.write_text(json.dumps(_this_process()), "utf-8")
        yield
        with suppress(OSError):  # the lock alone counts
            holder.unlink(missing_ok=True)
    finally:
        lock.release()


def _this_process() -> dict[str, str]:
    return {
        "process": str(os.getpid()),
        "host": socket.gethostname(),
        "since": datetime.now().astimezone().isoformat(" ", "minutes"),
    }


def _holder_sentence(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text("utf-8"))
        return "The process {process} on {host} holds it since {since}.".format(**known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "Another process holds it and has not said which it is."
