"""A socket on an address of this machine, and the signals that end what is served there."""

from __future__ import annotations

import errno
import os
import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bulk_loader.errors import LoaderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

HOST = "127.0.0.1"  # what is served may hold real phone numbers: nobody else's, unless told so
BACKLOG = 1024  # more connections than any sensible --concurrency opens at once


def listen(port: int, who: str, host: str = HOST) -> socket.socket:
    """A socket that takes connections from now on.

    Args:
        port: 0 takes a free one.
        who: wants to listen, such as "The sandbox", for the message.
        host: an address of this machine, or a name of it.

    Raises:
        LoaderError: the port is taken, or the address is not one of this machine.
    """
    try:
        # The protocol must be named: asyncio switches Nagle's delay off only for a socket that says
        # it is TCP, and with that delay every answer takes 40 ms. socket.create_server leaves it out.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _unheard(port, who, host, error) from error
    try:
        if os.name == "posix":  # elsewhere this option would let two programs share the port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # :: is all addresses of both kinds, whatever the system has
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _unheard(port, who, host, error) from error
    return listener


def _unheard(port: int, who: str, host: str, error: OSError) -> LoaderError:
    is_of_host = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
    return LoaderError(
        f"{who} can't listen on port {port} of {host}.",
        f"{error.strerror or error}.",
        "Give an address of this machine with --host; 0.0.0.0 is all of them."
        if is_of_host
        else "Stop the program that holds the port, or give another one with --port"
        " (0 takes a free one).",
    )


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
