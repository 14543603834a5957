"""Uploads that are cut short: by `kill -9`, by signals, by a dialer that dies."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulk_loader.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.tools.crash.commands import Attempt
    from tests.tools.crash.judge import Judge
    from tests.tools.crash.scene import Scene


def kill_uploader(scene: Scene, judge: Judge) -> None:
    """`kill -9` at a random moment."""
    upload = scene.upload()
    scene.await_moment(upload)
    kill(upload, judge)


def kill_dialer(scene: Scene, judge: Judge) -> None:
    """The dialer dies of a `kill -9` and is soon back; the upload waits, goes on, or stops."""
    upload = scene.upload()
    scene.await_moment(upload)
    with _dialer_down(scene, judge):
        time.sleep(scene.dice.uniform(0, 0.5))
    judge.see_end(upload, ExitCode.STOPPED)


def kill_both(scene: Scene, judge: Judge) -> None:
    """The dialer dies, and while it is down or soon after, the uploader."""
    upload = scene.upload()
    scene.await_moment(upload)
    with _dialer_down(scene, judge):
        time.sleep(scene.dice.uniform(0, 0.3))
        if is_down := scene.dice.random() < 0.5:
            kill(upload, judge)
    if not is_down:
        time.sleep(scene.dice.uniform(0, 0.3))
        kill(upload, judge)


def stop_gently(scene: Scene, judge: Judge) -> None:
    """SIGTERM, as a service manager sends it."""
    upload = scene.upload()
    scene.await_moment(upload)
    _interrupt(upload, judge, signal.SIGTERM)


def interrupt_twice(scene: Scene, judge: Judge) -> None:
    """Ctrl-C by somebody who does not want to wait, and so once more."""
    upload = scene.upload()
    scene.await_moment(upload)
    upload.signal(signal.SIGINT)
    time.sleep(scene.dice.uniform(0, 0.2))
    _interrupt(upload, judge, signal.SIGINT)


def edit_between(scene: Scene, judge: Judge) -> None:
    """`kill -9`, and then the operator works on the file."""
    kill_uploader(scene, judge)
    if not judge.is_finished:
        scene.list.edit()


def leave_results(scene: Scene, judge: Judge) -> bool:
    """Whether there are results, of an upload that was stopped, or killed and brought to its end."""
    disturb = scene.dice.choice((stop_gently, stop_gently, kill_uploader))
    disturb(scene, judge)
    results = scene.commands[0].sheet.results
    if not results.exists():
        judge.see_end(scene.upload(), ExitCode.STOPPED)
    return results.exists()


def kill(attempt: Attempt, judge: Judge, others: Collection[Attempt] = ()) -> None:
    """`kill -9` now, if there is anything left to be killed.

    Args:
        others: attempts that may still be under way.
    """
    if attempt.is_over:
        judge.see_end(attempt, ExitCode.STOPPED)
    else:
        attempt.signal(signal.SIGKILL)
        attempt.end()
        judge.see_crash(attempt, others)


def _interrupt(attempt: Attempt, judge: Judge, number: signal.Signals) -> None:
    judge.figures.kills += not attempt.is_over
    attempt.signal(number)
    judge.see_end(attempt, ExitCode.INTERRUPTED, ExitCode.STOPPED)


@contextmanager
def _dialer_down(scene: Scene, judge: Judge) -> Iterator[None]:
    scene.dialer.kill()
    judge.figures.kills += 1
    try:
        yield
    finally:
        scene.dialer.restart()
