"""Every setting says whether it shapes the leads."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from bulk_loader.settings import Settings
from bulk_loader.settings.shape import Neutral, Role, Shaping, roles


def test_every_setting_says_what_it_is_to_the_leads() -> None:
    """A new one that does not say so fails here, and not when a lead is sent twice."""
    assert roles(Settings).keys() == Settings.model_fields.keys()
    assert set(roles(Settings).values()) == set(Role)


def test_the_shape_has_what_shapes_and_nothing_else() -> None:
    """What was told of the dialer, and how fast to send, is another matter."""
    shape = Settings(past_dates="now", campaign="SALES", rate=5, url="https://acme.example").shape()
    assert shape.keys() == Settings.shaping()
    assert (shape["past_dates"], shape["campaign"]) == ("now", "SALES")
    assert not {"rate", "url", "token"} & shape.keys()


class Silent(BaseModel):
    """A setting that says nothing."""

    forgotten: int = 0


class Torn(BaseModel):
    """A setting that says both."""

    both: Shaping[Neutral[int]] = 0


@pytest.mark.parametrize("model", [Silent, Torn])
def test_a_setting_that_gives_no_clear_answer_is_a_fault(model: type[BaseModel]) -> None:
    """The name of the setting is in the message."""
    with pytest.raises(TypeError, match=r"forgotten|both"):
        roles(model)
