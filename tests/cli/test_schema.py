from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.cli.documents import SCHEMA_VERSION, Document
from bulk_loader.errors import ErrorCode, ExitCode, LoaderError
from bulk_loader.model import Ending, Field, RunKind, Status
from bulk_loader.sandbox import Sandbox
from tests.cli.fakes import PAST, PROBLEM, REPORT, SUMMARY, FakeVerbs, summary
from tests.test_errors import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulk_loader.runs.watch import Watch
    from tests.cli.conftest import Ended

    Command = Callable[..., Ended]


@pytest.fixture
def schema(command: Command) -> dict[str, Any]:
    """What the command prints."""
    found: dict[str, Any] = json.loads(command("schema").out)
    return found


def closed(schema: Any) -> Any:
    """The same, but a key that it does not describe is a fault."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: closed(part) for key, part in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        parts.setdefault("additionalProperties", False)
    return parts


class Judge:
    """Holds what was printed against the schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = closed(schema)

    def read(self, out: str, document: Document) -> dict[str, Any]:
        """The one document that was printed, which is right in every part."""
        (line,) = out.splitlines()
        found: dict[str, Any] = json.loads(line)
        assert (found["schema"], found["schema_version"]) == (document.value, SCHEMA_VERSION)
        of_it = {key: part for key, part in self._schema.items() if key != "oneOf"}
        of_it["$ref"] = f"#/$defs/{document.value}"
        assert [fault.message for fault in Draft202012Validator(of_it).iter_errors(found)] == []
        for key in {"started_at", "ended_at"} & found.keys():
            assert found[key] is None or datetime.fromisoformat(found[key]).tzinfo is not None
        return found


@pytest.fixture
def judge(schema: dict[str, Any]) -> Judge:
    """Knows the schema that the command prints."""
    return Judge(schema)


def test_the_schema_is_one(schema: dict[str, Any], command: Command) -> None:
    """As a whole and for each document, and nothing is left undescribed."""
    Draft202012Validator.check_schema(schema)
    for document in Document:
        one = json.loads(command("schema", document.value).out)
        Draft202012Validator.check_schema(one)
        assert one["$ref"] == f"#/$defs/{document.value}"
        described = one["$defs"][document.value]["properties"]
        assert described["schema"]["const"] == document.value
        assert described["schema_version"]["const"] == SCHEMA_VERSION
        assert all("description" in part or "$ref" in part for part in described.values())
    assert command("schema", "nope").code == ExitCode.USAGE


def test_a_document_of_another_kind_is_told_apart(schema: dict[str, Any]) -> None:
    """The schema of all finds the one that is meant."""
    validator = Draft202012Validator(schema)
    assert not validator.is_valid({"schema": "run", "schema_version": 1})
    assert not validator.is_valid([])


def test_every_name_of_ours_stands_in_the_schema(schema: dict[str, Any]) -> None:
    """A status, code or ending that is added can't be forgotten there."""
    defs = schema["$defs"]
    assert defs["counts"]["required"] == [status.value for status in Status]
    assert defs["ended"]["enum"] == [ending.value for ending in Ending]
    assert defs["kind"]["enum"] == [kind.value for kind in RunKind]
    assert defs["exit_code"]["enum"] == [int(code) for code in ExitCode]
    assert defs["error"]["properties"]["code"]["examples"] == [code.value for code in ErrorCode]


@pytest.mark.parametrize("name", ["upload", "retry"])
@pytest.mark.parametrize(
    "ended_as",
    [
        SUMMARY,
        replace(SUMMARY, kind=RunKind.RETRY, profile=None, results=None, notes=("A note.",)),
        summary(Ending.STOPPED, "It had to.", unsent=3),
        summary(Ending.INTERRUPTED, unsent=3),
        summary(rejected=1, invalid=2),
        summary(unknown=3),
        replace(summary(Ending.STOPPED, unsent=3), fault=ZeroDivisionError("a bug")),
    ],
    ids=["finished", "retry", "stopped", "interrupted", "bad", "unknown", "fault"],
)
def test_a_run_is_described_however_it_ends(
    command: Command, verbs: FakeVerbs, judge: Judge, name: str, ended_as: Any
) -> None:
    """Each end that makes a summary."""
    verbs.summary = ended_as
    ended = command(name, "leads.csv", "--json")
    assert judge.read(ended.out, Document.RUN)["exit_code"] == ended.code


@pytest.mark.parametrize("kind", kinds(LoaderError), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("name", ["upload", "check", "retry"])
def test_an_error_is_described_whatever_it_is(
    command: Command, verbs: FakeVerbs, judge: Judge, name: str, kind: type[LoaderError]
) -> None:
    """With its code, and what was given."""

    def meanwhile(watch: Watch) -> None:
        watch.began("20260102-0304-abcdef")
        raise kind("What.", "Why.", "What to do.")

    verbs.meanwhile = meanwhile
    ended = command(name, "leads.csv", "--json")
    found = judge.read(ended.out, Document.ERROR)
    assert (found["code"], found["exit_code"]) == (kind.code.value, ended.code)
    assert (found["command"], found["file"]) == (name, "leads.csv")
    assert found["run_id"] == "20260102-0304-abcdef"
    assert (found["what"], found["why"], found["remedy"]) == ("What.", "Why.", "What to do.")
    assert found["started_at"] <= found["ended_at"]


UNFORESEEN = {"interrupted": KeyboardInterrupt(), "fault": ZeroDivisionError("a bug")}


@pytest.mark.parametrize("code", UNFORESEEN)
@pytest.mark.parametrize("has_started", [False, True])
def test_what_no_error_foresees_is_described(
    command: Command, verbs: FakeVerbs, judge: Judge, code: str, has_started: bool
) -> None:
    """An interrupt and a bug have a line, too, before and after sending has begun."""

    def meanwhile(watch: Watch) -> None:
        if has_started:
            watch.started(3)
        raise UNFORESEEN[code]

    verbs.meanwhile = meanwhile
    ended = command("upload", "leads.csv", "--json")
    found = judge.read(ended.out, Document.ERROR)
    assert (found["code"], found["exit_code"]) == (code, ended.code)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("upload", "--json"), "upload"),
        (("upload", "x.csv", "--nope", "--json"), "upload"),
        (("uplaod", "x.csv", "--json"), None),
        (("runs", "shwo", "--json"), "runs"),
    ],
)
def test_wrong_usage_is_described(
    command: Command, judge: Judge, arguments: tuple[str, ...], name: str | None
) -> None:
    """Also where no command was understood."""
    found = judge.read(command(*arguments).out, Document.ERROR)
    assert (found["code"], found["exit_code"], found["command"]) == ("usage", 2, name)


def test_a_check_is_described(command: Command, verbs: FakeVerbs, judge: Judge) -> None:
    """With problems and without."""
    judge.read(command("check", "leads.csv", "--json").out, Document.CHECK)
    verbs.report = replace(REPORT, problems=(PROBLEM,), profile=None)
    judge.read(command("check", "leads.csv", "--json").out, Document.CHECK)


def test_past_runs_are_described(command: Command, verbs: FakeVerbs, judge: Judge) -> None:
    """One, several, none, and one that has not ended."""
    verbs.past = [PAST, replace(PAST, ending=Ending.UNFINISHED, ended_at=None)]
    assert len(judge.read(command("runs", "--json").out, Document.PAST_RUNS)["runs"]) == 2
    judge.read(command("runs", "show", "2026", "--json").out, Document.PAST_RUN)
    verbs.past = []
    judge.read(command("runs", "--json").out, Document.PAST_RUNS)


LEADS = "teléfono,campaña,nombre\n099123456,POWER<-,Ana\nno tiene,POWER<-,Luz\n"


def test_the_program_itself_prints_what_is_described(
    judge: Judge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a first check to the history, with the same file known by the same digest."""

    def given(*arguments: str) -> str:
        run(App((*arguments, "--json")))
        return capsys.readouterr().out

    Path("leads.csv").write_text(LEADS, "utf-8")
    Path("bulk_loader.toml").write_text('[profile.night]\ncampaign = "X"\n', "utf-8")
    found = judge.read(given("check", "leads.csv", "--profile", "night"), Document.CHECK)
    digest = found["digest"]
    assert found["profile"] == "night"
    assert {*found["columns"]} <= {field.value for field in Field}
    with Sandbox() as dialer:
        monkeypatch.setenv("BULK_LOADER_TOKEN", dialer.token)
        to = ("--url", dialer.url, "--profile", "night")
        sent = judge.read(given("upload", "leads.csv", *to), Document.RUN)
        assert (sent["digest"], sent["profile"], sent["kind"]) == (digest, "night", "upload")
        again = judge.read(given("upload", "leads.csv", *to), Document.ERROR)
        assert (again["code"], again["exit_code"]) == ("loaded_before", 5)
        retried = judge.read(given("retry", "leads.results.csv"), Document.RUN)
        assert (retried["kind"], retried["sent"]) == ("retry", 0)
    listed = judge.read(given("runs"), Document.PAST_RUNS)["runs"]
    assert [(past["sent"], past["counts"]["accepted"]) for past in listed] == [(0, 1), (1, 1)]
    assert listed[1]["digest"] == digest
    judge.read(given("runs", "show", sent["run_id"]), Document.PAST_RUN)
    for arguments, code in (
        (("upload", "none.csv", "--sandbox"), "file"),
        (("check", "leads.csv", "--map", "destination=None"), "columns"),
        (("upload", "leads.csv"), "settings"),
    ):
        assert judge.read(given(*arguments), Document.ERROR)["code"] == code
