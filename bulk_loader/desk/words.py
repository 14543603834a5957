"""What the pages call things, for people who have never read a manual of ours."""

from __future__ import annotations

from typing import NamedTuple

from bulk_loader.model import Field, Status


class FieldWords(NamedTuple):
    """A field as a page names it, and what is to be known of it."""

    name: str
    hint: str


FIELD_WORDS = {
    Field.DESTINATION: FieldWords("Number to dial", "Needed."),
    Field.CAMPAIGN: FieldWords("Campaign", "Needed: a column, or one for all leads below."),
    Field.ALTERNATIVES: FieldWords("Other numbers", "Tried in this order; may be none."),
    Field.DATA: FieldWords("Data", "What the agent's form shows, as name=value:name=value."),
    Field.CALLDATE: FieldWords("Date of the call", "None for as soon as possible."),
    Field.AGENT: FieldWords("Agent", "Extension of the one agent who takes the call."),
    Field.SOURCE: FieldWords("Source", "Where the lead comes from."),
    Field.BULK: FieldWords("Bulk", "true or false."),
    Field.AUTOMATIC: FieldWords("Automatic", "true or false."),
}
"""In the order in which a person thinks of them."""

STATUS_WORDS = {
    Status.ACCEPTED: "The dialer took them.",
    Status.REJECTED: "The dialer refused them.",
    Status.INVALID: "Something is wrong with them; they were not sent.",
    Status.UNSENT: "Nothing is wrong with them, but they were certainly not taken.",
    Status.UNKNOWN: "Sent, but without a clear answer: they may stand in the queue.",
    Status.DUPLICATE: "The same number stands in an earlier row for the same campaign.",
    Status.SUPPRESSED: "On a do-not-call list, or held back by a rule.",
}

COUNTED = {**STATUS_WORDS, Status.UNSENT: "Nothing is wrong with them: they would be sent."}
"""In a check, where nothing was sent."""


def duration(seconds: float) -> str:
    """About how long, in the two largest units."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
