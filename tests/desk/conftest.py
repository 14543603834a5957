from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bulk_loader.desk import Desk, DeskOptions
from bulk_loader.sandbox import Sandbox
from tests.desk.browsing import Browser
from tests.support.uploads import Leads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Starlette leaves the file of an upload that breaks off to the garbage collector."""
    left = pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(left)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory, with a ledger of the test's own and no settings of anybody else."""
    for name in [name for name in os.environ if name.startswith("BULK_LOADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BULK_LOADER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BULK_LOADER_TOKEN", "sandbox")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "work").mkdir(mode=0o700)
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def to_dialer(place: Path) -> Callable[..., None]:
    """Write settings for one dialer, with more lines of TOML."""

    def write(url: str, *more: str) -> None:
        file = place / "bulk_loader.toml"
        file.touch(mode=0o600)
        file.write_text("\n".join([f'url = "{url}"', *more]), "utf-8")

    return write


@pytest.fixture
def sandbox(to_dialer: Callable[..., None]) -> Iterator[Sandbox]:
    """The dialer that the settings name."""
    with Sandbox() as started:
        to_dialer(
            started.url, 'campaign = "POWER<-"', "concurrency = 1"
        )  # in the order of the list
        yield started


@pytest.fixture
def desk(place: Path) -> Iterator[Desk]:
    """A desk as it comes."""
    assert place.is_dir()
    with Desk(DeskOptions()) as opened:
        yield opened
    gc.collect()  # what Starlette has left, while nobody minds


@pytest.fixture
def browser(desk: Desk) -> Iterator[Browser]:
    """Somebody who has opened it."""
    with Browser(desk) as opened:
        yield opened


@pytest.fixture
def leads(tmp_path: Path) -> Leads:
    """A file of leads that is still to be written, where its owner has it."""
    (tmp_path / "own").mkdir()
    return Leads(tmp_path / "own" / "leads.csv")
