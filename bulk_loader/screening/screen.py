"""Every lead of a batch is judged by all rules at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from bulk_loader.errors import SettingsError
from bulk_loader.model import Field
from bulk_loader.screening.call_dates import AS_SOON_AS_POSSIBLE
from bulk_loader.screening.exclusions import Exclusions
from bulk_loader.screening.phones import read_alternatives, read_phone
from bulk_loader.screening.problems import ProblemFinder
from bulk_loader.screening.readers import FieldReaders
from bulk_loader.screening.schema import find_failures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.model import ColumnMap, LeadBatch, Problem
    from bulk_loader.screening.rules import Rules

_PHONES = (Field.DESTINATION.value, Field.ALTERNATIVES.value)


@dataclass(frozen=True, slots=True)
class Screened:
    """What became of a batch; each of its leads is in exactly one of the first three.

    Attributes:
        fields: the leads that may be sent, in order, with every field as it is to be sent.
        problems: all problems of all leads, in the order of rows.
        suppressed: why leads without a problem are left out on purpose, one for each.
        tidied: leads of `fields` that only had separators taken out of a number.
        formatted: leads of `fields` with a number written anew, as `phone_format` asks.
        hastened: leads of `fields` whose past date became as soon as possible.
    """

    fields: pd.DataFrame
    problems: tuple[Problem, ...]
    suppressed: tuple[Problem, ...]
    tidied: int
    formatted: int
    hastened: int


class Screen:
    """Judges the leads of one file.

    Args:
        columns: which column feeds which field, so that problems name what a person sees.
        rules: what the run asks of its leads.

    Raises:
        SettingsError: a rule can't be applied, such as a time zone that doesn't exist.
    """

    def __init__(self, columns: ColumnMap, rules: Rules) -> None:
        self._tidies = rules.tidy_phones
        self._readers = FieldReaders.by(rules)
        self._problems = ProblemFinder(columns, rules, self._readers)
        self._exclusions = Exclusions(columns, rules)

    def check_defaults(self, defaults: Mapping[Field, str]) -> None:
        """Judge what stands in for empty cells, once for all leads.

        Raises:
            SettingsError: a default is wrong; that one is given at all is not asked here.
        """
        texts = {name.value: [defaults.get(name, "")] for name in Field}
        texts[Field.DESTINATION.value] = ["100"]  # it has no default, and is not judged here
        read = self._readers.read(pd.DataFrame(texts, dtype="str"))
        faults = {
            failure.field: self._problems.fault(failure, defaults.get(failure.field, ""))
            for failure in find_failures(read)
            if defaults.get(failure.field)
        }
        if faults:
            raise SettingsError(
                "\n".join(
                    f'The default for {name.value}, "{defaults[name]}", {fault.fault}'
                    for name, fault in faults.items()
                ),
                "",
                "\n".join(dict.fromkeys(fault.remedy for fault in faults.values())),
            )

    def screen(self, batch: LeadBatch, fields: pd.DataFrame) -> Screened:
        """Judge every lead by every rule.

        Args:
            batch: as read; its damages count where their column is used.
            fields: the nine fields of the same rows, as laid out.

        Raises:
            LoaderError: the user's own schema can't be applied to this file.
        """
        read = self._readers.read(fields)
        problems = self._problems.find(batch, fields, read)
        valid = _without(read, problems)
        suppressed = self._exclusions.find(valid)
        sent = _without(valid, suppressed)
        given = fields if len(sent) == len(fields) else fields.loc[sent.index]
        tidied, formatted = _count_changed(given, sent)
        if not self._tidies:
            sent = sent.assign(**{name: given[name] for name in _PHONES})
        return Screened(
            fields=sent,
            problems=tuple(problems),
            suppressed=tuple(suppressed),
            tidied=tidied if self._tidies else 0,
            formatted=formatted,
            hastened=_count_hastened(given, sent),
        )


def _without(fields: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    return fields.drop(index=list({problem.row for problem in problems})) if problems else fields


def _count_changed(given: pd.DataFrame, sent: pd.DataFrame) -> tuple[int, int]:
    """Leads with numbers only tidied, and leads with a number written anew."""
    tidied = formatted = 0
    columns = (frame[name].tolist() for name in _PHONES for frame in (given, sent))
    for phone, sent_phone, others, sent_others in zip(*columns, strict=True):
        if phone == sent_phone and others == sent_others:
            continue
        if read_phone(phone) == sent_phone and read_alternatives(others) == sent_others:
            tidied += 1
        else:
            formatted += 1
    return tidied, formatted


def _count_hastened(given: pd.DataFrame, sent: pd.DataFrame) -> int:
    had_date = ~given[Field.CALLDATE.value].str.casefold().isin(AS_SOON_AS_POSSIBLE)
    return int((had_date & (sent[Field.CALLDATE.value] == "")).sum())
