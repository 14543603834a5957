"""How long a user waits before anything happens."""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.commands import run
from tests.bench.memory import check_command
from tests.bench.report import Section

if TYPE_CHECKING:
    from tests.bench.scale import Bench

TITLE = "From the key to the answer"

_ROWS = 200


def measure(bench: Bench) -> Section:
    """All of them in turn, again and again."""
    python, program = [sys.executable, "-c"], [sys.executable, "-m", "bulk_loader"]
    commands = {
        "python -c pass": [*python, "pass"],
        'python -c "import click"': [*python, "import click"],
        "bulk-loader --help": [*program, "--help"],
        "bulk-loader upload --help": [*program, "upload", "--help"],
        "a usage error": _failing([*program, "upload", "--no-such-option"]),
        'python -c "import pandas"': [*python, "import pandas"],
        'python -c "import pandas, pandera.pandas"': [*python, "import pandas, pandera.pandas"],
        f"bulk-loader check, {_ROWS} rows of CSV": check_command(bench.workshop.leads(_ROWS)),
        f"bulk-loader check, {_ROWS} rows of xlsx": check_command(
            bench.workshop.leads(_ROWS, "xlsx")
        ),
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(bench.scale.starts):
        for name, command in commands.items():
            seconds[name].append(run(command).seconds)
    bench.say("starts done")
    return Section(
        TITLE,
        f"Wall time of the whole process, medians of {bench.scale.starts}.",
        ("", "ms", "lowest to highest"),
        [
            (f"`{name}`", f"{median(took) * 1000:,.0f}",
             f"{min(took) * 1000:,.0f} to {max(took) * 1000:,.0f}")
            for name, took in seconds.items()
        ],
    )  # fmt: skip


def _failing(command: list[str]) -> list[str]:
    """A command that ends well where this one does not."""
    return ["sh", "-c", '! "$@"', "sh", *command]
