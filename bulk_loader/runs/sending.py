"""Runs a delivery in an event loop, while the next batch is prepared in a thread."""

from __future__ import annotations

import asyncio
import math
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

from bulk_loader.delivery import Delivery
from bulk_loader.dialer.client import DialerClient
from bulk_loader.runs.hearing import HeardSender
from bulk_loader.runs.watch import Pauser, Stopper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from types import FrameType

    from bulk_loader.delivery import Policy, Prepared, Report, Sender
    from bulk_loader.dialer.client import Address
    from bulk_loader.ledger import Lease
    from bulk_loader.runs.timing import TimedRun
    from bulk_loader.runs.watch import Watch

_Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | None"

# Nobody presses Ctrl-C twice on purpose within this time.
SAME_WISH_S = 0.3

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def deliver(  # noqa: PLR0913, PLR0917 - each is of its own kind
    batches: Iterator[Prepared],
    run: TimedRun,
    address: Address,
    policy: Policy,
    watch: Watch,
    lease: Lease | None = None,
) -> Report:
    """Send what is ready and settle every lead; returns when all of it is durable.

    In the main thread, SIGINT and SIGTERM stop the run gently, and at once if they come again. A
    watch that is a `Stopper` may do so from any, and one that is a `Pauser` may have it pause.

    Args:
        lease: what must be held for each request; None where no machines share the ledger.
    """

    async def main() -> Report:
        client = DialerClient(address)
        sender = run.timed(_heard(client, lease, policy, watch) if lease else client)
        delivery = Delivery(sender, run, policy, watch)
        # Around the client too, whose session is ended while all that was sent is settled already.
        with _interrupts(delivery):
            if isinstance(watch, Stopper):
                watch.stoppable(_from_anywhere(delivery.interrupt))
            if isinstance(watch, Pauser):
                watch.pausable(
                    _from_anywhere(delivery.pause), _from_anywhere(delivery.go_on, run.rested)
                )
            async with client:
                return await delivery.run(_read_ahead(batches))

    with asyncio.Runner(loop_factory=_fast_loop) as runner:
        return runner.run(main())


def _heard(sender: Sender, lease: Lease, policy: Policy, watch: Watch) -> Sender:
    return HeardSender(sender, lease, policy.retry_for_s, watch.noted)


def _fast_loop() -> asyncio.AbstractEventLoop:
    """The event loop of uvloop, which takes half as long for a request, where there is one."""
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()


async def _read_ahead(batches: Iterator[Prepared]) -> AsyncIterator[Prepared]:
    """The batches, each prepared in a thread while the one before is being sent."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="prepare") as thread:
        upcoming = loop.run_in_executor(thread, next, batches, None)
        while (batch := await upcoming) is not None:
            upcoming = loop.run_in_executor(thread, next, batches, None)
            yield batch


def _from_anywhere(*verbs: Callable[[], None]) -> Callable[[], None]:
    """Does it in the event loop, whichever thread asks for it."""
    loop = asyncio.get_running_loop()

    def ask() -> None:
        with suppress(RuntimeError):  # the loop is closed: the run is over
            for verb in verbs:
                loop.call_soon_threadsafe(verb)

    return ask


@contextmanager
def _interrupts(delivery: Delivery) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    last_at = -math.inf

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal last_at
        # A terminal and a service manager may both pass on one and the same wish.
        is_same_wish = time.monotonic() - last_at < SAME_WISH_S
        last_at = time.monotonic()
        if not is_same_wish:
            loop.call_soon_threadsafe(delivery.interrupt)

    before: list[_Handler] = [signal.signal(number, interrupt) for number in SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
