"""Every lead of a batch is judged by all rules at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import pandas as pd

from bulk_loader.codes import ProblemCode
from bulk_loader.errors import SettingsError
from bulk_loader.model import Field, Status
from bulk_loader.screening.call_dates import AS_SOON_AS_POSSIBLE
from bulk_loader.screening.fields import fault_of
from bulk_loader.screening.phones import read_alternatives, read_phone
from bulk_loader.screening.readers import FieldReaders
from bulk_loader.screening.registry import RULES
from bulk_loader.screening.rule import Candidates
from bulk_loader.screening.schema import find_failures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bulk_loader.model import ColumnMap, LeadBatch, Problem
    from bulk_loader.screening.rules import Rules
    from bulk_loader.screening.whole_list import WholeList

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
        self._columns = columns
        self._rules = rules
        self._readers = FieldReaders.by(rules)
        asked = [(rule.status, rule.asked(rules, columns)) for rule in RULES]
        self._refusing = [check for status, check in asked if check and status is Status.INVALID]
        self._excluding = [
            check for status, check in asked if check and status is not Status.INVALID
        ]

    def begun_at(self, moment: datetime) -> Screen:
        """The same screen for a run that was begun then; what its rules were read from stays."""
        return Screen(self._columns, replace(self._rules, run_began_at=moment))

    def knowing(self, whole_list: WholeList) -> Screen:
        """The same screen, by which a row that is unlike the rest of the list is refused."""
        return Screen(self._columns, replace(self._rules, whole_list=whole_list))

    def check_defaults(self, defaults: Mapping[Field, str]) -> None:
        """Judge what stands in for empty cells, once for all leads.

        Raises:
            SettingsError: a default is wrong; that one is given at all is not asked here.
        """
        texts = {name.value: [defaults.get(name, "")] for name in Field}
        texts[Field.DESTINATION.value] = ["100"]  # it has no default, and is not judged here
        read = self._readers.read(pd.DataFrame(texts, dtype="str"))
        faults = {
            failure.field: fault_of(failure, defaults.get(failure.field, ""), self._readers)
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
        problems = self._problems(batch, Candidates(batch.frame, fields, read))
        valid = _without(read, problems)
        suppressed = self._suppressed(Candidates(batch.frame, fields, valid))
        sent = _without(valid, suppressed)
        given = fields if len(sent) == len(fields) else fields.loc[sent.index]
        tidied, formatted = _count_changed(given, sent)
        if not self._rules.tidy_phones:
            sent = sent.assign(**{name: given[name] for name in _PHONES})
        return Screened(
            fields=sent,
            problems=tuple(problems),
            suppressed=tuple(suppressed),
            tidied=tidied if self._rules.tidy_phones else 0,
            formatted=formatted,
            hastened=_count_hastened(given, sent),
        )

    def _problems(self, batch: LeadBatch, leads: Candidates) -> list[Problem]:
        """Every problem of every lead, in the order of rows.

        A damage is the only problem of its cell, or of its row: what was lost can't be judged.
        """
        damages = self._counting(batch.damages)
        damaged = {(problem.row, problem.column) for problem in damages}
        judged = [
            problem
            for check in self._refusing
            for problem in check(leads)
            if damaged.isdisjoint(((problem.row, problem.column), (problem.row, None)))
        ]
        return sorted(damages + judged, key=lambda problem: problem.row)

    def _counting(self, damages: Sequence[Problem]) -> list[Problem]:
        """Those by which something is lost that is sent; by a sum only what would be dialled."""
        if not damages:
            return []
        fed = self._columns.columns
        used = {None, *self._columns.template_columns, *chain.from_iterable(fed.values())}
        dialled = {*fed.get(Field.DESTINATION, ()), *fed.get(Field.ALTERNATIVES, ())}
        asks = self._rules.whole_list is not None
        return [
            damage
            for damage in damages
            if (
                asks and damage.column in dialled
                if damage.code is ProblemCode.SUM_OF_ROWS
                else damage.column in used
            )
        ]

    def _suppressed(self, leads: Candidates) -> list[Problem]:
        """Why leads without a problem are left out, the first reason of each, by row."""
        found: dict[int, Problem] = {}
        for check in self._excluding:
            for problem in check(leads):
                found.setdefault(problem.row, problem)
        return [found[row] for row in sorted(found)]


def _without(fields: pd.DataFrame, problems: list[Problem]) -> pd.DataFrame:
    return fields.drop(index=list({problem.row for problem in problems})) if problems else fields


def _count_changed(given: pd.DataFrame, sent: pd.DataFrame) -> tuple[int, int]:
    """Candidates with numbers only tidied, and leads with a number written anew."""
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
