"""A setting is said once, and its option, its type and its role follow."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import click
import pytest

from bulk_loader.cli.app import bulk_loader
from bulk_loader.cli.sections import SectionOption
from bulk_loader.settings import Settings
from bulk_loader.settings.groups import CONFIG, SETTINGS
from bulk_loader.settings.statements import SHAPING, Role, Scope, Setting

UPLOAD = {option.name: option for option in bulk_loader.commands["upload"].params}


def test_every_setting_is_said() -> None:
    """What a run is told is what stands in the groups; only the file's own place is no part."""
    assert Settings.model_fields.keys() == SETTINGS.keys() - {CONFIG}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_setting_has_an_option_or_says_why_not(setting: Setting[Any, Any]) -> None:
    """Nobody who adds one forgets its option, and its help says what was said of it."""
    assert isinstance(setting.role, Role)
    if setting.without_option:
        assert setting.name not in UPLOAD
        return
    option = UPLOAD[setting.name]
    assert isinstance(option, click.Option)
    assert option.help == setting.help
    assert setting.option in option.opts
    assert setting.is_switch or option.metavar


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_the_words_of_a_choice_are_those_of_its_help(setting: Setting[Any, Any]) -> None:
    """Whoever reads the words in the help can use each of them."""
    if not isinstance(setting.default, StrEnum):
        return
    words = setting.looks.strip("[]").split("|")
    settings = [Settings.model_validate({setting.name: word}) for word in words]
    given = [getattr(said, setting.name) for said in settings]
    assert given == list(type(setting.default))
    assert all(type(word) is type(setting.default) for word in given)


def test_a_command_takes_the_options_of_its_work() -> None:
    """A check may look at a dialer and sends it nothing; a retry has its results file already."""
    taken = {
        name: {
            option.name
            for option in bulk_loader.commands[name].params
            if isinstance(option, SectionOption) and option.name in SETTINGS
        }
        for name in ("template", "check", "retry", "upload")
    }
    assert taken["template"] == {"profile", "config"}
    assert taken["template"] < taken["check"] < taken["retry"] < taken["upload"]
    assert {"url", "token_file", "online"} <= taken["check"]
    assert not {"concurrency", "rate", "canary"} & taken["check"]
    assert taken["upload"] - taken["retry"] == {
        *("again", "results", "spread", "strict", "summary_sheet")
    }
    assert max(Scope) is Scope.FIRST_DELIVERY


def test_the_shape_has_what_shapes_and_nothing_else() -> None:
    """What was told of the dialer, and how fast to send, is another matter."""
    shape = Settings(past_dates="now", campaign="SALES", rate=5, url="https://acme.example").shape()
    assert shape.keys() == Settings.shaping()
    assert shape.keys() == {name for name, said in SETTINGS.items() if said.role is SHAPING}
    assert (shape["past_dates"], shape["campaign"]) == ("now", "SALES")
    assert not {"rate", "url", "token"} & shape.keys()
