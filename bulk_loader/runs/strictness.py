"""All leads of a list or none: what `--strict` asks, before the first is sent."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from bulk_loader.errors import ErrorCode, SourceError
from bulk_loader.masking import masked_label
from bulk_loader.model import leads_text
from bulk_loader.preparation.kinds import Kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bulk_loader.preparation.kinds import ProblemKind
    from bulk_loader.preparation.pipeline import Pipeline

_NAMED_KINDS = 5


def require_all_valid(pipeline: Pipeline, batch_size: int) -> None:
    """Read the whole list through, and judge every lead as the run would.

    Leads that would be left out on purpose, such as duplicates, are not wrong.

    Raises:
        SourceError: a lead is wrong, so that none may be sent.
    """
    kinds, wrong = Kinds(), 0
    for batch in pipeline.table.batches(batch_size):
        problems = pipeline.screen(batch)[0].problems
        wrong += len({problem.row for problem in problems})
        for problem in problems:
            kinds.add(problem)
    if wrong:
        raise _wrong_error(pipeline, wrong, kinds.listed())


def _wrong_error(pipeline: Pipeline, wrong: int, kinds: Sequence[ProblemKind]) -> SourceError:
    source = pipeline.table.source
    named = [f"{_place(kind)} {kind.leads:,} ({kind.code})" for kind in kinds[:_NAMED_KINDS]]
    others = f", and {len(kinds) - _NAMED_KINDS} more kinds" * (len(kinds) > _NAMED_KINDS)
    check = shlex.join(["bulk-loader", "check", str(source.path), "--results"])
    return SourceError(
        f"Nothing was sent: {wrong:,} of {leads_text(source.leads)} are wrong, and --strict sends "
        "all or none.",
        f"{'; '.join(named)}{others}.",
        f"To see them marked, and correct them: {check}, with the same options\n"
        "To send the others: the same command without --strict",
        code=ErrorCode.ROWS,
    )


def _place(kind: ProblemKind) -> str:
    return "whole rows:" if kind.column is None else f'column "{masked_label(kind.column)}":'
