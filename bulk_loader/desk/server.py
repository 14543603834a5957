"""Runs the desk: inside this process, or until the command is stopped."""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

from bulk_loader.desk.certificates import read_certificate
from bulk_loader.desk.key_page import KeyPage
from bulk_loader.desk.password_file import read_password_file
from bulk_loader.errors import MissingExtraError
from bulk_loader.serving.listening import listen, stop_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    import uvicorn

    from bulk_loader.desk.certificates import Certificate
    from bulk_loader.desk.office import Office
    from bulk_loader.desk.options import DeskOptions
    from bulk_loader.desk.reach import Reach

MAX_CONNECTIONS = 200  # a person has a few windows; beyond them 503 is answered
_TICK_S = 0.1  # a stop that takes this long feels instant
_SWEEP_S = 3600.0


class Desk:
    """A desk in this process, from `with` to its end, at which it stops what is being sent.

    Args:
        announce: is told where the desk can be opened next, whenever a key was used.

    Attributes:
        remarks: on the certificate, once the desk is open.

    Raises:
        MissingExtraError: on entering, where Starlette, uvicorn, Jinja2 or python-multipart is not
            installed.
        LockedError: on entering, where another desk has this ledger.
        SettingsError: on entering, where certificate or password can't be used.
        LoaderError: on entering, where the port is taken or the folder of lists is unusable.
    """

    def __init__(
        self, options: DeskOptions, announce: Callable[[str], None] = lambda _line: None
    ) -> None:
        self.options = options
        self._announce = announce
        self._stack = ExitStack()
        self.remarks: list[str] = []

    @property
    def office(self) -> Office:
        """What the pages work with."""
        return self._office

    @property
    def url(self) -> str:
        """The address that opens the desk: once, where no password does."""
        return self._address(self._office.door.key)

    @property
    def is_opened_by_key(self) -> bool:
        """The address holds a secret, and changes when it was used."""
        return self._office.door.login is None

    def remove_old(self) -> None:
        """Remove the lists that nobody has touched for long."""
        self._office.sendings.remove_old(self.options.keep)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            certificate = _certificate(self.options.reach)
            if certificate is not None:
                self.remarks = certificate.remarks(self.options.reach.names)
            self._office = _office(self.options, self._opened, stack)
            self.remove_old()
            server = _server(self._office, certificate)
            listener = listen(self.options.port, "The desk", self.options.reach.host)
            stack.callback(listener.close)
            self._port = listener.getsockname()[1]
            thread = threading.Thread(
                target=server.run, kwargs={"sockets": [listener]}, name="desk", daemon=True
            )
            thread.start()
            stack.callback(_end, server, thread)
            stack.callback(self._office.close)
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
        reach = self.options.reach
        host = reach.shown_host
        at = f"{reach.scheme}://{host}:{self._port}/{self._office.place}/"
        return f"{at}open?key={key}" if self.is_opened_by_key else at

    def _opened(self, key: str) -> None:
        self._announce(f"It was opened. For another browser, once: {self._address(key)}")


def serve(
    options: DeskOptions,
    announce: Callable[[str], None],
    browse: Callable[[str], object] | None,
) -> None:
    """Run a desk until SIGINT or SIGTERM; belongs into the main thread.

    Args:
        announce: is told, a line at a time, how to use it.
        browse: opens an address in a browser; None where nobody wants that.

    Raises:
        LoaderError: as `Desk`.
    """
    with stop_signals() as received, Desk(options, announce) as desk:
        for line in greeting(desk):
            announce(line)
        with browsing(desk, browse) as tidy:
            swept_at = time.monotonic()
            while not received:
                time.sleep(_TICK_S)
                tidy()
                if time.monotonic() - swept_at > _SWEEP_S:
                    desk.remove_old()
                    swept_at = time.monotonic()
        if busy := len(desk.office.sendings.busy()):
            announce(f"Waiting for {'1 list' if busy == 1 else f'{busy} lists'} to end gently")
        if jobs := desk.office.nights.busy():
            announce(f"Waiting for the end of a run of {' and '.join(jobs)}")
    announce("The desk is closed")


def greeting(desk: Desk) -> list[str]:
    """What is said of a desk that was just opened."""
    reach = desk.options.reach
    if desk.is_opened_by_key:
        lines = [f"The desk is open once at: {desk.url}"]
    elif reach.proxies:
        lines = [f"The desk is open to the proxy at: {desk.url}"]
    else:
        lines = [f"The desk is open to who knows the password at: {desk.url}"]
        if reach.is_everywhere:
            lines.append(
                "There any address of this machine may stand, and each name with --host-name"
            )
    if reach.is_bare:
        lines.append(
            "Warning: without TLS the password and all leads can be read on the way by whoever is in "
            "the network. Give --tls-cert and --tls-key, or put a reverse proxy before it"
        )
    lines += desk.remarks
    return [*lines, "Stop it with Ctrl-C; what is being sent then ends gently"]


@contextmanager
def browsing(desk: Desk, browse: Callable[[str], object] | None) -> Iterator[Callable[[], None]]:
    """A browser at the desk; what is given is to be called now and then, and tidies up behind it."""
    url = desk.url
    if browse is None or desk.options.reach.is_of_others:
        yield lambda: None
    elif not desk.is_opened_by_key:
        browse(url)
        yield lambda: None
    else:
        page = KeyPage(desk.office.shelf.folder, url)
        try:
            browse(page.url)
            yield lambda: page.remove() if desk.url != url else None
        finally:
            page.remove()


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
    password = read_password_file(options.password_file) if options.password_file else None
    # pandas and all of HTTP, which `--help` must not wait for
    from bulk_loader.desk.door import Door, Lifetime  # noqa: PLC0415
    from bulk_loader.desk.login import Login  # noqa: PLC0415
    from bulk_loader.desk.office import Office  # noqa: PLC0415
    from bulk_loader.desk.shelf import Shelf  # noqa: PLC0415
    from bulk_loader.runs.locks import held  # noqa: PLC0415
    from bulk_loader.settings import load_settings  # noqa: PLC0415

    home = load_settings(options.flags).home
    stack.enter_context(held(home, ["desk"], "The desk of this ledger is open already."))
    if password is None:
        door, place = Door(opened), secrets.token_urlsafe(12)
    else:
        door = Door(lifetime=Lifetime.of_team(options.idle), login=Login(password))
        place = options.reach.root.strip("/")
    shelf = Shelf(home)
    shelf.remove_left()
    return Office.open(options, place, door, shelf)


def _certificate(reach: Reach) -> Certificate | None:
    return read_certificate(reach.tls_cert, reach.tls_key) if reach.tls_cert else None


def _server(office: Office, certificate: Certificate | None) -> uvicorn.Server:
    from bulk_loader.desk.app import build_app  # noqa: PLC0415 - imports Starlette
    from bulk_loader.desk.guard import ANSWER_HEADERS, PatientProtocol  # noqa: PLC0415 - as above
    from bulk_loader.serving.web_server import web_server  # noqa: PLC0415 - as above

    tls = certificate.context if certificate else None
    return web_server(build_app(office), PatientProtocol, ANSWER_HEADERS, MAX_CONNECTIONS, tls)


def _end(server: uvicorn.Server, thread: threading.Thread) -> None:
    server.should_exit = True
    thread.join()
