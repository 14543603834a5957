"""Tasks sent to the sandbox by the clients that the vendor's page shows, and what it answers.

    python -m tests.tools.clients

Each client that can run here does; of any other the bytes are sent that were recorded of it, and
the reason is told. `--record` records those that can run. The exit code is 1 where an answer is not
as it must be, or a task does not stand in the queue as it was meant.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.tools.clients.programs import CLIENTS
from tests.tools.clients.restsharp import DERIVED
from tests.tools.clients.rows import record, replay_recording, run_or_replay
from tests.tools.clients.table import notes, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tools.clients.table import Row


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.clients")
    parser.add_argument("--record", action="store_true", help="keep what the clients send")
    rows = list(_rows(is_recorded=parser.parse_args().record))
    _say("What the sandbox answered: the body, or a status that is not 200.\n")
    _say(table(rows) + "\n")
    for note in notes(rows):
        _say(note)
    return int(any(outcome.fault for row in rows for outcome in row.outcomes))


def _rows(*, is_recorded: bool) -> Iterator[Row]:
    for client in CLIENTS:
        yield record(client) if is_recorded and not client.lack else run_or_replay(client)
    for name, recording in DERIVED.items():
        yield replay_recording(name, recording, ": RestSharp is no package of Debian")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
