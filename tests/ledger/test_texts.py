from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.ledger.texts import path_from_text, path_to_text
from bulk_loader.model import Ending
from tests.ledger.conftest import BEGAN, PLAN

if TYPE_CHECKING:
    from bulk_loader.ledger import Ledger

# What an old encoding leaves: a name that is no text.
ODD = replace(PLAN, path="/lists/caf\udce9.csv", results="/lists/caf\udce9.results.csv")


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_every_path_has_a_text_of_its_own(first: bytes, second: bytes) -> None:
    """It can be read back from it, and no other path has the same."""
    paths = [os.fsdecode(b"/" + name) for name in (first, second)]
    texts = [path_to_text(path) for path in paths]
    assert [path_from_text(text) for text in texts] == paths
    assert (texts[0] == texts[1]) is (first == second)
    assert "".join(texts).encode()


@pytest.mark.parametrize("path", ["/lists/leads.csv", "/listas/café.csv", r"/lists/caf\xe9.csv"])
def test_a_usual_path_is_its_own_text(path: str) -> None:
    """Ledgers of before are read as they were written."""
    assert path_to_text(path) == path


def test_a_run_is_found_by_a_path_that_is_no_text(ledger: Ledger) -> None:
    """By its file, by its results, and by where those were moved."""
    run = ledger.begin(ODD, BEGAN).record
    assert run.plan == ODD
    assert ledger.runs.of_list(ODD.path, "other", ODD.target) == [run]
    assert ledger.runs.of_list(r"/lists/caf\xe9.csv", "other", ODD.target) == []
    assert ledger.runs.newest_with_results(ODD.results) == run
    assert ledger.runs.with_results(ODD.results, ODD.target) == [run]
    ledger.resume(run, replace(ODD, results="/lists/b\udcff.csv"))
    ledger.runs.move_results(run, "/lists/a\udcff.csv")
    found = ledger.runs.by_name(run.name)
    assert found is not None
    assert found.plan == replace(ODD, results="/lists/a\udcff.csv")


def test_a_sentence_with_such_a_name_is_kept_readable(ledger: Ledger) -> None:
    """A run can always be closed, whatever its files are called."""
    run = ledger.begin(ODD, BEGAN).record
    ledger.runs.end(run, Ending.STOPPED, f"{ODD.results} was not written.")
    ledger.runs.note_unsaid(run.name, ODD.path)
    found = ledger.runs.by_name(run.name)
    assert found is not None
    assert found.stopped_why == r"/lists/caf\udce9.results.csv was not written."
    assert found.unsaid == r"/lists/caf\udce9.csv"
