"""The files that `.github/NIGHTS.md` shows, held against what the program promises."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.errors import ExitCode

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / ".github" / "examples"
NIGHTS = (ROOT / ".github" / "NIGHTS.md").read_text("utf-8")

GOES_ON = {ExitCode.STOPPED, ExitCode.LOCKED, ExitCode.INTERRUPTED}
"""Those after which the same command does the rest."""


def cronjob() -> dict[str, Any]:
    """What stands below `jobTemplate.spec` of the manifest."""
    manifest = yaml.safe_load((EXAMPLES / "cronjob.yaml").read_text("utf-8"))
    spec: dict[str, Any] = manifest["spec"]["jobTemplate"]["spec"]
    return spec


def test_kubernetes_repeats_what_goes_on_and_nothing_else() -> None:
    """Every code that is neither good nor gone on with ends the job at once."""
    (fail,) = [
        rule for rule in cronjob()["podFailurePolicy"]["rules"] if rule["action"] == "FailJob"
    ]
    assert fail["onExitCodes"]["operator"] == "In"
    assert set(fail["onExitCodes"]["values"]) == set(ExitCode) - GOES_ON - {ExitCode.OK}
    (container,) = cronjob()["template"]["spec"]["containers"]
    assert fail["onExitCodes"]["containerName"] == container["name"]


def test_a_worker_is_repeated_where_it_may_help_again() -> None:
    """Not where its list or its settings are others: those end the same each time."""
    manifest = yaml.safe_load((EXAMPLES / "workers.yaml").read_text("utf-8"))
    assert manifest["spec"]["podReplacementPolicy"] == "Failed"
    (fail,) = [
        rule
        for rule in manifest["spec"]["podFailurePolicy"]["rules"]
        if rule["action"] == "FailIndex"
    ]
    assert fail["onExitCodes"]["values"] == [ExitCode.USAGE, ExitCode.BAD_FILE]
    (container,) = manifest["spec"]["template"]["spec"]["containers"]
    assert fail["onExitCodes"]["containerName"] == container["name"]
    assert_is_command(container["args"])


def test_airflow_repeats_the_same() -> None:
    """The DAG names those that go on."""
    tree = ast.parse((EXAMPLES / "bulk_loader_dag.py").read_text("utf-8"))
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(named["GO_ON_LATER"]) == GOES_ON
    assert_is_command(ast.literal_eval(named["JOB"]))


def test_their_commands_are_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is one that the program knows, with options that it has."""
    (container,) = cronjob()["template"]["spec"]["containers"]
    assert_is_command(container["args"])
    docker = (EXAMPLES / "Dockerfile").read_text("utf-8")
    found = re.search(r"^CMD (\[.*\])$", docker, re.MULTILINE)
    assert found is not None
    assert_is_command(ast.literal_eval(found[1]))
    assert "Usage: bulk-loader job run" in capsys.readouterr().out


def assert_is_command(words: list[str]) -> None:
    """Help is asked for after all options, so that each of them must be known."""
    assert run(App((*words, "--help"))) == ExitCode.OK
    with_unknown = run(App((*words, "--no-such-option")))
    assert with_unknown == ExitCode.USAGE


def test_the_ledger_of_a_container_outlives_it() -> None:
    """Without it people are called again."""
    (container,) = cronjob()["template"]["spec"]["containers"]
    home = {each["name"]: each["value"] for each in container["env"]}["BULK_LOADER_HOME"]
    (mount,) = [each for each in container["volumeMounts"] if each["mountPath"] == home]
    volumes = {each["name"]: each for each in cronjob()["template"]["spec"]["volumes"]}
    assert "persistentVolumeClaim" in volumes[mount["name"]]
    docker = (EXAMPLES / "Dockerfile").read_text("utf-8")
    assert f"ENV BULK_LOADER_HOME={home}" in docker
    assert f'VOLUME ["{home}"' in docker


def test_the_document_names_every_exit_code_and_example() -> None:
    """Whoever adds one says what a scheduler makes of it."""
    table = NIGHTS.partition("| exit code |")[2]
    codes = re.findall(r"^\| (\d+(?:, \d+)*) \|", table, re.MULTILINE)
    told = {int(code) for row in codes for code in row.split(", ")}
    assert told == set(map(int, ExitCode))
    for path in EXAMPLES.iterdir():
        assert f"](examples/{path.name})" in NIGHTS
