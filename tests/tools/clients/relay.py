"""Stands between a client and a sandbox, and keeps the bytes that the client sends."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_MOST = 65_536


class Relay:
    """A port of its own on 127.0.0.1, from `with` to its end.

    Args:
        port: of the sandbox.
    """

    def __init__(self, port: int) -> None:
        self._server = _Server(port)

    @property
    def port(self) -> int:
        """Where clients are to connect to."""
        return int(self._server.server_address[1])

    def take(self) -> bytes:
        """What clients have sent since this was last asked for."""
        taken = bytes(self._server.sent)
        self._server.sent.clear()
        return taken

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.upstream = ("127.0.0.1", port)
        self.sent = bytearray()


class _Connection(BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        with socket.create_connection(self.server.upstream) as upstream:
            back = threading.Thread(target=_pump, args=(upstream, self.request, bytearray()))
            back.start()
            _pump(self.request, upstream, self.server.sent)
            back.join()


def _pump(source: socket.socket, sink: socket.socket, kept: bytearray) -> None:
    """Pass on what comes until the end; a client that just goes away is one."""
    with suppress(OSError):
        while data := source.recv(_MOST):
            kept += data
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
