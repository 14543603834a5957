"""The versions that `make lowest` tries."""

from __future__ import annotations

import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / ".ci/lowest_versions.py"))


def test_everything_that_is_needed_has_both_bounds() -> None:
    """A dependency without an upper bound may break what is promised, overnight."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [project["dependencies"], *project["optional-dependencies"].values()]
    # What several extras need, they need within the same bounds.
    assert len(SCRIPT["lowest_versions"](project)) == len(
        {each for group in named for each in group}
    )


@pytest.mark.parametrize("requirement", ["click", "click>=8", "click<9", "click==8.2", "click~=8"])
def test_a_missing_bound_is_named(requirement: str) -> None:
    """Nothing is tried in silence with another version than the lowest."""
    with pytest.raises(ValueError, match=f"'{requirement}' in pyproject.toml needs the bounds"):
        SCRIPT["lowest_versions"]({"dependencies": [requirement]})


def test_the_lowest_versions_take_the_place_of_the_usual_ones() -> None:
    """Also under another spelling of the name, in an extra, and behind a marker."""
    project = {
        "dependencies": ["typing_extensions>=4.1,<5; python_version < '3.15'", "pydantic>=2.12,<3"],
        "optional-dependencies": {"tables": ["PyYAML>=6.0.1,<7"]},
    }
    usual = ["typing.extensions==4.16.0", "pydantic==2.14.3", "pydantic_core==2.50.4"]
    usual += ["pyyaml==6.0.3", "pytest==9.2.0"]
    assert SCRIPT["constraints"](project, usual) == [
        "typing-extensions==4.1",
        "pydantic==2.12",
        "pyyaml==6.0.1",
        "pytest==9.2.0",
    ]
