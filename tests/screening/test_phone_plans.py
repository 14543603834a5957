"""Numbers are judged and written by the numbering plan of a country."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.choices import PhoneFormat
from bulk_loader.errors import SettingsError
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phone_plans import PhonePlan, country_code_of


@pytest.mark.parametrize(
    ("number", "e164", "national"),
    [
        ("099123456", "+59899123456", "099123456"),
        ("+59899123456", "+59899123456", "099123456"),
        ("0059824001234", "+59824001234", "24001234"),
        ("+5491145551234", "+5491145551234", "+5491145551234"),
    ],
)
def test_a_number_is_written_as_asked(number: str, e164: str, national: str) -> None:
    """Numbers of other countries have no national form, so they stay international."""
    plan = PhonePlan.of("uy")

    assert plan.read(number, PhoneFormat.AS_IS) == number
    assert plan.read(number, PhoneFormat.E164) == e164
    assert plan.read(number, PhoneFormat.NATIONAL) == national


@pytest.mark.parametrize(
    ("region", "number", "code", "words"),
    [
        ("UY", "123", "phone_too_short", "too few digits for a number of UY +598"),
        ("UY", "240012345678901", "phone_too_long", "too many digits"),
        ("UY", "09912345678", "phone_not_in_plan", "begins as no number of UY"),
        ("UY", "+541", "phone_too_short", "ends where the number should begin"),
        ("UY", "+99912345678", "phone_country", "country code that no country has"),
        ("UY", "+54911", "phone_too_short", "the country +54"),
        ("CO", "222222222", "phone_length", "a length that no number of CO"),
        ("US", "5551234", "phone_no_area_code", "lacks the area code"),
        ("DE", "+881123", "phone_too_short", "+881"),
    ],
)
def test_a_number_out_of_plan_is_refused_in_plain_words(
    region: str, number: str, code: str, words: str
) -> None:
    """The reason names the country and what does not fit."""
    read = PhonePlan.of(region).read(number, PhoneFormat.AS_IS)

    assert isinstance(read, Fault)
    assert (read.code, words in read.fault) == (code, True), read.fault


def test_an_unknown_region_is_refused() -> None:
    """A typo in the region stops the run before anything is sent."""
    with pytest.raises(SettingsError, match='"URU" is not a region'):
        PhonePlan.of("URU")


def test_the_country_code_of_a_region_is_known() -> None:
    """Lists of numbers are compared with and without it."""
    assert country_code_of("uy") == "598"


@given(st.from_regex(r"\+?[1-9][0-9]{3,14}", fullmatch=True))
def test_writing_a_number_is_idempotent(number: str) -> None:
    """A number in E.164 stays as it is when it is written again."""
    plan = PhonePlan.of("AR")
    once = plan.read(number, PhoneFormat.E164)

    if isinstance(once, str):
        assert plan.read(once, PhoneFormat.E164) == once
