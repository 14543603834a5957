"""Truth values as people write them in three languages."""

from __future__ import annotations

from bulk_loader.codes import ProblemCode
from bulk_loader.screening.faults import Fault

_TRUE = frozenset(("true", "1", "yes", "y", "sí", "si", "sim", "s", "verdadero", "verdadeiro"))
_FALSE = frozenset(("false", "0", "no", "n", "não", "nao", "falso"))


def read_truth(text: str) -> str | Fault:
    """`true` or `false`."""
    word = text.strip().casefold()
    if word in _TRUE:
        return "true"
    if word in _FALSE:
        return "false"
    return Fault(
        ProblemCode.TRUTH_VALUE,
        "is neither yes nor no.",
        "Write true or false, or leave the cell empty for the default.",
    )
