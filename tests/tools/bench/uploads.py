"""This program's own uploads, each with a ledger of its own, as a user would run them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.tools.bench.commands import CommandError, run
from tests.tools.bench.leads import DATA

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.tools.bench.commands import Ended
    from tests.tools.bench.dialer import Figures, MeasuredDialer
    from tests.tools.bench.workshop import Workshop

TOKEN = "measured"
"""Any token will do: the dialer of the measurements looks at none."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """One upload that delivered every lead exactly once, as the dialer saw it.

    Attributes:
        figures: what the dialer counted.
        rows_per_second: what the program says of itself, from the first lead that is prepared to
            the results file.
        notes: what its summary says besides.
    """

    ended: Ended
    figures: Figures
    rows_per_second: float
    notes: tuple[str, ...]


def upload_command(
    workshop: Workshop, file: Path, url: str, place: Path, flags: Sequence[str] = ()
) -> list[str]:
    """The upload of a file with everything on."""
    results = str(place / f"results{file.suffix}")
    command = [workshop.python, "-m", "bulk_loader", "upload", str(file), "--url", url]
    return [*command, "--data", DATA, "--results", results, "--json", "--quiet", *flags]


def upload_env(place: Path) -> dict[str, str]:
    """Where the ledger stands, and the token."""
    return {"BULK_LOADER_HOME": str(place / "home"), "BULK_LOADER_TOKEN": TOKEN}


def upload(
    workshop: Workshop,
    dialer: MeasuredDialer,
    file: Path,
    connections: int | str,
    flags: Sequence[str] = (),
) -> Uploaded:
    """Upload a file.

    Raises:
        CommandError: the dialer did not get exactly the leads of the file.
    """
    dialer.figures()
    with workshop.scratch() as place:
        flags = ["--concurrency", str(connections), *flags]
        command, env = upload_command(workshop, file, dialer.url, place, flags), upload_env(place)
        ended = run(command, env)
    figures, summary = dialer.figures(), json.loads(ended.output)
    if not figures.accepted == summary["counts"]["accepted"] == summary["leads"]:
        raise CommandError(f"Of {summary['leads']} leads the dialer got {figures.accepted}.")
    return Uploaded(ended, figures, summary["rows_per_second"], tuple(summary["notes"]))
