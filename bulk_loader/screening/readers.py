"""How the text of each field is read: into what is sent, or the reason why it can't be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bulk_loader.choices import PhoneFormat
from bulk_loader.errors import SettingsError
from bulk_loader.model import Field
from bulk_loader.screening.call_dates import CallDates
from bulk_loader.screening.faults import Fault
from bulk_loader.screening.phones import read_alternatives, read_phone
from bulk_loader.screening.truth_values import read_truth

if TYPE_CHECKING:
    from bulk_loader.screening.phone_plans import PhonePlan
    from bulk_loader.screening.rules import Rules

Reader = Callable[[str], str | Fault]
"""From the text of a field, without surrounding white space, to what is sent."""


@dataclass(frozen=True, slots=True)
class FieldReaders:
    """One reader for each field whose text is not taken as it stands."""

    readers: Mapping[Field, Reader]

    @classmethod
    def by(cls, rules: Rules) -> FieldReaders:
        """The readers that the rules ask for.

        Raises:
            SettingsError: a rule can't be applied, such as a time zone that doesn't exist.
        """
        read_number = _phone_reader(rules)
        return cls(
            {
                Field.CALLDATE: CallDates.by(rules).read,
                Field.DESTINATION: read_number,
                Field.ALTERNATIVES: lambda text: read_alternatives(text, read_number),
                Field.BULK: read_truth,
                Field.AUTOMATIC: read_truth,
            }
        )

    def read(self, fields: pd.DataFrame) -> pd.DataFrame:
        """The fields as they are to be sent, with a missing value where one can't be read."""
        columns = {name.value: fields[name.value].tolist() for name in Field}
        for name, read in self.readers.items():
            texts = columns[name.value]
            # Once for each different text: dates and truth values are few.
            values = {text: _value(read(text)) for text in set(texts)}
            columns[name.value] = [values[text] for text in texts]
        return pd.DataFrame(columns, index=fields.index, dtype="str")

    def fault(self, name: Field, text: str) -> Fault | None:
        """Why the text of a field can't be read; None where it can."""
        read = self.readers[name](text)
        return read if isinstance(read, Fault) else None


def _value(read: str | Fault) -> str | None:
    return None if isinstance(read, Fault) else read


def _phone_reader(rules: Rules) -> Reader:
    wanted = rules.phone_format
    if wanted is not PhoneFormat.AS_IS and not (rules.phone_region and rules.tidy_phones):
        raise SettingsError(
            f"Phone numbers can't be written as {wanted.value}.",
            "That needs the region of numbers without a country code, and tidied numbers.",
            "Add --phone-region, such as --phone-region UY, and leave tidy_phones on.",
        )
    if not rules.phone_region:
        return read_phone
    plan = _open_plan(rules.phone_region)

    def read_by_plan(text: str) -> str | Fault:
        number = read_phone(text)
        return number if isinstance(number, Fault) else plan.read(number, wanted)

    return read_by_plan


def _open_plan(region: str) -> PhonePlan:
    from bulk_loader.screening.phone_plans import PhonePlan  # noqa: PLC0415 - slow, rarely asked

    return PhonePlan.of(region)
