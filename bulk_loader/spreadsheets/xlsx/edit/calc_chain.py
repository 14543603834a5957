"""The order in which formulas are computed, which must name no cell that has none any more.

Excel makes it anew where it is missing, and calls a workbook damaged where it is wrong.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_RELATION = re.compile(rb"<(?:[\w.-]++:)?Relationship\s[^<>]*+>")
_OVERRIDE = re.compile(rb"<(?:[\w.-]++:)?Override\s[^<>]*+>")


class CalcChain(NamedTuple):
    """Where it stands.

    Attributes:
        identifier: as the workbook names it.
        part: name of the part.
    """

    identifier: str
    part: str


def find_calc_chain(references: Mapping[str, tuple[str, str]]) -> CalcChain | None:
    """That of a workbook which refers to these parts; None where it has none."""
    return next(
        (CalcChain(name, part) for name, (kind, part) in references.items() if kind == "calcChain"),
        None,
    )


def without_calc_chain(relations: bytes, types: bytes, chain: CalcChain) -> tuple[bytes, bytes]:
    """What the workbook refers to, and of what kind each part is, without it."""
    identifier, name = f'Id="{chain.identifier}"'.encode(), f'"/{chain.part}"'.encode()
    relations = _RELATION.sub(lambda found: _kept(found, identifier), relations)
    types = _OVERRIDE.sub(lambda found: _kept(found, name), types)
    return relations, types


def _kept(found: re.Match[bytes], dropped: bytes) -> bytes:
    return b"" if dropped in found[0] else found[0]
