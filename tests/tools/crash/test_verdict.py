from __future__ import annotations

import pytest

from tests.tools.crash import verdict
from tests.tools.crash.verdict import Told, bounds

ANA = ("0991000001", "id=1")
EVA = ("0991000002", "id=2")


def told(*statuses: str) -> list[Told]:
    """What a results file says of one lead, row by row."""
    return [Told(ANA, status, str(int(status == "accepted"))) for status in statuses]


@pytest.mark.parametrize(
    ("statuses", "recorded", "is_true"),
    [
        (["accepted"], 1, True),
        (["accepted"], 0, False),
        (["accepted"], 2, False),
        (["unknown"], 0, True),
        (["unknown"], 1, True),
        (["unknown"], 2, False),
        (["rejected"], 0, True),
        (["rejected"], 1, False),
        (["unsent"], 1, False),
        (["accepted", "duplicate"], 1, True),
        (["accepted", "duplicate"], 2, False),
        (["accepted", "accepted"], 2, True),
        (["accepted", "unknown"], 1, True),
        (["accepted", "unknown"], 0, False),
    ],
)
def test_a_status_is_true_if_the_record_bears_it_out(
    statuses: list[str], recorded: int, is_true: bool
) -> None:
    """Accepted is exactly once, unknown at most once, everything else never."""
    assert (verdict.untrue(bounds(told(*statuses)), {ANA: recorded}) == []) is is_true


def test_of_several_files_on_one_list_the_strongest_word_on_a_lead_counts() -> None:
    """A copy that still says rejected is not contradicted by the one that was retried."""
    files = [bounds(told("rejected")), bounds(told("accepted"))]
    assert verdict.by_strongest(files) == {ANA: (1, 1)}
    assert verdict.by_strongest([bounds(told("unknown"))] * 2) == {ANA: (0, 1)}
    assert verdict.by_strongest([bounds([Told(EVA, "unsent")]), files[0]]) == {
        EVA: (0, 0),
        ANA: (0, 0),
    }


def test_two_lists_that_both_say_accepted_sent_a_lead_twice() -> None:
    """What the other list had accepted is a duplicate here, so one record bears out only one."""
    both = verdict.by_all([bounds(told("accepted")), bounds(told("accepted"))])
    assert verdict.untrue(both, {ANA: 1})
    one = verdict.by_all([bounds(told("accepted")), bounds(told("duplicate"))])
    assert verdict.untrue(one, {ANA: 1}) == []


def test_what_one_list_took_over_from_another_was_sent_once() -> None:
    """Both may say accepted of it; neither may say so of what nobody sent."""
    both = verdict.by_all([bounds(told("accepted")), bounds(told("accepted"))], is_shared=True)
    assert verdict.untrue(both, {ANA: 1}) == []
    assert verdict.untrue(both, {})


def test_while_others_are_still_to_tell_only_a_false_accepted_is_untrue() -> None:
    """A lead that is a duplicate here may have been sent by a list whose results are to come."""
    assert verdict.untrue(bounds(told("duplicate")), {ANA: 1}, others_to_tell=True) == []
    assert verdict.untrue(bounds(told("duplicate"), is_anew=True), {ANA: 1}) == []
    assert verdict.untrue(bounds(told("duplicate"), is_anew=True), {ANA: 2})
    assert verdict.untrue(bounds(told("accepted")), {}, others_to_tell=True)


def test_a_results_file_that_lacks_a_row_or_a_status_is_incomplete() -> None:
    """Each row of the file stands there in its place, with a status and the result that fits."""
    assert verdict.incomplete(told("accepted", "unknown"), [ANA, ANA]) == []
    assert verdict.incomplete(told("accepted"), [ANA, EVA])
    assert verdict.incomplete(told("accepted"), [EVA])
    assert verdict.incomplete(told(""), [ANA])
    assert verdict.incomplete([Told(ANA, "accepted", "0")], [ANA])


def test_a_summary_counts_what_stands_in_the_results_file() -> None:
    """A figure that is one too high is found."""
    counts = dict.fromkeys(
        ("accepted", "rejected", "invalid", "unsent", "unknown", "duplicate", "suppressed"), 0
    )
    right = {"leads": 2, "counts": counts | {"accepted": 1, "unknown": 1}}
    assert verdict.miscounted(right, told("accepted", "unknown")) == []
    assert verdict.miscounted(right, told("accepted", "accepted"))
    assert verdict.miscounted(right | {"leads": 3}, told("accepted", "unknown"))


def test_lost_are_leads_without_a_word_unsent_ones_and_false_promises() -> None:
    """Each of the three ways to lose a lead counts."""
    assert verdict.lost(told("accepted"), [ANA, EVA], {ANA: 1}) == 1
    assert verdict.lost(told("unsent"), [ANA], {}) == 1
    assert verdict.lost(told("accepted"), [ANA], {}) == 1
    assert verdict.lost(told("unknown", "rejected"), [ANA, ANA], {}) == 0


def test_a_lead_in_doubt_after_a_crash_must_stay_in_doubt() -> None:
    """Sent again, it could be a second call; only a row that was taken out may be missing."""
    assert verdict.forgotten({ANA: 1}, told("unknown")) == []
    assert verdict.forgotten({ANA: 1}, told("accepted"))
    assert verdict.forgotten({EVA: 1}, told("accepted")) == []
