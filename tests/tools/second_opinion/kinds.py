"""Why a cell reads otherwise here than in LibreOffice: the kinds of differences, each with its reason."""

from __future__ import annotations

import calendar
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING

from bulk_loader.spreadsheets.cells import Damaged

if TYPE_CHECKING:
    from collections.abc import Callable


class Kind(Enum):
    """Of a difference; the value says why it is there, or that nobody knows yet."""

    NAMED = "Named here as damaged, so that it is not sent."
    DATE = "The same day or time: here as ISO, there as its format or its number."
    ERA = "The same day, of which only the year of another calendar is shown there."
    EARLY = "Excel has a 29th of February 1900; LibreOffice counts the days before it otherwise."
    SPACES = "Spaces and line ends that only align."
    SHORTENED = "LibreOffice shortens a number in General to the width of a cell; here it is whole."
    POINT = "LibreOffice leaves out the point where no digit follows."
    ERROR = "LibreOffice computes anew, and has words of its own for an error."
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


_EXPLAINED = frozenset({Kind.NAMED, Kind.DATE, Kind.SPACES, Kind.SHORTENED, Kind.POINT, Kind.ERROR})

_ISO = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d))?+ ?(?:(\d{2,}):(\d\d):(\d\d))?+", re.ASCII)
_HALF_A_DAY = 12
_HALF_A_SECOND = 0.5 / 86_400
_FIRST_DAY = date(1899, 12, 30)
# Of Japan since 1868, of Taiwan, and of Buddha.
_BEFORE_AN_ERA = frozenset({1867, 1911, 1925, 1988, 2018, -543})
_NAMES = (*calendar.month_abbr[1:], *calendar.day_abbr)


def kind_of(ours: str, theirs: str) -> Kind | None:
    """Why the two texts of one cell differ; None where they do not."""
    if ours == theirs:
        return None
    if isinstance(ours, Damaged):
        return Kind.NAMED
    return next((kind for kind, holds in _KINDS if holds(ours, theirs)), Kind.OTHER)


def _is_same_moment(ours: str, theirs: str) -> bool:
    """Whether every number that is shown there is a part of the date or time here."""
    match = _ISO.fullmatch(ours)
    if match is None or not ours:
        return False
    if _is_near(theirs, _serial(ours)):
        return True
    year, _, _, hour, minute, second = (int(part or 0) for part in match.groups())
    parts = {int(part) for part in match.groups() if part}
    parts |= {year % 100, hour % _HALF_A_DAY or _HALF_A_DAY, hour * 60 + minute}
    parts |= {(hour * 60 + minute) * 60 + second, 0}
    found = re.findall(r"\d+", theirs)
    is_shown = found or any(name in theirs for name in _NAMES)
    return bool(is_shown) and all(int(part) in parts for part in found)


def _is_year_of_an_era(ours: str, theirs: str) -> bool:
    """Whether a year of Japan, Taiwan or Thailand is that of the day here."""
    match = _ISO.fullmatch(ours)
    if match is None or not match[1] or not theirs.isdecimal():
        return False
    return int(match[1]) - int(theirs) in _BEFORE_AN_ERA


def _serial(ours: str) -> float:
    """The number that a spreadsheet keeps for a date and time, or for a time."""
    day, _, time = ours.rpartition(" ") if " " in ours or ":" in ours else (ours, "", "00:00:00")
    hours, minutes, seconds = map(int, time.split(":"))
    days = (date.fromisoformat(day) - _FIRST_DAY).days if day else 0
    return days + (hours * 3600 + minutes * 60 + seconds) / 86_400


def _is_near(text: str, number: float) -> bool:
    try:
        return abs(float(text) - number) < _HALF_A_SECOND
    except ValueError:
        return False


def _is_shortened(ours: str, theirs: str) -> bool:
    try:
        whole, short = Decimal(ours), Decimal(theirs)
    except InvalidOperation:
        return False
    digits = len(short.as_tuple().digits)
    return len(whole.as_tuple().digits) > digits and short == Decimal(f"{whole:.{digits - 1}E}")


_KINDS: tuple[tuple[Kind, Callable[[str, str], object]], ...] = (
    (Kind.SPACES, lambda ours, theirs: "".join(ours.split()) == "".join(theirs.split())),
    (Kind.LOST, lambda ours, _theirs: not ours),
    (Kind.DATE, _is_same_moment),
    (Kind.ERA, _is_year_of_an_era),
    (Kind.EARLY, lambda ours, _theirs: re.match("1900-0[12]", ours)),
    (Kind.WRONG_DATE, lambda ours, _theirs: _ISO.fullmatch(ours)),
    (Kind.UNSEEN, lambda _ours, theirs: not theirs),
    (Kind.SHORTENED, _is_shortened),
    (Kind.POINT, lambda ours, theirs: ours.replace(".", "") == theirs.replace(".", "")
     and len(ours) == len(theirs) + 1),
    (Kind.ERROR, lambda _ours, theirs: re.match(r"#[A-Z/0!?]+|Err:\d", theirs)),
    (Kind.SIGN, lambda ours, theirs: ours == f"-{theirs}"),
    (Kind.LOST_SIGN, lambda ours, theirs: ours.replace("-", "") == theirs.replace("-", "")),
)  # fmt: skip
