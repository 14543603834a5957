"""Waiting for what can't be told how long to wait, such as a plugin of another's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def answered(ask: Callable[[], T], patience_s: float) -> T:
    """What a call answers, within bounds of time; what it raises is raised.

    A call that takes longer goes on in its thread, and ends with the process at the latest.

    Raises:
        TimeoutError: there was no answer by then.
    """
    answers: list[T] = []
    failures: list[Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except Exception as failure:  # noqa: BLE001 - it is raised where it is waited for
            failures.append(failure)

    thread = threading.Thread(target=work, daemon=True, name="asked")
    thread.start()
    thread.join(patience_s)
    if failures:
        raise failures[0]
    if not answers:
        raise TimeoutError
    return answers[0]
