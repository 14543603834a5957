from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def config_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration directory, so that the developer's own file is never read."""
    home = tmp_path / "config-home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    return home / "bulk-loader"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An empty working directory."""
    place = tmp_path / "work"
    place.mkdir()
    return place
