"""A web server for a socket that listens already; what it serves makes it safe, see `protocol`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

from bulk_loader.serving.listening import BACKLOG

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from starlette.applications import Starlette

    from bulk_loader.serving.protocol import LimitedProtocol

# uvicorn closes an idle connection after 5 s. A client that just then writes to it can't tell
# whether what it sent was taken; web servers wait about this long.
KEEP_ALIVE_S = 75
_GRACE_S = 1  # for answers under way when it ends


def web_server(
    app: Starlette,
    protocol: type[LimitedProtocol],
    headers: Sequence[tuple[str, str]],
    max_connections: int,
    tls: ssl.SSLContext | None = None,
) -> uvicorn.Server:
    """The server, ready to be run.

    Args:
        headers: of every answer.
        max_connections: beyond them 503 is answered.
        tls: None for HTTP.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws="none",
        http=protocol,
        headers=list(headers),
        server_header=False,
        proxy_headers=False,  # uvicorn would take the word of any program of this machine
        limit_concurrency=max_connections,
        lifespan="off",
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    config.load()  # imports the rest here, where a failure is seen, and not in the thread
    config.ssl = tls  # uvicorn makes one of files only, and asks for a passphrase on the terminal
    return uvicorn.Server(config)
