"""Truth values as people write them in three languages."""

from __future__ import annotations

from typing import Final

from bulk_loader.codes import ProblemCode
from bulk_loader.screening.faults import Fault

_TRUE = frozenset(("true", "1", "yes", "y", "sí", "si", "sim", "s", "verdadero", "verdadeiro"))
_FALSE = frozenset(("false", "0", "no", "n", "não", "nao", "falso"))


TRUTH_VALUES: Final = ("true", "false")
"""As the dialer takes them."""

NO_TRUTH_VALUE: Final = Fault(
    ProblemCode.TRUTH_VALUE,
    "is neither yes nor no.",
    "Write true or false, or leave the cell empty for the default.",
)


def read_truth(text: str) -> str | Fault:
    """`true` or `false`."""
    word = text.strip().casefold()
    if word in _TRUE:
        return "true"
    if word in _FALSE:
        return "false"
    return NO_TRUTH_VALUE
