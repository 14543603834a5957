from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_loader.codes import ForeignCode, OutcomeCode, ProblemCode
from bulk_loader.ledger import LeadKey, Ledger
from bulk_loader.model import Outcome, Status
from tests.ledger.conftest import BEGAN, PLAN, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.ledger import OpenRun


def sent(ledger: Ledger, leads: Mapping[LeadKey, Status | None], path: str = "/a.csv") -> OpenRun:
    """A run that sent leads, in the rows from 2 on; None for one whose answer never came."""
    run = ledger.begin(replace(PLAN, path=path), BEGAN)
    rows = dict(enumerate(leads, start=2))
    run.commit([], list(rows.items()))
    outcomes = [
        Outcome(row, status, ForeignCode(f"code-{status}"), f"detail of {row}")
        for row, known in rows.items()
        if (status := leads[known]) is not None
    ]
    run.commit(outcomes)
    return run


def test_a_lead_is_found_by_its_task_and_gets_its_row_of_now(ledger: Ledger) -> None:
    """Rows were sorted, inserted and removed: each lead keeps what became of it."""
    run = sent(ledger, {key(5): Status.ACCEPTED, key(6): Status.REJECTED, key(7): Status.UNSENT})
    prior = ledger.outcomes.prior([run.record])
    found = prior.find([10, 11, 12, 13], [key(7), key(99), key(5), key(6)])
    assert found == [
        Outcome(10, Status.UNSENT, ForeignCode("code-unsent"), "detail of 4"),
        None,
        Outcome(12, Status.ACCEPTED, ForeignCode("code-accepted"), "detail of 2"),
        Outcome(13, Status.REJECTED, ForeignCode("code-rejected"), "detail of 3"),
    ]


def test_what_was_being_sent_is_unknown(ledger: Ledger) -> None:
    """A lead without an outcome is never taken for one that was not sent."""
    run = sent(ledger, {key(5): None})
    (found,) = ledger.outcomes.prior([run.record]).find([2], [key(5)])
    assert found is not None
    assert found.status is Status.UNKNOWN


def test_equal_tasks_are_told_apart_by_their_occurrence(ledger: Ledger) -> None:
    """Of three equal rows two were sent: the third is still to be sent."""
    run = sent(ledger, {key(5, 0): Status.ACCEPTED, key(5, 1): Status.UNKNOWN})
    prior = ledger.outcomes.prior([run.record])
    found = prior.find([2, 3, 4], [key(5, 2), key(5, 1), key(5, 0)])
    assert [outcome and outcome.status for outcome in found] == [
        None,
        Status.UNKNOWN,
        Status.ACCEPTED,
    ]


def test_the_strongest_word_of_a_chain_wins(ledger: Ledger) -> None:
    """A lead that any run of a chain sent is not sent again, whatever the others say."""
    runs = [
        sent(ledger, {key(5): status})
        for status in (Status.ACCEPTED, Status.UNSENT, Status.UNKNOWN, Status.REJECTED)
    ]
    prior = ledger.outcomes.prior([run.record for run in runs])
    (found,) = prior.find([2], [key(5)])
    assert found is not None
    assert found.status is Status.ACCEPTED
    assert prior.leads == 4
    assert prior.count(Status.REJECTED) == 1


def test_leads_that_were_not_sent_are_unknown_to_it(ledger: Ledger) -> None:
    """Duplicates and refused rows are judged anew."""
    run = ledger.begin(PLAN, BEGAN)
    duplicate = Outcome(3, Status.DUPLICATE, OutcomeCode.DUPLICATE_ROW, "2")
    run.commit(
        [],
        [],
        [(duplicate, key(5)), (Outcome(4, Status.INVALID, ProblemCode.PHONE_TOO_SHORT), None)],
    )
    prior = ledger.outcomes.prior([run.record])
    assert prior.leads == 0
    assert prior.find([3], [key(5)]) == [None]
    assert prior.contacts(Status.ACCEPTED).tolist() == []


def test_contacts_of_some_statuses_are_sorted_and_unique(ledger: Ledger) -> None:
    """Whom the runs have reached, or may have."""
    leads = {
        LeadKey(1, 0, 30, 0): Status.ACCEPTED,
        LeadKey(2, 0, 10, 0): Status.UNKNOWN,
        LeadKey(3, 0, 30, 0): Status.UNKNOWN,
        LeadKey(4, 0, 20, 0): Status.UNSENT,
    }
    prior = ledger.outcomes.prior([sent(ledger, leads).record])
    assert prior.contacts(Status.ACCEPTED, Status.UNKNOWN).tolist() == [10, 30]
    assert prior.contacts(Status.UNSENT).tolist() == [20]


def test_nothing_is_known_of_no_runs(ledger: Ledger) -> None:
    """A first run has no history."""
    prior = ledger.outcomes.prior([])
    assert prior.find([2], [key(5)]) == [None]
    assert prior.find([], []) == []


KEYS = st.builds(
    LeadKey,
    st.one_of(st.integers(0, 5), st.sampled_from([-(2**63), 2**63 - 1])),
    st.integers(0, 2),
    st.integers(-3, 3),
    st.just(0),
)
STATUSES = st.sampled_from([None, Status.UNSENT, Status.REJECTED, Status.UNKNOWN, Status.ACCEPTED])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    runs=st.lists(st.dictionaries(KEYS, STATUSES, max_size=8), max_size=3),
    asked=st.lists(KEYS, max_size=12),
)
def test_every_lead_is_found_as_the_strongest_word_says(
    ledger: Ledger, runs: list[dict[LeadKey, Status | None]], asked: list[LeadKey]
) -> None:
    """For any runs and any leads, a plain search in all of the runs says the same."""
    strength = [Status.UNSENT, Status.REJECTED, Status.UNKNOWN, Status.ACCEPTED]
    prior = ledger.outcomes.prior([sent(ledger, leads).record for leads in runs])
    expected = []
    for lead in asked:
        words = {
            status or Status.UNKNOWN
            for leads in runs
            for known, status in leads.items()
            if (known.task, known.occurrence) == (lead.task, lead.occurrence)
        }
        expected.append(max(words, key=strength.index) if words else None)
    found = prior.find(list(range(len(asked))), asked)
    assert [outcome and outcome.status for outcome in found] == expected
