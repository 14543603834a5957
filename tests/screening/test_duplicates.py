"""Contacts that were seen before are found, whatever their keys and however many there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.screening.duplicates import Repetition, SeenLeads

# Few keys, so that they meet; among them such as share a slot, or the last slots of the table.
CONTACTS = st.sampled_from([0, 1, -1, 1280, 2560, 2**63 - 1, -(2**63), 1279, 2559])
TASKS = st.integers(0, 3)


def places_by_dictionary(leads: list[tuple[int, int]]) -> list[Repetition]:
    """The same by the plainest means."""
    first_of: dict[int, int] = {}
    told: list[Repetition] = []
    for row, (contact, task) in enumerate(leads, 1):
        first = first_of.setdefault(contact, row)
        before = [lead for lead in leads[: row - 1] if lead == (contact, task)]
        told.append(Repetition(None if first == row else first, len(before)))
    return told


def places(seen: SeenLeads, leads: list[tuple[int, int]], size: int) -> list[Repetition]:
    """Shown to it in batches."""
    told: list[Repetition] = []
    for begin in range(0, len(leads), size):
        batch = leads[begin : begin + size]
        contacts, tasks = [contact for contact, _ in batch], [task for _, task in batch]
        told += seen.repetitions(contacts, tasks, list(range(begin + 1, begin + len(batch) + 1)))
    return told


@given(st.lists(st.tuples(CONTACTS, TASKS), max_size=40), st.integers(1, 10))
def test_places_are_those_of_a_dictionary(leads: list[tuple[int, int]], size: int) -> None:
    """First rows and occurrences do not depend on batches, nor on where keys lie."""
    # Keys of tasks that differ in 32 bits, as hashes do, and equal contacts for equal tasks.
    leads = [(contact, hash((contact, task)) >> 8) for contact, task in leads]
    assert places(SeenLeads(), leads, size) == places_by_dictionary(leads)


def test_more_leads_than_expected_are_remembered() -> None:
    """The table grows, and keeps what it has."""
    # Neighbours in the table, so that most have to move on from the slot where they belong.
    leads = [(7 * (row // 100) + row, row) for row in range(5000)]
    seen = SeenLeads(10)
    assert [place.first_row for place in places(seen, leads, 900)] == [
        place.first_row for place in places_by_dictionary(leads)
    ]
    assert seen.repetitions([leads[77][0]], [leads[77][1]], [5001])[0].first_row == 78


def test_equal_contacts_within_one_batch_are_found() -> None:
    """The first of them need not be in the table yet."""
    assert SeenLeads().repetitions([5, 5, 6, 5], [1, 1, 1, 2], [2, 3, 4, 5]) == [
        Repetition(None, 0),
        Repetition(2, 1),
        Repetition(None, 0),
        Repetition(2, 0),
    ]


def test_nothing_is_seen_in_an_empty_batch() -> None:
    """A file may have no lead that can be sent."""
    assert SeenLeads().repetitions([], [], []) == []
