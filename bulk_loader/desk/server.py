"""Runs the desk on 127.0.0.1: inside this process, or until the command is stopped."""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from bulk_loader.errors import MissingExtraError
from bulk_loader.serving.listening import HOST, listen, stop_signals

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import uvicorn

    from bulk_loader.desk.office import Office
    from bulk_loader.desk.options import DeskOptions

MAX_CONNECTIONS = 200  # a person has a few windows; beyond them 503 is answered
_TICK_S = 0.1  # a stop that takes this long feels instant
_SWEEP_S = 3600.0


class Desk:
    """A desk in this process, from `with` to its end, at which it stops what is being sent.

    Args:
        announce: is told where the desk can be opened next, whenever a key was used.

    Raises:
        MissingExtraError: on entering, where Starlette, uvicorn, Jinja2 or python-multipart is not
            installed.
        LockedError: on entering, where another desk has this ledger.
        LoaderError: on entering, where the port is taken or the folder of lists is unusable.
    """

    def __init__(
        self, options: DeskOptions, announce: Callable[[str], None] = lambda _line: None
    ) -> None:
        self.options = options
        self._announce = announce
        self._stack = ExitStack()

    @property
    def office(self) -> Office:
        """What the pages work with."""
        return self._office

    @property
    def url(self) -> str:
        """The address that opens the desk once."""
        return self._address(self._office.door.key)

    def remove_old(self) -> None:
        """Remove the lists that nobody has touched for long."""
        self._office.sendings.remove_old(self.options.keep)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._office = _office(self.options, self._opened, stack)
            self.remove_old()
            server = _server(self._office)
            listener = listen(self.options.port, "The desk")
            stack.callback(listener.close)
            self._port = listener.getsockname()[1]
            thread = threading.Thread(
                target=server.run, kwargs={"sockets": [listener]}, name="desk", daemon=True
            )
            thread.start()
            stack.callback(_end, server, thread)
            stack.callback(self._office.sendings.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def _address(self, key: str) -> str:
        return f"http://{HOST}:{self._port}/{self._office.place}/open?key={key}"

    def _opened(self, key: str) -> None:
        self._announce(f"It was opened. For another browser, once: {self._address(key)}")


def serve(
    options: DeskOptions, announce: Callable[[str], None], browse: Callable[[str], object]
) -> None:
    """Run a desk until SIGINT or SIGTERM; belongs into the main thread.

    Args:
        announce: is told, a line at a time, how to use it.
        browse: opens an address in a browser.

    Raises:
        LoaderError: as `Desk`.
    """
    with stop_signals() as received, Desk(options, announce) as desk:
        announce(f"The desk is open once at: {desk.url}")
        announce("Stop it with Ctrl-C; what is being sent then ends gently")
        browse(desk.url)
        swept_at = time.monotonic()
        while not received:
            time.sleep(_TICK_S)
            if time.monotonic() - swept_at > _SWEEP_S:
                desk.remove_old()
                swept_at = time.monotonic()
        if busy := len(desk.office.sendings.busy()):
            announce(f"Waiting for {'1 list' if busy == 1 else f'{busy} lists'} to end gently")
    announce("The desk is closed")


def _office(options: DeskOptions, opened: Callable[[str], None], stack: ExitStack) -> Office:
    try:
        import jinja2  # noqa: F401, PLC0415 - an extra, as the three below
        import python_multipart  # type: ignore[import-not-found, unused-ignore]  # noqa: F401, PLC0415
        import starlette  # noqa: F401, PLC0415
        import uvicorn  # noqa: F401, PLC0415
    except ImportError as error:
        library = str(error.name).partition(".")[0]
        raise MissingExtraError(
            "The desk can't start.",
            "It needs Starlette, uvicorn, Jinja2 and python-multipart, and "
            f"{library} is not installed.",
            'Install them with: pip install "bulk-loader[desk]"',
        ) from error
    # pandas and all of HTTP, which `--help` must not wait for
    from bulk_loader.desk.door import Door  # noqa: PLC0415
    from bulk_loader.desk.office import Office  # noqa: PLC0415
    from bulk_loader.desk.shelf import Shelf  # noqa: PLC0415
    from bulk_loader.runs.locks import held  # noqa: PLC0415
    from bulk_loader.settings import load_settings  # noqa: PLC0415

    home = load_settings(options.flags).home
    stack.enter_context(held(home, ["desk"], "The desk of this ledger is open already."))
    return Office.open(options, secrets.token_urlsafe(12), Door(opened), Shelf(home))


def _server(office: Office) -> uvicorn.Server:
    from bulk_loader.desk.app import build_app  # noqa: PLC0415 - imports Starlette
    from bulk_loader.desk.guard import ANSWER_HEADERS, PatientProtocol  # noqa: PLC0415 - as above
    from bulk_loader.serving.web_server import web_server  # noqa: PLC0415 - as above

    return web_server(build_app(office), PatientProtocol, ANSWER_HEADERS, MAX_CONNECTIONS)


def _end(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join()
