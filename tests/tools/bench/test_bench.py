"""The pieces of the measurements do what they claim; no time is asserted."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bulk_loader.dialer.wire import TASK_PATH, call_of
from tests.support.databases import programs
from tests.tools.bench import stages, startup
from tests.tools.bench.__main__ import measure_all
from tests.tools.bench.awake import wakeful_processors
from tests.tools.bench.chart import Bar, bar_chart
from tests.tools.bench.commands import CommandError, run
from tests.tools.bench.contenders import Errand, _bare_curl, _curl, write_bodies
from tests.tools.bench.dialer import MeasuredDialer
from tests.tools.bench.leads import COLUMNS
from tests.tools.bench.race import Tally, Turn
from tests.tools.bench.report import Section, table, with_section
from tests.tools.bench.scale import QUICK, Bench
from tests.tools.bench.server import Limits
from tests.tools.bench.uploads import upload
from tests.tools.bench.wire import Kind, largest_burst, take_requests
from tests.tools.bench.workshop import Workshop, is_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TASK = b"POST /x HTTP/1.1\r\nContent-Length: 6\r\n\r\ncall=1"


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """An empty one."""
    return Workshop.open(tmp_path / "bench")


@pytest.fixture
def bench(workshop: Workshop) -> Bench:
    """Small and silent."""
    return Bench(workshop, QUICK, lambda _line: None)


@pytest.fixture
def dialer() -> Iterator[MeasuredDialer]:
    """One that answers at once."""
    with MeasuredDialer() as dialer:
        yield dialer


def post(url: str, body: bytes) -> tuple[int, bytes]:
    """The answer to one request."""
    try:
        with urllib.request.urlopen(url + TASK_PATH, data=body) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def test_the_dialer_counts_tasks_and_forgets_them_when_asked(dialer: MeasuredDialer) -> None:
    """Every task counts once, for the one who asks next."""
    answers = [post(dialer.url, b"call=%7B%7D") for _ in range(3)]
    first, second = dialer.figures(), dialer.figures()
    assert answers == [(200, b"1")] * 3
    assert (first.accepted, first.strays, second.accepted) == (3, 0, 0)


def test_the_dialer_rejects_what_is_no_task(dialer: MeasuredDialer) -> None:
    """A contender that posts something else is found out."""
    assert post(dialer.url, b"cal=1") == (200, b"0")
    figures = dialer.figures()
    assert (figures.accepted, figures.strays) == (0, 1)


@pytest.mark.parametrize("refusal", [429, 503])
def test_the_dialer_refuses_above_its_rate(refusal: int) -> None:
    """A task too much is refused and not counted as taken."""
    with MeasuredDialer(Limits(rate=0.001, refusal=refusal)) as dialer:
        answers = [post(dialer.url, b"call=1")[0] for _ in range(2)]
        figures = dialer.figures()
    assert answers == [200, refusal]
    assert (figures.accepted, figures.refused) == (1, 1)


def test_a_slow_dialer_takes_its_time() -> None:
    """A slow dialer's answers take at least as long as it was told."""
    with MeasuredDialer(Limits(latency_ms=3, workers=1)) as dialer:
        assert post(dialer.url, b"call=1") == (200, b"1")
        assert dialer.figures().latency_s >= 0.003


@pytest.mark.parametrize("size", [1, 7, len(TASK), 1000])
def test_the_dialer_finds_requests_however_they_are_cut(size: int) -> None:
    """No task is lost or counted twice where the network cuts the stream."""
    stream = TASK * 3 + b"POST /x HTTP/1.1\r\n\r\n" + b"GET / HTTP/1.1\r\n\r\n"
    found: list[Kind] = []
    rest = b""
    for start in range(0, len(stream), size):
        rest = take_requests(rest + stream[start : start + size], found.append)
    assert found == [Kind.TASK] * 3 + [Kind.STRAY, Kind.QUESTION]
    assert rest == b""


def test_the_dialer_finds_the_largest_burst() -> None:
    """A burst is what arrives within a tenth of a second, wherever it begins."""
    assert largest_burst([]) == 0
    assert largest_burst([0.0, 0.09, 0.11, 0.12, 0.18, 0.5]) == 4


def peak_mb_seen_by_a_small_process(script: str) -> float:
    """Measured from a process without pandas: Linux lets a child's peak begin with its parent's."""
    measure = (
        "import sys; from tests.tools.bench.commands import run; "
        "print(run([sys.executable, '-c', sys.argv[1]]).peak_mb)"
    )
    return float(run([sys.executable, "-c", measure, script]).output)


def test_commands_tell_what_a_process_needed() -> None:
    """The peak is the child's: it sees memory that the child held for a moment only."""
    assert run([sys.executable, "-c", "print('done')"]).output == "done\n"
    script = "x = b'x' * 80_000_000; del x"
    assert 80 < peak_mb_seen_by_a_small_process(script) < 130


def test_commands_show_what_a_failed_process_said() -> None:
    """A contender that fails is no result."""
    with pytest.raises(CommandError, match="oh no"):
        run([sys.executable, "-c", "raise SystemExit('oh no')"])


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_leads_are_written_once(workshop: Workshop, extension: str) -> None:
    """A file of leads is made at its first use."""
    file = workshop.leads(3, extension)
    made_at = file.stat().st_mtime_ns
    assert workshop.leads(3, extension) == file
    assert file.stat().st_mtime_ns == made_at


def test_leads_have_numbers_of_their_own(workshop: Workshop) -> None:
    """No lead is a duplicate of another, so all of them are sent."""
    with workshop.leads(1000).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len({row["phone"] for row in rows}) == 1000


def test_contenders_post_what_this_program_posts(workshop: Workshop) -> None:
    """The prepared bodies are those of an upload of the same file."""
    leads, bodies = workshop.leads(5), workshop.root / "bodies.txt"
    write_bodies(leads, bodies, 2)
    check = [sys.executable, "-m", "bulk_loader", "check", str(leads), "--json"]
    told = json.loads(run([*check, "--data", "idcustomer={id}:name={name}"]).output)
    prepared = [call_of(line) for line in bodies.read_bytes().splitlines()]
    assert prepared == told["first_tasks"][:2]


@pytest.mark.skipif(not is_installed("curl"), reason="there is no curl")
@pytest.mark.parametrize("command", [_curl, _bare_curl])
def test_contenders_deliver_every_row_once(
    workshop: Workshop,
    dialer: MeasuredDialer,
    command: Callable[[Workshop, Errand], list[str]],
) -> None:
    """Curl posts as many tasks as it was given bodies."""
    bodies = workshop.root / "bodies.txt"
    write_bodies(workshop.leads(20), bodies, 20)
    run(command(workshop, Errand(dialer.url, bodies, 4, workshop.root)))
    figures = dialer.figures()
    assert (figures.accepted, figures.strays) == (20, 0)


def test_contenders_are_told_on_where_rows_are_missing() -> None:
    """A contender that delivers too little or too much can't hide it."""
    tally = Tally([Turn(10, 10, 1.0, 0.1), Turn(10, 11, 3.0, 0.1), Turn(10, 9, 2.0, 0.1)])
    assert (tally.delivered, tally.pace) == ("9, 11", 2.0)
    assert Tally([Turn(10, 10, 1.0, 0.1)]).delivered == "all, once"


def test_uploads_deliver_every_lead_once(workshop: Workshop, dialer: MeasuredDialer) -> None:
    """An upload sends exactly one request for each lead."""
    uploaded = upload(workshop, dialer, workshop.leads(50), 4)
    assert (uploaded.figures.accepted, uploaded.figures.strays) == (50, 0)
    assert list(workshop.root.glob("scratch-*")) == []


def test_uploads_commit_in_groups(bench: Bench) -> None:
    """The ledger commits far less often than it has leads, and never more than doubt allows.

    Each lead needs two commits, and at most twice the connections may be in doubt.
    """
    section = stages.measure(bench)
    commits, leads = map(int, re.findall(r"([\d,]+) (?:commits|leads,)", section.after))
    assert leads == QUICK.stage_rows
    assert leads / 64 <= commits <= leads / 4
    assert [row[0] for row in section.rows][-1] == "the whole upload"


SECTION = Section("One", "What was done.", ("", "rows"), [("a", "1"), ("bcd", "1,000")])


def test_the_report_has_tables_that_stand_in_line() -> None:
    """Columns stand below each other, figures to the right."""
    assert table(SECTION.header, SECTION.rows).splitlines() == [
        "|     |  rows |",
        "| --- | ----: |",
        "| a   |     1 |",
        "| bcd | 1,000 |",
    ]


def test_the_report_puts_a_section_in_its_own_place() -> None:
    """A measurement that is made again replaces the old one and leaves the others."""
    other = Section("Two", "Another.", ("", "rows"), [])
    document = with_section("", SECTION, "old machine")
    document = with_section(document, other, "old machine")
    document = with_section(document, SECTION, "new machine")
    assert re.findall("^#+ .*", document, re.MULTILINE)[1:] == ["## One", "## Two"]
    assert re.findall("(?:old|new) machine", document) == ["new machine", "old machine"]


def test_the_report_is_kept_with_the_kind_of_machine(bench: Bench, tmp_path: Path) -> None:
    """Each section says when and on what it was measured."""
    results = tmp_path / "RESULTS.md"
    measure_all(bench, ["startup"], results)
    text = results.read_text(encoding="utf-8")
    assert re.search(r"\d{4}-\d\d-\d\d: \d+ cores", text)
    assert f"## {startup.TITLE}" in text


@pytest.mark.parametrize(
    ("name", "rows"), [("workbooks", 4), ("slow", 2), ("rate", 2), ("memory", 4)]
)
def test_every_measurement_fills_its_table(
    bench: Bench, tmp_path: Path, name: str, rows: int
) -> None:
    """A run on a small scale has a row for each thing that is measured."""
    results = tmp_path / "RESULTS.md"
    measure_all(bench, [name], results)
    table_lines = [line for line in results.read_text("utf-8").splitlines() if line[:1] == "|"]
    assert len(table_lines) == rows + 2


def test_a_shared_ledger_is_measured_beside_that_of_one_machine(
    bench: Bench, tmp_path: Path
) -> None:
    """Each has a row, in which nothing is missing."""
    measure_all(bench, ["shared"], tmp_path / "RESULTS.md")
    text = (tmp_path / "RESULTS.md").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith(("| SQLite", "| PostgreSQL"))]
    assert len(lines) == 1 + (programs() is not None)
    assert all(
        float(cell.replace(",", "")) >= 0 for line in lines for cell in line.split("|")[2:-1]
    )


@pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")
def test_one_list_is_measured_on_one_machine_and_on_two(bench: Bench, tmp_path: Path) -> None:
    """Each has a row; what was delivered otherwise than once is no measurement."""
    measure_all(bench, ["together"], tmp_path / "RESULTS.md")
    text = (tmp_path / "RESULTS.md").read_text("utf-8")
    assert re.findall(r"^\| (\d) +\|", text, re.MULTILINE) == ["1", "2"]


def children() -> set[int]:
    """What this process has started and not ended yet."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(child) for path in lists for child in path.read_text().split()}


def test_processors_are_kept_awake_only_as_long_as_asked() -> None:
    """A loop of the lowest priority for each, and none is left behind."""
    with wakeful_processors():
        loops = children()
        assert len(loops) == len(os.sched_getaffinity(0))
    assert not loops & children()


BARS = (Bar("this & that", 20_000.0, is_ours=True), Bar("other", 88.0))


def test_the_chart_is_an_image_with_a_bar_for_each() -> None:
    """The drawing is valid XML, its longest bar the largest value, and says itself in words."""
    root = ET.fromstring(bar_chart("Rows", BARS))  # noqa: S314 - ours
    space = "{http://www.w3.org/2000/svg}"
    widths = [int(bar.attrib["width"]) for bar in root.iter(f"{space}rect")]
    assert len(widths) == 2
    assert widths[0] > widths[1] > 0
    assert root.findtext(f"{space}title") == "Rows: this & that 20,000, other 88"


def test_the_chart_is_readable_in_the_dark() -> None:
    """It has colours of its own for dark pages."""
    assert "prefers-color-scheme: dark" in bar_chart("Rows", BARS)
