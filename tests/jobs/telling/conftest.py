from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import ExitCode, SourceError
from bulk_loader.jobs.loading import of_error
from bulk_loader.jobs.night import FileReport, Night, NightOutcome
from bulk_loader.model import Status
from tests.jobs.fakes import TWO
from tests.support.web_ear import web_ear

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.web_ear import WebEar

GOOD = Night(
    "night",
    NightOutcome.LOADED,
    ExitCode.OK,
    TWO,
    TWO,
    files=(
        FileReport("leads.csv", NightOutcome.LOADED, ExitCode.OK, counts={Status.ACCEPTED: 1200}),
    ),
)
BROKEN = SourceError("leads.csv is no list.", "It has no columns.", "Have it made anew.")
FAILED = Night(
    "night",
    NightOutcome.UNREADABLE,
    ExitCode.BAD_FILE,
    TWO,
    TWO,
    "leads.csv: leads.csv is no list. It has no columns.",
    files=(of_error("leads.csv", BROKEN),),
)


@pytest.fixture
def ear() -> Iterator[WebEar]:
    """Somebody who is told things over the web."""
    with web_ear() as listening:
        yield listening
