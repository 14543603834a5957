from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.crash import verdict
from tests.crash.leads import LeadFile
from tests.crash.verdict import Told

if TYPE_CHECKING:
    from pathlib import Path

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
    assert (verdict.untrue(told(*statuses), {ANA: recorded}) == []) is is_true


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


@pytest.mark.parametrize(
    ("code", "statuses", "is_right"),
    [
        (0, ["accepted", "duplicate"], True),
        (0, ["accepted", "invalid"], False),
        (1, ["accepted", "rejected"], True),
        (1, ["rejected", "unknown"], False),
        (7, ["rejected", "unknown"], True),
        (7, ["unsent", "unknown"], False),
        (4, ["unsent"], True),
        (130, ["unsent", "unknown"], True),
    ],
)
def test_an_exit_code_says_what_the_statuses_say(
    code: int, statuses: list[str], is_right: bool
) -> None:
    """The codes of finished runs follow from the statuses; 4 and 130 may stand with any."""
    assert (verdict.miscoded(code, told(*statuses)) == []) is is_right


def test_a_second_call_is_found_whatever_the_data_beside_the_number() -> None:
    """A row that was changed after it was sent must not call the same person again."""
    recorded = {ANA: 1, (ANA[0], "id=1b"): 1, EVA: 1}
    most = {ANA[0]: 1, EVA[0]: 1}
    assert verdict.repeated(recorded, most, all_sent=False) == {ANA[0]: 1}
    assert verdict.repeated({EVA: 2}, {EVA[0]: 2}, all_sent=False) == {EVA[0]: 1}
    assert verdict.repeated({EVA: 2}, {EVA[0]: 2}, all_sent=True) == {}


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


def test_an_edited_file_remembers_how_often_a_number_ever_stood_in_it(tmp_path: Path) -> None:
    """Numbers that were taken out still count, and no number is ever given to a second person."""
    file = LeadFile(tmp_path / "leads.csv", random.Random(4), 60, repeats=False)
    before = Counter(lead.phone for lead in file.rows)
    file.edit()
    after = Counter(lead.phone for lead in file.rows)
    assert before.keys() - after.keys()
    assert after.keys() - before.keys()
    assert file.most == before | after
