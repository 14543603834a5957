"""What would act on a terminal unseen is shown by its code, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import click
import pytest

from bulk_loader.cli.console import Console
from bulk_loader.cli.streams import SafeStream
from bulk_loader.errors import SourceError
from bulk_loader.model import Status
from bulk_loader.shell import typed
from bulk_loader.visible import on_one_line, visible, visible_json
from tests.cli.fakes import PAST, PROBLEM, REPORT, SOURCE, SUMMARY

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from tests.cli.conftest import Ended
    from tests.cli.fakes import FakeVerbs

    Command = Callable[..., Ended]

ESCAPE = "\x1b[2J"
TURNED = "\u202egpj.exe\u2066"
EVIL = f"a{ESCAPE}\x9b2J\x07\x7f{TURNED}\u200b\ufeff\u2028b"
EVIL_SHOWN = r"a\x1b[2J\x9b2J\x07\x7f\u202egpj.exe\u2066\u200b\ufeff\u2028b"


def has_concealed(text: str) -> bool:
    """Something in it is not for the eyes, but for our own line ends and tabs."""
    return any(
        unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        for letter in text.replace("\n", "").replace("\t", "")
    )


def test_every_character_that_acts_unseen_is_shown_by_its_code() -> None:
    """All of Unicode: nothing concealed is left, and what a person can read stays as it is."""
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert not has_concealed(visible(everything))
    assert visible(EVIL) == EVIL_SHOWN
    for named in (
        "\u061c",
        "\u200e",
        "\u200f",
        *map(chr, range(0x202A, 0x202F)),
        "\u2066",
        "\u2069",
    ):
        assert visible(named) == f"\\u{ord(named):04x}"
    assert visible("\U000e0041\ud800\udce9\u3164\r") == r"\U000e0041\ud800\xe9\u3164\x0d"
    plain = "Muñoz, 山田, Ωmega, שלום, مرحبا 😀 — “…”\n\tclose"
    assert visible(plain) == plain
    assert on_one_line("a\nError: b\tc") == r"a\x0aError: b\x09c"


def test_json_stays_json_and_means_the_same() -> None:
    """A program reads the name as it is, and the line shows nothing concealed."""
    # Two halves of a pair that stand together would be read as one character.
    everything = "".join(map(chr, (*range(0xD800), 0xDCE9, *range(0xE000, sys.maxunicode + 1))))
    line = visible_json(json.dumps({"name": everything, EVIL: 1}, ensure_ascii=False))
    assert not has_concealed(line)
    assert json.loads(line) == {"name": everything, EVIL: 1}


class Bytes(io.TextIOWrapper):
    """A stream whose bytes can be looked at."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.taken = io.BytesIO()
        super().__init__(self.taken, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "ascii", "cp1252", "idna"])
def test_the_stream_decides_it_for_whatever_writes(encoding: str) -> None:
    """Texts, bytes, libraries, logging and tracebacks: all of them go through it."""
    raw = Bytes(encoding)
    stream = SafeStream(raw)
    stream.write(f"{EVIL}\n")
    click.echo(EVIL, file=cast("IO[str]", stream))
    logging.StreamHandler(stream).handle(logging.makeLogRecord({"msg": EVIL}))
    print(f"Traceback: {EVIL}", file=stream)
    told = raw.taken.getvalue().decode("ascii" if encoding == "idna" else encoding)
    assert told.count(r"\x9b2J\x07\x7f\u202egpj.exe\u2066") == 4
    assert not has_concealed(told.replace(os.linesep, "\n"))


def test_bytes_are_shown_too() -> None:
    """Where something takes the stream's buffer instead."""
    raw = Bytes()
    SafeStream(raw).buffer.write(f"{EVIL}ñ\n".encode() + b"\xff")
    assert raw.taken.getvalue().decode() == EVIL_SHOWN + "ñ" + os.linesep + r"\xff"


def test_only_a_progress_bar_goes_back_in_its_line() -> None:
    """A carriage return from a name can't write over what stands in the line."""
    raw = Bytes()
    stream = SafeStream(raw)
    stream.write("name\r")
    stream.for_bar().write(f"\rbar{ESCAPE}")
    assert raw.taken.getvalue() == b"name\\x0d\rbar\\x1b[2J"


def test_names_and_sentences_from_elsewhere_can_not_pass_for_lines_of_ours(
    command: Command, verbs: FakeVerbs
) -> None:
    """Files, sheets, columns, dialers, cells, notes and old runs, in every text of a command."""
    forged = f"{EVIL}\nError: forged"
    path = Path("/lists") / forged
    notes = (forged,)
    verbs.summary = replace(
        SUMMARY, file=path, target=forged, results=path, stopped_why=forged, notes=notes
    )
    verbs.meanwhile = lambda watch: watch.opened(
        replace(SOURCE, path=path, sheet=forged, notes=notes)
    )
    problem = replace(PROBLEM, column=forged, fault=forged)
    verbs.report = replace(
        REPORT, source=replace(SOURCE, path=path), problems=(problem,), notes=notes
    )
    counts = {**PAST.counts, Status.UNKNOWN: 1}
    verbs.past = [replace(PAST, file=path, target=forged, results=path, counts=counts)]
    for arguments in (
        ("upload", "leads.csv"),
        ("check", "leads.csv"),
        ("retry", "leads.results.csv"),
        ("runs",),
        ("runs", "show", "2026"),
    ):
        ended = command(*arguments)
        assert r"\x0aError: forged" in ended.out
        as_json = command(*arguments, "--json")
        assert "\\nError: forged" in as_json.out
        for told in (ended.out, ended.err, as_json.out, as_json.err):
            assert not has_concealed(told)
            assert "\nError: forged" not in told
    assert json.loads(command("runs", "--json").out)["runs"][0]["file"] == str(path)


def test_an_error_shows_what_it_was_given(command: Command, verbs: FakeVerbs) -> None:
    """A hostile name in an error acts neither in the text nor in the line of JSON."""

    def fail(_watch: object) -> None:
        raise SourceError(f"{EVIL} can't be read.\nForged", EVIL, EVIL)

    verbs.meanwhile = fail
    ended = command("upload", "leads.csv", "--json")
    assert ended.err.splitlines() == [
        rf"Error: {EVIL_SHOWN} can't be read.\x0aForged",
        EVIL_SHOWN,
        EVIL_SHOWN,
    ]
    assert not has_concealed(ended.out)
    assert json.loads(ended.out)["why"] == EVIL


def test_what_is_kept_for_the_record_of_a_run_is_shown_as_well() -> None:
    """An old run can't act on the terminal that shows it later."""
    console = Console()
    closed: TextIO = io.StringIO()
    closed.close()
    with redirect_stdout(closed), redirect_stderr(closed):
        console.data(EVIL)
        console.say(EVIL)
    assert console.unsaid == [EVIL_SHOWN] * 2


def test_a_command_to_copy_names_such_a_file_by_its_bytes() -> None:
    """A shell that is given it finds the file."""
    name = f"{EVIL}\n'\\ñ"
    command = typed("printf", "%s", name)
    assert not has_concealed(command)
    assert "\n" not in command
    ended = subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=500)
    assert ended.stdout.decode() == name


@pytest.mark.skipif(os.name != "posix", reason="no such names elsewhere")
def test_a_hostile_list_is_uploaded_and_looked_at_later_without_harm() -> None:
    """Its name, its columns and its cells, over a real run: all that is printed is to be seen."""
    name = "leads\x1b]0;owned\x07\u202e\n.csv"
    header = f"phone;name\u202e;campaign;{ESCAPE}"
    rows = f"099123456;{EVIL};SALES\x1b[1m;x\n09{ESCAPE}9;b;SALES;x\n"
    Path(name).write_text(f"{header}\n{rows}", "utf-8")
    program = (sys.executable, "-m", "bulk_loader")
    for arguments in (
        ("check", name),
        ("upload", name, "--sandbox", "--data", "{c}"),
        ("upload", name, "--sandbox"),
        ("upload", name, "--sandbox", "--json", "--again"),
        ("upload", name, "--sandbox"),
        ("runs", "--json"),
        ("runs", "show", "2"),
    ):
        ended = subprocess.run(
            [*program, *arguments], capture_output=True, check=False, timeout=500
        )
        told = (ended.stdout + ended.stderr).decode()
        assert told
        assert not has_concealed(told), arguments
