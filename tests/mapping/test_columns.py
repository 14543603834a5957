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
    with pytest.raises(ColumnError, match=r'"agente", "ramal", "interno" all fit agent') as caught:
        match_columns(["tel", "agente", "ramal", "interno"], {})

    assert "alternatives" not in caught.value.remedy


def test_an_exact_field_name_wins_over_a_known_one() -> None:
    """A sheet made for the dialer is not asked about its other phones."""
    found = match_columns(["phone", "destination"], {})

    assert found.columns[Field.DESTINATION] == ("destination",)


def test_a_vague_name_counts_only_where_no_surer_one_is() -> None:
    """`numero` is the phone where there is no `telefono`, and `fecha` likewise."""
    alone = match_columns(["numero", "fecha"], {})
    beside = match_columns(["numero", "telefono", "fecha", "fecha de llamada"], {})

    assert alone.columns == {Field.CALLDATE: ("fecha",), Field.DESTINATION: ("numero",)}
    assert beside.columns == {
        Field.CALLDATE: ("fecha de llamada",),
        Field.DESTINATION: ("telefono",),
    }


def test_a_file_without_a_number_to_dial_is_refused_with_its_columns() -> None:
    """The message lists what is there and names the flag."""
    with pytest.raises(ColumnError) as caught:
        match_columns(["Nombre", "telefono 2"], {})

    assert caught.value.what == "No column holds the phone number to dial."
    assert '"Nombre", "telefono 2"' in caught.value.why
    assert '--map destination="COLUMN"' in caught.value.remedy


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
    found = match_columns(["Teléfono", "Celular", "Fecha"], {Field.DESTINATION: ["celular"]})

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
