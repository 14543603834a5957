"""Words by which people and programs mark a row that sums up others, in three languages."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto

# With these a name may begin or end, as in `Total Ventas` of a spreadsheet's own subtotals.
_TOTALS = frozenset(
    ("total", "totals", "totales", "totais", "subtotal", "subtotals", "subtotales", "subtotais")
)
# These sum up only where nothing else stands in the cell: `Suma Seguros` is a company.
_SUMS = frozenset(
    ("sum", "suma", "sumatoria", "soma", "somatoria", "somatorio", "recuento", "contagem")
)
_BESIDE_THEM = frozenset(
    re.findall(
        r"\w+",
        """
        all and da das de del do dos e final general geral gran grand grande la las los of overall
        sub the y
        amount calls cantidad chamadas cliente clientes clients contactos contacts contatos count
        customers filas importe lead leads linhas llamadas monto numbers numeros personas pessoas
        phones quantidade records registro registros rows telefones telefonos valor
        """,
    )
)
# One of them stands in each of the words; an accent may stand on any vowel but the first.
_STEMS = ("tot", "sum", "som", "recuent", "contag")

_WORDS = re.compile(r"[^\W\d_]+")

# Nobody names a sum in a text as long as this.
_MAX_LENGTH = 60


class Sums(Enum):
    """How surely a text is the name of a sum."""

    NO = auto()
    BESIDE_A_NAME = auto()
    """A company may be called so, too."""
    ALONE = auto()


def may_sum_up(text: str) -> bool:
    """A quick look that lets no name of a sum pass, at a cell or at many joined."""
    lowered = text.casefold()
    return any(stem in lowered for stem in _STEMS)


def sums_up(text: str) -> Sums:
    """How surely the text of a cell is the name of a sum."""
    if len(text) > _MAX_LENGTH or not may_sum_up(text):
        return Sums.NO
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    words = _WORDS.findall("".join(c for c in decomposed if not unicodedata.combining(c)))
    if not words:
        return Sums.NO
    known = _TOTALS | _SUMS
    if known.intersection(words) and known.union(_BESIDE_THEM).issuperset(words):
        return Sums.ALONE
    return Sums.BESIDE_A_NAME if {words[0], words[-1]} & _TOTALS else Sums.NO
