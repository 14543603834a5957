"""Headers name fields in three languages, the phone in more, and only where they surely do."""

from __future__ import annotations

import pytest

from bulk_loader.mapping.headers import (
    _BESIDE_NAMES,
    _NAMES,
    _VAGUE_NAMES,
    Fit,
    loosened,
    match_header,
)
from bulk_loader.model import RESULT_COLUMNS, Field


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Phone", Field.DESTINATION),
        ("PHONE_NUMBER", Field.DESTINATION),
        ("Teléfono", Field.DESTINATION),
        ("  telefono  ", Field.DESTINATION),
        ("Tele\u0301fono", Field.DESTINATION),
        ("Nº Telefone", Field.DESTINATION),
        ("Celular", Field.DESTINATION),
        ("móvil", Field.DESTINATION),
        ("Fone", Field.DESTINATION),
        ("Número", Field.DESTINATION),
        ("teléfono [D]", Field.DESTINATION),
        ("Telefono 1", Field.DESTINATION),
        ("phone01", Field.DESTINATION),
        ("Telefon", Field.DESTINATION),
        ("Telefonnummer", Field.DESTINATION),
        ("Telefon-Nr.", Field.DESTINATION),
        ("Handy", Field.DESTINATION),
        ("N° de téléphone", Field.DESTINATION),
        ("Numéro de téléphone", Field.DESTINATION),
        ("Cellulare", Field.DESTINATION),
        ("Telefoonnummer", Field.DESTINATION),
        ("Nr telefonu", Field.DESTINATION),
        ("Telefon numarası", Field.DESTINATION),  # noqa: RUF001 (Turkish)
        ("Телефон", Field.DESTINATION),
        ("Telefon 2", Field.ALTERNATIVES),
        ("telefoon", Field.DESTINATION),
        ("Phone numbers", Field.DESTINATION),
        ("Phone 1 - Value", Field.DESTINATION),
        ("Contact", Field.DESTINATION),
        ("Phone 2 - Value", Field.ALTERNATIVES),
        ("Telefono 2", Field.ALTERNATIVES),
        ("destination 2", Field.ALTERNATIVES),
        ("Alternativo 3", Field.ALTERNATIVES),
        ("Otros teléfonos", Field.ALTERNATIVES),
        ("Campaña", Field.CAMPAIGN),
        ("campanha", Field.CAMPAIGN),
        ("Agente", Field.AGENT),
        ("Extensión", Field.AGENT),
        ("Interno", Field.AGENT),
        ("Ramal", Field.AGENT),
        ("Fecha de llamada", Field.CALLDATE),
        ("fecha", Field.CALLDATE),
        ("Data da ligação", Field.CALLDATE),
        ("Datos", Field.DATA),
        ("Business Phone", Field.DESTINATION),
        ("Business Phone 1", Field.DESTINATION),
        ("Business Phone 2", Field.ALTERNATIVES),
        ("WhatsApp Phone Number", Field.DESTINATION),
        ("Teléfono del trabajo", Field.DESTINATION),
        ("Tel. Trabajo", Field.DESTINATION),
        ("Fijo", Field.DESTINATION),
        ("Telefone comercial", Field.DESTINATION),
        ("Telefone da empresa", Field.DESTINATION),
        ("Número de WhatsApp", Field.DESTINATION),
        ("Móvil alternativo", Field.ALTERNATIVES),
        ("Asst. Phone", Field.ALTERNATIVES),
        ("Assistant's Phone", Field.ALTERNATIVES),
        ("Other Phone", Field.ALTERNATIVES),
        ("Outro celular", Field.ALTERNATIVES),
        ("Callback date", Field.CALLDATE),
        ("Próxima llamada", Field.CALLDATE),
    ],
)
def test_a_known_name_is_matched_however_it_is_written(label: str, field: Field) -> None:
    """Case, accents, spaces, punctuation and an added column letter make no difference."""
    match = match_header(label)

    assert match is not None
    assert match.field is field


@pytest.mark.parametrize("field", list(Field))
def test_the_name_of_a_field_always_names_it(field: Field) -> None:
    """`data` is the field even in a Portuguese sheet, where the word means date."""
    match = match_header(field.value.upper())

    assert match == (field, Fit.EXACT)


@pytest.mark.parametrize(
    "label",
    ["Nombre", "Contacto", "Operador", "Origen", "campaña 2", "fecha 2", "número 2", "2", "", "_"],
)
def test_a_name_that_may_mean_something_else_is_not_matched(label: str) -> None:
    """What could be a person, a company or a counter is left alone."""
    assert match_header(label) is None


@pytest.mark.parametrize("label", RESULT_COLUMNS)
def test_a_result_column_names_no_field(label: str) -> None:
    """What a run wrote is never read as a lead."""
    assert match_header(label) is None


def test_no_name_stands_for_two_fields() -> None:
    """The table has no name twice under different fields."""
    owners: dict[str, set[Field]] = {}
    for table in (_NAMES, _BESIDE_NAMES, _VAGUE_NAMES):
        for field, text in table.items():
            for name in text.replace("\n", ";").split(";"):
                owners.setdefault(loosened(name), set()).add(field)
    del owners[""]

    assert [name for name, fields in owners.items() if len(fields) > 1] == []
