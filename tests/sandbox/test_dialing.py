from __future__ import annotations

import http.client
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from bulk_loader.sandbox import Sandbox, SandboxOptions
from bulk_loader.sandbox.dialing import MOST_JOINED
from bulk_loader.simulation import Answer, State
from tests.sandbox.asking import CALL, FORM, TASK, send
from tests.sandbox.floor import DAY_S, NOON_S, Floor, many

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CALLS = "SELECT * FROM calls ORDER BY id"
TURNS = "SELECT * FROM turns ORDER BY id"


@pytest.fixture
def floor() -> Iterator[Floor]:
    """Two agents by a usual clock, and nobody in the queue."""
    made = Floor()
    yield made
    made.close()


def state(floor: Floor, number: int) -> State:
    """What became of the task with that id."""
    return next(each.state for each in floor.store.after(number - 1, 1))


def test_the_queue_is_called_in_its_order(floor: Floor) -> None:
    """By as many at once as there are agents, until nobody waits."""
    floor.take(*many(3))
    floor.run(0.5)
    assert [state(floor, number) for number in (1, 2, 3)] == [
        State.CALLING,
        State.CALLING,
        State.WAITING,
    ]
    floor.run(DAY_S)
    assert all(state(floor, number).is_final for number in (1, 2, 3))
    records = floor.rows("SELECT record, began_at FROM calls ORDER BY id")
    assert [record for record, _ in records] == [1, 2, 3]
    assert records[0][1] == NOON_S


def test_a_fast_clock_makes_a_day_short() -> None:
    """A minute outside is an hour inside, by which a date is waited for."""
    floor = Floor(speed=60)
    later = datetime.fromtimestamp(NOON_S + 3600, UTC).astimezone()  # in the zone of this machine
    floor.take("1", calldate=f"{later:%Y-%m-%d %H:%M:%S}")
    floor.run(59.9)
    assert state(floor, 1) is State.WAITING
    floor.run(0.2)
    assert floor.rows("SELECT began_at FROM calls") == [(NOON_S + 3600,)]
    floor.close()


def test_a_task_for_an_agent_waits_for_that_one(floor: Floor) -> None:
    """Also with spaces around the extension; one for an agent who is not there waits on."""
    floor.take(*many(3), agent=" 1002 ")
    floor.take("9", agent="2000")
    floor.run(DAY_S)
    assert floor.rows("SELECT DISTINCT agent FROM calls") == [("1002",)]
    assert state(floor, 4) is State.WAITING


def test_alternatives_are_called_where_nobody_answers() -> None:
    """The file keeps each call with its number, and the task ends in one state."""
    floor = Floor(agents=("1",))
    floor.take(*many(40), alternatives="M=1=77:88")
    floor.run(DAY_S, steps=20)
    states = Counter(each.state for each in floor.store.after(0))
    assert set(states) == {State.REACHED, State.UNREACHED}
    by_record: dict[object, list[object]] = {}
    for record, answer in floor.rows("SELECT record, answer FROM calls ORDER BY id"):
        by_record.setdefault(record, []).append(answer)
    for answers in by_record.values():
        assert Answer.REACHED not in answers[:-1]
        assert answers[-1] == Answer.REACHED or len(answers) >= 3
    floor.close()


@pytest.mark.parametrize("pause_s", [0, 7])
@pytest.mark.parametrize("after_s", [0.1, 30, 300])
def test_a_restart_in_the_middle_gives_the_same_day(
    tmp_path: Path, after_s: float, pause_s: float
) -> None:
    """Killed at any moment, it goes on by its file: the same calls at the same moments."""
    whole, broken = (
        Floor(tmp_path / name, speed=3600, agents=("1", "2", "3")) for name in ("whole", "broken")
    )
    for floor in (whole, broken):
        floor.take(*many(120), alternatives="M=2=77:88")
    whole.run(600, steps=600)
    broken.run(after_s, steps=10)
    broken.store.close()
    again = Floor(tmp_path / "broken", broken.time_s + pause_s, speed=3600, agents=("1", "2", "3"))
    again.run(600, steps=400)
    assert again.rows(CALLS) == whole.rows(CALLS)
    assert again.rows(TURNS) == whole.rows(TURNS)
    assert again.dialing.book.tally == whole.dialing.book.tally
    whole.close()
    again.close()


def test_killed_again_and_again_it_gives_the_same_day() -> None:
    """At every moment: while it rings, in talks, while agents write, and while they are idle."""
    whole, broken = (Floor(speed=3600, agents=("1", "2", "3")) for _ in range(2))
    for floor in (whole, broken):
        floor.take(*many(60), alternatives="M=1=77:88")
        for minute in range(200, 400, 4):  # when the others are done, so that agents are idle
            later = datetime.fromtimestamp(NOON_S + minute * 60, UTC).astimezone()
            floor.take(f"5{minute}", calldate=f"{later:%Y-%m-%d %H:%M:%S}")
    whole.run(60, steps=60)
    while not all(each.state.is_final for each in broken.store.after(0)):
        kept = broken.dialing.book.now()
        while broken.dialing.book.now() == kept:  # until something has happened
            broken.run(0.005)
        broken.begin()
    assert broken.rows(CALLS) == whole.rows(CALLS)
    assert broken.rows(TURNS) == whole.rows(TURNS)
    whole.close()
    broken.close()


def test_a_fast_clock_goes_on_from_where_it_was(tmp_path: Path) -> None:
    """It does not fall back to the day outside, whatever its speed is now."""
    floor = Floor(tmp_path / "queue", speed=60)
    floor.take("1")
    floor.run(60)
    floor.close()
    again = Floor(tmp_path / "queue", at_s=floor.time_s, speed=1)
    assert again.dialing.now == NOON_S + 3600
    again.run(7)
    assert again.dialing.now == NOON_S + 3607
    again.close()


def test_while_it_was_off_nobody_was_called(tmp_path: Path) -> None:
    """With a usual clock the day outside goes on, and who waits has their turn after it."""
    floor = Floor(tmp_path / "queue", agents=("1",))
    floor.take(*many(3))
    floor.run(1)
    floor.close()
    again = Floor(tmp_path / "queue", at_s=floor.time_s + DAY_S, agents=("1",))
    again.run(1)
    first, second = again.rows("SELECT began_at FROM calls")
    assert (first[0], second[0]) == (NOON_S, NOON_S + 1 + DAY_S)
    again.close()


def test_the_tally_of_the_file_is_the_tally_of_the_day(floor: Floor) -> None:
    """What is counted as it goes is what a restart counts, in the middle of calls as well."""
    floor.take(*many(60), alternatives="M=1=77:88")
    for _ in range(40):
        floor.run(97)
        kept = floor.dialing.book.tally
        floor.begin()
        counted = floor.dialing.book.tally
        assert counted.answers == +kept.answers
        assert {name: +states for name, states in counted.campaigns.items()} == {
            name: +states for name, states in kept.campaigns.items()
        }
        assert counted.agents.keys() == kept.agents.keys()


def test_without_agents_nobody_is_called(tmp_path: Path) -> None:
    """The queue only fills, as it always did, and no thread is there for it."""
    with Sandbox(SandboxOptions(db=tmp_path / "queue")) as sandbox:
        assert send(sandbox).body == "1"
        assert not sandbox._dialing._thread.is_alive()
    floor = Floor(tmp_path / "queue", agents=())
    assert floor.rows(TURNS) == floor.rows(CALLS) == []
    floor.close()


def test_tasks_from_before_the_agents_came_are_called(tmp_path: Path) -> None:
    """They have waited, and are the first."""
    floor = Floor(tmp_path / "queue", agents=())
    floor.take(*many(2))
    floor.close()
    again = Floor(tmp_path / "queue", at_s=NOON_S + 60)
    again.run(1)
    assert again.rows("SELECT record, began_at FROM calls") == [
        (1, NOON_S + 60),
        (2, NOON_S + 60),
    ]
    again.close()


def test_a_file_from_before_there_were_agents_is_called(tmp_path: Path) -> None:
    """It has the queue alone; what is new is added to it."""
    floor = Floor(tmp_path / "queue", agents=())
    floor.take(*many(3))
    for table in ("turns", "calls", "minutes", "clock"):
        floor.rows(f"DROP TABLE {table}")
    floor.close()
    again = Floor(tmp_path / "queue")
    again.run(DAY_S)
    assert again.rows("SELECT COUNT(*) FROM turns WHERE state LIKE '%reached'") == [(3,)]
    again.close()


def test_other_agents_take_over(tmp_path: Path) -> None:
    """Where a restart has others, a call of one who is gone ends, and nobody is called twice."""
    floor = Floor(tmp_path / "queue", speed=3600, agents=("1", "2"))
    floor.take(*many(20))
    floor.run(0.02)
    floor.close()
    again = Floor(tmp_path / "queue", at_s=floor.time_s, speed=3600, agents=("2", "3", "4"))
    again.run(600)
    assert again.rows("SELECT COUNT(*) FROM turns WHERE state LIKE '%reached'") == [(20,)]
    assert again.rows("SELECT COUNT(DISTINCT record), COUNT(*) FROM calls") == [(20, 20)]
    ((last_of_1,),) = again.rows("SELECT MAX(began_at) FROM calls WHERE agent = '1'")
    assert isinstance(last_of_1, float)
    assert last_of_1 <= NOON_S + 0.02 * 3600
    again.close()


def test_two_sandboxes_can_not_both_dial_one_file(tmp_path: Path) -> None:
    """The second that wants to call the same task stops, and says so; no call is made twice."""
    lines: list[str] = []
    options = SandboxOptions(db=tmp_path / "queue", agents=("1",), speed=3600)
    with Sandbox(options, lines.append) as one, Sandbox(options, lines.append) as other:
        for _ in range(10):
            send(one)
        while one._dialing._thread.is_alive() and other._dialing._thread.is_alive():
            time.sleep(0.01)
    assert lines[0].startswith("Nobody is called any more")
    floor = Floor(tmp_path / "queue")
    rows = floor.rows("SELECT record, position, COUNT(*) FROM calls GROUP BY 1, 2")
    assert {count for _, _, count in rows} == {1}
    floor.close()


def test_a_long_list_joins_in_parts(floor: Floor) -> None:
    """So that taking tasks is not held up; none of them is left out."""
    floor.take(*many(2 * MOST_JOINED + 1))
    for joined in (1, 2, 3):
        floor.run(0.1)
        ((count,),) = floor.rows("SELECT COUNT(*) FROM turns")
        assert count == min(joined * MOST_JOINED, 2 * MOST_JOINED + 1)


def test_a_file_that_is_full_ends_the_dialing_and_says_so(tmp_path: Path) -> None:
    """Tasks are still taken or refused; nothing is called that is not kept."""
    lines: list[str] = []
    with Sandbox(SandboxOptions(db=tmp_path / "queue", agents=("1",)), lines.append) as sandbox:
        with sandbox._store.database.alone() as connection:
            connection.execute("DROP TABLE turns")  # as good as any fault of the file
        sandbox._dialing._thread.join()
        assert sandbox._server.started
    (line,) = lines
    assert line.startswith("Nobody is called any more: the calls can't be written")


def test_a_step_that_can_not_be_kept_has_not_happened(floor: Floor) -> None:
    """All of it or nothing is in the file."""
    floor.take(*many(3))
    floor.rows("DROP TABLE minutes")
    with pytest.raises(sqlite3.Error):
        floor.run(1)
    assert floor.rows(TURNS) == floor.rows(CALLS) == []
    assert floor.dialing.book.tally.not_waiting() == 0


def test_who_is_called_waits_no_longer(floor: Floor) -> None:
    """A look at what waits, as clients have it, does not count whom the agents have called."""
    floor.take(*many(5))
    floor.run(1)
    assert floor.store.waiting(is_dated=False) == {"A<-": 3}


def test_a_sandbox_calls_by_itself(tmp_path: Path) -> None:
    """From its start to its end, beside the taking of tasks; what it did is in the file."""
    options = SandboxOptions(db=tmp_path / "queue", agents=("1001", "1002"), speed=3600)
    with Sandbox(options) as sandbox:
        for number in range(5):
            assert send(sandbox, destination=f"099{number}").body == "1"
        while not all(each.state.is_final for each in sandbox.queue()):
            time.sleep(0.01)
    with Sandbox(options) as again:
        assert all(each.state.is_final for each in again.queue())
        assert again.queued == 5


def test_a_killed_sandbox_goes_on(tmp_path: Path) -> None:
    """A real process, killed while its agents talk: nobody is called again, nobody is forgotten."""
    db = tmp_path / "queue"
    program = (
        "import threading\n"
        "from pathlib import Path\n"
        "from bulk_loader.sandbox import Sandbox, SandboxOptions\n"
        f"options = SandboxOptions(db=Path({str(db)!r}), agents=('1', '2'), speed=600)\n"
        "with Sandbox(options) as sandbox:\n"
        "    print(sandbox.url, flush=True)\n"
        "    threading.Event().wait()\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    connection = http.client.HTTPConnection(started.stdout.readline().strip()[7:], timeout=200)
    headers = {"Content-Type": FORM, "Authorization": "Basic sandbox"}
    for number in many(30):
        call = json.dumps(CALL | {"destination": number})
        connection.request("POST", TASK, urlencode({"call": call}), headers)
        assert connection.getresponse().read() == b"1"
    connection.request("GET", "/api/queue")
    while b'"reached"' not in connection.getresponse().read():
        time.sleep(0.01)
        connection.request("GET", "/api/queue")
    started.kill()
    started.communicate(timeout=200)
    connection.close()
    with Sandbox(SandboxOptions(db=db, agents=("1", "2"), speed=3600)) as sandbox:
        while not all(each.state.is_final for each in sandbox.queue()):
            time.sleep(0.01)
        rows = sandbox._store.database.rows("SELECT record, COUNT(*) FROM calls GROUP BY record")
    assert rows == [(number, 1) for number in range(1, 31)]
