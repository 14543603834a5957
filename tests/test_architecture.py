from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
MAP = (ROOT / ".github/ARCHITECTURE.md").read_text("utf-8")


def test_every_file_on_the_map_exists() -> None:
    """Whoever follows the map finds what it names."""
    named = set(re.findall(r"`((?:bulk_loader|tests)/[\w/.]*)`", MAP))
    assert len(named) > 30
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_layers_on_the_map_are_those_that_are_held() -> None:
    """The picture and import-linter's contract name the same packages in the same order."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (layers,) = [c["layers"] for c in contracts["contracts"] if c["type"] == "layers"]
    picture = MAP.partition("```\n")[2].partition("```")[0].splitlines()
    drawn = [re.split(r"\s{2,}", line)[0] for line in picture]
    assert drawn == layers
