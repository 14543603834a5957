"""Numbers judged and written by the numbering plan of a country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from bulk_loader.choices import PhoneFormat
from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SettingsError
from bulk_loader.screening.faults import Fault

_ENTER = "Enter the whole number, as it is dialed."

_LENGTH_FAULTS = {
    ValidationResult.TOO_SHORT: (
        ProblemCode.PHONE_TOO_SHORT,
        "has too few digits for a number of {}.",
    ),
    ValidationResult.TOO_LONG: (
        ProblemCode.PHONE_TOO_LONG,
        "has too many digits for a number of {}.",
    ),
    ValidationResult.INVALID_LENGTH: (
        ProblemCode.PHONE_LENGTH,
        "has a length that no number of {} has.",
    ),
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: (
        ProblemCode.PHONE_NO_AREA_CODE,
        "lacks the area code that a number of {} needs.",
    ),
}


@dataclass(frozen=True, slots=True)
class PhonePlan:
    """The numbering plan by which numbers without a country code are read.

    Attributes:
        region: such as `UY`.
    """

    region: str

    @classmethod
    def of(cls, region: str) -> PhonePlan:
        """The plan of a region.

        Raises:
            SettingsError: there is no such region.
        """
        return cls(_known_region(region))

    def read(self, number: str, wanted: PhoneFormat) -> str | Fault:
        """The number as wanted, or why the plan does not have it.

        Args:
            number: dialable, without separators.
            wanted: `NATIONAL` leaves numbers of other countries in E.164.
        """
        try:
            parsed = phonenumbers.parse(number, self.region)
        except NumberParseException as error:
            if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
                return _no_country()
            return Fault(ProblemCode.PHONE_TOO_SHORT, "ends where the number should begin.", _ENTER)
        fault = self._fault(parsed)
        if fault:
            return fault
        match wanted:
            case PhoneFormat.AS_IS:
                return number
            case PhoneFormat.NATIONAL if self._has(parsed):
                text = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
                return "".join(filter(str.isdecimal, text))
            case PhoneFormat.NATIONAL | PhoneFormat.E164:
                return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
            case _ as never:
                assert_never(never)

    def _has(self, parsed: PhoneNumber) -> bool:
        return parsed.country_code == phonenumbers.country_code_for_region(self.region)

    def _fault(self, parsed: PhoneNumber) -> Fault | None:
        name = self.region if self._has(parsed) else "the country"
        where = f"{name} +{parsed.country_code}"
        length = phonenumbers.is_possible_number_with_reason(parsed)
        if length in _LENGTH_FAULTS:
            code, words = _LENGTH_FAULTS[length]
            return Fault(code, words.format(where), _ENTER)
        if phonenumbers.is_valid_number(parsed):
            return None
        return Fault(ProblemCode.PHONE_NOT_IN_PLAN, f"begins as no number of {where} does.", _ENTER)


def country_code_of(region: str) -> str:
    """Digits of the country code of a region, such as `598`.

    Raises:
        SettingsError: there is no such region.
    """
    return str(phonenumbers.country_code_for_region(_known_region(region)))


def _known_region(region: str) -> str:
    code = region.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise SettingsError(
            f'"{region}" is not a region with a numbering plan.',
            "Regions are the two letters of ISO 3166, such as UY, AR, BR, MX or ES.",
            "Write it like --phone-region UY.",
        )
    return code


def _no_country() -> Fault:
    return Fault(ProblemCode.PHONE_COUNTRY, "has a country code that no country has.", _ENTER)
