"""The bytes that clients were seen to send, kept in files, and sent again."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING

from tests.tools.clients.trial import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "recordings"

HOST = "127.0.0.1:8080"
"""Stands in every recording for the address that it was sent to."""

_SECONDS = 300.0  # a test that hangs; no answer is that slow


@dataclass(frozen=True, slots=True)
class Recording:
    """What one client sent.

    Attributes:
        made_with: the program that sent it, and its version.
        requests: the whole bytes, by the names of the cases.
    """

    made_with: str
    requests: Mapping[str, bytes]


def load(key: str) -> Recording:
    """The recording of a client."""
    kept = json.loads((FOLDER / f"{key}.json").read_text("utf-8"))
    requests = {case: text.encode("latin-1") for case, text in kept["requests"].items()}
    return Recording(kept["made_with"], requests)


def save(key: str, recording: Recording) -> None:
    """Keep a recording as text, in which no line ends get lost."""
    requests = {case: request.decode("latin-1") for case, request in recording.requests.items()}
    kept = {"made_with": recording.made_with, "requests": requests}
    (FOLDER / f"{key}.json").write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


def replay(request: bytes, port: int) -> Reply:
    """Send a request, byte for byte, on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), _SECONDS) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection, method="POST")
        answer.begin()
        with answer:
            return Reply(answer.status, answer.read().decode())
