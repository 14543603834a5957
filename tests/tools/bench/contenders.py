"""What people would use instead, each told to post the same tasks over as many connections."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from bulk_loader.dialer.wire import FORM_TYPE, TASK_PATH, to_body
from bulk_loader.model import DialerTask
from tests.tools.bench.workshop import is_installed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.tools.bench.workshop import Workshop

CLIENTS = Path(__file__).parent / "clients"

_HEADERS = {"Authorization": "Basic measured", "Content-Type": FORM_TYPE}


@dataclass(frozen=True, slots=True)
class Errand:
    """What one contender is to do.

    Attributes:
        url: the dialer's address.
        bodies: one form body a line, as many as rows.
        place: for what it needs besides.
    """

    url: str
    bodies: Path
    connections: int
    place: Path

    @property
    def task_url(self) -> str:
        """Where tasks are posted."""
        return self.url + TASK_PATH


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to post a list of leads.

    Attributes:
        tool: what must be installed on the machine; what else is needed, `command` installs.
        most_rows: more would only take longer: its pace does not depend on the length.
        is_parallel: it can use more than one connection.
        is_timed: it posts for a time instead of a number of rows.
        command: what to run; whatever can be prepared is prepared before it returns.
    """

    name: str
    tool: str
    command: Callable[[Workshop, Errand], list[str]]
    most_rows: int = 10**9
    is_parallel: bool = True
    is_timed: bool = False

    @property
    def is_here(self) -> bool:
        """Its tool is installed."""
        return is_installed(self.tool)


def write_bodies(leads: Path, bodies: Path, count: int) -> None:
    """The bodies that this program would send for the first leads of a file, one a line."""
    with leads.open(encoding="utf-8", newline="") as file, bodies.open("wb") as written:
        for row, _ in zip(csv.DictReader(file), range(count), strict=False):
            data = f"idcustomer={row['id']}:name={row['name']}"
            task = DialerTask(
                None, row["campaign"], row["phone"], "", row["agent"], data, "source",
                bulk=False, automatic=True,
            )  # fmt: skip
            written.write(to_body(task) + b"\n")


_CURL_HEADERS = "".join(f'header = "{name}: {value}"\n' for name, value in _HEADERS.items())


def _curl(_workshop: Workshop, errand: Errand) -> list[str]:
    fixed = f"{_curl_url(errand)}silent\n{_CURL_HEADERS}"
    blocks = (f'{fixed}data = "{body}"\n' for body in errand.bodies.read_text().splitlines())
    return _curl_by("next\n".join(blocks), errand)


def _bare_curl(_workshop: Workshop, errand: Errand) -> list[str]:
    """Without options of their own for each row, which take curl as long as the row itself."""
    first, *others = errand.bodies.read_text().splitlines()
    urls = _curl_url(errand) * (1 + len(others))
    return _curl_by(f'silent\n{_CURL_HEADERS}data = "{first}"\n{urls}', errand)


def _curl_url(errand: Errand) -> str:
    return f'url = "{errand.task_url}"\noutput = "/dev/null"\n'


def _curl_by(config: str, errand: Errand) -> list[str]:
    place = errand.place / "curl.conf"
    place.write_text(config)
    most = str(errand.connections)
    return ["curl", "--parallel", "--parallel-max", most, "--config", str(place)]


def _newman(workshop: Workshop, errand: Errand) -> list[str]:
    calls = [{"call": parse_qs(body)["call"][0]} for body in errand.bodies.read_text().splitlines()]
    request = {
        "method": "POST",
        "url": errand.task_url,
        "header": [{"key": name, "value": value} for name, value in _HEADERS.items()],
        "body": {"mode": "urlencoded", "urlencoded": [{"key": "call", "value": "{{call}}"}]},
    }
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    collection = {
        "info": {"name": "bulk upload", "schema": schema},
        "item": [{"name": "add a record", "request": request}],
    }
    files = {"collection.json": collection, "data.json": calls}
    for name, content in files.items():
        (errand.place / name).write_text(json.dumps(content))
    newman = str(workshop.node_tool("newman"))
    data = ["--iteration-data", str(errand.place / "data.json"), "--silent"]
    return [newman, "run", str(errand.place / "collection.json"), *data]


def _python(client: str) -> Callable[[Workshop, Errand], list[str]]:
    def command(workshop: Workshop, errand: Errand) -> list[str]:
        python = workshop.python_with("clients", ["requests", "httpx>=0.28,<0.29"])
        arguments = [errand.task_url, str(errand.bodies), str(errand.connections)]
        return [str(python), str(CLIENTS / client), *arguments]

    return command


def _wrk(_workshop: Workshop, errand: Errand) -> list[str]:
    flags = ["--threads", "1", "--connections", str(errand.connections), "--duration", "3s"]
    script = ["--script", str(CLIENTS / "post.lua"), errand.task_url]
    return ["wrk", *flags, *script, "--", str(errand.bodies)]


CONTENDERS: Sequence[Contender] = (
    Contender("wrk, the limit", "wrk", _wrk, is_timed=True),
    Contender("curl, one row for all", "curl", _bare_curl),
    Contender("curl --parallel", "curl", _curl),
    Contender("requests.Session, a loop", "python3", _python("requests_loop.py"), 3_000, False),
    Contender("httpx.AsyncClient", "python3", _python("httpx_loop.py"), 1_500),
    Contender("Newman", "npm", _newman, 500, False),
)
