from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from bulk_loader.settings import Settings, load_settings
from bulk_loader.settings.load_limits import MaxLoads

if TYPE_CHECKING:
    from pathlib import Path

DAILY = MaxLoads(1, timedelta(days=1))
WEEKLY = MaxLoads(3, timedelta(days=7))


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("1 per 1d", (DAILY,)),
        ("1 PER 24h", (DAILY,)),
        (["1 per 1d", " 3  per  7d "], (DAILY, WEEKLY)),
        (["1 per 1d", "1 per 24h"], (DAILY,)),
        (DAILY, (DAILY,)),
        ([], ()),
    ],
)
def test_a_limit_is_a_number_and_a_time(written: object, limits: tuple[MaxLoads, ...]) -> None:
    """One or several, each once."""
    assert Settings.model_validate({"max_loads": written}).max_loads == limits


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0 per 1d", "a limit of nothing"),
        ("1 per 0d", "a limit of nothing"),
        ("1 per", "no limit of loads"),
        ("x", "no limit of loads"),
        ("", "no limit of loads"),
        ("-1 per 1d", "no limit of loads"),
        ("1.5 per 1d", "no limit of loads"),
        (True, "no limit of loads"),
        (["1 per 1d", 3], "no limit of loads"),
        ("1 per 7", "has no unit: for days, write 7d"),
        ("1 per week", "a time that is not a length of time"),
        ("1 per 99999d", "longer than a hundred years"),
    ],
)
def test_what_limits_nothing_is_refused(written: object, why: str) -> None:
    """A slip must neither stop all calls nor let all through."""
    with pytest.raises(ValidationError, match=why):
        Settings.model_validate({"max_loads": written})


def test_a_retry_is_told_the_limits() -> None:
    """The snapshot of the settings makes the same ones again."""
    told = Settings(max_loads=["1 per 1d", "3 per 7d"])
    assert told.remembered() == {"max_loads": ["1 per 1d", "3 per 7d"]}
    assert Settings.model_validate(told.remembered()).max_loads == (DAILY, WEEKLY)


def test_a_variable_holds_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Divided by semicolons, as an option is repeated."""
    monkeypatch.chdir(tmp_path)
    settings = load_settings({}, environ={"BULK_LOADER_MAX_LOADS": "1 per 1d;3 per 7d"})
    assert settings.max_loads == (DAILY, WEEKLY)
