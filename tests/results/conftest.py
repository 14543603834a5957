"""Files to write results for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a text file of this content."""

    def write(content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "leads.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return write
