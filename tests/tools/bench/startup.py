"""How long a user waits before anything happens, and for what."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from tests.tools.bench.commands import run
from tests.tools.bench.memory import check_command
from tests.tools.bench.report import Section

if TYPE_CHECKING:
    from tests.tools.bench.scale import Bench

TITLE = "From the key to the answer"

_ROWS = 200


def measure(bench: Bench) -> Section:
    """All of them in turn, again and again."""
    executable = bench.workshop.python
    python, program = [executable, "-c"], [executable, "-m", "bulk_loader"]
    commands = {
        "python -c pass": [*python, "pass"],
        'python -c "import click"': [*python, "import click"],
        "bulk-loader --help": [*program, "--help"],
        "bulk-loader upload --help": [*program, "upload", "--help"],
        "a usage error": _failing([*program, "upload", "--no-such-option"]),
        'python -c "import pandas"': [*python, "import pandas"],
        'python -c "import pandas, pandera.pandas"': [*python, "import pandas, pandera.pandas"],
        f"bulk-loader check, {_ROWS} rows of CSV": [*program, *_check(bench, "csv")],
        f"bulk-loader check, {_ROWS} rows of xlsx": [*program, *_check(bench, "xlsx")],
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


def measure_imports(bench: Bench) -> Section:
    """The time of each package's own modules, in a check of a short list."""
    executable = bench.workshop.python
    told: list[defaultdict[str, float]] = []
    seconds: list[float] = []
    for _ in range(bench.scale.starts):
        seconds.append(run([executable, "-m", "bulk_loader", *_check(bench, "csv")]).seconds)
        told.append(_imports(executable, _check(bench, "csv")))
    packages = {package for counted in told for package in counted}
    took = {package: median(counted[package] for counted in told) for package in packages}
    largest = sorted(packages, key=lambda package: -took[package])[:_PACKAGES_SHOWN]
    others = sum(took.values()) - sum(took[package] for package in largest)
    whole = sum(took.values())
    rows = [(f"`{package}`", took[package]) for package in largest]
    rows += [(f"{len(packages) - len(largest)} others, Python's own modules among them", others)]
    bench.say("imports done")
    return Section(
        "What a short check waits for",
        f"Milliseconds that each package's own modules take to import, as `python -X importtime` "
        f"tells for a `check` of {_ROWS} rows of CSV, which makes every import slower; medians of "
        f"{bench.scale.starts}.",
        ("", "ms", "share"),
        [(name, f"{ms:,.0f}", f"{ms / whole:.0%}") for name, ms in rows],
        f"All imports take {whole:,.0f} ms that way; the whole check takes "
        f"{median(seconds) * 1000:,.0f} ms without being watched.",
    )


_PACKAGES_SHOWN = 12
_IMPORT = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)", re.MULTILINE)


def _imports(executable: str, arguments: list[str]) -> defaultdict[str, float]:
    """Milliseconds by package; the listing comes on the standard error."""
    listing = ["sh", "-c", '"$@" 2>&1 >/dev/null', "sh", executable, "-X", "importtime"]
    took: defaultdict[str, float] = defaultdict(float)
    for own_us, package in _IMPORT.findall(run([*listing, "-m", "bulk_loader", *arguments]).output):
        took[package] += int(own_us) / 1000
    return took


def _check(bench: Bench, extension: str) -> list[str]:
    return check_command(bench.workshop, bench.workshop.leads(_ROWS, extension))[3:]


def _failing(command: list[str]) -> list[str]:
    """A command that ends well where this one does not."""
    return ["sh", "-c", '! "$@"', "sh", *command]
