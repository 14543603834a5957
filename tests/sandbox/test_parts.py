"""The page's changing parts, made of a sandbox's state without any server."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from bulk_loader.sandbox.desk import Desk
from bulk_loader.sandbox.look import MOST_AGENTS, MOST_CAMPAIGNS, SHOWN, Look, Onlooker
from bulk_loader.sandbox.parts import parts_of
from bulk_loader.sandbox.sessions import Sessions
from bulk_loader.sandbox.views import Views
from bulk_loader.visible import on_one_line
from tests.sandbox.floor import Floor, many

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESS = "http://127.0.0.1:8080"
EVIL = '<img src=x onerror="alert(1)">&amp;\'"\u202e'


class Tags(HTMLParser):
    """Names of tags and attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {tag, *(name for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


@pytest.fixture
def floor() -> Iterator[Floor]:
    """Two agents, and nobody to call yet."""
    made = Floor(speed=60, seed=7)
    yield made
    made.close()


def onlooker(floor: Floor, time_s: float = 0.0) -> Onlooker:
    """One who looks for the first time."""
    desk = Desk(floor.options, floor.store, Sessions(floor.options), print)
    views = Views(floor.store, floor.dialing)
    return Onlooker(floor.options, floor.store, desk, views, lambda: time_s)


def parts(floor: Floor) -> dict[str, str]:
    """What the page shows now."""
    return parts_of(onlooker(floor).look(), ADDRESS)


def text(html: str) -> str:
    """What a person reads."""
    return " ".join(Tags(html).text.split())


def test_no_value_can_be_markup(floor: Floor) -> None:
    """Whatever a task holds in any of its keys: it is text, and turns nothing around."""
    keys = ("campaign", "alternatives", "agent", "data", "source")
    floor.take(EVIL, **dict.fromkeys(keys, EVIL))
    floor.take(EVIL, data=f"{EVIL}={EVIL}:{EVIL}", campaign=EVIL, alternatives=EVIL)
    floor.run(0.1)
    shown = parts(floor)
    names = Tags("".join(shown.values())).names
    assert names.isdisjoint({"img", "src", "onerror", "script", "style"})
    for name in ("campaigns", "tasks", "agents", "calls"):
        assert on_one_line(EVIL) in Tags(shown[name]).text
        assert "\u202e" not in shown[name]


def test_a_call_shows_the_agents_form(floor: Floor) -> None:
    """Each pair of `data` with its name; what is no pair is shown as it is."""
    floor.take("0991", data="idcustomer=7:name=Ana=Bea:note")
    floor.run(0.01)
    assert text(parts(floor)["agents"]) == (
        "1001 calling 0991 A<- idcustomer 7 name Ana=Bea data note 1002 idle 0 calls so far"
    )


def test_figures_and_campaigns_add_up(floor: Floor) -> None:
    """The fullest campaign first; who waits for later is told apart."""
    floor.take(*many(5), campaign="B->")
    floor.take("7", calldate="9999-01-01 00:00:00")
    floor.run(0.01)
    shown = parts(floor)
    assert text(shown["campaigns"]) == "B-> 3 2 0 0 A<- 1 0 0 0"
    assert "waiting, 1 of them later 4" in text(shown["figures"])
    assert text(shown["figures"]).startswith("tasks taken 6")


def test_the_clock_tells_its_speed_and_seed(floor: Floor) -> None:
    """So that a day can be had again."""
    assert text(parts(floor)["clock"]).endswith("60 times the usual speed; seed 7")
    nobody = Floor(agents=())
    assert "--agents 5" in parts(nobody)["clock"]
    nobody.close()


def test_an_empty_sandbox_says_what_to_do(floor: Floor) -> None:
    """With its own address; and no list is simply blank."""
    shown = parts(floor)
    assert f"bulk-loader upload FILE --url {ADDRESS}" in shown["campaigns"]
    assert all(text(part) for name, part in shown.items() if name != "answers")


def test_the_page_shows_the_beginning_of_long_lists() -> None:
    """Whatever a sandbox holds, and however long its values are."""
    crowd = Floor(agents=tuple(map(str, range(MOST_AGENTS + 3))))
    for number in range(MOST_CAMPAIGNS + 4):
        long = "x=" + "y" * 5000 + ":z" * 5000
        crowd.take(f"{number}1", f"{number}2", campaign=f"C{number}", data=long)
    crowd.run(0.1)
    shown = parts(crowd)
    assert shown["agents"].count('class="agent ') == MOST_AGENTS
    assert "and 3 more" in shown["agents"]
    assert "and 4 more" in shown["campaigns"]
    assert shown["tasks"].count("<tr>") == shown["calls"].count("<tr>") == SHOWN
    assert len("".join(shown.values())) < 150_000
    crowd.close()


def test_calls_say_what_became_of_them(floor: Floor) -> None:
    """And how long the talk was; the legend has the sums."""
    floor.take(*many(60))
    floor.run(60)
    shown = parts(floor)
    assert "reached" in text(shown["answers"])
    assert "%" in text(shown["answers"])
    assert set(Tags(shown["queue_chart"]).names) >= {"svg", "polyline"}
    assert set(Tags(shown["answers_chart"]).names) >= {"svg", "rect"}


def test_many_pages_cost_one_look(floor: Floor) -> None:
    """Within a second everybody is shown the same; then it is looked anew, and the pace is told."""
    now = [0.0]
    desk = Desk(floor.options, floor.store, Sessions(floor.options), print)
    watcher = Onlooker(
        floor.options, floor.store, desk, Views(floor.store, floor.dialing), lambda: now[0]
    )

    def look_at(at_s: float) -> Look:
        now[0] = at_s
        return watcher.look()

    first = look_at(100)
    floor.take(*many(30))
    assert look_at(100.9) is first
    later = look_at(102)
    assert (first.per_second, later.per_second, later.taken) == (0, 15, 30)
