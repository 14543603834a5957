from __future__ import annotations

from collections import Counter

import pytest

from tests.tools.crash import calls
from tests.tools.crash.verdict import Told

ANA, EVA = "0991000001", "0991000002"


def told(*statuses: str) -> list[Told]:
    """What a results file says of one number, row by row."""
    return [Told((ANA, f"id={row}"), status) for row, status in enumerate(statuses)]


def test_a_second_call_is_found_whatever_the_data_beside_the_number() -> None:
    """A row that was changed after it was sent must not call the same person again."""
    recorded = {(ANA, "id=1"): 1, (ANA, "id=1b"): 1, (EVA, "id=2"): 1}
    allowed = calls.allowed({ANA: 1, EVA: 1}, all_sent=False)
    assert calls.repeated(calls.by_phone(recorded), allowed) == {ANA: 1}


def test_equal_rows_are_one_call_unless_all_of_them_are_meant() -> None:
    """What the operator asked for is what is allowed."""
    assert calls.allowed({EVA: 2}, all_sent=False) == {EVA: 1}
    assert calls.allowed({EVA: 2}, all_sent=True) == {EVA: 2}


def test_lists_at_the_same_time_call_nobody_twice_and_a_later_list_everybody_again() -> None:
    """Only whom nobody knows to be queued is left alone by the later list, too."""
    lists = [Counter({ANA: 1}), Counter({ANA: 1, EVA: 1})]
    never, always = (lambda *_: False), (lambda *_: True)
    assert calls.allowed_by_all(lists, are_together=always) == {ANA: 1, EVA: 1}
    assert calls.allowed_by_all(lists, are_together=never) == {ANA: 2, EVA: 1}
    assert calls.allowed_by_all(lists, are_together=never, doubted={ANA}) == {ANA: 1, EVA: 1}


def test_a_list_beside_two_others_does_not_make_those_two_one() -> None:
    """The last began when the first was over, and calls everybody again."""
    lists = [Counter({ANA: 1})] * 3
    assert calls.allowed_by_all(lists, are_together=lambda one, other: other - one == 1) == {ANA: 2}


def test_a_number_is_called_again_only_if_it_was_called_before() -> None:
    """A first call is none that comes again."""
    before, after = Counter({ANA: 1}), Counter({ANA: 3, EVA: 1})
    assert calls.called_again(before, after) == {ANA: 2}
    assert calls.called_again(after, after) == {}


def test_only_who_sent_a_number_brings_it_into_doubt() -> None:
    """Whom another list leaves alone because of that may be accepted by the first one later."""
    left_alone = [Told((EVA, "id=1"), "unknown", was_sent=False)]
    assert calls.in_doubt([*told("unknown"), *left_alone]) == {ANA, EVA}
    assert calls.doubted_first([*told("unknown"), *left_alone]) == {ANA}
    broken_off = [Told((EVA, "id=1"), "unknown", is_broken_off=True)]
    assert calls.doubted_first(broken_off) == {EVA}
    assert calls.doubted_first(broken_off, but_broken_off=True) == set()


@pytest.mark.parametrize(
    ("statuses", "is_minded"),
    [
        (["unknown"], True),
        (["unknown", "duplicate"], True),
        (["duplicate"], False),
        (["accepted"], False),
        (["rejected"], False),
        (["unknown", "accepted"], False),
    ],
)
def test_a_doubt_of_one_list_is_a_doubt_of_the_next(statuses: list[str], is_minded: bool) -> None:
    """The number is neither sent nor told away; a second row of it is a duplicate as always."""
    assert (calls.disregarded([ANA], told(*statuses)) == []) is is_minded


def test_at_the_same_time_a_refusal_may_come_before_the_doubt() -> None:
    """The dialer refused the number from this list, and then the other one tried it."""
    assert calls.disregarded([ANA], told("rejected"), is_together=True) == []
    assert calls.disregarded([ANA], told("accepted"), is_together=True)
    assert calls.disregarded([EVA], told("accepted"), is_together=True) == []


@pytest.mark.parametrize(
    ("statuses", "known", "is_lost"),
    [
        (["duplicate"], [], True),
        (["duplicate"], [ANA], False),
        (["rejected", "duplicate"], [], False),
        (["duplicate"], [EVA], True),
    ],
)
def test_a_duplicate_of_nothing_is_a_lost_lead(
    statuses: list[str], known: list[str], is_lost: bool
) -> None:
    """Somebody was called in its place, or may have been; or the row before it tells why not."""
    assert (calls.told_away(told(*statuses), known) != []) is is_lost


def test_in_doubt_is_what_is_unknown() -> None:
    """Any row of a number will do."""
    assert calls.in_doubt(told("duplicate", "unknown")) == {ANA}
    assert calls.in_doubt(told("accepted")) == set()
