"""Draws a flame graph of an upload against the fast dialer.

    python -m tests.tools.bench.profile --rows 100000 --connections 32

py-spy draws it as SVG, with all threads of both processes; where py-spy can't be had, pyinstrument
draws the main thread as HTML. Either is installed into `.bench`, and so is the drawing.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from tests.tools.bench.commands import CommandError, run
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.uploads import upload_command, upload_env
from tests.tools.bench.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The program stands still for each of them: what is read while it runs may be garbage.
_SAMPLES_A_SECOND = 100


def draw(workshop: Workshop, rows: int, connections: int) -> Path:
    """The file with the flame graph.

    Raises:
        CommandError: neither of the tools can be installed or used here.
    """
    leads = workshop.leads(rows)
    with MeasuredDialer() as dialer, workshop.scratch() as place:
        upload = upload_command(
            workshop, leads, dialer.url, place, ["--again", "--concurrency", str(connections)]
        )
        env = upload_env(place)
        try:
            return _by_py_spy(workshop, upload, env)
        except CommandError as error:
            sys.stderr.write(f"py-spy can't be used here, so pyinstrument is:\n{error}\n")
            return _by_pyinstrument(workshop, upload, env)


def _by_py_spy(workshop: Workshop, upload: Sequence[str], env: dict[str, str]) -> Path:
    drawing = workshop.root / "upload.svg"
    spy = workshop.python_with("py-spy", ["py-spy"]).with_name("py-spy")
    rate = ["--rate", str(_SAMPLES_A_SECOND), "--threads", "--subprocesses"]
    run([str(spy), "record", *rate, "--output", str(drawing), "--", *upload], env)
    return drawing


def _by_pyinstrument(workshop: Workshop, upload: Sequence[str], env: dict[str, str]) -> Path:
    drawing = workshop.root / "upload.html"
    python = workshop.python_with("pyinstrument", ["pyinstrument"])
    found = run([str(python), "-c", "import json, sys; print(json.dumps(sys.path))"]).output
    packages = next(path for path in json.loads(found) if path.endswith("site-packages"))
    own, *program = upload
    flags = ["--renderer", "html", "--outfile", str(drawing)]
    run([own, "-m", "pyinstrument", *flags, *program], {**env, "PYTHONPATH": packages})
    return drawing


def main() -> None:
    """Draw, and say where."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.bench.profile")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=32)
    given = parser.parse_args()
    drawing = draw(Workshop.open().as_installed(), given.rows, given.connections)
    sys.stdout.write(f"{drawing}\n")


if __name__ == "__main__":
    main()
