from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.clock import Deadlock, run


def test_an_hour_passes_in_no_time() -> None:
    """Timers fire in their order and at their moments, without any waiting."""
    fired: list[tuple[str, float]] = []

    async def sleep(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        fired.append((name, asyncio.get_running_loop().time()))

    async def main() -> None:
        await asyncio.gather(sleep("late", 3600), sleep("early", 1))

    run(main())
    assert fired == [("early", 1.0), ("late", 3600.0)]


def test_time_stands_still_while_a_thread_works() -> None:
    """A commit takes no time of the loop, however long a slow disk takes."""

    async def main() -> float:
        loop = asyncio.get_running_loop()
        asyncio.ensure_future(asyncio.sleep(1))  # noqa: RUF006 - only its timer matters
        await loop.run_in_executor(None, time.sleep, 0.01)
        return loop.time()

    assert run(main()) == 0.0


def test_a_loop_in_which_nothing_can_happen_is_a_deadlock() -> None:
    """A test of code that waits for ever fails, and does not hang."""

    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlock):
        run(main())
