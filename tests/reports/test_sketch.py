from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.reports.sketch import (
    LONGEST_S,
    MAX_BINS,
    RELATIVE_ERROR,
    SHORTEST_S,
    Sketch,
    sketch_of,
)

LENGTHS = st.lists(st.floats(SHORTEST_S, LONGEST_S), min_size=1, max_size=300)
PARTS = st.sampled_from([0.0, 0.5, 0.95, 0.99, 1.0])


def sketch(*lengths: float) -> Sketch:
    """All of them in one sketch."""
    made = Sketch()
    for each in lengths:
        made.add(each)
    return made


@given(LENGTHS, PARTS)
def test_a_quantile_is_as_near_as_is_stated(lengths: list[float], part: float) -> None:
    """It is off from the true one by no more than the relative error."""
    true = sorted(lengths)[math.floor(part * (len(lengths) - 1))]
    found = sketch(*lengths).quantile(part)
    assert found == pytest.approx(true, rel=RELATIVE_ERROR * 1.0001)


@given(LENGTHS, LENGTHS)
def test_two_sketches_become_what_one_would_have_been(
    first: list[float], second: list[float]
) -> None:
    """A part of the stream may be sketched by itself and taken in later."""
    merged = sketch(*first)
    merged.take(sketch(*second))
    assert merged == sketch(*first, *second)


@given(st.lists(st.floats(allow_nan=False), max_size=300))
def test_its_size_never_depends_on_the_stream(lengths: list[float]) -> None:
    """Whatever a clock says, there are no more bins than stated, and nothing is lost."""
    made = sketch(*lengths)
    assert len(made.bins) <= MAX_BINS
    assert all(0 <= number < MAX_BINS for number in made.bins)
    assert made.count == len(lengths)
    assert sketch_of(made.bins) == made


def test_nothing_has_no_quantile() -> None:
    """It is not passed off as zero seconds."""
    assert Sketch().quantile(0.5) is None


def test_bins_from_elsewhere_stay_within_bounds() -> None:
    """A number that no length has counts as the end that is nearest."""
    assert sketch_of({-5: 1, MAX_BINS + 7: 2}).bins == {0: 1, MAX_BINS - 1: 2}
