"""What a rehearsal assumes, from the words of a person; all that is wrong is told at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
)
from pydantic import Field as Bounds

from bulk_loader.settings.durations import parse_duration
from bulk_loader.settings.faults import faults_error, faults_of
from bulk_loader.settings.windows import Windows
from bulk_loader.simulation import AnswerModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.settings import Window

MOST_AGENTS = 10_000
MOST_SEEDS = 100

USUAL = {"talk": "180s", "wrap_up": "20s", "reached": "35%", "busy": "10%", "invalid": "4%"}
"""What is assumed of calls where nobody says anything else, as it would be written."""


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    """What is assumed; none of it is known of the dialer.

    Attributes:
        agents: how many there are, or their extensions.
        seeds: days that are played, each with answers of its own.
        starts_at: when the list is there; without a zone it is the dialer's; None for now.
        shift: in which hours of every day the agents work; None for around the clock.
    """

    agents: int | tuple[str, ...]
    model: AnswerModel = field(default_factory=AnswerModel)
    seeds: int = 1
    starts_at: datetime | None = None
    shift: Window | None = None


def read_plan(written: Mapping[str, object]) -> RehearsalPlan:
    """The plan that somebody has written.

    Args:
        written: by name of the option; None for what was not given, and then it is `USUAL`.

    Raises:
        SettingsError: all that is wrong with it.
    """
    given = USUAL | {key: value for key, value in written.items() if value is not None}
    try:
        read = _Written.model_validate(given)
    except ValidationError as error:
        raise faults_error(faults_of(error, _option)) from error
    model = AnswerModel(
        invalid=read.invalid,
        reached=read.reached,
        busy=min(read.busy, 1 - read.reached),
        talk_s=read.talk.total_seconds(),
        wrap_s=read.wrap_up.total_seconds(),
    )
    shift = read.shift[0] if read.shift else None
    return RehearsalPlan(read.agents, model, read.seeds, read.starts_at, shift)


def _option(key: str) -> str:
    return {"starts_at": "--from"}.get(key, "--" + key.replace("_", "-"))


def _parse_agents(written: object) -> int | tuple[str, ...]:
    text = str(written).strip()
    if text.isascii() and text.isdigit() and "," not in text:
        count = int(text[:10])
        if not 1 <= count <= MOST_AGENTS:
            raise ValueError(f"must be from 1 to {MOST_AGENTS:,}")
        return count
    names = tuple(name.strip() for name in text.split(","))
    if "" in names or len(set(names)) < len(names):
        raise ValueError("is no number, nor a list of different extensions such as 1001,1002")
    return names


def _parse_share(written: object) -> float:
    text = str(written).strip()
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:  # noqa: PLR2004 - the whole
        raise ValueError("is not a share: write one such as 35%")
    return percent / 100


def _parse_moment(written: object) -> object:
    try:
        return datetime.fromisoformat(str(written).strip())
    except ValueError:
        raise ValueError('is not a moment: write one such as "2026-12-01 09:00"') from None


def _one_span(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    if len(windows) > 1:
        raise ValueError("is more than one span of hours")
    return windows


def _some_time(length: timedelta) -> timedelta:
    if not length:
        raise ValueError("must be longer than nothing")
    return length


_Share = Annotated[float, BeforeValidator(_parse_share)]


class _Written(BaseModel):
    """The options."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    agents: Annotated[int | tuple[str, ...], BeforeValidator(_parse_agents)]
    talk: Annotated[timedelta, BeforeValidator(parse_duration), AfterValidator(_some_time)]
    wrap_up: Annotated[timedelta, BeforeValidator(parse_duration)]
    reached: _Share
    busy: _Share
    invalid: _Share
    seeds: Annotated[int, Bounds(ge=1, le=MOST_SEEDS)] = 1
    starts_at: Annotated[datetime | None, BeforeValidator(_parse_moment)] = None
    shift: Annotated[Windows, AfterValidator(_one_span)] = ()
