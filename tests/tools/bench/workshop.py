"""The directory of the measurements: what they install for themselves, and what they make."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import requires
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.tools.bench.commands import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHECKOUT = Path(__file__).parents[3]
"""The directory to run in."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything in one directory, which may be removed at any time.

    Attributes:
        python: runs the program that is measured.
    """

    root: Path
    python: str = sys.executable

    @classmethod
    def open(cls, root: Path = CHECKOUT / ".bench") -> Workshop:
        """The directory, made where there is none; git does not see it."""
        root.mkdir(parents=True, exist_ok=True)
        (root / ".gitignore").write_text("*\n")
        return cls(root)

    def as_installed(self) -> Workshop:
        """The same, with a Python that has what a user installs and nothing more.

        pandera imports packages that only the tests of this project need, where they are there.
        """
        needed = [need for need in requires("bulk-loader") or () if "extra ==" not in need]
        return replace(self, python=str(self.python_with("as-installed", needed)))

    def leads(self, count: int, extension: str = "csv") -> Path:
        """A file of so many leads, written at its first use by a process of its own."""
        path = self.root / f"leads-{count}.{extension}"
        if not path.exists():
            run([sys.executable, "-m", "tests.tools.bench.leads", str(path), str(count)])
        return path

    def python_with(self, name: str, packages: Sequence[str]) -> Path:
        """The Python of a virtual environment of that name that has these packages."""
        python = self.root / name / "bin" / "python"
        ready = self.root / name / ".ready"
        if not ready.exists():
            run([sys.executable, "-m", "venv", str(self.root / name)])
            pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            run([str(python), *pip, *packages])
            ready.touch()
        return python

    def node_tool(self, package: str) -> Path:
        """The command that an npm package of the same name brings."""
        place = self.root / "npm"
        tool = place / "node_modules" / ".bin" / package
        if not tool.exists():
            run(["npm", "install", "--silent", "--no-fund", "--prefix", str(place), package])
        return tool

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty directory on the same disk, gone afterwards."""
        with TemporaryDirectory(dir=self.root, prefix="scratch-") as place:
            yield Path(place)


def is_installed(tool: str) -> bool:
    """A command of that name can be run."""
    return shutil.which(tool) is not None
