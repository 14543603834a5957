"""What takes long is done in threads, so that a page never waits for more than a moment."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from bulk_loader.desk.course import Course
from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

SOON_S = 0.5  # a page that takes longer says that it is waiting, and comes within a second
MAX_KEPT = 20  # a check of a bad list holds ten thousand problems


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """How a work ended: with what it was to give, or with an error."""

    result: T | None = None
    error: LoaderError | None = None


class Work(Generic[T]):
    """One piece of work in a thread of its own, begun at once.

    Args:
        verb: does it; what it tells can be read from `course` meanwhile.
        crashed: makes an error of a fault of the program itself.
    """

    def __init__(
        self, verb: Callable[[Course], T], crashed: Callable[..., LoaderError], name: str
    ) -> None:
        self.course = Course()
        self._verb = verb
        self._crashed = crashed
        self._done: Done[T] | None = None
        self._ended = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float | None = SOON_S) -> Done[T] | None:
        """How it ended; None where it goes on after this time."""
        self._ended.wait(timeout_s)
        return self._done

    def _run(self) -> None:
        try:
            self._done = Done(self._verb(self.course))
        except LoaderError as error:
            self._done = Done(error=error)
        except Exception as fault:  # noqa: BLE001 - a bug ends as a message and a report, too
            told = self._crashed(fault, has_started=self.course.has_started)
            self._done = Done(error=told)
        finally:
            self._ended.set()


class Works(Generic[T]):
    """Works whose results are kept for a while, by what they are about."""

    def __init__(self, crashed: Callable[..., LoaderError], name: str) -> None:
        self._crashed = crashed
        self._name = name
        self._kept: OrderedDict[Hashable, Work[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, verb: Callable[[Course], T]) -> Work[T]:
        """The work about this, begun if nobody has yet."""
        with self._lock:
            work = self._kept.pop(key, None) or Work(verb, self._crashed, self._name)
            self._kept[key] = work
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return work

    def find(self, key: Hashable) -> Work[T] | None:
        """The work about this; None where nobody has begun it."""
        return self._kept.get(key)
