"""What a report of a fault says of the program and the machine."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from bulk_loader.workflows.doctor import EXTRAS
from bulk_loader.workflows.versions import LIBRARIES, library_versions, python_version

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))[
    "project"
]


def test_no_library_is_forgotten() -> None:
    """Whatever is needed, also by an extra, may be what is at fault."""
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    needed = {re.split(r"[^\w-]", each)[0] for group in groups for each in group}
    assert needed == set(LIBRARIES)


def test_no_extra_is_forgotten() -> None:
    """The doctor says of each whether it is there."""
    assert EXTRAS.keys() == PROJECT["optional-dependencies"].keys()


def test_versions_are_those_that_are_installed() -> None:
    """And those of the interpreter and the system."""
    assert library_versions()["click"] == metadata.version("click")
    assert python_version().startswith(f"Python {platform.python_version()} (")


def test_the_version_waits_for_nothing_heavy() -> None:
    """It is asked for where something does not work, which may be pandas itself."""
    code = (
        "import sys\n"
        "from bulk_loader.cli.app import run\n"
        "from bulk_loader.cli.context import App\n"
        "assert run(App(['--version'])) == 0\n"
        "print(sorted({'pandas', 'numpy', 'pydantic', 'httpx'} & set(sys.modules)))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second, third, loaded = ended.stdout.splitlines()
    assert first.startswith("bulk-loader ")
    assert second.startswith("Python ")
    assert "pandas " in third
    assert loaded == "[]"
