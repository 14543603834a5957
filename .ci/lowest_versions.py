"""Prints, as constraints for pip, the lowest version of everything that pyproject.toml lets in.

What the tests need besides, and what comes along, keeps the version of .ci/constraints.txt.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
BOUNDED = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)(\[[a-z,]+\])?\s*>=\s*(?P<lowest>[0-9.]+)\s*,\s*<\s*[0-9.]+\s*(;.*)?"
)
FOLLOWERS = {"psycopg-binary", "pydantic-core"}  # each of psycopg and pydantic asks for exactly one


def lowest_versions(project: dict[str, object]) -> dict[str, str]:
    """The lowest version of each dependency and extra, by its normalized name.

    Raises:
        ValueError: one of them has not both bounds. Without a lower one nothing says what to try,
            without an upper one a new major version may break what is promised.
    """
    extras = project.get("optional-dependencies", {})
    assert isinstance(extras, dict)
    required = [project.get("dependencies", []), *extras.values()]
    lowest: dict[str, str] = {}
    for requirement in (each for group in required for each in group):  # type: ignore[attr-defined]
        bounded = BOUNDED.fullmatch(requirement)
        if bounded is None:
            raise ValueError(f"{requirement!r} in pyproject.toml needs the bounds >= and <.")
        lowest[normalized(bounded["name"])] = bounded["lowest"]
    return lowest


def constraints(project: dict[str, object], pinned: list[str]) -> list[str]:
    """The lowest versions, and of `pinned` what they do not decide."""
    lowest = lowest_versions(project)
    decided = lowest.keys() | FOLLOWERS
    kept = [line for line in pinned if normalized(line.partition("==")[0]) not in decided]
    return [*(f"{name}=={version}" for name, version in lowest.items()), *kept]


def normalized(name: str) -> str:
    """The name as PyPA's specification compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    pinned = (ROOT / ".ci/constraints.txt").read_text(encoding="utf-8").split()
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    try:
        sys.stdout.writelines(f"{line}\n" for line in constraints(pyproject["project"], pinned))
    except ValueError as error:
        sys.exit(str(error))
