"""The problems of a run or a check by kind, each with its first rows and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.masking import masked_label
from bulk_loader.model import FrequentProblem, Status
from bulk_loader.preparation.kind_sentences import kind_remedy, kind_sentence
from bulk_loader.preparation.kinds import FIRST_ROWS
from bulk_loader.preparation.sentences import SENTENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bulk_loader.codes import Code
    from bulk_loader.model import Outcome
    from bulk_loader.preparation.kinds import ProblemKind

IN_ORDER: Final = (
    Status.INVALID,
    Status.REJECTED,
    Status.UNKNOWN,
    Status.UNSENT,
    Status.DUPLICATE,
    Status.SUPPRESSED,
)
"""Statuses of leads with a problem: what a person must do something about comes first."""

MOST_FREQUENT = 3
"""Problems that a summary names."""

_TROUBLE = frozenset({Status.INVALID, Status.REJECTED, Status.UNKNOWN})
_LEFT_OUT: Final[Mapping[Code, Status]] = {
    ProblemCode.DO_NOT_CALL: Status.SUPPRESSED,
    ProblemCode.OUTSIDE_CALLING_HOURS: Status.SUPPRESSED,
    OutcomeCode.DUPLICATE_ROW: Status.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class FirstRow:
    """One of the first rows of a kind.

    Attributes:
        told: what differs from row to row; "" where nothing does.
    """

    row: int
    told: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """All leads of one kind.

    Attributes:
        sentence: what the kind is, without any value of the list.
        column: label as it may be shown; None where whole rows are meant, or it is not known.
        remedy: what to do; "" for nothing.
    """

    status: Status
    code: Code
    sentence: str
    leads: int
    first: tuple[FirstRow, ...]
    remedy: str
    column: str | None = None


@dataclass(slots=True)
class _Tally:
    leads: int = 0
    first: list[FirstRow] = field(default_factory=list)


@dataclass(slots=True)
class OutcomeGroups:
    """Counts outcomes while they pass, in memory that does not grow with the rows."""

    _found: dict[tuple[Status, Code], _Tally] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Take one in; they come in the order of their rows."""
        tally = self._found.setdefault((outcome.status, outcome.code), _Tally())
        tally.leads += 1
        if len(tally.first) < FIRST_ROWS:
            tally.first.append(FirstRow(outcome.row, _detail(outcome)))

    def listed(self) -> Sequence[Group]:
        """All but the accepted leads, as `in_order` has them."""
        return in_order(
            Group(
                status,
                code,
                kind_sentence(code),
                tally.leads,
                tuple(tally.first),
                kind_remedy(status),
            )
            for (status, code), tally in self._found.items()
            if status in IN_ORDER
        )


def _detail(outcome: Outcome) -> str:
    sentence = SENTENCES.get(outcome.code, "")
    return sentence.format(detail=outcome.detail) if "{detail}" in sentence else ""


def groups_of_kinds(kinds: Iterable[ProblemKind], *, whole: bool = False) -> Sequence[Group]:
    """The same of problems that were found in the rows themselves, which say more.

    Args:
        whole: values stand there as they are, phone numbers too.
    """
    return in_order(_of_kind(kind, whole=whole) for kind in kinds)


def _of_kind(kind: ProblemKind, *, whole: bool) -> Group:
    status = _LEFT_OUT.get(kind.code, Status.INVALID)
    return Group(
        status,
        kind.code,
        kind_sentence(kind.code),
        kind.leads,
        tuple(FirstRow(each.row, each.told(whole=whole)) for each in kind.first),
        kind.remedy or kind_remedy(status),
        kind.column and (kind.column if whole else masked_label(kind.column)),
    )


def with_kinds(outcomes: Iterable[Group], kinds: Sequence[Group]) -> Sequence[Group]:
    """What the outcomes tell, and of the rows that were judged what their problems tell."""
    judged = {group.code for group in kinds}
    return in_order([*kinds, *(group for group in outcomes if group.code not in judged)])


def in_order(groups: Iterable[Group]) -> Sequence[Group]:
    """By status, as `IN_ORDER` has them, and the most frequent first."""
    return sorted(groups, key=lambda group: (IN_ORDER.index(group.status), -group.leads))


def most_frequent(groups: Iterable[Group]) -> tuple[FrequentProblem, ...]:
    """The few kinds that most leads have which somebody must do something about."""
    trouble = sorted((g for g in groups if g.status in _TROUBLE), key=lambda group: -group.leads)
    return tuple(
        FrequentProblem(
            group.status,
            group.code,
            group.sentence,
            group.leads,
            group.first[0].row,
            group.first[0].told,
        )
        for group in trouble[:MOST_FREQUENT]
    )
