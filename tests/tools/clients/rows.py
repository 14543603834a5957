"""The rows of the table: by running a client, by recording it on the way, or by its recording."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bulk_loader.sandbox import Sandbox
from tests.tools.clients.cases import CASES, OPTIONS
from tests.tools.clients.programs import Program
from tests.tools.clients.recordings import HOST, Recording, load, replay, save
from tests.tools.clients.relay import Relay
from tests.tools.clients.table import Row
from tests.tools.clients.trial import try_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tools.clients.cases import Case
    from tests.tools.clients.programs import Client
    from tests.tools.clients.trial import Outcome, Reply

TASK_PATH = "/Integra/resources/Dialers/DialerTask"


def run(client: Client, cases: Sequence[Case] = CASES) -> Row:
    """Have a client send the tasks, one after the other."""
    with tempfile.TemporaryDirectory() as place, Sandbox(OPTIONS) as sandbox:
        program = Program(client, Path(place))
        outcomes = _tried(sandbox, program, _port(sandbox), cases)
        return Row(client.name, f"run here by {program.version()}", outcomes)


def record(client: Client) -> Row:
    """The same, and keep what it sends."""
    requests: dict[str, bytes] = {}
    outcomes: list[Outcome] = []
    with (
        tempfile.TemporaryDirectory() as place,
        Sandbox(OPTIONS) as sandbox,
        Relay(_port(sandbox)) as relay,
    ):
        program = Program(client, Path(place))
        for case in CASES:
            outcomes += _tried(sandbox, program, relay.port, [case])
            requests[case.name] = _one_request(relay)
        save(client.key, Recording(program.version(), requests))
        return Row(client.name, f"recorded here of {program.version()}", tuple(outcomes))


def replay_recording(name: str, recording: Recording, why: str) -> Row:
    """Send again what was recorded, byte for byte."""
    with Sandbox(OPTIONS) as sandbox:

        def send(case: Case) -> Reply:
            return replay(recording.requests[case.name], _port(sandbox))

        outcomes = tuple(try_case(sandbox, case, send) for case in CASES)
    return Row(name, f"replayed, the bytes of {recording.made_with}{why}", outcomes)


def run_or_replay(client: Client) -> Row:
    """Run a client, or replay its recording where it can't run here."""
    if client.lack:
        return replay_recording(client.name, load(client.key), f": {client.lack}")
    return run(client)


def _tried(
    sandbox: Sandbox, program: Program, port: int, cases: Sequence[Case]
) -> tuple[Outcome, ...]:
    url = f"http://127.0.0.1:{port}{TASK_PATH}"
    return tuple(try_case(sandbox, case, lambda case: program.send(url, case)) for case in cases)


def _port(sandbox: Sandbox) -> int:
    port = urlsplit(sandbox.url).port
    assert port is not None
    return port


def _one_request(relay: Relay) -> bytes:
    """What a client sent, to the address that stands in all recordings."""
    request = relay.take().replace(f"127.0.0.1:{relay.port}".encode(), HOST.encode())
    assert len(re.findall(rb" HTTP/1\.1\r\n", request)) == 1, "more than one request, or none"
    return request
