"""Stable names of what became of leads and of what is wrong with them.

They stand in ledgers, in reports and in scripts of users: words may change, codes don't.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType, TypeAlias


class OutcomeCode(StrEnum):
    """Why a lead has its status, where its row is not at fault."""

    NONE = ""
    """Nothing is to be said: the lead was accepted."""
    KEPT = "kept"
    """The lead keeps the status and the sentence of its results file."""
    # rejected
    ANSWERED_0 = "answered_0"
    HTTP_REFUSED = "http_refused"
    # unknown
    HTTP_FAILED = "http_failed"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_LOST = "connection_lost"
    EMPTY_ANSWER = "empty_answer"
    WEB_PAGE = "web_page"
    UNCLEAR_ANSWER = "unclear_answer"
    ANSWER_TOO_LONG = "answer_too_long"
    MIXED_UP = "mixed_up"
    """Answered on a connection on which an answer came that nobody had asked for."""
    BROKEN_OFF = "broken_off"
    """The program ended between the intent of the lead and its outcome."""
    INTERRUPTED = "interrupted"
    IN_DOUBT = "in_doubt"
    """Not sent, since its contact is in doubt since another run."""
    SENT_AGAIN = "sent_again"
    """A doubt that is over, since the user had the contact sent once more."""
    # unsent
    SETTLED_BY_HAND = "settled_by_hand"
    """A doubt that is over, since the user looked in the dialer and said what was there."""
    RUN_STOPPED = "run_stopped"
    NOT_LOOKED_AT = "not_looked_at"
    REFUSED_CREDENTIALS = "refused_credentials"
    WRONG_ADDRESS = "wrong_address"
    # duplicate
    DUPLICATE_ROW = "duplicate_row"
    TAKEN_BEFORE = "taken_before"
    SENT_BEFORE = "sent_before"
    TAKEN_MEANWHILE = "taken_meanwhile"
    """Its contact was accepted from another list since this one was begun."""
    LOADED_LATELY = "loaded_lately"
    LOADED_OFTEN = "loaded_often"
    """Its number was loaded as often as the user allows, in whatever campaign."""


class ProblemCode(StrEnum):
    """What is wrong with a row, or why it is left out on purpose."""

    # destination
    PHONE_BOOLEAN = "phone_boolean"
    PHONE_BROKEN = "phone_broken"
    PHONE_COUNTRY = "phone_country"
    PHONE_DATE = "phone_date"
    PHONE_DECIMAL = "phone_decimal"
    PHONE_EXTENSION = "phone_extension"
    PHONE_LENGTH = "phone_length"
    PHONE_MISSING = "phone_missing"
    PHONE_NEGATIVE = "phone_negative"
    PHONE_NO_AREA_CODE = "phone_no_area_code"
    PHONE_NOT_IN_PLAN = "phone_not_in_plan"
    PHONE_OPTIONAL_ZERO = "phone_optional_zero"
    PHONE_SCIENTIFIC = "phone_scientific"
    PHONE_TEXT = "phone_text"
    PHONE_TOO_LONG = "phone_too_long"
    PHONE_TOO_SHORT = "phone_too_short"
    PHONE_TWO_NUMBERS = "phone_two_numbers"
    # alternatives
    ALTERNATIVE_BOOLEAN = "alternative_boolean"
    ALTERNATIVE_BROKEN = "alternative_broken"
    ALTERNATIVE_COUNTRY = "alternative_country"
    ALTERNATIVE_DATE = "alternative_date"
    ALTERNATIVE_DECIMAL = "alternative_decimal"
    ALTERNATIVE_EXTENSION = "alternative_extension"
    ALTERNATIVE_LENGTH = "alternative_length"
    ALTERNATIVE_MISSING = "alternative_missing"
    ALTERNATIVE_NEGATIVE = "alternative_negative"
    ALTERNATIVE_NO_AREA_CODE = "alternative_no_area_code"
    ALTERNATIVE_NOT_IN_PLAN = "alternative_not_in_plan"
    ALTERNATIVE_OPTIONAL_ZERO = "alternative_optional_zero"
    ALTERNATIVE_SCIENTIFIC = "alternative_scientific"
    ALTERNATIVE_TEXT = "alternative_text"
    ALTERNATIVE_TOO_LONG = "alternative_too_long"
    ALTERNATIVE_TOO_SHORT = "alternative_too_short"
    ALTERNATIVE_TWO_NUMBERS = "alternative_two_numbers"
    # calldate
    CALLDATE_AMBIGUOUS = "calldate_ambiguous"
    CALLDATE_NO_DAY = "calldate_no_day"
    CALLDATE_NUMBER = "calldate_number"
    CALLDATE_OFFSET = "calldate_offset"
    CALLDATE_PAST = "calldate_past"
    CALLDATE_SKIPPED = "calldate_skipped"
    CALLDATE_TWICE = "calldate_twice"
    CALLDATE_UNREADABLE = "calldate_unreadable"
    # the other fields
    CAMPAIGN_MISSING = "campaign_missing"
    CAMPAIGN_NOT_ALLOWED = "campaign_not_allowed"
    CAMPAIGN_INVISIBLE = "campaign_invisible"
    AGENT_INVISIBLE = "agent_invisible"
    AGENT_TOO_LONG = "agent_too_long"
    DATA_SEPARATOR = "data_separator"
    SOURCE_MISSING = "source_missing"
    TRUTH_VALUE = "truth_value"
    OWN_SCHEMA = "own_schema"
    # unlike the rest of the list
    NUMBER_UNLIKE_OTHERS = "number_unlike_others"
    TOTALS_ROW = "totals_row"
    # left out on purpose
    DO_NOT_CALL = "do_not_call"
    OUTSIDE_CALLING_HOURS = "outside_calling_hours"
    # a cell of a workbook
    NUMBER_TOO_LONG = "number_too_long"
    NUMBER_UNREADABLE = "number_unreadable"
    ERROR_CELL = "error_cell"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    SUM_OF_ROWS = "sum_of_rows"
    NO_SUCH_DATE = "no_such_date"
    UNKNOWN_FORMAT = "unknown_format"
    UNSEEN_FORMAT = "unseen_format"
    MERGED_CELL = "merged_cell"
    UNREADABLE_CELL = "unreadable_cell"
    # a row of a text file
    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    NUL_CHARACTER = "nul_character"
    TEXT_AFTER_QUOTE = "text_after_quote"

    @property
    def of_alternative(self) -> ProblemCode:
        """The code of the same fault in another number of the lead."""
        return ProblemCode(self.replace("phone_", "alternative_", 1))


ForeignCode = NewType("ForeignCode", str)
"""What a ledger of another release holds, and this one does not know."""

Code: TypeAlias = OutcomeCode | ProblemCode | ForeignCode

_KNOWN: dict[str, Code] = {
    **{code.value: code for code in ProblemCode},
    **{code.value: code for code in OutcomeCode},
}


def read_code(text: str) -> Code:
    """The code of this name, or the name itself where this release knows none."""
    return _KNOWN.get(text, ForeignCode(text))
