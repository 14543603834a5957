"""Which way a run begins, by what is there and what is wanted: two tables without any I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Unfinished(Enum):
    """What there is to go on with, of this list."""

    NONE = auto()
    PLAIN = auto()
    REPEATING = auto()
    """Begun with --again after a finished run of the same content, and cut short."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the ledger holds of a list, and what the user asked for.

    Attributes:
        is_upload: of a list; a retry of a results file else.
        again: --again was given.
        is_cut_short: the newest run is unfinished, and its leads would be recognised.
        is_finished: a run of exactly this content is finished.
    """

    is_upload: bool
    again: bool
    is_cut_short: bool
    is_finished: bool
    unfinished: Unfinished


class Way(Enum):
    """What is done about the earlier runs of a list."""

    REPEAT = auto()
    """Begin anew and send every lead once more."""
    GO_ON_REPEATING = auto()
    """Go on with a run that was begun with --again; what it was to repeat stays to be repeated."""
    REFUSE = auto()
    """Nothing is sent: the list was uploaded before."""
    GO_ON = auto()
    """Go on with what is unfinished."""
    ANEW = auto()
    """Begin anew; what earlier runs sent is left out."""
    COMPARE = auto()
    """Look for an unfinished run of another file whose leads mostly stand in this one."""


def choose(found: Found) -> Way:
    """The way; the first line that fits."""
    match found:
        # An attempt that was cut short is gone on with although the command says --again: else
        # each attempt would call the first people of the file once more.
        case Found(again=True, is_cut_short=False):
            return Way.REPEAT
        case (
            Found(is_upload=True, unfinished=Unfinished.REPEATING)
            | Found(is_upload=True, again=True, unfinished=Unfinished.PLAIN)
        ):
            return Way.GO_ON_REPEATING
        case Found(is_upload=True, is_finished=True):
            return Way.REFUSE
        case Found(unfinished=Unfinished.PLAIN | Unfinished.REPEATING):
            return Way.GO_ON
        case Found(is_upload=True):
            return Way.COMPARE
        case Found(is_upload=False):
            return Way.ANEW
    raise AssertionError(found)


@dataclass(frozen=True, slots=True)
class Rest:
    """Unfinished runs that are to be gone on with, held against this one.

    Attributes:
        is_alike: they are of another file; their leads were compared one by one.
        has_same_settings: those that decide what a task looks like.
        has_sent: they sent leads, or may have.
        has_same_content: the newest of them read exactly this file.
        is_alone: it is one run, and its results were not retried.
    """

    is_alike: bool
    has_same_settings: bool
    has_sent: bool
    has_same_content: bool
    is_alone: bool


class Step(Enum):
    """How unfinished runs are gone on with."""

    RESUME = auto()
    """The very same run goes on."""
    CONTINUE = auto()
    """A new run goes on with them, and what they sent stands."""
    ANEW = auto()
    """They sent nothing, so nothing depends on them."""
    REFUSE = auto()
    """Nothing is sent: what they sent would not be recognised."""


def step(rest: Rest) -> Step:
    """The step; the first line that fits."""
    match rest:
        case Rest(is_alike=True):
            return Step.CONTINUE
        case Rest(has_same_settings=False, has_sent=True):
            return Step.REFUSE
        case Rest(has_same_settings=False, has_sent=False):
            return Step.ANEW
        case Rest(has_same_content=True, is_alone=True):
            return Step.RESUME
        case Rest(has_same_settings=True):
            return Step.CONTINUE
    raise AssertionError(rest)
