"""The campaigns of a list: how many leads each has, and what their names tell."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class DialerKind(StrEnum):
    """What the arrow of a campaign's name says of its dialer. Source: the vendor's manual."""

    POWER_OR_PREDICTIVE = "Power or Predictive"
    PROGRESSIVE_OR_PREVIEW = "Progressive or Preview"
    UNKNOWN = ""


_ARROWS = {
    "<-": DialerKind.POWER_OR_PREDICTIVE,
    "->": DialerKind.PROGRESSIVE_OR_PREVIEW,
}


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign of a list.

    Attributes:
        name: "" where the leads name none and no default does.
        first_row: row number of its first lead.
        with_agent: leads that name an agent.
        dated: leads with a `calldate`.
    """

    name: str
    leads: int
    first_row: int = 0
    with_agent: int = 0
    dated: int = 0

    @property
    def dialer(self) -> DialerKind:
        """By the arrow at the end of the name."""
        return _ARROWS.get(self.name[-2:], DialerKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """All campaigns of a list, as it was read: no lead was judged yet.

    Attributes:
        named: the fullest first.
        more_leads: leads of further campaigns, which were too many to be counted one by one.
    """

    named: tuple[Campaign, ...] = ()
    more_leads: int = 0

    @property
    def dated(self) -> int:
        """Leads with a `calldate`, as far as their campaigns are counted."""
        return sum(campaign.dated for campaign in self.named)


# A rare name within one keystroke of one that has twenty times its leads is more likely a slip.
_RARE = 20
# In shorter names one letter may well be all that tells two campaigns apart.
_SHORTEST = 4
# Where there are more, the column holds something else, such as names of people.
_MOST_COMPARED = 200


def nearly_alike(campaigns: Sequence[Campaign]) -> Iterator[tuple[Campaign, Campaign]]:
    """Pairs of which the first is nearly the second, which has at least as many leads.

    Names are alike that differ in case, accents, white space, the order of two letters or a
    missing arrow only; and of which a rare one differs in one letter. Digits, and letters that stand
    for themselves, as in "Norte A" and "Norte B", tell names apart.
    """
    if len(campaigns) > _MOST_COMPARED:
        return
    by_variant: defaultdict[str, list[Campaign]] = defaultdict(list)
    for campaign in sorted(campaigns, key=lambda campaign: -campaign.leads):
        variants = _variants(campaign.name)
        near = {other.name: other for variant in variants for other in by_variant[variant]}
        match = next((other for other in near.values() if _is_near(campaign, other)), None)
        if match is not None:
            yield campaign, match
        for variant in variants:
            by_variant[variant].append(campaign)


def _variants(name: str) -> set[str]:
    """The folded name and all that lack one of its letters: near names share one of them."""
    stem = _stem(_folded(name))
    return {stem, *(stem[:at] + stem[at + 1 :] for at in range(len(stem)))} if stem else set()


def _is_near(rare: Campaign, common: Campaign) -> bool:
    one, other = _folded(rare.name), _folded(common.name)
    if _stem(one) == _stem(other):
        return one == other or _stem(one) in (one, other)
    if not _has_same_arrow(rare, common) or min(len(_stem(one)), len(_stem(other))) < _SHORTEST:
        return False
    differing = _differing(_stem(one), _stem(other))
    if any(map(str.isdigit, "".join(differing))) or _are_lettered(rare.name, common.name):
        return False
    if sorted(differing[0]) == sorted(differing[1]):
        return len(differing[0]) == 2  # noqa: PLR2004 - two letters in the other order
    return max(map(len, differing)) <= 1 and rare.leads * _RARE <= common.leads


def _are_lettered(one: str, other: str) -> bool:
    """The words in which the names differ have one letter."""
    pairs = zip(_words(one), _words(other), strict=False)
    return any(a != b and max(len(a), len(b)) == 1 for a, b in pairs)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _has_same_arrow(one: Campaign, other: Campaign) -> bool:
    return one.dialer is other.dialer or DialerKind.UNKNOWN in (one.dialer, other.dialer)


def _differing(one: str, other: str) -> tuple[str, str]:
    """What is left of two texts without what they begin and end with alike."""
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return one, other


def _folded(name: str) -> str:
    """Without accents, white space and case."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not (unicodedata.combining(char) or char.isspace()))


def _stem(name: str) -> str:
    return name[:-2] if name[-2:] in _ARROWS else name
