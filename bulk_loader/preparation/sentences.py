"""The sentence beside each lead in the results file."""

from __future__ import annotations

import json
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final, Self

from bulk_loader.codes import OutcomeCode
from bulk_loader.model import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from bulk_loader.codes import Code

# Beyond this they go to a private temporary file: a long file may have nothing but bad rows.
BYTES_IN_MEMORY = 4_000_000


class Sentences:
    """Sentences by row number, added in ascending batches and read back once, in order.

    They may hold phone numbers, so they never go into the ledger.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(  # noqa: SIM115 - closed by our own exit
            BYTES_IN_MEMORY, "w+", encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, row: int, sentence: str) -> None:
        """A row's sentence; rows come in ascending order."""
        self._file.write(json.dumps([row, sentence]) + "\n")

    def __iter__(self) -> Iterator[tuple[int, str]]:
        self._file.seek(0)
        for line in self._file:
            row, sentence = json.loads(line)
            yield row, sentence


SENTENCES: Final[Mapping[Code, str]] = {
    # rejected
    OutcomeCode.ANSWERED_0: (
        "The dialer answered 0: it refused the record. It gives no reason; check the campaign's"
        " name and the values of this row, then retry."
    ),
    OutcomeCode.HTTP_REFUSED: (
        "The dialer refused the record with HTTP {detail}. Check the values of this row, then "
        "retry."
    ),
    # unknown
    OutcomeCode.HTTP_FAILED: (
        "The dialer answered HTTP {detail}, which does not say whether it took the record."
    ),
    OutcomeCode.READ_TIMEOUT: "The dialer did not answer in time, so it may have taken the record.",
    OutcomeCode.CONNECTION_LOST: (
        "The connection broke after the record was sent, so the dialer may have taken it."
    ),
    OutcomeCode.EMPTY_ANSWER: (
        "The dialer's answer (HTTP {detail}) was empty, so it may have taken the record."
    ),
    OutcomeCode.WEB_PAGE: (
        "A web page came back (HTTP {detail}) instead of 1 or 0, so it is not known whether the"
        " dialer took the record."
    ),
    OutcomeCode.UNCLEAR_ANSWER: (
        "The answer (HTTP {detail}) was neither 1 nor 0, so it is not known whether the dialer "
        "took the record."
    ),
    OutcomeCode.ANSWER_TOO_LONG: (
        "The answer (HTTP {detail}) was far too long for 1 or 0, so it is not known whether the"
        " dialer took the record."
    ),
    OutcomeCode.MIXED_UP: (
        "The dialer sent an answer that nobody had asked for, so this record's answer may have been "
        "that of another, and the dialer may have taken it."
    ),
    OutcomeCode.BROKEN_OFF: (
        "The program ended while this record was being sent, so the dialer may have taken it."
    ),
    OutcomeCode.INTERRUPTED: (
        "The run was interrupted before the dialer answered, so it may have taken the record."
    ),
    OutcomeCode.IN_DOUBT: (
        "Not sent: this number went to this campaign in run {detail}, and the dialer gave no "
        "clear answer then, so it may be queued."
    ),
    OutcomeCode.SENT_AGAIN: "It got no clear answer, and was sent once more in run {detail}.",
    # unsent
    OutcomeCode.SETTLED_BY_HAND: (
        "Not in the dialer's queue, as a person found who looked. Run retry to send it."
    ),
    OutcomeCode.RUN_STOPPED: (
        "Not sent: the run stopped before this row. Run the same command again."
    ),
    OutcomeCode.NOT_LOOKED_AT: (
        "Not sent: the run stopped before this row was looked at. Run the same command again."
    ),
    OutcomeCode.REFUSED_CREDENTIALS: (
        "Not taken: the dialer refused the credentials (HTTP {detail}). Give a fresh token and "
        "run the same command again."
    ),
    OutcomeCode.WRONG_ADDRESS: (
        "Not taken: there is no dialer at this address (HTTP {detail}). Correct the address and"
        " run the command again."
    ),
    # duplicate
    OutcomeCode.DUPLICATE_ROW: "Not sent: row {detail} has the same campaign and number.",
    OutcomeCode.TAKEN_BEFORE: (
        "Not sent: this number went to this campaign before, from a row that has changed since."
    ),
    OutcomeCode.SENT_BEFORE: (
        "Not sent: this number went to this campaign in an earlier run of this list. To call it"
        " once more, upload the list with --again."
    ),
    OutcomeCode.TAKEN_MEANWHILE: (
        "Not sent: the dialer accepted this number for this campaign from another list since "
        "this one was begun, in run {detail}."
    ),
    OutcomeCode.LOADED_LATELY: (
        "Not sent: the dialer accepted this number for this campaign within the time that "
        "--skip-loaded-within gives."
    ),
    OutcomeCode.LOADED_OFTEN: (
        "Not sent: this number was loaded into this dialer as often as --max-loads allows, {detail},"
        " in whatever campaign."
    ),
}
"""Of every code but those that have none: accepted leads, and those with one of their own."""

_CHECK_FIRST = (
    " Look in the dialer whether it is queued; to send it again, retry with --include unknown."
)
# No more than one of several runs is to be retried so, or the person is called by each of them.
_DECIDED = frozenset({OutcomeCode.SENT_AGAIN})


def explain(outcome: Outcome) -> str:
    """Why a lead has its status and what to do, from what the ledger holds; "" if accepted."""
    if outcome.status is Status.ACCEPTED:
        return ""
    known = SENTENCES.get(outcome.code)
    if known is None:
        # A problem's own sentence holds a value of the row and is made anew from the row; this
        # is for a row that has changed since, and for a code that only another release knows.
        return f"This row was {outcome.status.value} ({outcome.code}) when the run looked at it."
    sentence = known.format(detail=outcome.detail)
    is_open = outcome.status is Status.UNKNOWN and outcome.code not in _DECIDED
    return sentence + _CHECK_FIRST if is_open else sentence
