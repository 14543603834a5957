from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.runs.cases import Found, Rest, Step, Unfinished, Way, choose, step

NONE, PLAIN, REPEATING = Unfinished


def upload(
    unfinished: Unfinished = NONE,
    *,
    again: bool = False,
    is_cut_short: bool | None = None,
    is_finished: bool = False,
) -> Found:
    """A list to upload; what is unfinished was cut short with the same settings."""
    is_cut_short = unfinished is not NONE if is_cut_short is None else is_cut_short
    return Found(True, again, is_cut_short, is_finished, unfinished)


def retry(unfinished: Unfinished = NONE, *, again: bool = False) -> Found:
    """A results file to retry."""
    return Found(False, again, unfinished is not NONE, False, unfinished)


@pytest.mark.parametrize(
    ("found", "way"),
    [
        pytest.param(upload(), Way.COMPARE, id="a list never seen"),
        pytest.param(upload(PLAIN), Way.GO_ON, id="stopped"),
        pytest.param(upload(PLAIN, is_cut_short=False), Way.GO_ON, id="stopped, other settings"),
        pytest.param(upload(is_finished=True), Way.REFUSE, id="finished"),
        pytest.param(upload(PLAIN, is_finished=True), Way.REFUSE, id="finished, a copy stopped"),
        pytest.param(upload(again=True), Way.REPEAT, id="never seen, again"),
        pytest.param(upload(is_finished=True, again=True), Way.REPEAT, id="finished, again"),
        pytest.param(
            upload(REPEATING, is_finished=True, again=True),
            Way.GO_ON_REPEATING,
            id="again was cut short, again",
        ),
        pytest.param(
            upload(REPEATING, is_finished=True), Way.GO_ON_REPEATING, id="again was cut short"
        ),
        pytest.param(upload(PLAIN, again=True), Way.GO_ON_REPEATING, id="stopped, again"),
        pytest.param(
            upload(PLAIN, is_cut_short=False, again=True),
            Way.REPEAT,
            id="stopped, again, other settings",
        ),
        pytest.param(upload(is_cut_short=True), Way.COMPARE, id="stopped long ago, edited since"),
        pytest.param(retry(), Way.ANEW, id="a retry"),
        pytest.param(retry(PLAIN), Way.GO_ON, id="a retry that stopped"),
        pytest.param(retry(REPEATING), Way.GO_ON, id="a retry after one that is finished"),
        pytest.param(retry(again=True), Way.REPEAT, id="a retry, again"),
    ],
)
def test_what_is_there_and_what_is_wanted_decide_the_way(found: Found, way: Way) -> None:
    """Each case by an example."""
    assert choose(found) is way


REST = {
    "is_alike": False,
    "has_same_settings": True,
    "has_sent": True,
    "has_same_content": True,
    "is_alone": True,
}


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        pytest.param({}, Step.RESUME, id="the very same"),
        pytest.param({"has_sent": False}, Step.RESUME, id="nothing sent yet"),
        pytest.param({"has_same_content": False}, Step.CONTINUE, id="the list was corrected"),
        pytest.param({"is_alone": False}, Step.CONTINUE, id="several runs, or a retry between"),
        pytest.param({"has_same_settings": False}, Step.REFUSE, id="other settings"),
        pytest.param(
            {"has_same_settings": False, "has_sent": False}, Step.ANEW, id="other, nothing sent"
        ),
        pytest.param({"is_alike": True}, Step.CONTINUE, id="another file with these leads"),
        pytest.param(
            {"is_alike": True, "has_same_settings": False}, Step.CONTINUE, id="leads were compared"
        ),
    ],
)
def test_what_is_unfinished_decides_how_it_goes_on(
    difference: dict[str, bool], expected: Step
) -> None:
    """Each case by an example."""
    assert step(Rest(**{**REST, **difference})) is expected


founds = st.builds(
    Found,
    is_upload=st.booleans(),
    again=st.booleans(),
    is_cut_short=st.booleans(),
    is_finished=st.booleans(),
    unfinished=st.sampled_from(Unfinished),
)


@given(founds)
def test_every_list_has_a_way(found: Found) -> None:
    """People are called twice only by who said --again, and a finished list is never begun."""
    way = choose(found)
    if way is Way.REPEAT:
        assert found.again
        assert not found.is_cut_short, "each attempt would call the first people once more"
    if way is Way.GO_ON_REPEATING:
        assert found.again or found.unfinished is REPEATING
    if found.is_upload and found.is_finished and not found.again:
        assert way is Way.REFUSE or found.unfinished is REPEATING
    if way is Way.REFUSE:
        assert found.is_finished
    goes_on = way in {Way.GO_ON, Way.GO_ON_REPEATING}
    assert not goes_on or found.unfinished is not NONE, "there is something to go on with"
    if found.unfinished is not NONE and not found.again:
        assert goes_on or way is Way.REFUSE, "what was sent is never forgotten"


@given(st.builds(Rest, *[st.booleans()] * 5))
def test_every_rest_has_a_step(rest: Rest) -> None:
    """What was sent stands, is compared lead by lead, or keeps everything from being sent."""
    taken = step(rest)
    if taken is Step.ANEW:
        assert not rest.has_sent
    if taken is Step.RESUME:
        assert rest.has_same_settings
        assert rest.has_same_content
        assert rest.is_alone
    if rest.has_sent and not (rest.has_same_settings or rest.is_alike):
        assert taken is Step.REFUSE


def test_no_combination_is_left_out() -> None:
    """All of them, not only those that chance picks; and each way and step is taken by some."""
    either = (False, True)
    ways = {choose(Found(*facts)) for facts in product(either, either, either, either, Unfinished)}
    steps = {step(Rest(*facts)) for facts in product(either, repeat=5)}
    assert (ways, steps) == (set(Way), set(Step))
