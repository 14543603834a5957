from __future__ import annotations

from collections import Counter
from statistics import fmean

import pytest

from bulk_loader.simulation import Answer, AnswerModel, Record
from tests.simulation.days import EVERYBODY, calls, play, record

MANY = 4000


def test_answers_come_in_the_shares_of_the_model() -> None:
    """Within what chance allows, which for one seed is always the same."""
    model = AnswerModel(invalid=0.1, reached=0.5, busy=0.2)
    answers = Counter(call.answer for call in calls(play(["1"], map(record, range(MANY)), model)))
    shares = {answer: answers[answer] / MANY for answer in Answer}
    assert shares == pytest.approx(
        {
            Answer.INVALID: 0.1,
            Answer.REACHED: 0.9 * 0.5,
            Answer.BUSY: 0.9 * 0.2,
            Answer.NO_ANSWER: 0.9 * 0.3,
        },
        abs=0.03,
    )


def test_talks_have_the_mean_of_the_model() -> None:
    """Whatever their spread, and never a length below nothing."""
    made = calls(play(["1"], map(record, range(MANY)), EVERYBODY))
    talks = [call.ended_at - call.answered_at for call in made if call.answered_at is not None]
    assert fmean(talks) == pytest.approx(EVERYBODY.talk_s, rel=0.1)
    assert min(talks) > 0


def test_who_answers_has_been_rung_for_a_while() -> None:
    """Between the least and the most of the model; and the agent writes something down after it."""
    for call in calls(play(["1"], map(record, range(50)), EVERYBODY)):
        assert call.answered_at is not None
        rung = call.answered_at - call.began_at
        assert EVERYBODY.least_ring_s <= rung <= EVERYBODY.most_ring_s + 1e-6
        assert call.free_at == call.ended_at + EVERYBODY.wrap_s


def test_the_answer_hangs_on_the_seed_and_the_record_alone() -> None:
    """Not on the order of arrival, the agents, or what else is called; another seed is another day."""
    records = list(map(record, range(200)))

    def answers(agents: list[str], order: list[Record], seed: int = 1) -> dict[str, Answer]:
        made = calls(play(agents, order, AnswerModel(), seed))
        return {call.number: call.answer for call in made}

    backwards = [
        Record(at, each.campaign, each.destination) for at, each in enumerate(reversed(records))
    ]
    first = answers(["1"], records)
    assert answers(["7", "8", "9"], backwards) == first
    assert answers(["1"], records[::2]).items() <= first.items()
    assert answers(["1"], records, seed=2) != first


def test_another_try_has_another_chance() -> None:
    """Else it would be no use to call a number again."""
    half = AnswerModel(invalid=0, reached=0.5, busy=0)
    made = calls(play(["1"], (record(n, alternatives="M=1=77") for n in range(100)), half))
    by_try = Counter((call.turn.position, call.answer) for call in made)
    assert by_try[2, Answer.REACHED] > 0
    assert by_try[2, Answer.NO_ANSWER] > 0


def test_an_invalid_number_is_invalid_for_everybody() -> None:
    """It hangs on the number, not on the record, so that two campaigns do not differ about it."""
    model = AnswerModel(invalid=0.5)

    def invalid(campaign: str) -> set[str]:
        records = (record(number, campaign) for number in range(100))
        made = calls(play(["1"], records, model))
        return {call.number for call in made if call.answer is Answer.INVALID}

    assert invalid("A<-") == invalid("B->")
    assert 20 < len(invalid("A<-")) < 80


def test_half_a_character_does_no_harm() -> None:
    """Text from elsewhere may hold what UTF-8 can't write."""
    assert len(calls(play(["1"], [Record(1, "\ud800", "\udfff")]))) == 1


@pytest.mark.parametrize(
    "figures",
    [
        {"reached": -0.1},
        {"invalid": 1.1},
        {"reached": 0.7, "busy": 0.4},
        {"busy": float("nan")},
        {"talk_s": 0},
        {"talk_s": float("inf")},
        {"wrap_s": -1},
        {"pause_s": float("nan")},
        {"least_ring_s": 9, "most_ring_s": 8},
    ],
)
def test_a_figure_that_can_not_be_is_refused(figures: dict[str, float]) -> None:
    """Before a day is played with it."""
    with pytest.raises(ValueError, match="must"):
        AnswerModel(**figures)
