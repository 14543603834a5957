from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.campaigns import Campaign, DialerKind, nearly_alike


def near(leads: dict[str, int]) -> list[tuple[str, str]]:
    """Names that are nearly others, with those, among campaigns with so many leads."""
    campaigns = [Campaign(name, count) for name, count in leads.items()]
    return [(rare.name, common.name) for rare, common in nearly_alike(campaigns)]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ventas<-", DialerKind.POWER_OR_PREDICTIVE),
        ("Ventas->", DialerKind.PROGRESSIVE_OR_PREVIEW),
        ("Ventas", DialerKind.UNKNOWN),
        ("<-Ventas", DialerKind.UNKNOWN),
        ("", DialerKind.UNKNOWN),
    ],
)
def test_an_arrow_at_the_end_tells_the_dialer(name: str, kind: DialerKind) -> None:
    """As the vendor's manual names its campaigns."""
    assert Campaign(name, 1).dialer is kind


@pytest.mark.parametrize(
    "slip",
    ["Ventsa<-", "Vetnas<-", "Ventas", "VENTAS<-", "ventas <-", " Véntas<-", "Ventas <-"],
)
@pytest.mark.parametrize("leads", [1, 250])
def test_a_name_that_differs_by_a_slip_is_near(slip: str, leads: int) -> None:
    """Whatever the numbers: nobody has two campaigns that differ in case or two letters' order."""
    assert near({"Ventas<-": 250, slip: leads}) == [(slip, "Ventas<-")]


@pytest.mark.parametrize(
    "slip", ["Venta<-", "Ventass<-", "Ventos<-", "Wentas<-", "Vntas<-", "Venta"]
)
def test_a_rare_name_within_one_letter_is_near(slip: str) -> None:
    """One among twenty times as many is more likely a slip than a campaign."""
    assert near({"Ventas<-": 20, slip: 1}) == [(slip, "Ventas<-")]
    assert near({slip: 1, "Ventas<-": 20}) == [(slip, "Ventas<-")]
    assert near({"Ventas<-": 19, slip: 1}) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ventas<-", "Ventas->"),
        ("Ventas1<-", "Ventas2<-"),
        ("Ventas 12<-", "Ventas 21<-"),
        ("Ventas<-", "Ventas2<-"),
        ("Norte A<-", "Norte B<-"),
        ("A Norte->", "B Norte->"),
        ("Sur<-", "Sud<-"),
        ("Ventas<-", "Cobranza<-"),
        ("Ventas<-", "Ventanas<-"),
        ("Ventas<-", "Venta->"),
        ("Ventas<-", ""),
    ],
)
def test_names_that_tell_campaigns_apart_are_not_near(one: str, other: str) -> None:
    """Another kind of dialer, digits, single letters, short names, two letters and no name at all."""
    assert near({one: 1000, other: 1}) == []
    assert near({one: 1, other: 1000}) == []


def test_each_slip_is_told_once_and_with_the_fuller_name() -> None:
    """Several slips of one name are several questions, and none is the other way round."""
    found = near({"Ventas<-": 250, "Ventsa<-": 2, "Vnetas<-": 1, "Cobranza<-": 90})
    assert found == [("Ventsa<-", "Ventas<-"), ("Vnetas<-", "Ventas<-")]


def test_many_names_are_not_compared() -> None:
    """They are another column than campaigns, and its values are nobody's business here."""
    assert near({f"Ana{'x' * n}": 1 for n in range(201)} | {"anA": 1}) == []


@given(st.lists(st.text(max_size=12), unique=True, max_size=12), st.integers(1, 1000))
def test_any_names_can_be_compared(names: list[str], leads: int) -> None:
    """What stands in a cell ends in no error, and nothing is near itself."""
    found = near({name: leads + at for at, name in enumerate(names)})
    assert all(rare != common for rare, common in found)
    assert len({rare for rare, _ in found}) == len(found)
