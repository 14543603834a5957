"""An event loop whose time jumps to the next timer, so that nothing in a test ever waits.

    result = run(main())

While a thread works for the loop (a commit of the ledger), time stands still and the thread is
waited for. A loop in which nothing can ever happen any more raises `Deadlock` instead of hanging.
"""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Executor

T = TypeVar("T")


class Deadlock(Exception):  # noqa: N818 - it is what the loop is in
    """Every task waits, no timer runs and no thread works."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine from the moment 0 on, in no time."""
    with asyncio.Runner(loop_factory=ManualLoop) as runner:
        return runner.run(main)


class ManualLoop(asyncio.SelectorEventLoop):
    """Its time is a number that only timers move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.working = 0
        super().__init__(_Jump(self))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Count the threads that work for the loop."""
        self.working += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._worked)
        return future

    async def shutdown_default_executor(self) -> None:
        """As in every loop, by a thread."""
        self.working += 1
        await super().shutdown_default_executor()
        self.working -= 1

    def _worked(self, _: asyncio.Future[Any]) -> None:
        self.working -= 1


class _Jump(selectors.SelectSelector):
    """Instead of waiting for a timer, moves the loop's time to it."""

    def __init__(self, loop: ManualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._loop.working:
            # Only a thread can be waited for; it wakes the loop through its own pipe.
            return super().select(0 if timeout == 0 else None)
        if timeout is None:
            woken = super().select(0)
            if not woken:
                raise Deadlock
            return woken
        self._loop.now += timeout
        return super().select(0)
