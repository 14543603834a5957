"""What a column may hold by its name, where nobody has said it: to be told or asked, never taken."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulk_loader.mapping.headers import loosened, match_header
from bulk_loader.masking import is_data, listed_columns
from bulk_loader.model import RESULT_COLUMNS, ColumnMap, Field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Words in the names of columns, without accents; `*` stands for any end.
_WORDS = {
    Field.ALTERNATIVES: """
        phone* telephone* tel tele telef* telf* tlf* tfno* fono* fone* mobile* cell cellphone*
        cellular cel cels celu celular* movil* telemovel fijo fixo landline* whatsapp* wapp wpp
        wsp msisdn callback
    """,
    Field.CALLDATE: "fecha date",
    Field.CAMPAIGN: "campaign campana campanha",
    Field.AGENT: """
        agent agente operator operador* vendedor* asesor* ejecutiv* executiv* gestor* corretor*
        atendente* consultor* seller salesperson salesrep owner propietario proprietario
        responsable responsavel extension ext ramal interno anexo
    """,
}
# What stands beside such a word in the name of something else.
_OTHER_WORDS = {
    Field.ALTERNATIVES: """
        fax type tipo label etiqueta rotulo opt optin optout consent* acepta* aceita* compania
        company operadora carrier status estado model* marca brand count cantidad quantidade
        country pais area ddd plan date fecha data
    """,
    Field.CALLDATE: """
        birth* nac* nasc* creat* crea* creac* cria* alta modif* updat* actualiz* atualiz* venc*
        due last ultima ultimo close* cierre
    """,
    Field.CAMPAIGN: "source status member",
    Field.AGENT: "email mail correo phone* tel telef* date fecha data",
}
_PORTUGUESE = frozenset(
    """
    nome nomes nomecompleto sobrenome telefone telefones telemovel campanha cidade endereco bairro
    cpf cnpj observacao observacoes
    """.split()  # noqa: SIM905 - a list of words
)
_BETWEEN_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What a shell would not take as it stands between quotes.
_UNTYPABLE = re.compile(r'["`$\\!%\x00-\x1f]')

_MAX_OPTIONS = 5
"""Options that one hint offers; whoever has more columns of a kind sees how it goes on."""


def _pattern(words: str) -> re.Pattern[str]:
    names = "|".join(word.replace("*", r"\w*") for word in words.split())
    return re.compile(rf"(?<![^\W_\d])(?:{names})(?![^\W_\d])")


_LIKE = {name: _pattern(words) for name, words in _WORDS.items()}
_UNLIKE = {name: _pattern(words) for name, words in _OTHER_WORDS.items()}


def _is_base(letter: str) -> bool:
    return not unicodedata.combining(letter)


def may_be(label: str) -> Field | None:
    """The field that a column may hold, by its name; `ALTERNATIVES` for any phone."""
    if match := match_header(label):
        return Field.ALTERNATIVES if match.field is Field.DESTINATION else match.field
    plain = "".join(filter(_is_base, unicodedata.normalize("NFKD", label)))
    # `WorkTel` is two words, `WhatsApp` is one: it is looked at both ways.
    name = f"{plain} {_BETWEEN_WORDS.sub(' ', plain)}".casefold()
    fits = (known for known in _WORDS if _LIKE[known].search(name))
    return next((known for known in fits if not _UNLIKE[known].search(name)), None)


def is_phone(label: str) -> bool:
    """Whether a column may hold phone numbers, by its name."""
    return may_be(label) is Field.ALTERNATIVES


def is_portuguese(labels: Iterable[str]) -> bool:
    """Whether the header is written in the language in which `data` is a date."""
    return not _PORTUGUESE.isdisjoint(map(loosened, labels))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The columns of a file of which nothing is sent.

    Attributes:
        columns: labels in the order of the file, each with the field that it may hold.
        fed: the columns that are sent.
    """

    columns: Mapping[str, Field | None] = field(default_factory=dict)
    fed: ColumnMap = field(default_factory=lambda: ColumnMap({}))

    @property
    def sentences(self) -> tuple[str, ...]:
        """Which they are, and how those would be sent that may be meant to be."""
        if not self.columns:
            return ()
        labels = tuple(self.columns)
        return (f"Not sent: {listed_columns(labels)}.", *self._hints(labels))

    def _hints(self, labels: Sequence[str]) -> Iterator[str]:
        if any(map(is_data, labels)):
            return  # the list may have no header at all
        for name in _WORDS:
            may = [label for label, hinted in self.columns.items() if hinted is name]
            if not may:
                continue
            yield f"{listed_columns(may)} may be {name.value}: {self._options(name, may)}"

    def _options(self, name: Field, labels: Sequence[str]) -> str:
        several = name is Field.ALTERNATIVES
        # What is chosen takes the place of what the names gave.
        all_of_them = [*self.fed.columns.get(name, ()), *labels] if several else labels
        options = [f"--map {name.value}={quoted(label)}" for label in all_of_them[:_MAX_OPTIONS]]
        more = " …" if len(all_of_them) > _MAX_OPTIONS else ""
        return (" " if several else " or ").join(options) + more


def left_out(labels: Iterable[str], fed: ColumnMap, decided: Collection[Field]) -> LeftOut:
    """The columns of a file that no field takes.

    Args:
        labels: of all columns.
        fed: which of them feed which field.
        decided: fields of which the user has said what feeds them, so that nothing is hinted at.
    """
    taken = {label for several in fed.columns.values() for label in several}
    taken.update(fed.template_columns, RESULT_COLUMNS)
    # Only alternatives can have a column more.
    closed = {*decided, *(fed.columns.keys() - {Field.ALTERNATIVES})}
    hints = {label: may_be(label) for label in labels if label not in taken}
    return LeftOut({label: None if f in closed else f for label, f in hints.items()}, fed)


def quoted(label: str) -> str:
    """A label as it can be typed after `--map FIELD=`; a placeholder where a shell would act on it."""
    return '"COLUMN"' if _UNTYPABLE.search(label) else f'"{label}"'
