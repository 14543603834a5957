from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from bulk_loader.model import Field
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.tools.alternatives.counting import Count, Word
from tests.tools.alternatives.ways import HERE, CurlLoop, Errand

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("times", "word", "count"),
    [
        (1, Word.IN, Count(1)),
        (2, Word.IN, Count(1, twice=1)),
        (3, Word.FAILED, Count(1, twice=1, false_alarms=1)),
        (0, Word.IN, Count(1, lost=1)),
        (0, None, Count(1, lost=1)),
        (0, Word.FAILED, Count(1, failed=1)),
        (1, Word.FAILED, Count(1, false_alarms=1)),
        (1, Word.UNKNOWN, Count(1, unknown=1)),
        (0, Word.UNKNOWN, Count(1, unknown=1)),
    ],
)
def test_a_lead_counts_by_what_happened_and_what_was_said(
    times: int, word: Word | None, count: Count
) -> None:
    """The same scale for every way to upload; only a lead that is in once, and said so, is well."""
    recorded = {"0991000001": times} if times else {}
    said = {"0991000001": word} if word else {}
    assert Count.of(["0991000001"], recorded, said) == count


def test_counts_of_several_lists_add_up() -> None:
    """Every figure is added to its own."""
    assert Count(9, 1, 2, 3, 4, 5) + Count(90, 10, 20, 30, 40, 50) == Count(99, 11, 22, 33, 44, 55)


def test_the_collection_sends_all_nine_keys() -> None:
    """Newman gets as good a request as the others, else the comparison would not be fair."""
    collection = json.loads((HERE / "collection.json").read_text("utf-8"))
    (call,) = collection["item"][0]["request"]["body"]["urlencoded"]
    assert list(json.loads(call["value"])) == [name.value for name in Field]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_loop_with_curl_sends_every_row_and_hears_the_answer(tmp_path: Path) -> None:
    """The script that we compare with does its job where nothing goes wrong."""
    phones = ["0991000001", "0991000002", "0991000003"]
    with FaultyDialer({phones[1]: Fault.ZERO}, token="secret") as dialer:
        errand = Errand(tmp_path, phones, dialer.url, "secret")
        errand.write(errand.leads, phones)
        assert CurlLoop().begin(errand).wait() == 0
        assert [request.destination for request in dialer.received] == phones
        assert list(dialer.recorded_tasks[0]) == [name.value for name in Field]
    assert CurlLoop().hear(errand) == dict(
        zip(phones, (Word.IN, Word.FAILED, Word.IN), strict=True)
    )
