"""Columns are matched to fields, and never by a guess."""

from __future__ import annotations

import pytest

from bulk_loader.errors import ColumnError, ExitCode
from bulk_loader.mapping import match_columns
from bulk_loader.model import Field


def test_every_field_finds_its_column() -> None:
    """One sheet in three languages feeds all the fields that it has."""
    found = match_columns(["Nombre", "Celular", "campanha", "Agent", "Fecha de llamada"], {})

    assert found.columns == {
        Field.CALLDATE: ("Fecha de llamada",),
        Field.CAMPAIGN: ("campanha",),
        Field.DESTINATION: ("Celular",),
        Field.AGENT: ("Agent",),
    }


def test_several_columns_feed_alternatives_in_the_order_of_the_file() -> None:
    """Numbered phones and an alternative phone are all tried after the first."""
    found = match_columns(["telefono3", "telefono1", "Alternativo", "telefono2"], {})

    assert found.columns[Field.DESTINATION] == ("telefono1",)
    assert found.columns[Field.ALTERNATIVES] == ("telefono3", "Alternativo", "telefono2")


def test_two_columns_for_one_field_are_an_error_that_asks_which() -> None:
    """The remedy has the very flags to choose from."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Teléfono", "Celular"], {})

    assert caught.value.what == 'The columns "Teléfono", "Celular" both fit destination.'
    assert '--map destination="Teléfono" or --map destination="Celular"' in caught.value.remedy
    assert '--map alternatives="Celular"' in caught.value.remedy
    assert caught.value.exit_code is ExitCode.BAD_FILE


def test_more_than_two_columns_for_one_field_are_all_named() -> None:
    """No candidate is left out of the question."""
    with pytest.raises(
        ColumnError, match=r'"agente", "ramal agente", "interno agente" all fit agent'
    ) as caught:
        match_columns(["tel", "agente", "ramal agente", "interno agente"], {})

    assert "alternatives" not in caught.value.remedy


def test_an_exact_field_name_wins_over_a_known_one() -> None:
    """A sheet made for the dialer is not asked about its other phones."""
    found = match_columns(["phone", "destination"], {})

    assert found.columns[Field.DESTINATION] == ("destination",)


@pytest.mark.parametrize("label", ["Fecha", "date", "Fecha y hora", "Data e hora", "DATE TIME"])
def test_a_column_that_may_be_any_date_is_asked_about(label: str) -> None:
    """It is often a birthday or a purchase; the remedy has what to say in either case."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Nombre", "Tel", label], {})

    assert caught.value.what == f'"{label}" may be calldate, or something else.'
    assert caught.value.remedy == (
        f'Say which: --map calldate="{label}"; if it is something else: --map calldate='
    )
    assert caught.value.exit_code is ExitCode.BAD_FILE


def test_all_columns_that_are_to_be_asked_about_are_named_at_once() -> None:
    """Nobody is asked a second time after the first answer."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Tel", "Fecha", "Date", "Ext"], {})

    assert caught.value.what == (
        '"Fecha", "Date" may be calldate, and "Ext" may be agent, or something else.'
    )
    assert '--map calldate="Fecha" or --map calldate="Date"; if' in caught.value.remedy
    assert '--map agent="Ext"; if it is something else: --map agent=' in caught.value.remedy


@pytest.mark.parametrize("label", ["Ext", "Extensión", "Interno", "Anexo", "Ramal"])
def test_an_extension_may_be_the_leads_own(label: str) -> None:
    """To take it for an agent's would give the call to nobody."""
    with pytest.raises(ColumnError, match="may be agent, or something else"):
        match_columns(["Tel", label], {})

    assert match_columns(["Tel", label, "Agente"], {}).columns[Field.AGENT] == ("Agente",)


def test_a_surer_name_leaves_nothing_to_ask() -> None:
    """`fecha` is not asked about beside `fecha de llamada`, nor `numero` beside `telefono`."""
    found = match_columns(["numero", "telefono", "fecha", "fecha de llamada"], {})

    assert found.columns == {
        Field.CALLDATE: ("fecha de llamada",),
        Field.DESTINATION: ("telefono",),
    }


def test_a_vague_name_of_a_phone_is_asked_about_where_another_column_may_hold_it() -> None:
    """`numero` is the phone where there is nothing else, and a question beside `Cel. 24 h`."""
    assert match_columns(["nombre", "numero"], {}).columns == {Field.DESTINATION: ("numero",)}
    with pytest.raises(ColumnError, match=r'"numero", "Cel\. 24 h" both fit destination'):
        match_columns(["numero", "Cel. 24 h"], {})


def test_a_phone_of_a_place_is_taken_where_it_is_alone() -> None:
    """Beside a surer one it is not sent, and two of a kind are a question."""
    alone = match_columns(["Nombre", "Tel. Trabajo"], {})
    beside = match_columns(["Tel. Trabajo", "Teléfono"], {})

    assert alone.columns == {Field.DESTINATION: ("Tel. Trabajo",)}
    assert beside.columns == {Field.DESTINATION: ("Teléfono",)}
    with pytest.raises(ColumnError, match=r'"Tel\. Trabajo", "Fijo" both fit destination'):
        match_columns(["Tel. Trabajo", "Fijo"], {})


@pytest.mark.parametrize("labels", [["Nome", "Telefone", "Data"], ["telefone", "data"]])
def test_data_in_a_portuguese_list_is_asked_about(labels: list[str]) -> None:
    """The word is a field of the task there, or a date."""
    with pytest.raises(ColumnError) as caught:
        match_columns(labels, {})

    assert f'The column "{labels[-1]}" may be data' in caught.value.what
    assert f'--map data="{labels[-1]}" or --map calldate="{labels[-1]}"' in caught.value.remedy
    assert caught.value.remedy.endswith("--map data= --map calldate=")


@pytest.mark.parametrize(
    ("labels", "chosen", "expected"),
    [
        (["Name", "Phone", "Data"], {}, {Field.DATA: ("Data",)}),
        (["Telefone", "Data", "Data da ligação"], {}, {
            Field.DATA: ("Data",), Field.CALLDATE: ("Data da ligação",)
        }),
        (["Telefone", "Data"], {Field.CALLDATE: ["Data"]}, {Field.CALLDATE: ("Data",)}),
        (["Telefone", "Data"], {Field.CALLDATE: [""]}, {Field.DATA: ("Data",)}),
        (["Telefone", "Data"], {Field.DATA: ["Data"]}, {Field.DATA: ("Data",)}),
        (["Telefone", "Data"], {Field.DATA: [""], Field.CALLDATE: [""]}, {}),
    ],
)  # fmt: skip
def test_data_is_the_field_elsewhere_and_where_it_was_said(
    labels: list[str],
    chosen: dict[Field, list[str]],
    expected: dict[Field, tuple[str, ...]],
) -> None:
    """An English list, a list with a date of its own, and every answer are taken as they are."""
    found = dict(match_columns(labels, chosen).columns)
    del found[Field.DESTINATION]

    assert found == expected


def test_a_file_without_a_number_to_dial_is_refused_with_its_columns() -> None:
    """The message lists what is there and names the flag."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Nombre", "telefono 2"], {})

    assert caught.value.what == "No column holds the phone number to dial."
    assert '"Nombre", "telefono 2"' in caught.value.why
    assert '--map destination="COLUMN"' in caught.value.remedy


def test_a_file_whose_one_likely_phone_has_an_odd_name_is_told_of_it() -> None:
    """It is not taken, but the remedy can be copied."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Nombre", "WhatsApp"], {})

    assert '--map destination="WhatsApp"' in caught.value.remedy


def test_a_file_with_result_columns_alone_has_no_columns_of_its_own() -> None:
    """Result columns are not offered as a choice."""
    with pytest.raises(ColumnError, match="No column holds") as caught:
        match_columns(["dialer_result", "dialer_status"], {})

    assert caught.value.why == "The file has no columns of its own."


def test_a_long_list_of_columns_is_cut_in_messages() -> None:
    """A thousand columns are counted, not listed."""
    with pytest.raises(ColumnError, match="No column holds") as caught:
        match_columns([f"c{number}x" for number in range(1000)], {})

    assert caught.value.why.endswith('"c29x" and 970 more.')


def test_a_chosen_column_wins_over_every_name() -> None:
    """`--map` settles what the names leave open, loosely written or not."""
    found = match_columns(["Teléfono", "Celular"], {Field.DESTINATION: ["celular"]})

    assert found.columns[Field.DESTINATION] == ("Celular",)
    assert Field.ALTERNATIVES not in found.columns


def test_a_chosen_column_feeds_no_other_field() -> None:
    """A second phone that is chosen to be dialed is not tried again as an alternative."""
    found = match_columns(["tel 1", "tel 2"], {Field.DESTINATION: ["tel 2"]})

    assert found.columns == {Field.DESTINATION: ("tel 2",)}


def test_chosen_alternatives_keep_the_order_that_was_asked_for() -> None:
    """The order of `--map` is the order of trying."""
    chosen = {Field.ALTERNATIVES: ["B", "A"]}

    assert match_columns(["tel", "A", "B"], chosen).columns[Field.ALTERNATIVES] == ("B", "A")


@pytest.mark.parametrize("nothing", [[], [""], [" "]])
def test_an_empty_choice_leaves_a_field_without_a_column(nothing: list[str]) -> None:
    """A column that only looks like a call date can be left out."""
    found = match_columns(["tel", "fecha"], {Field.CALLDATE: nothing})

    assert found.columns == {Field.DESTINATION: ("tel",)}


def test_an_unknown_choice_names_the_columns_and_the_nearest() -> None:
    """A typo is answered with what was probably meant."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Teléfono", "Nombre"], {Field.DESTINATION: ["telefno"]})

    assert 'column "telefno", which the file does not have' in caught.value.what
    assert caught.value.why == 'Its columns are "Teléfono", "Nombre".'
    assert caught.value.remedy == 'Did you mean "Teléfono"?'


def test_an_unknown_choice_like_nothing_gets_no_suggestion() -> None:
    """A wrong suggestion is worse than none."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Teléfono"], {Field.AGENT: ["xyz"]})

    assert caught.value.remedy == "Use one of these names."


def test_a_choice_prefers_the_exact_spelling() -> None:
    """Of `Tel` and `tel`, the one that was written is taken."""
    found = match_columns(["Tel", "tel"], {Field.DESTINATION: ["tel"]})

    assert found.columns[Field.DESTINATION] == ("tel",)


def test_a_choice_that_fits_two_columns_loosely_is_refused() -> None:
    """Neither of two columns is taken by chance."""
    with pytest.raises(ColumnError, match=r'the columns "Tel", "TEL" fit'):
        match_columns(["Tel", "TEL"], {Field.DESTINATION: ["tel"]})


def test_two_chosen_columns_are_for_alternatives_only() -> None:
    """One call has one destination."""
    with pytest.raises(ColumnError, match=r'--map gives agent the columns "A", "B"'):
        match_columns(["tel", "A", "B"], {Field.AGENT: ["A", "B"]})


def test_a_column_can_not_be_chosen_for_two_fields() -> None:
    """The same cell is not two things."""
    with pytest.raises(ColumnError, match=r'"A" to agent and data'):
        match_columns(["tel", "A"], {Field.AGENT: ["A"], Field.DATA: ["A"]})


def test_a_result_column_can_not_be_chosen() -> None:
    """What a run wrote is no source of leads."""
    with pytest.raises(ColumnError, match="dialer_error"):
        match_columns(["tel", "dialer_error"], {Field.DATA: ["dialer_error"]})


def test_the_columns_of_the_template_are_found_loosely_and_may_be_shared() -> None:
    """A template may show the agent the number that is dialed too."""
    found = match_columns(["Teléfono", "Nombre"], {}, "n={nombre}:t={TELEFONO}:n={Nombre}")

    assert found.template_columns == ("Nombre", "Teléfono", "Nombre")


def test_an_unknown_column_in_the_template_is_refused_with_the_nearest() -> None:
    """A typo in the template stops the run before anything is sent."""
    with pytest.raises(ColumnError, match=r'--data names the column "Nombr"') as caught:
        match_columns(["tel", "Nombre"], {}, "n={Nombr}")

    assert caught.value.remedy == 'Did you mean "Nombre"?'
