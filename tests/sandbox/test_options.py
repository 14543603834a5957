from __future__ import annotations

import pytest

from bulk_loader.errors import SettingsError
from bulk_loader.sandbox import SandboxOptions, read_agents
from bulk_loader.sandbox.options import MAX_AGENTS


@pytest.mark.parametrize(
    ("written", "agents"),
    [
        ("", ()),
        ("0", ()),
        ("3", ("1001", "1002", "1003")),
        ("1001,1002", ("1001", "1002")),
        (" Ana , 7 ", ("Ana", "7")),
        ("1001,", ("1001",)),
    ],
)
def test_agents_are_counted_or_named(written: str, agents: tuple[str, ...]) -> None:
    """A number counts them; a comma names them, one alone too."""
    assert read_agents(written) == agents


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (",", "nobody"),
        (" ", "nobody"),
        ("1,2,1", "twice"),
        ("1001", f"{MAX_AGENTS} at the most"),
        ("9" * 5000, f"{MAX_AGENTS} at the most"),
        (",".join(map(str, range(MAX_AGENTS + 1))), f"{MAX_AGENTS} at the most"),
        ("x" * 41, "characters"),
    ],
)
def test_agents_that_can_not_be_are_refused(written: str, why: str) -> None:
    """With the way to write them."""
    with pytest.raises(SettingsError) as caught:
        read_agents(written)
    assert why in caught.value.why
    assert "1001,1002" in caught.value.remedy


@pytest.mark.parametrize(
    ("figures", "name"),
    [
        ({"speed": 0}, "speed"),
        ({"speed": 3601}, "speed"),
        ({"speed": float("nan")}, "speed"),
        ({"error_percent": -1}, "share of errors"),
        ({"drop_percent": 100.5}, "share of cut connections"),
        ({"fail_percent": 60, "drop_percent": 60}, "share of all faults together"),
        ({"rate_limit": -1}, "rate limit"),
        ({"token_life_s": float("inf")}, "token life"),
    ],
)
def test_a_figure_out_of_range_is_refused(figures: dict[str, float], name: str) -> None:
    """Nothing starts with a figure that means nothing."""
    with pytest.raises(SettingsError, match=name):
        SandboxOptions(**figures)  # type: ignore[arg-type]
