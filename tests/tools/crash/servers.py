"""PostgreSQL servers for experiments, of which each has one of its own while it is under way."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol, Self

from tests.support.databases import Server, programs, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from types import TracebackType


def why_no_server() -> str:
    """Why no machines can share a ledger here; "" where they can."""
    return "" if programs() else "PostgreSQL is not installed; on Debian: apt install postgresql"


class Servers(Protocol):
    """Where servers come from."""

    def one(self) -> AbstractContextManager[Server]:
        """A server that nobody else uses in the body."""


class OwnServers:
    """As many as are needed at once, made when they are; a context manager, which ends them."""

    def __init__(self) -> None:
        self._ends = ExitStack()
        self._free: SimpleQueue[Server] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    @contextmanager
    def one(self) -> Iterator[Server]:
        """As `Servers.one`."""
        try:
            server = self._free.get_nowait()
        except Empty:
            folder = programs()
            assert folder is not None
            server = self._ends.enter_context(running_server(folder))
        try:
            yield server
        finally:
            self._free.put(server)


class OneServer:
    """For experiments that are made one after the other."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @contextmanager
    def one(self) -> Iterator[Server]:
        """As `Servers.one`."""
        yield self._server
