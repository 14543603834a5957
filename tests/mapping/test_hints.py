"""Columns that are not sent are named, and those that may be meant to be come with the way to do so."""

from __future__ import annotations

import pytest

from bulk_loader.mapping import left_out, match_columns
from bulk_loader.mapping.hints import may_be, quoted
from bulk_loader.model import RESULT_COLUMNS, Field


def _sentences(labels: list[str], chosen: dict[Field, list[str]] | None = None) -> tuple[str, ...]:
    columns = match_columns(labels, chosen or {})
    return left_out(labels, columns, (chosen or {}).keys()).sentences


def test_columns_that_are_not_sent_are_named_in_their_order() -> None:
    """With a hint for each field that some of them may be."""
    labels = ["Nombre", "Teléfono", "Tel. Trabajo", "Fijo", "WhatsApp", "Vendedor", "Ciudad"]

    assert _sentences(labels) == (
        'Not sent: "Nombre", "Tel. Trabajo", "Fijo", "WhatsApp", "Vendedor", "Ciudad".',
        (
            '"Tel. Trabajo", "Fijo", "WhatsApp" may be alternatives: '
            '--map alternatives="Tel. Trabajo" --map alternatives="Fijo" '
            '--map alternatives="WhatsApp"'
        ),
        '"Vendedor" may be agent: --map agent="Vendedor"',
    )


def test_a_hint_keeps_the_alternatives_that_there_are() -> None:
    """What is chosen takes their place, so they are chosen, too."""
    told = _sentences(["Teléfono", "Móvil alternativo", "Fijo"])[1]

    assert told == (
        '"Fijo" may be alternatives: --map alternatives="Móvil alternativo" '
        '--map alternatives="Fijo"'
    )


def test_a_list_of_which_all_is_sent_has_nothing_to_tell() -> None:
    """Nor are the columns of a result named."""
    assert _sentences(["Teléfono", "Agente", *RESULT_COLUMNS]) == ()


def test_a_field_that_has_a_column_or_was_decided_on_is_not_hinted_at() -> None:
    """Whoever has said which column it is knows of the others."""
    with_agent = ["Teléfono", "Agente", "Vendedor", "Fecha", "Fijo"]
    chosen: dict[Field, list[str]] = {Field.CALLDATE: [""], Field.ALTERNATIVES: [""]}

    assert _sentences(with_agent, chosen) == ('Not sent: "Vendedor", "Fecha", "Fijo".',)


def test_columns_of_a_template_are_sent() -> None:
    """They stand in `data`."""
    labels = ["Teléfono", "Nombre", "Vendedor"]
    columns = match_columns(labels, {}, "name={Nombre}")

    assert list(left_out(labels, columns, ()).columns) == ["Vendedor"]


def test_names_that_read_like_a_lead_are_not_shown() -> None:
    """A list without a header has phones where others have names."""
    told = left_out(["Tel", "099 123 456", "Fijo"], match_columns(["Tel"], {}), ()).sentences

    assert told == ("Not sent: 2 columns, whose names are not shown, since they read like a lead.",)


def test_a_hint_offers_a_few_options_only() -> None:
    """A list with a hundred phones is no command line."""
    (_, hint) = _sentences(["Teléfono", *(f"Tel de {letter}" for letter in "abcdefgh")])

    assert hint.count("--map") == 5
    assert hint.endswith("…")


@pytest.mark.parametrize(
    "label",
    ["Tel. casa mamá", "WhatsApp", "WorkTel", "cel_2do", "CELULAR CONYUGE", "Phone (Other)", "Fijo",
     "Telefone recado mãe", "Home Phone"],
)  # fmt: skip
def test_a_name_with_a_word_for_a_phone_may_be_one(label: str) -> None:
    """In three languages, however the words are put together."""
    assert may_be(label) is Field.ALTERNATIVES


@pytest.mark.parametrize(
    "label",
    ["Fax", "Phone type", "Tipo de teléfono", "Compañía celular", "Cancelado", "Hotel", "Telegram",
     "WhatsApp opt-in", "Fecha de nacimiento", "Created Date", "Nombre", "Email del vendedor",
     "Campaign Status", "Contextual", ""],
)  # fmt: skip
def test_a_name_that_only_resembles_one_is_no_hint(label: str) -> None:
    """A hint that is mostly wrong would not be read any more."""
    assert may_be(label) is None


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Vendedor asignado", Field.AGENT),
        ("Contact Owner", Field.AGENT),
        ("Ejecutiva", Field.AGENT),
        ("Operador", Field.AGENT),
        ("Fecha compromiso", Field.CALLDATE),
        ("Campaña origen", Field.CAMPAIGN),
    ],
)
def test_other_fields_are_hinted_at(label: str, field: Field) -> None:
    """A person decides."""
    assert may_be(label) is field


@pytest.mark.parametrize("label", ['a "b"', "$HOME", "`ls`", "a\\b", "%PATH%", "a\nb", "wow!"])
def test_a_name_on_which_a_shell_would_act_is_not_put_into_a_command(label: str) -> None:
    """What is copied from a hint does nothing but what it says."""
    assert quoted(label) == '"COLUMN"'
