from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click
import pytest

from bulk_loader.cli.app import bulk_loader
from bulk_loader.cli.sections import SectionOption
from bulk_loader.exit_codes import MEANINGS
from bulk_loader.settings import Settings
from bulk_loader.settings.durations import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended
    from tests.cli.fakes import FakeVerbs

    Command = Callable[..., Ended]

HEAVY = ("pandas", "numpy", "pydantic", "httpx", "tqdm", "asyncio", "sqlite3", "openpyxl")


def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A real process, since what another test imported is no news."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, timeout=500
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["upload", "--help"], ["--version"], ["upload"], ["check", "--nope"]]
)
def test_help_and_usage_errors_import_nothing_heavy(arguments: list[str]) -> None:
    """What needs no data is said before any library for data is imported."""
    script = (
        "import sys\n"
        "from bulk_loader.cli.app import run\n"
        "from bulk_loader.cli.context import App\n"
        f"run(App({arguments!r}))\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    assert run_python("-c", script).stdout.splitlines()[-1] == "HEAVY []"


def test_a_check_imports_only_what_it_uses() -> None:
    """What a plain list does not need costs its user nothing."""
    unused = ("phonenumbers", "httpx", "uvloop", "openpyxl", "python_calamine", "starlette")
    script = (
        "import sys\n"
        "from bulk_loader.cli.app import run\n"
        "from bulk_loader.cli.context import App\n"
        "run(App(['check', 'sample_files/leads.csv']))\n"
        f"print('UNUSED', [name for name in {unused!r} if name in sys.modules])\n"
    )
    assert run_python("-c", script).stdout.splitlines()[-1] == "UNUSED []"


def test_the_package_can_be_run_as_a_module() -> None:
    """`python -m bulk_loader` is the same command under the same name."""
    ended = run_python("-m", "bulk_loader", "upload", "--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith("Usage: bulk-loader upload [OPTIONS] FILE\n")


def test_without_arguments_the_help_is_shown(command: Command) -> None:
    """A newcomer who types only the name is told what there is, and that it was not enough."""
    ended = command()
    assert (ended.code, ended.out) == (2, "")
    assert "upload    Send the leads of a file." in ended.err


def test_the_help_names_the_places_of_this_machine(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks for the settings or the ledger finds both, also where the environment moves them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "/of/settings")
    monkeypatch.delenv("BULK_LOADER_HOME", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "/of/state")
    told = " ".join(command("--help").out.split())
    assert "or /of/settings/bulk-loader. Ledger /of/state/bulk-loader (" in told
    monkeypatch.setenv("BULK_LOADER_HOME", "/moved")
    assert re.search(r"Ledger +/moved \(", command("--help").out)


def test_version_is_told(command: Command) -> None:
    """The version is data, and its asking no error."""
    ended = command("--version")
    assert ended.code == 0
    assert re.fullmatch(r"bulk-loader \S.*\nPython \S.*\n.*\bclick \d.*\n", ended.out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("uplod", "x"),
            (
                "Error: There is no command uplod.\n"
                "Is upload meant? It has: check, desk, doctor, init, job, ledger, login, logout, rehearse, retry, runs, sample, sandbox, schema, template, upload, worker.\n"
                "See what it takes with: bulk-loader --help\n"
            ),
        ),
        (
            ("qqq",),
            (
                "Error: There is no command qqq.\n"
                "It has: check, desk, doctor, init, job, ledger, login, logout, rehearse, retry, runs, sample, sandbox, schema, template, upload, worker.\n"
                "See what it takes with: bulk-loader --help\n"
            ),
        ),
        (
            ("upload", "x", "--campain", "y"),
            (
                "Error: bulk-loader upload has no option --campain.\n"
                "Is --campaign meant?\n"
                "See what it takes with: bulk-loader upload --help\n"
            ),
        ),
        (
            ("--qqq",),
            "Error: bulk-loader has no option --qqq.\nSee what it takes with: bulk-loader --help\n",
        ),
        (
            ("check", "x", "--map"),
            (
                "Error: --map needs a value.\n"
                "Option '--map' requires an argument.\n"
                "See what it takes with: bulk-loader check --help\n"
            ),
        ),
        (
            ("upload",),
            (
                "Error: bulk-loader upload can't be run so.\n"
                "Missing argument 'FILE'.\n"
                "See what it takes with: bulk-loader upload --help\n"
            ),
        ),
        (
            ("check", "x", "y"),
            (
                "Error: bulk-loader check can't be run so.\n"
                "Got unexpected extra argument (y)\n"
                "See what it takes with: bulk-loader check --help\n"
            ),
        ),
    ],
)
def test_wrong_usage_is_told_in_three_parts(
    command: Command, verbs: FakeVerbs, arguments: tuple[str, ...], told: str
) -> None:
    """Nothing is done; the message names what was meant and where to read on; the code is 2."""
    ended = command(*arguments)
    assert (ended.code, ended.out, ended.err) == (2, "", told)
    assert verbs.asked == []


@pytest.mark.parametrize("secret", ["--token", "--password"])
def test_no_option_takes_a_secret(command: Command, secret: str) -> None:
    """A secret on the command line would stand in the shell's history and in the process list."""
    assert command("upload", "x", secret, "s3cret").code == 2


def settings_options() -> dict[str, set[str]]:
    """Names of the options of each command that are meant to be settings."""
    shown = {"as_json", "is_quiet", "include", "config", "marked", "lists_all", "dry_run"}
    return {
        name: {
            option.name
            for option in command.params
            if isinstance(option, SectionOption) and option.name and option.name not in shown
        }
        for name, command in bulk_loader.commands.items()
    }


@pytest.mark.parametrize("name", ["upload", "check", "retry"])
def test_every_option_is_a_setting(name: str) -> None:
    """No option is a word that nothing listens to."""
    assert settings_options()[name] <= set(Settings.model_fields)


COMMANDS = ["schema", "upload", "check", "retry", "init", "sandbox", "template", "sample"]
COMMANDS += ["runs", "runs show", "runs results", "runs settle", "runs prune"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_in_its_help(command: Command, name: str) -> None:
    """The example is a whole line that can be copied."""
    ended = command(*name.split(), "--help")
    assert ended.code == 0
    assert re.search(rf"Example:\s+bulk-loader {name}\b.*\n\Z", ended.out)


def test_help_lists_every_option_once(command: Command) -> None:
    """Sections leave no option out, and the arguments are no options."""
    text = command("upload", "--help").out
    upload = bulk_loader.commands["upload"]
    names = [option.opts[0] for option in upload.params if isinstance(option, click.Option)]
    listed = re.findall(r"^  (?:-h, )?(--[a-z0-9-]+)", text, re.MULTILINE)
    assert sorted(listed) == sorted([*names, "--help"])


NOTHING: tuple[object, ...] = (
    None,
    "",
    (),
    {},
    0,
)  # 0 is False, too: a switch that is off, a canary that is none


def test_the_help_names_the_defaults_that_are_in_force() -> None:
    """Whoever reads a default in the help gets it."""
    settings = Settings()
    for option in bulk_loader.commands["upload"].params:
        value = getattr(settings, option.name or "", None)
        if not isinstance(option, click.Option) or value in NOTHING:
            continue
        shown = re.search(r"default (\S+)\.$", option.help or "")
        assert shown, option.name
        read = parse_duration if isinstance(value, timedelta) else {"yes": True}.get
        assert (read(shown[1]) or shown[1]) in (value, str(value)), option.name


def test_the_help_names_every_exit_code(command: Command) -> None:
    """Who writes a script finds them without a page in the web."""
    told = " ".join(command("--help").out.split())
    codes = told[told.index("Exit codes:") :]
    for code, meaning in MEANINGS.items():
        assert f"{int(code)} {meaning}" in codes


@pytest.mark.parametrize("arguments", [(), ("upload",), ("check",)])
def test_the_help_says_what_a_dash_is(command: Command, arguments: tuple[str, ...]) -> None:
    """A list that comes through a pipe needs no guessing."""
    told = " ".join(command(*arguments, "--help").out.split())
    assert re.search(r" - (stands )?for standard input\.", told)
