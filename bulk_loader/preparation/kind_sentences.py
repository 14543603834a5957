"""What each kind of problem is, in one sentence that holds nothing of any lead.

For whoever is told of a run and may not see its list: a page of the run, an alert, a summary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulk_loader.codes import OutcomeCode, ProblemCode
from bulk_loader.model import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.codes import Code

_OF_NUMBERS: Final = {
    ProblemCode.PHONE_BOOLEAN: "{} is a truth value.",
    ProblemCode.PHONE_BROKEN: "{} is not whole.",
    ProblemCode.PHONE_COUNTRY: "{} is not of the country that it should be of.",
    ProblemCode.PHONE_DATE: "{} is a date or a time.",
    ProblemCode.PHONE_DECIMAL: "{} is a decimal number.",
    ProblemCode.PHONE_EXTENSION: "{} has an extension, which the dialer can't dial.",
    ProblemCode.PHONE_LENGTH: "{} has not as many digits as its country gives a number.",
    ProblemCode.PHONE_MISSING: "{} is missing.",
    ProblemCode.PHONE_NEGATIVE: "{} begins with a minus.",
    ProblemCode.PHONE_NO_AREA_CODE: "{} has no area code.",
    ProblemCode.PHONE_NOT_IN_PLAN: "{} is none that its country gives out.",
    ProblemCode.PHONE_OPTIONAL_ZERO: "{} has a (0) that is dialed only within its country.",
    ProblemCode.PHONE_SCIENTIFIC: "{} was shortened by the spreadsheet, so digits are lost.",
    ProblemCode.PHONE_TEXT: "{} is text.",
    ProblemCode.PHONE_TOO_LONG: "{} has too many digits.",
    ProblemCode.PHONE_TOO_SHORT: "{} has too few digits.",
    ProblemCode.PHONE_TWO_NUMBERS: "{} seems to be more than one.",
}

KIND_SENTENCES: Final[Mapping[Code, str]] = {
    **{code: told.format("The phone number") for code, told in _OF_NUMBERS.items()},
    **{
        code.of_alternative: told.format("An alternative number")
        for code, told in _OF_NUMBERS.items()
    },
    ProblemCode.CALLDATE_AMBIGUOUS: "The date can be read in two ways.",
    ProblemCode.CALLDATE_NO_DAY: "The date is a time without a day.",
    ProblemCode.CALLDATE_NUMBER: "The date is a plain number.",
    ProblemCode.CALLDATE_OFFSET: "The date names a time zone, and the dialer's is not known.",
    ProblemCode.CALLDATE_PAST: "The date has passed.",
    ProblemCode.CALLDATE_SKIPPED: "The time does not exist: the clocks were put forward over it.",
    ProblemCode.CALLDATE_TWICE: "The time comes twice: the clocks were put back over it.",
    ProblemCode.CALLDATE_UNREADABLE: "The date can't be read.",
    ProblemCode.CAMPAIGN_MISSING: "The campaign is missing.",
    ProblemCode.CAMPAIGN_NOT_ALLOWED: "The campaign is none that this list may call.",
    ProblemCode.CAMPAIGN_INVISIBLE: "The campaign has a character in it that nobody sees.",
    ProblemCode.AGENT_INVISIBLE: "The agent has a character in it that nobody sees.",
    ProblemCode.AGENT_TOO_LONG: "The agent is too long for a phone or an extension.",
    ProblemCode.DATA_SEPARATOR: "A value of data has a separator in it.",
    ProblemCode.SOURCE_MISSING: "The source is missing.",
    ProblemCode.TRUTH_VALUE: "A cell is neither yes nor no.",
    ProblemCode.OWN_SCHEMA: "A cell breaks a rule of the list's own schema.",
    ProblemCode.NUMBER_UNLIKE_OTHERS: "The phone number is unlike all others of the list.",
    ProblemCode.TOTALS_ROW: "The row seems to sum up others.",
    ProblemCode.DO_NOT_CALL: "The number is on a do-not-call list.",
    ProblemCode.OUTSIDE_CALLING_HOURS: "The call would be outside of the calling hours.",
    ProblemCode.NUMBER_TOO_LONG: "A number is too long for a spreadsheet, so digits are lost.",
    ProblemCode.NUMBER_UNREADABLE: "A cell is stored as a number, but is none.",
    ProblemCode.ERROR_CELL: "A cell is the error of a formula.",
    ProblemCode.FORMULA_WITHOUT_VALUE: "The result of a formula is not stored in the file.",
    ProblemCode.SUM_OF_ROWS: "A cell is computed from the rows above it.",
    ProblemCode.NO_SUCH_DATE: "A cell is shown as a date that does not exist.",
    ProblemCode.UNKNOWN_FORMAT: "A number has a format that can't be followed.",
    ProblemCode.UNSEEN_FORMAT: "A number has a format that is not in the file.",
    ProblemCode.MERGED_CELL: "A cell is part of merged cells.",
    ProblemCode.UNREADABLE_CELL: "A cell refers to a text that is not in the file.",
    ProblemCode.TOO_FEW_CELLS: "The row has too few cells.",
    ProblemCode.TOO_MANY_CELLS: "The row has too many cells.",
    ProblemCode.NUL_CHARACTER: "The row has a character in it that no text has.",
    ProblemCode.TEXT_AFTER_QUOTE: "The row has text after a closing quote.",
    OutcomeCode.KEPT: "The row keeps what its results file said.",
    OutcomeCode.ANSWERED_0: "The dialer answered 0: it refused the record.",
    OutcomeCode.HTTP_REFUSED: "The dialer refused the record with an HTTP error.",
    OutcomeCode.HTTP_FAILED: "The dialer failed with an HTTP error, so the record may be queued.",
    OutcomeCode.READ_TIMEOUT: "The dialer did not answer in time, so the record may be queued.",
    OutcomeCode.CONNECTION_LOST: "The connection broke, so the record may be queued.",
    OutcomeCode.EMPTY_ANSWER: "The dialer's answer was empty, so the record may be queued.",
    OutcomeCode.WEB_PAGE: "A web page came back, so the record may be queued or not.",
    OutcomeCode.UNCLEAR_ANSWER: "The answer was neither 1 nor 0, so the record may be queued.",
    OutcomeCode.ANSWER_TOO_LONG: "The answer was far too long, so the record may be queued.",
    OutcomeCode.MIXED_UP: "The answer may have been that of another record.",
    OutcomeCode.BROKEN_OFF: "The program ended before the answer, so the record may be queued.",
    OutcomeCode.INTERRUPTED: "The run was interrupted before the answer came.",
    OutcomeCode.IN_DOUBT: "The number is in doubt since another run.",
    OutcomeCode.SENT_AGAIN: "It got no clear answer, and was sent once more since.",
    OutcomeCode.SETTLED_BY_HAND: "It is not in the dialer's queue, as a person found.",
    OutcomeCode.RUN_STOPPED: "The run stopped before the row.",
    OutcomeCode.NOT_LOOKED_AT: "The run stopped before the row was looked at.",
    OutcomeCode.REFUSED_CREDENTIALS: "The dialer refused the credentials.",
    OutcomeCode.WRONG_ADDRESS: "There is no dialer at this address.",
    OutcomeCode.DUPLICATE_ROW: "The same campaign and number stand in an earlier row.",
    OutcomeCode.TAKEN_BEFORE: "The number was sent before, from a row that has changed since.",
    OutcomeCode.SENT_BEFORE: "The number was sent in an earlier run of the list.",
    OutcomeCode.TAKEN_MEANWHILE: "The number was accepted from another list meanwhile.",
    OutcomeCode.LOADED_LATELY: "The number was accepted lately.",
    OutcomeCode.LOADED_OFTEN: "The number was loaded as often as max_loads allows.",
}
"""Of every code but that of leads of which nothing is to be said."""

_REMEDIES: Final[Mapping[Status, str]] = {
    Status.ACCEPTED: "",
    Status.REJECTED: "Check the campaign's name and the values of these rows, then retry.",
    Status.INVALID: "Correct the marked cells in the results file, save it, and retry.",
    Status.UNSENT: "Give the same command again: it goes on where it stopped.",
    Status.UNKNOWN: (
        "Look in the dialer whether they are queued; those that are not: retry with "
        "--include unknown."
    ),
    Status.DUPLICATE: "Nothing, where one call is enough; else retry with --include duplicate.",
    Status.SUPPRESSED: "Nothing: they were left out on purpose.",
}


def kind_sentence(code: Code) -> str:
    """What the kind is; of a code that another release made, its name."""
    return KIND_SENTENCES.get(code, f"The kind {code}, which this release does not know.")


def kind_remedy(status: Status) -> str:
    """What to do about leads of a status, where nothing nearer is known; "" for nothing."""
    return _REMEDIES[status]
