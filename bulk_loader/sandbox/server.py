"""Runs the sandbox on 127.0.0.1: inside this process, or until the command is stopped."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Self

from bulk_loader.errors import MissingExtraError
from bulk_loader.sandbox.desk import Desk
from bulk_loader.sandbox.dialing import Dialing
from bulk_loader.sandbox.options import SandboxOptions
from bulk_loader.sandbox.sessions import Sessions
from bulk_loader.sandbox.store import Store
from bulk_loader.serving.listening import BACKLOG, HOST, listen, stop_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import uvicorn

    from bulk_loader.sandbox.store import QueuedTask

MAX_CONNECTIONS = 4 * BACKLOG  # beyond them 503 is answered; each costs some memory
_TICK_S = 0.1  # a stop that takes this long feels instant


class Sandbox:
    """A dialer in this process, from `with` to its end.

    Args:
        options: how it behaves.
        announce: is told every refusal, as one line; called from the sandbox's threads.

    Raises:
        MissingExtraError: on entering, where Starlette or uvicorn is not installed.
        LoaderError: on entering, where the port is taken or the file of the queue is unusable.
    """

    def __init__(
        self,
        options: SandboxOptions | None = None,
        announce: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.options = options or SandboxOptions()
        self._announce = announce

    @property
    def url(self) -> str:
        """The base URL, such as `http://127.0.0.1:8080`."""
        return f"http://{HOST}:{self._port}"

    @property
    def token(self) -> str:
        """A token that is always valid."""
        return self.options.token

    @property
    def queued(self) -> int:
        """How many tasks the queue holds."""
        return sum(self._store.counts().values())

    @property
    def open_sessions(self) -> int:
        """How many logins were not ended."""
        return self._sessions.open_count

    def queue(self) -> list[QueuedTask]:
        """The whole queue, in the order of arrival."""
        return list(self._store.after(0))

    def __enter__(self) -> Self:
        self._store = Store(self.options.db)
        try:
            self._sessions = Sessions(self.options)
            self._dialing = Dialing(self.options, self._store, self._announce)
            desk = Desk(self.options, self._store, self._sessions, self._announce)
            self._server = _server(self.options, self._store, self._sessions, desk, self._dialing)
            self._socket = listen(self.options.port, "The sandbox")
        except BaseException:
            self._store.close()
            raise
        self._port = self._socket.getsockname()[1]
        # The socket listens already: who connects before the thread is ready, waits in line.
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="sandbox", daemon=True
        )
        self._thread.start()
        self._dialing.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._dialing.stop()
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
        self._store.close()


def serve(options: SandboxOptions, announce: Callable[[str], None]) -> None:
    """Run a sandbox until SIGINT or SIGTERM; belongs into the main thread.

    Args:
        options: how it behaves.
        announce: is told, a line at a time, how to use it and what it refuses.

    Raises:
        LoaderError: as `Sandbox`.
    """
    with stop_signals() as received, Sandbox(options, announce) as sandbox:
        announce(f"The sandbox listens on {sandbox.url} with the token {sandbox.token}")
        announce(f"Watch its queue on {sandbox.url}/ or read it from {sandbox.url}/api/queue")
        if options.agents:
            announce(_who_calls(options))
        announce("Stop it with Ctrl-C")
        while not received:
            time.sleep(_TICK_S)
        announce(f"The sandbox ends with {sandbox.queued} tasks in its queue")


def _who_calls(options: SandboxOptions) -> str:
    count = len(options.agents)
    who = f"Agent {options.agents[0]} calls" if count == 1 else f"{count} agents call"
    pace = f", {options.speed:g} times as fast as the day" if options.speed != 1 else ""
    return f"{who} who is in its queue{pace}; nobody's phone rings"


def _server(
    options: SandboxOptions, store: Store, sessions: Sessions, desk: Desk, dialing: Dialing
) -> uvicorn.Server:
    try:
        import uvicorn  # noqa: F401, PLC0415 - an extra, and slow to import

        from bulk_loader.sandbox.app import build_app  # noqa: PLC0415 - imports Starlette
        from bulk_loader.sandbox.guard import ANSWER_HEADERS  # noqa: PLC0415 - as above
        from bulk_loader.serving.protocol import LimitedProtocol  # noqa: PLC0415 - as above
        from bulk_loader.serving.web_server import web_server  # noqa: PLC0415 - as above
    except ImportError as error:
        library = str(error.name).partition(".")[0]
        raise MissingExtraError(
            "The sandbox can't start.",
            f"It needs Starlette and uvicorn, and {library} is not installed.",
            'Install them with: pip install "bulk-loader[sandbox]"',
        ) from error
    app = build_app(options, store, sessions, desk, dialing)
    return web_server(app, LimitedProtocol, ANSWER_HEADERS, MAX_CONNECTIONS)
