from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bulk_loader
from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.sandbox import Sandbox
from tests.cli.fakes import FakeVerbs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(bulk_loader.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory, a state directory and a configuration of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BULK_LOADER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def verbs() -> FakeVerbs:
    """Workflows that note what they are asked for."""
    return FakeVerbs()


@pytest.fixture
def command(verbs: FakeVerbs, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs a command line with the fake workflows."""
    return lambda *arguments: _ended(App(arguments, verbs), capsys)


@pytest.fixture
def real_command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs a command line with the program's own workflows."""
    return lambda *arguments: _ended(App(arguments), capsys)


def _ended(app: App, capsys: pytest.CaptureFixture[str]) -> Ended:
    code = run(app)
    streams = capsys.readouterr()
    return Ended(code, streams.out, streams.err)


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A dialer over a real socket, whose token stands in the environment."""
    with Sandbox() as dialer:
        monkeypatch.setenv("BULK_LOADER_TOKEN", dialer.token)
        yield dialer
