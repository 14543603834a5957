"""A socket on 127.0.0.1, the web server behind it, and the signals that end both."""

from __future__ import annotations

import os
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

HOST = "127.0.0.1"  # what is served may hold real phone numbers: nobody else's business
BACKLOG = 1024  # more connections than any sensible --concurrency opens at once


def listen(port: int, who: str) -> socket.socket:
    """A socket that takes connections from now on.

    Args:
        port: 0 takes a free one.
        who: wants to listen, such as "The sandbox", for the message.

    Raises:
        LoaderError: the port is taken.
    """
    # The protocol must be named: asyncio switches Nagle's delay off only for a socket that says
    # it is TCP, and with that delay every answer takes 40 ms. socket.create_server leaves it out.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # elsewhere this option would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise LoaderError(
            f"{who} can't listen on port {port} of {HOST}.",
            f"{error.strerror or error}.",
            "Stop the program that holds the port, or give another one with --port"
            " (0 takes a free one).",
        ) from error
    return listener


@contextmanager
def stop_signals() -> Iterator[list[int]]:
    """A list to which SIGINT and SIGTERM add themselves, instead of what they did before.

    Not a `threading.Event`: its lock may be held by the very code that a signal interrupts.
    """
    received: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, action in before.items():
            signal.signal(number, action)
