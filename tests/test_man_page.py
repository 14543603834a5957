from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from bulk_loader.cli.app import bulk_loader
from bulk_loader.exit_codes import MEANINGS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / ".readme/bulk-loader.1"


def shown() -> str:
    """The page as a reader sees it, as one line of words."""
    ended = subprocess.run(
        ["man", "-l", str(PAGE)],
        env={**os.environ, "MANWIDTH": "1000", "LC_ALL": "C", "MAN_KEEP_FORMATTING": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(ended.stdout.split())


def commands(group: click.Group) -> list[click.Command]:
    """All below a group."""
    found: list[click.Command] = []
    for command in group.commands.values():
        found += [command, *(commands(command) if isinstance(command, click.Group) else [])]
    return found


def test_the_man_page_is_what_the_help_says() -> None:
    """Whoever changes a help text is told to make the page anew."""
    made = runpy.run_path(str(ROOT / ".readme/make_man_page.py"))["man_page"]()
    assert PAGE.read_text("ascii") == made, "Write it anew: make man"


@pytest.mark.skipif(not shutil.which("man"), reason="there is no man here")
def test_a_reader_of_the_man_page_finds_every_option_and_exit_code() -> None:
    """No character of the help is lost to the language that the page is written in."""
    page = shown()
    for command in commands(bulk_loader):
        for option in command.params:
            if isinstance(option, click.Option):
                assert " ".join((option.help or "").split()).rstrip(".") in page
                assert all(re.search(rf"(?<!\S){name}\b", page) for name in option.opts)
    for code, meaning in MEANINGS.items():
        assert f"{int(code)} {meaning}" in page
    assert 'such as "idcustomer={ID}:name={Name}"' in page


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff here")
def test_the_man_page_is_written_without_a_fault() -> None:
    """Not even one that only a warning tells."""
    ended = subprocess.run(
        ["groff", "-man", "-ww", "-z", str(PAGE)], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""


def test_the_package_brings_the_man_page_along() -> None:
    """It stands where man looks for it, in the environment that the package is installed into."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared == {".readme/bulk-loader.1": "share/man/man1/bulk-loader.1"}
