"""Why a cell reads otherwise here than in LibreOffice: the kinds of differences, each with its reason."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.cells import Damaged
from tests.tools.second_opinion.moments import ReadMoment

if TYPE_CHECKING:
    from collections.abc import Callable


class Kind(Enum):
    """Of a difference; the value says why it is there, or that nobody knows yet."""

    NAMED = "Named here as damaged, so that it is not sent."
    DATE = "The same day or time: here as ISO, there as its format or its number."
    ERA = "The same day, there in the years of another calendar."
    EARLY = "Excel has a 29th of February 1900; LibreOffice counts the days before it otherwise."
    SPACES = "Spaces and line ends that only align."
    SHORTENED = "LibreOffice shortens a number in General to the width of a cell; here it is whole."
    POINT = "LibreOffice leaves out the point where no digit follows."
    ERROR = "LibreOffice computes anew, and has words of its own for what it can't show."
    TRUTH = "LibreOffice shows a truth value as a number."
    SECOND = (
        "A second more or less: fractions of one are cut off in some places, and rounded in others."
    )
    WRONG_DATE = "A date or time here, and another one or none there."
    SIGN = (
        "A minus here and none there: LibreOffice leaves it out in more sections with conditions."
    )
    LOST_SIGN = "LibreOffice shows a minus, and here is none."
    LOST = "LibreOffice shows something, and here is nothing."
    UNSEEN = "Something here, and LibreOffice shows nothing."
    OTHER = "Not known."

    @property
    def is_explained(self) -> bool:
        """The reason is known to be no fault of this program."""
        return self in _EXPLAINED


_EXPLAINED = frozenset(
    {
        Kind.NAMED, Kind.DATE, Kind.ERA, Kind.SECOND, Kind.EARLY, Kind.TRUTH, Kind.SPACES,
        Kind.SHORTENED, Kind.POINT, Kind.ERROR, Kind.SIGN,
    }
)  # fmt: skip


def kind_of(ours: str, theirs: str) -> Kind | None:
    """Why the two texts of one cell differ; None where they do not."""
    if ours == theirs:
        return None
    if isinstance(ours, Damaged):
        return Kind.NAMED
    if not ours:
        return Kind.LOST
    ours, theirs = _aligned(ours), _aligned(theirs)
    if date_kind := None if theirs.startswith("#") else _date_kind(ours, theirs):
        return date_kind
    return next((kind for kind, holds in _KINDS if holds(ours, theirs)), Kind.OTHER)


def _date_kind(ours: str, theirs: str) -> Kind | None:
    moment = ReadMoment.of(ours)
    if moment is None:
        return None
    if moment.is_shown_by(theirs):
        return Kind.DATE
    if moment.is_shown_in_an_era(theirs):
        return Kind.ERA
    if any(other.is_shown_by(theirs) for other in moment.neighbours()):
        return Kind.SECOND
    return Kind.EARLY if ours.startswith(("1900-01", "1900-02")) else Kind.WRONG_DATE


def _aligned(text: str) -> str:
    return re.sub("^- +", "-", text.strip())


def _is_shortened(ours: str, theirs: str) -> bool:
    try:
        whole, short = Decimal(ours), Decimal(theirs)
    except InvalidOperation:
        return False
    digits = len(short.as_tuple().digits)
    return len(whole.as_tuple().digits) > digits and short == Decimal(f"{whole:.{digits - 1}E}")


_KINDS: tuple[tuple[Kind, Callable[[str, str], object]], ...] = (
    (Kind.SPACES, lambda ours, theirs: "".join(ours.split()) == "".join(theirs.split())),
    (Kind.ERROR, lambda _ours, theirs: re.match(r"#[A-Z/0!?]+|Err:\d", theirs)),
    (Kind.TRUTH, lambda ours, theirs: (ours, theirs) in {("TRUE", "1"), ("FALSE", "0")}),
    (Kind.UNSEEN, lambda _ours, theirs: not theirs),
    (Kind.SHORTENED, _is_shortened),
    (Kind.POINT, lambda ours, theirs: re.sub(r"\.(?!\d)", "", ours) == theirs),
    (Kind.SIGN, lambda ours, theirs: ours == f"-{theirs}"),
    (Kind.LOST_SIGN, lambda ours, theirs: ours.replace("-", "") == theirs.replace("-", "")),
)  # fmt: skip
