"""No pattern takes more than a few steps for each character of a file."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

import pytest

import bulk_loader.reading
import bulk_loader.results
import bulk_loader.spreadsheets
from bulk_loader.spreadsheets.xlsx.edit.sheet_part import row_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

# From here on the number of repeats is a matter of the file and no more of the pattern.
MANY = 300
BYTES = frozenset(range(256))


def found_patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns of all modules, and those that are made for one file."""
    for package in (bulk_loader.spreadsheets, bulk_loader.reading, bulk_loader.results):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.name}.{name}", value
    yield "row_pattern", re.compile(row_pattern(b"x:"))


PATTERNS = dict(found_patterns())


def ambiguities(tree: Any) -> list[str]:
    """Pairs of repeats that can share out the same characters in many ways.

    Repeats that never give back what they took are none, and neither is what stands in a group
    that is settled once it has matched.
    """
    found: list[str] = []
    _walk(list(tree), [], found)
    return found


def _walk(items: list[Any], before: list[frozenset[int]], found: list[str]) -> list[frozenset[int]]:
    """The sets of the repeats that may end where these items end."""
    ending = before
    for kind, value in items:
        if kind in {sre.MAX_REPEAT, sre.MIN_REPEAT}:
            ending = _repeat(value, ending, found)
        elif kind is sre.SUBPATTERN:
            ending = _walk(list(value[3]), ending, found)
        elif kind is sre.BRANCH:
            branches = [_walk(list(branch), ending, found) for branch in value[1]]
            ending = [one for some in branches for one in some]
        elif kind in {sre.POSSESSIVE_REPEAT, sre.ATOMIC_GROUP}:
            _walk(list(value[2] if kind is sre.POSSESSIVE_REPEAT else value), [], found)
            ending = []
        elif kind not in {sre.ASSERT, sre.ASSERT_NOT, sre.AT}:
            ending = []
    return ending


def _repeat(value: Any, before: list[frozenset[int]], found: list[str]) -> list[frozenset[int]]:
    least, most, inner = value
    first = _first(list(inner))
    if most > MANY and any(first & other for other in before):
        found.append(f"{inner} follows a repeat of the same")
    ending = _walk(list(inner), before, found)
    single = _set(inner[0]) if len(inner) == 1 else None
    if most > MANY and single is not None:
        ending = [single]
    elif most > MANY and any(first & other for other in ending if other not in before):
        found.append(f"{inner} repeats what ends with a repeat of the same")
    return ending if least else [*ending, *before]


def _first(items: list[Any]) -> frozenset[int]:  # noqa: PLR0911 - one for each kind
    """The characters with which these items may begin."""
    firsts: frozenset[int] = frozenset()
    for item in items:
        kind, value = item
        single = _set(item)
        if single is not None:
            return firsts | single
        if kind in {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}:
            firsts |= _first(list(value[2]))
            if value[0]:
                return firsts
        elif kind is sre.SUBPATTERN:
            return firsts | _first(list(value[3]))
        elif kind is sre.ATOMIC_GROUP:
            return firsts | _first(list(value))
        elif kind is sre.BRANCH:
            return firsts.union(*(_first(list(branch)) for branch in value[1]))
        elif kind not in {sre.ASSERT, sre.ASSERT_NOT, sre.AT}:
            return BYTES
    return firsts


def _set(item: Any) -> frozenset[int] | None:
    """The characters of one place, up to the 256th; None for what is more than one place."""
    kind, _ = item
    if kind not in {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY, sre.CATEGORY}:
        return None
    tree = _parser.parse("x")
    tree.data = [item]
    one = re._compiler.compile(tree)  # type: ignore[attr-defined]
    return frozenset(code for code in BYTES if one.fullmatch(chr(code)))


@pytest.mark.parametrize("name", PATTERNS)
def test_no_text_can_be_shared_out_in_many_ways(name: str) -> None:
    """No two repeats beside or inside one another take the same characters."""
    pattern = PATTERNS[name]
    assert not ambiguities(_parser.parse(pattern.pattern, pattern.flags))


@pytest.mark.parametrize(
    "pattern",
    [r"\s*\s*x", r"\s*(?:a)?\s*x", r"(?:a*)*x", r"\s*\+?(?:[ .]*\d)+", r"(?:a|b+)*c", r"[^<]*\w*>"],
)
def test_patterns_that_take_the_square_are_found(pattern: str) -> None:
    """The look itself is trusted only as far as it finds what it is for."""
    assert ambiguities(_parser.parse(pattern))


@pytest.mark.parametrize(
    "pattern", [r"\s*+(?:a)?+\s*+x", r"a*b*c", r"(?:a*b)*", r"(?>\s*x)\s*y", r'"[^"]*"[^"]*']
)
def test_patterns_that_take_each_character_once_are_not(pattern: str) -> None:
    """A repeat that gives nothing back, or meets another sign first, costs nothing."""
    assert not ambiguities(_parser.parse(pattern))


def test_all_patterns_of_the_sources_are_looked_at() -> None:
    """A pattern that is made inside a function must be few, and looked at by hand."""
    made = [
        f"{path.name}:{line.strip()[:60]}"
        for package in ("spreadsheets", "reading", "results")
        for path in Path(bulk_loader.reading.__path__[0]).parent.joinpath(package).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s+.*\bre\.(compile|search|match|findall|sub|fullmatch)\(", line)
    ]
    assert sys.version_info >= (3, 11)
    assert len(made) <= 20, made
