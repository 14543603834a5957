"""What is the name of a sum, and what is only called like one."""

from __future__ import annotations

import pytest

from bulk_loader.screening.total_words import Sums, may_sum_up, sums_up


@pytest.mark.parametrize(
    "text",
    [
        "TOTAL", " Total: ", "Total 250", "Sub-Total", "SUBTOTAL", "sub total", "Totales",
        "Total general", "Grand Total", "TOTAIS", "Total geral", "Total de leads: 250", "Suma",
        "Sumatoria", "Soma", "Somatório", "Recuento", "Total de números", "Sum",
    ],
)  # fmt: skip
def test_a_word_for_a_sum_alone_is_told_in_three_languages(text: str) -> None:
    """Case, accents, signs and a figure beside it make no difference."""
    assert sums_up(text) is Sums.ALONE


@pytest.mark.parametrize("text", ["Total Ventas", "Ventas<- Total", "Total Energies", "Ana Total"])
def test_a_word_for_a_sum_beside_a_name_may_be_a_name_itself(text: str) -> None:
    """A spreadsheet's own subtotals read like some companies."""
    assert sums_up(text) is Sums.BESIDE_A_NAME


@pytest.mark.parametrize(
    "text",
    [
        "", "Ana", "250", "Totalmente de acuerdo", "Somalia", "Consuma", "Suma Seguros",
        "Resumen", "pago el total de la deuda ayer", "Total " * 20, "de la",
    ],
)  # fmt: skip
def test_other_texts_sum_up_nothing(text: str) -> None:
    """Neither a word that only begins so, nor a sentence with it in the middle."""
    assert sums_up(text) is Sums.NO


def test_the_quick_look_lets_no_sum_pass() -> None:
    """It is held at many cells joined by line ends."""
    assert may_sum_up("Ana\nLuis\nGran Totál\nSUBTOTAIS") is True
    assert may_sum_up("Ana\nLuis") is False
