"""A web server on loopback that takes down what it is called with."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class WebEar:
    """What was heard.

    Attributes:
        status: of the answers to come.
        calls: method and path of each call, in their order.
        bodies: what each of them carried.
        clients: who each of them said that it is.
    """

    port: int
    status: int = 200
    calls: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.port}"


@contextmanager
def web_ear() -> Iterator[WebEar]:
    """One that listens until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            ear.calls.append(f"{self.command} {self.path}")
            ear.clients.append(self.headers.get("User-Agent", ""))
            ear.bodies.append(self.rfile.read(length).decode())
            self.send_response(ear.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - as the library looks for it

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ear = WebEar(server.server_port)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield ear
        finally:
            server.shutdown()
            thread.join()
