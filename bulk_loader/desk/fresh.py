"""Looks at what may be another thing a moment later, in threads: each is shown once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Generic, TypeVar

from bulk_loader.desk.works import Works

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.desk.works import Done
    from bulk_loader.errors import LoaderError

T = TypeVar("T")


class Fresh(Generic[T]):
    """One look at a time for each name; whoever asks after its end gets a new one.

    Args:
        crashed: makes a message of a fault of the program itself.
        what: is looked at, for the name of the threads.
    """

    def __init__(self, crashed: Callable[..., LoaderError], what: str) -> None:
        self._works: Works[T] = Works(crashed, what)
        self._shown: Counter[str] = Counter()

    def ask(self, name: str, verb: Callable[[], T]) -> Done[T] | None:
        """What was found; None as long as it is being looked for."""
        number = self._shown[name]
        done = self._works.get((name, number), lambda _course: verb()).wait()
        if done is not None:
            self._shown[name] = number + 1
        return done
