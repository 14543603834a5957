"""Whether a setting shapes the leads of a run, said where the setting stands.

A setting is shaping where another value could change one of the nine keys of a task, which rows are
leads, or how equal tasks are counted. The ledger knows a lead by its task and its place among equal
ones, so with another value it would not recognise what it sent, and send it again. What leaves out
all of some equal tasks or none of them, such as a do-not-call list, is neutral.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, TypeVar

if TYPE_CHECKING:
    from pydantic import BaseModel


class Role(Enum):
    """What a setting is to the leads."""

    SHAPING = "shaping"
    NEUTRAL = "neutral"


T = TypeVar("T")

Shaping = Annotated[T, Role.SHAPING]
"""The type of a setting that decides what the leads of a file and their tasks are."""

Neutral = Annotated[T, Role.NEUTRAL]
"""The type of a setting with which leads are the same, whatever its value."""


def roles(model: type[BaseModel]) -> dict[str, Role]:
    """The role of each setting, by its name.

    Raises:
        TypeError: a setting does not say, or says both.
    """
    found: dict[str, Role] = {}
    for name, field in model.model_fields.items():
        said = [mark for mark in field.metadata if isinstance(mark, Role)]
        if len(said) != 1:
            raise TypeError(f"{name} must be Shaping or Neutral, one of both")
        found[name] = said[0]
    return found
