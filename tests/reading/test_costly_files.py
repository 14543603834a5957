"""A small file costs little, whatever stands in it, and is read or refused in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.costly_files import KINDS

# An empty process has 80 MB, and what makes the largest of these files has 200.
MOST_MB = 400

# What they cost is bounded by the processor's time, in the worker; this one may wait for its turn.
pytestmark = pytest.mark.timeout(1_800)


@pytest.fixture(scope="module")
def costs() -> dict[str, dict[str, Any]]:
    """What became of the files of each kind, and the most memory that was needed until then."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.support.costly_files_worker"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        check=False,
    )
    answers = map(json.loads, found.stdout.splitlines())
    return {answer["name"]: answer for answer in answers}


@pytest.mark.xdist_group("costly files")
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_costs_no_more_than_it_weighs(kind: str, costs: dict[str, dict[str, Any]]) -> None:
    """It is read and its results are written, or it is refused, within a few hundred megabytes."""
    _, expected = KINDS[kind]
    assert kind in costs, "it ended the process, or took too long"
    assert expected in costs[kind]["answer"]
    assert ("a plain workbook" in costs[kind]["answer"]) == ("a plain workbook" in expected)
    assert costs[kind]["mb"] < MOST_MB
