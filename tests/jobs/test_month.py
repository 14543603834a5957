from __future__ import annotations

import json
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

from bulk_loader.cli.nights import night_json
from bulk_loader.jobs.records import last_run
from bulk_loader.jobs.running import run_job
from tests.jobs.fakes import TWO, FakeClock, job, put
from tests.support.faults import Turns
from tests.support.faulty_dialer import Fault, FaultyDialer
from tests.support.uploads import numbered
from tests.support.web_ear import web_ear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from bulk_loader.jobs.night import Night
    from bulk_loader.settings import Job, Settings
    from tests.support.faults import Reaction
    from tests.support.faulty_dialer import Request

LEADS = 6


class Month:
    """A job, its folder and its dialer, night after night.

    Attributes:
        wanted: people of lists that must have been called by the end.
        reactions: of the dialer, by the number of a person.
    """

    def __init__(self, made: Job, dialer: FaultyDialer) -> None:
        self.made, self.dialer = made, dialer
        self.inbox = made.folder
        self.time: datetime = TWO
        self.people = 0
        self.last = ""
        self.wanted: list[str] = []

    def rows(self, count: int = LEADS) -> str:
        """A list of people whom nobody has called before."""
        people = numbered(count, self.people + 1)
        self.people += count
        self.wanted += [phone for phone, _ in people]
        self.last = "phone,name\n" + "".join(f"{phone},{name}\n" for phone, name in people)
        return self.last

    def put(self, text: str, name: str = "leads.csv", age: timedelta = timedelta(hours=1)) -> Path:
        """A file of this evening."""
        return put(self.inbox / name, text, self.time - age)

    def night(self, meanwhile: Callable[[int], None] = lambda _number: None) -> Night:
        """What the job makes of it."""
        return run_job(self.made, clock=FakeClock(self.time, meanwhile=meanwhile))


def bad_lists(month: Month) -> Iterator[tuple[str, Night]]:
    """Nights with a good list, none, an old one and broken ones: what should come, and came."""
    month.put(month.rows())
    yield "loaded 0", month.night()
    yield "no_file 3", month.night()
    month.put(month.rows())
    yield "loaded 0", month.night()
    month.put(month.last)
    yield "repeated 5", month.night()
    month.put("phone,name\n")
    yield "unreadable 3", month.night()
    month.put("")
    yield "unreadable 3", month.night()

    growing = month.put(month.rows())
    whole = month.last

    def grow(number: int) -> None:
        growing.write_text(whole[:number])

    yield "incomplete 3", month.night(grow)
    month.put(whole)
    yield "loaded 0", month.night()
    month.put("Cliente;Saldo\nAna;3\n")
    yield "unreadable 3", month.night()
    month.put("phone,name\n0981000001,Ana\n")
    yield "refused 3", month.night()
    month.put(
        "phone,name\n" + "".join(f"098100000{n % 4 and n},Ana\n" for n in range(9)) + "x,y\n" * 4
    )
    yield "refused 3", month.night()
    month.put(month.rows(9) + "no number,Luz\n")
    yield "loaded 1", month.night()


def bad_dialers(
    month: Month, reactions: dict[str, Reaction | Turns]
) -> Iterator[tuple[str, Night]]:
    """Nights whose dialer is down, refuses us, refuses a lead, and fails at one."""
    month.put(month.rows())
    with month.dialer.refusing_connections():
        yield "stopped 4", month.night()
    yield "loaded 0", month.night()
    month.put(month.rows())
    reactions[month.wanted[-3]] = Turns((Fault.FORBIDDEN, Fault.ACCEPT))
    yield "stopped 4", month.night()
    month.put(month.rows())
    yield "loaded 0", month.night()
    month.put(month.rows())
    reactions[month.wanted.pop()] = Fault.ZERO
    yield "loaded 1", month.night()
    month.put(month.rows())
    reactions[month.wanted.pop()] = Fault.SERVER_ERROR
    yield "loaded 7", month.night()


def odd_folders(month: Month) -> Iterator[tuple[str, Night]]:
    """Nights with old files, several files, what is no list, and a share that is away."""
    month.put(month.rows(), "old.csv", timedelta(days=3))
    yield "stale 3", month.night()
    month.put(month.rows())
    yield "loaded 0", month.night()
    month.put(month.rows(), "a.csv")
    month.put(month.rows(), "b.csv")
    yield "loaded 0", month.night()
    month.put(month.rows(), "a.csv")
    month.put("\0\1\2", "b.csv")
    yield "unreadable 3", month.night()
    month.put(month.last, "a.csv")
    month.put(month.rows(), "b.csv")
    yield "repeated 5", month.night()

    (month.inbox / "link.csv").symlink_to(month.made.config)
    yield "no_file 3", month.night()
    (month.inbox / "link.csv").unlink()
    results = max((month.inbox / "done").glob("*.results.csv"))
    month.put(results.read_text("utf-8"))
    yield "unreadable 2", month.night()
    month.put(month.rows(), "leads.csv.part")
    yield "no_file 3", month.night()
    (month.inbox / "leads.csv.part").unlink()
    month.put(month.last)
    yield "loaded 0", month.night()

    away = month.inbox.rename(month.inbox.with_name("away"))
    yield "held 2", month.night()
    away.rename(month.inbox)
    month.put(month.rows())
    yield "loaded 0", month.night()
    month.time -= timedelta(days=1, hours=1)  # the clock was set back, and the name is the same
    month.put(month.rows())
    yield "loaded 0", month.night()


def told_by_exit_code(code: int) -> list[str]:
    """What is called in a night that ends so."""
    return ["GET /beat/start", "POST /", "GET /beat" if code == 0 else "GET /beat/fail"]


def test_no_night_of_a_month_that_went_wrong_looks_right(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    """Exit code, JSON, what is kept, alert, heartbeat and metrics tell one story; nobody is called twice."""
    reactions: dict[str, Reaction | Turns] = {}

    def react(request: Request) -> Reaction | None:
        found = reactions.get(request.destination)
        if isinstance(found, Turns):
            reactions[request.destination] = found.reaction(1)
            return found.reaction(0)
        return found

    rules = {"min_rows": 5, "max_invalid": "20%", "columns": ["phone"], "max_age": "20h"}
    metrics = tmp_path / "metrics"
    metrics.mkdir()
    with FaultyDialer(react) as dialer, web_ear() as ear:
        given = settings(
            dialer,
            retry_for="0s",
            max_doubts=3,
            concurrency=1,
            alerts=f"json://{ear.host}",
            alert_on="always",
            heartbeat=f"http://{ear.host}/beat",
            metrics_folder=metrics,
        )
        month = Month(job(given, tmp_path / "inbox" / "*.csv", settle="30s", **rules), dialer)
        put(month.made.config, "[job.night]\n")
        month_of = chain(bad_lists(month), bad_dialers(month, reactions), odd_folders(month))
        for number, (expected, night) in enumerate(month_of, 1):
            told = f"{night.outcome} {int(night.exit_code)}"
            assert told == expected, (number, night.why)
            kept = last_run(given.home, month.made.config, "night")
            assert kept is not None
            assert f"{kept.outcome} {kept.exit_code}" == told
            values = json.loads(night_json(night))
            assert f"{values['outcome']} {values['exit_code']}" == told
            assert bool(night.why) == (expected not in {"loaded 0", "loaded 1", "loaded 7"})
            assert ear.calls[-3:] == told_by_exit_code(int(night.exit_code))
            alert = json.loads(ear.bodies[-2])
            assert alert["title"].startswith("bulk-loader, job night: ")
            assert alert["type"] == ("success" if night.exit_code == 0 else "failure")
            assert f"\nExit code: {int(night.exit_code)}\n" in alert["message"]
            written = (metrics / "bulk_loader_night.prom").read_text()
            assert f'bulk_loader_exit_code{{job="night"}} {float(night.exit_code)}\n' in written
            assert f'outcome="{night.outcome}"' in written
            month.time += timedelta(days=1)
        assert sorted(dialer.recorded) == sorted(month.wanted)
        assert number == 30
