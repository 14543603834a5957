"""How long the desk waits for what comes in parts, by a clock that is set by hand."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import uvicorn
from uvicorn.server import ServerState

from bulk_loader.desk.guard import UPLOAD_S, PatientProtocol
from bulk_loader.serving.protocol import PATIENCE_S
from tests.sandbox.test_guard import Loop, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    App = Callable[[Scope, Receive, Send], object]

LENGTH = b"HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nabc"


async def silent(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Waits for the rest."""
    await asyncio.Event().wait()


async def refusing(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers before the body is there."""
    await send({"type": "http.response.start", "status": 303, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def held_for(app: App, sent: bytes, *, within_s: float) -> bool:
    """Whether a connection on which that came is still open after so long."""

    async def main() -> bool:
        config = uvicorn.Config(app, log_config=None)
        config.load()
        protocol = PatientProtocol(config, ServerState(), {})
        clock, transport = Loop(), Transport()
        real, protocol.loop = protocol.loop, clock  # type: ignore[assignment]
        clock.create_task = real.create_task  # type: ignore[attr-defined]
        protocol.connection_made(transport)
        protocol.data_received(sent)
        for _ in range(5):
            await asyncio.sleep(0)
        for _ in range(int(within_s / PATIENCE_S)):
            clock.pass_time(PATIENCE_S)
        is_open = not transport.is_closed
        protocol.connection_lost(None)
        for task in list(protocol.tasks):
            task.cancel()
        await asyncio.gather(*protocol.tasks, return_exceptions=True)
        return is_open

    return asyncio.run(main())


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST /x/lists HTTP/1.1\r\nHost: ", b"POST /x/login " + LENGTH],
)
def test_a_stranger_holds_no_connection_for_long(sent: bytes) -> None:
    """Neither with half a head, nor with half a password."""
    assert not held_for(silent, sent, within_s=PATIENCE_S)


def test_a_list_may_take_minutes_and_not_hours() -> None:
    """Over a slow line."""
    upload = b"POST /x/lists " + LENGTH
    assert held_for(silent, upload, within_s=UPLOAD_S - PATIENCE_S)
    assert not held_for(silent, upload, within_s=UPLOAD_S)


def test_a_list_of_somebody_who_is_not_let_in_is_not_waited_for() -> None:
    """It is answered before it has come, and what still comes has no more time than a head."""
    assert not held_for(refusing, b"POST /x/lists " + LENGTH, within_s=PATIENCE_S)
