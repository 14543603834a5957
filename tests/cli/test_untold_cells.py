"""Whole values of cells stand in the results file, and nowhere else, however a run ends."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import openpyxl
import pytest

from bulk_loader.cli.app import run
from bulk_loader.cli.context import App
from bulk_loader.workflows.past_runs import past_runs
from tests.cli.fakes import FakeVerbs
from tests.support.faults import Fault, Reaction, answer
from tests.support.faulty_dialer import FaultyDialer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.support.dialer_door import Request

HEADER = ("phone", "name", "campaign", "agent", "data", "alternatives", "calldate", "source")


def row(number: int, **other: str) -> tuple[str, ...]:
    """A lead of which every cell is told from everything else there is.

    Its campaign is short, and so not looked for: a person is to see it before anything is sent.
    """
    cells = {
        "phone": f"0997{number:02}31864",
        "name": f"Zoraida{number}Qx",
        "campaign": f"Cq{number}Vz",
        "agent": f"771904{number:02}5388",
        "data": f"idqz={number}Kyw",
        "alternatives": f"0986{number:02}45729:+59899{number:02}73921",
        "calldate": f"2031-07-{number:02} 13:4{number % 10}:57",
        "source": f"Sourceq{number}Jt",
    }
    return tuple((cells | other).values())


GOOD = [row(number) for number in range(1, 6)]
BROKEN = [
    row(1, phone="09xq73186Z"),
    row(2, phone="9.97318642E+14"),
    row(3, phone="0993186421:0993186422"),
    row(4, phone="7#3*1864"),
    row(5, phone="+0731864219"),
    row(6, phone="731864219731864219"),
    row(7, phone=""),
    row(8, calldate="31/02/1977"),
    row(9, calldate="03/04/1978"),
    row(10, calldate="1979-05-06"),
    row(11, calldate="fechq11w"),
    row(12, calldate="0203-04-05 06:07:08"),
    row(13, alternatives="098xq4572:09"),
    row(14, data="idqz=1:2:Kywzz"),
    row(15, data="idqKywz=x=y"),
    row(16, phone="17/08/1984"),
    row(17, campaign=""),
    row(18, source=""),
]


def pieces(rows: Sequence[Sequence[str]]) -> set[str]:
    """What must not be found: the cells, and what they are made of; shorter ones are in anything."""
    found = {piece for cells in rows for cell in cells for piece in (cell, *cell.split(":"))}
    return {piece.strip("+") for piece in found if len(piece) > 7}


def write(name: str, rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER) -> str:
    """The list as a file."""
    lines = [header, *rows] if header else rows
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        assert book.active is not None
        for line in lines:
            book.active.append(list(line))
        book.save(name)
    else:
        Path(name).write_text("".join(f"{';'.join(line)}\n" for line in lines), "utf-8")
    return name


@dataclass
class Told:
    """All that was told, and how a command ended.

    Attributes:
        text: of both streams and the log.
        kept: what stands in the ledger and in reports, byte by byte.
    """

    text: str
    kept: str
    code: int


@pytest.fixture
def told(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Callable[..., Told]:
    """Runs a command, and gathers what it tells: both streams, the log, and all of its home."""

    def call(*arguments: str, verbs: FakeVerbs | None = None) -> Told:
        app = App(arguments, verbs) if verbs else App(arguments)
        code = run(app)
        out, err = capfd.readouterr()
        files = [path for path in Path(os.environ["BULK_LOADER_HOME"]).rglob("*") if path.is_file()]
        kept = "".join(path.read_bytes().decode("latin-1") for path in files)
        return Told(out + err + caplog.text, kept, code)

    return call


def assert_untold(told: Told, rows: Sequence[Sequence[str]]) -> None:
    """No cell is found, as it stands or as a program would write it."""
    for piece in pieces(rows):
        for written in {piece, quote(piece), json.dumps(piece)[1:-1]}:
            assert written not in told.kept
            # The last four of a number may be shown.
            part = written[:-4] if written.isdigit() else written
            at = told.text.find(part)
            assert at < 0, f"{written} in …{told.text[max(0, at - 200) : at + 100]}…"


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BULK_LOADER_TOKEN", "t")


def echo(request: Request) -> bytes:
    """All that the dialer was told, in one line."""
    return json.dumps(request.task, ensure_ascii=False).encode()


def echoing(code: int) -> Callable[[Request], Reaction]:
    """A dialer that repeats the request wherever an answer has room."""

    def react(request: Request) -> Reaction:
        body = echo(request)
        reason = body.decode().replace("\n", " ")
        raw = answer(
            code, body.decode(), {"Location": f"/x/{reason}/{quote(reason)}?{quote(reason)}"}
        )
        return Reaction(raw.replace(b"\r\n", b" " + body + b"\r\n", 1))

    return react


ENDS: dict[str, Callable[[Request], Reaction | None] | Reaction] = {
    "accepted": Fault.ACCEPT,
    "rejected": Fault.ZERO,
    "lost": Fault.RESET_AFTER_RECORDING,
    **{f"echo{code}": echoing(code) for code in (200, 301, 400, 401, 404, 415, 429, 500, 503)},
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_no_end_of_a_run_tells_a_cell(
    told: Callable[..., Told], end: str, more: tuple[str, ...]
) -> None:
    """Taken, refused, lost, stopped, repeated by the dialer; then shown, retried and given again."""
    script = ENDS[end]
    name = write("leads.csv", GOOD)
    quick = ("--retry-for", "0s", "--concurrency", "2")
    with FaultyDialer(
        script if callable(script) else None,
        otherwise=script if isinstance(script, Reaction) else Fault.ACCEPT,
    ) as dialer:
        target = ("--url", dialer.url, *quick)
        assert_untold(told("upload", name, *target, *more), GOOD)
        assert_untold(told("upload", name, *target, *more), GOOD)
        if Path("leads.results.csv").exists():
            assert_untold(told("retry", "leads.results.csv", *target, *more), GOOD)
    (found, *_) = past_runs(Path(os.environ["BULK_LOADER_HOME"]))
    assert_untold(told("runs", *more), GOOD)
    assert_untold(told("runs", "show", found.run_id, *more), GOOD)
    assert_untold(told("runs", "settle", found.run_id, "--all", "--as", "unsent"), GOOD)
    assert_untold(told("runs", "results", found.run_id), GOOD)


def test_neither_an_interrupt_nor_a_dialer_that_is_gone_tells_a_cell(
    told: Callable[..., Told],
) -> None:
    """The run ends early, and says of the leads how many they are."""

    def interrupt(request: Request) -> Reaction | None:
        del request
        os.kill(os.getpid(), signal.SIGINT)
        return None

    name = write("leads.csv", GOOD)
    with FaultyDialer(interrupt) as dialer:
        ended = told("upload", name, "--url", dialer.url, "--concurrency", "1")
        assert ended.code == 130
        assert_untold(ended, GOOD)
    ended = told("upload", name, "--url", dialer.url, "--retry-for", "0s", "--again")
    assert ended.code in {2, 4}
    assert_untold(ended, GOOD)


@pytest.mark.parametrize("name", ["leads.csv", "leads.xlsx"])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_no_refused_cell_is_told(
    told: Callable[..., Told], name: str, more: tuple[str, ...]
) -> None:
    """Phones, dates, alternatives and data of every brokenness; a check masks them as well."""
    write(name, BROKEN)
    with FaultyDialer() as dialer:
        assert_untold(told("upload", name, "--url", dialer.url, *more), BROKEN)
    ended = told("check", name, *more)
    assert "Row 2" in ended.text
    assert_untold(without_first_tasks(ended), BROKEN)
    every = told("check", name, "--all")
    assert "Row 2, " in every.text
    assert_untold(without_first_tasks(every), BROKEN)


def without_first_tasks(told: Told) -> Told:
    """All but what a check is asked for: the first tasks, as they would be sent."""
    in_text = r"(?m)^\{\"calldate\".*\}$"
    in_json = r'"first_tasks": \[("([^"\\]|\\.)*"(, )?)*\]'
    return replace(told, text=re.sub(f"{in_text}|{in_json}", "", told.text))


def test_a_number_on_a_do_not_call_list_is_not_told(told: Callable[..., Told]) -> None:
    """Neither the number to dial nor an alternative."""
    name = write("leads.csv", GOOD)
    Path("dnc.csv").write_text(f"{GOOD[0][0]}\n{GOOD[1][5].split(':')[0]}\n", "utf-8")
    with FaultyDialer() as dialer:
        ended = told("upload", name, "--url", dialer.url, "--suppress", "dnc.csv")
    assert ended.code == 0
    assert_untold(ended, GOOD)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--header-row", "1"),
        ("--map", "destination=phone"),
        ("--data", "{nombre}"),
        ("--header-row", "0", "--map", "destination=Q"),
        ("--header-row", "0", "--map", "destination=A", "--campaign", "C"),
        ("--map", f"destination={GOOD[0][0]}", "--campaign", "C"),
        ("--schema", "own:needs"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_list_without_a_header_does_not_tell_its_first_lead(
    told: Callable[..., Told], options: tuple[str, ...], more: tuple[str, ...]
) -> None:
    """Its cells are taken for the names of columns, and must not be listed as such."""
    Path("own.py").write_text(SCHEMAS, "utf-8")
    name = write("leads.csv", GOOD, header=())
    untold = GOOD[1:] if GOOD[0][0] in " ".join(options) else GOOD
    with FaultyDialer() as dialer:
        assert_untold(told("upload", name, "--url", dialer.url, *options, *more), untold)


SCHEMAS = """
import pandera.pandas as pa


def fail(cells):
    raise ValueError(f"can't read {cells.to_list()}")


def fail_on(cell):
    raise KeyError(cell)


needs = pa.DataFrameSchema({"ID": pa.Column(str)})
only = pa.DataFrameSchema({"phone": pa.Column(str)}, strict=True)
raises = pa.DataFrameSchema({"name": pa.Column(str, pa.Check(fail))})
raises_on_cells = pa.DataFrameSchema({"name": pa.Column(str, pa.Check(fail_on, element_wise=True))})
raises_on_rows = pa.DataFrameSchema({"name": pa.Column(str)}, checks=pa.Check(fail_on))
parses = pa.DataFrameSchema({"name": pa.Column(str, parsers=pa.Parser(fail))})
one_verdict = pa.DataFrameSchema({"name": pa.Column(str, pa.Check(lambda _: False))})
converts = pa.DataFrameSchema({"name": pa.Column(int, coerce=True)})
is_int = pa.DataFrameSchema({"name": pa.Column(int)})
refuses = pa.DataFrameSchema(
    {column: pa.Column(str, pa.Check.str_matches("^nothing$"), nullable=True)
     for column in ("phone", "name", "campaign", "agent", "data", "calldate", "source")}
)
"""


@pytest.mark.parametrize(
    "schema",
    [
        "needs",
        "only",
        "raises",
        "raises_on_cells",
        "raises_on_rows",
        "parses",
        "one_verdict",
        "converts",
        "is_int",
        "refuses",
    ],
)
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_schema_of_the_users_own_does_not_tell_what_it_was_given(
    told: Callable[..., Told], monkeypatch: pytest.MonkeyPatch, schema: str, more: tuple[str, ...]
) -> None:
    """However it refuses, and whatever it raises."""
    Path("own_untold.py").write_text(SCHEMAS, "utf-8")
    monkeypatch.delitem(sys.modules, "own_untold", raising=False)
    name = write("leads.csv", GOOD)
    options = ("--schema", f"own_untold:{schema}", *more)
    with FaultyDialer() as dialer:
        ended = told("upload", name, "--url", dialer.url, *options)
    assert ended.code in {1, 2, 3, 4}
    assert_untold(ended, GOOD)
    assert_untold(without_first_tasks(told("check", name, *options)), GOOD)


def test_a_fault_of_the_program_does_not_tell_what_it_was_given(
    told: Callable[..., Told], tmp_path: Path
) -> None:
    """Its report says where it arose, and leaves out what libraries quote."""
    verbs = FakeVerbs()

    def fail(_watch: object) -> None:
        try:
            try:
                float(GOOD[0][1])
            except ValueError as cause:
                raise KeyError(GOOD[0][0]) from cause
        except KeyError:
            raise ExceptionGroup(GOOD[1][2], [RuntimeError(GOOD[1][1])])  # noqa: B904

    verbs.meanwhile = fail
    ended = told("upload", "leads.csv", verbs=verbs)
    assert_untold(ended, GOOD)
    for expected in ("ValueError: (", "KeyError: (", "ExceptionGroup: (", "| RuntimeError: ("):
        assert expected in ended.kept
    assert "in fail" in ended.kept
    (tmp_path / "home" / "crashes").rename(tmp_path / "elsewhere")
    (tmp_path / "home" / "crashes").write_text("in the way")
    verbs.meanwhile = fail
    verbs.summary = replace(verbs.summary, fault=KeyError(GOOD[0][0]))
    assert_untold(told("upload", "leads.csv", verbs=verbs), GOOD)


@pytest.mark.parametrize(
    "content",
    [
        f'phone;name\n{GOOD[0][0]};"{GOOD[0][1]}\n{GOOD[1][0]};{GOOD[1][1]}\n'.encode(),
        f"phone;name\n{GOOD[0][0]};{GOOD[0][1]};more\n{GOOD[1][0]}\n".encode(),
        f"phone;name\n{GOOD[0][0]};{GOOD[0][1]}\xe9\n".encode("latin-1"),
        f"{GOOD[0][2]};{GOOD[0][0]};name={GOOD[0][1]};M=0=0986014572;9999;\n".encode(),
        f"telefono;telefono fijo\n{GOOD[0][0]};{GOOD[0][1]}\n".encode(),
        f"{GOOD[0][1]}\n".encode(),
        f"\0{GOOD[0][0]}{GOOD[0][1]}".encode(),
    ],
)
def test_a_file_in_disorder_is_told_of_without_its_cells(
    told: Callable[..., Told], content: bytes
) -> None:
    """Broken quotes, short and long rows, odd encodings, a list of the vendor's."""
    Path("leads.csv").write_bytes(content)
    with FaultyDialer() as dialer:
        for more in ((), ("--json",)):
            ended = told("upload", "leads.csv", "--url", dialer.url, "--campaign", "C", *more)
            if content != f"{GOOD[0][1]}\n".encode():  # nothing tells it from the name of a column
                assert_untold(ended, GOOD)
