from __future__ import annotations

import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.errors import SettingsError
from bulk_loader.settings.editing import edited, with_profile
from bulk_loader.settings.starter import Start, starter_text

if TYPE_CHECKING:
    from collections.abc import Mapping

pytest.importorskip("tomlkit")

FILE = """\
# Settings of ours.

campaign = "A" # for all
  # indented
max_errors =   "5%"

# One dialer.
[profile.north]
instance = 'north'  # by hand
campaigns = [ # each with a reason
  "a", # the first
  "b", # the second
]
unknown = {x = 1}

# What the job of the night does.
[job.night]
file = "in/*.csv"

[profile.south]
instance = "south"
[profile.south.map]
agent = "Vendor"
"""


def test_only_the_line_of_a_key_changes() -> None:
    """Its comment, its layout and every other line stay as they are."""
    made = edited(FILE, None, {"campaign": "B"})
    assert made == FILE.replace('"A"', '"B"')
    made = edited(FILE, "north", {"instance": "other"})
    assert made == FILE.replace("'north'", '"other"')
    assert edited(FILE, "north", {}) == FILE


def test_a_key_goes_with_its_line() -> None:
    """What stands around it stays."""
    assert edited(FILE, None, {"max_errors": None}) == FILE.replace('max_errors =   "5%"\n', "")
    assert edited(FILE, "south", {"instance": None}) == FILE.replace('instance = "south"\n', "")
    assert edited(FILE, "south", {"rate": None}) == FILE


def test_a_new_key_stands_below_the_last_of_its_table() -> None:
    """Not below what is said of the next table, and not in a table within it."""
    made = edited(FILE, None, {"concurrency": 4, "strict": True})
    assert 'max_errors =   "5%"\nconcurrency = 4\nstrict = true\n\n# One dialer.' in made
    made = edited(FILE, "south", {"concurrency": 4})
    assert 'instance = "south"\nconcurrency = 4\n[profile.south.map]' in made
    made = edited(FILE, "north", {"data": 'a="ñ"'})
    assert 'unknown = {x = 1}\ndata = "a=\\"ñ\\""\n\n# What the job' in made


def test_a_new_key_stands_below_its_example() -> None:
    """In a first file every line is one; none of them is lost."""
    text = starter_text(Start(settings={"instance": "mine"}))
    made = edited(text, "production", {"campaign": "B"})
    assert '# campaign = "NAME<-"\ncampaign = "B"\n' in made
    made = edited(made, None, {"timezone": "UTC", "rate": 2.5})
    assert '# timezone = "America/Montevideo"\ntimezone = "UTC"\n' in made
    assert set(text.splitlines()) <= set(made.splitlines())


def test_a_new_key_never_gets_into_a_table_that_is_commented_out() -> None:
    """Whoever puts that table in force finds in it what stood in it."""
    text = '# [calling_hours]\n# zone = "UTC"\n# rate = 1\n\n[profile.a]\nagent = 1\n'
    assert edited(text, None, {"rate": 2.5}) == f"rate = 2.5\n\n{text}"
    text = "# Ours.\n\n# [calling_hours]\n# zone = 1\n"
    assert edited(text, None, {"rate": 2.5}) == f"# Ours.\n\nrate = 2.5\n\n{text[9:]}"


def test_of_a_list_only_what_differs_changes() -> None:
    """The entries that stay keep their comments."""
    made = edited(FILE, "north", {"campaigns": ["a", "c"]})
    assert 'campaigns = [ # each with a reason\n  "a", # the first\n' in made
    assert tomllib.loads(made)["profile"]["north"]["campaigns"] == ["a", "c"]
    made = edited(FILE, "north", {"campaigns": ["z"]})
    assert tomllib.loads(made)["profile"]["north"]["campaigns"] == ["z"]


def test_ends_of_lines_stay_as_they_are() -> None:
    """Those of Windows, too."""
    text = FILE.replace("\n", "\r\n")
    made = edited(text, "north", {"agent": "7", "instance": "x", "campaigns": None})
    assert made.count("\n") == made.count("\r\n")
    assert with_profile(text, "x", {"agent": "1"}).endswith(
        '\r\n\r\n[profile.x]\r\nagent = "1"\r\n'
    )


@pytest.mark.parametrize("text", ["", "a = 1", "# only this\n", "[profile.a]\n[profile.a.map]\n"])
def test_short_files_can_be_changed(text: str) -> None:
    """Empty ones, and those whose last line has no end."""
    before = tomllib.loads(text)
    assert tomllib.loads(edited(text, None, {"rate": 1})) == {**before, "rate": 1}
    made = with_profile(text, 'a "b" ñ', {"rate": 1})
    assert tomllib.loads(made)["profile"]['a "b" ñ'] == {"rate": 1}


@pytest.mark.parametrize(
    "text",
    [
        "profile = {north = {rate = 1}}\n",
        "profile.north = {rate = 1}\n",
        "profile.north.rate = 1\n",
        "[profile]\nnorth = {rate = 1}\n",
        "[profile.north.map]\nagent = 'x'\n",
        "a = 1\r[profile.north]\rrate = 1\r",
    ],
)
def test_what_can_not_be_changed_safely_is_left(text: str) -> None:
    """It is said, and nothing is guessed."""
    with pytest.raises(SettingsError, match="can't be changed here"):
        edited(text, "north", {"rate": 2})


def test_a_profile_beside_an_inline_table_is_refused() -> None:
    """TOML has no way to add to one."""
    with pytest.raises(SettingsError, match="can't be changed here"):
        with_profile("profile = {north = {rate = 1}}\n", "south", {})


def test_without_its_library_it_says_what_to_install() -> None:
    """And everything else works without it."""
    code = (
        "import sys; sys.modules['tomlkit'] = None\n"
        "from bulk_loader.settings.editing import edited\n"
        "from bulk_loader.errors import MissingExtraError\n"
        "try:\n"
        "    edited('', None, {'rate': 1})\n"
        "except MissingExtraError as error:\n"
        "    print(error)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "bulk-loader[desk]"' in ended.stdout


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
VALUES = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(0, 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(TEXTS, max_size=4),
    st.none(),
)
KEYS = st.sampled_from(["campaign", "max_errors", "instance", "campaigns", "rate", "data", "agent"])


@given(
    st.lists(st.tuples(st.sampled_from([None, "north", "south"]), KEYS, VALUES), max_size=6),
    st.sampled_from([FILE, FILE.replace("\n", "\r\n"), f"{FILE}\n# end"]),
)
def test_whatever_is_changed_all_else_stays(
    changes: list[tuple[str | None, str, Any]], text: str
) -> None:
    """The values are those that were wanted, and no comment on a line of its own is ever lost."""
    wanted = tomllib.loads(text)
    made = text
    for profile, key, value in changes:
        made = edited(made, profile, {key: value})
        table = wanted if profile is None else wanted["profile"][profile]
        _set(table, key, value)
    assert tomllib.loads(made) == wanted
    own = [line for line in text.splitlines() if line.strip().startswith("#")]
    assert [line for line in made.splitlines() if line.strip().startswith("#")] == own


def _set(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def test_the_order_of_what_was_there_stays() -> None:
    """Keys and tables stand in their order."""
    made = edited(FILE, "south", {"rate": 1})
    assert _order(tomllib.loads(made)) == [*_order(tomllib.loads(FILE))[:-1], "rate", "map"]


def _order(table: Mapping[str, Any]) -> list[str]:
    """The names of all tables, and of the keys of the last profile."""
    return [*table, *table["profile"], *table["profile"]["south"]]
