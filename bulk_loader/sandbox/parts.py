"""The parts of the page that change, as HTML; every value is escaped here and nowhere else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bulk_loader.sandbox.charts import answers_chart, queue_chart, time_of_day
from bulk_loader.sandbox.views import Doing
from bulk_loader.simulation import Answer, State
from bulk_loader.visible import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bulk_loader.sandbox.look import Look
    from bulk_loader.sandbox.views import SeenAgent, SeenCall

_LONGEST = 120  # characters of a value; nobody reads more in a table
_MOST_FIELDS = 12

_DOING = {
    Doing.IDLE: "idle",
    Doing.CALLING: "calling",
    Doing.TALKING: "talking",
    Doing.WRITING: "writing it down",
}
_ANSWERS = {
    Answer.REACHED: "reached",
    Answer.BUSY: "busy",
    Answer.NO_ANSWER: "no answer",
    Answer.INVALID: "invalid number",
}
_STATES = {
    State.WAITING: "waiting",
    State.CALLING: "in a call",
    State.REACHED: "reached",
    State.UNREACHED: "not reached",
}


def parts_of(look: Look, address: str) -> dict[str, str]:
    """The inside of each element that changes, by its id, which is its name in the page's template.

    Args:
        address: where the sandbox listens.
    """
    return {
        "clock": _clock(look),
        "figures": "".join(_figures(look)),
        "agents": "".join(_agents(look)),
        "campaigns": "".join(_campaigns(look, address)),
        "queue_chart": queue_chart(look.timeline) or _nothing("Drawn while agents call."),
        "answers_chart": answers_chart(look.timeline)
        or _nothing("No call has ended in the last day."),
        "answers": "".join(_legend(look.answers)),
        "calls": "".join(map(_call, look.calls)) or _no_row(6, "None yet."),
        "tasks": "".join(_tasks(look)) or _no_row(8, "None yet."),
        "refusals": "".join(_refusals(look)) or _no_row(3, "None: everything was taken."),
    }


def _text(value: object) -> str:
    """A value, whatever it holds: no markup, no letters unseen, no other direction beside it."""
    text = str(value)
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"<bdi>{escape(on_one_line(shown))}</bdi>"


def _nothing(words: str) -> str:
    return f'<p class="quiet">{words}</p>'


def _row(*cells: str, minor: Iterable[int] = ()) -> str:
    """A row of a table; the minor cells are left out where it is narrow."""
    hidden = frozenset(minor)
    return "".join(
        ("<tr>", *(_cell(cell, is_minor=at in hidden) for at, cell in enumerate(cells)), "</tr>")
    )


def _cell(inside: str, *, is_minor: bool) -> str:
    return f'<td class="minor">{inside}</td>' if is_minor else f"<td>{inside}</td>"


def _no_row(columns: int, words: str) -> str:
    return f'<tr><td class="quiet" colspan="{columns}">{words}</td></tr>'


def _clock(look: Look) -> str:
    if not look.options.agents:
        return "Nobody is called: start it with --agents 5 to see its queue called."
    shown = time_of_day(look.now, "%a %d %b %Y, %H:%M:%S")
    speed = look.options.speed
    pace = "" if speed == 1 else f", {speed:g} times the usual speed"
    return f"The dialer's clock: {shown}{pace}; seed {look.options.seed}"


def _figures(look: Look) -> Iterator[str]:
    later = f", {look.later:,} of them later" if look.later else ""
    for words, count, kind in (
        ("tasks taken", look.taken, ""),
        ("tasks a second", round(look.per_second), ""),
        (f"waiting{later}", look.states[State.WAITING], ""),
        ("in a call", look.states[State.CALLING], ""),
        ("reached", look.states[State.REACHED], "good"),
        ("not reached", look.states[State.UNREACHED], ""),
        ("refused", look.refused, "bad" if look.refused else ""),
    ):
        yield f'<div class="{kind}"><dt>{words}</dt><dd>{count:,}</dd></div>'


def _agents(look: Look) -> Iterator[str]:
    yield from map(_agent, look.agents)
    more = look.agent_count - len(look.agents)
    if more:
        yield f'<li class="quiet">and {more:,} more</li>'
    if not look.agents:
        yield '<li class="quiet">No agents.</li>'


def _agent(agent: SeenAgent) -> str:
    call = agent.call
    form = (
        _nothing(f"{agent.calls:,} calls so far")
        if call is None
        else f'<p>{_text(call.number)}</p><p class="quiet">{_text(call.campaign)}</p>'
        f"<dl>{''.join(_form(call.data))}</dl>"
    )
    return (
        f'<li class="agent {agent.doing.value}"><h3>{_text(agent.agent)}'
        f" <span>{_DOING[agent.doing]}</span></h3>{form}</li>"
    )


def _form(data: str) -> Iterator[str]:
    """The fields that the agent's form shows: `name=value` pairs joined by `:`."""
    pairs = [pair.partition("=") for pair in data.split(":", _MOST_FIELDS)[:_MOST_FIELDS] if pair]
    for name, equals, value in pairs:
        label, text = (name, value) if equals else ("", name)
        yield f"<div><dt>{_text(label) if label else 'data'}</dt><dd>{_text(text)}</dd></div>"


def _campaigns(look: Look, address: str) -> Iterator[str]:
    for name, states in look.campaigns.items():
        counts = [f"{states[state]:,}" for state in State]
        yield _row(_text(name), *counts, minor=(2,))
    more = look.campaign_count - len(look.campaigns)
    if more:
        yield _no_row(5, f"and {more:,} more")
    if not look.campaigns:
        command = f"BULK_LOADER_TOKEN=sandbox bulk-loader upload FILE --url {address}"
        yield _no_row(
            5, f"No task has arrived yet. This sends some: <code>{escape(command)}</code>"
        )


def _legend(answers: Mapping[Answer, int]) -> Iterator[str]:
    total = sum(answers.values())
    for answer, count in answers.items() if total else ():
        yield (
            f'<li><span class="key {answer.value}"></span>{_ANSWERS[answer]}'
            f" <strong>{count:,}</strong> ({count / total:.0%})</li>"
        )


def _call(call: SeenCall) -> str:
    if call.answer is not None:
        became = _ANSWERS[call.answer]
    else:
        became = "ringing" if call.answered_at is None else "talking"
    end = call.ended_at
    talked_s = None if end is None or call.answered_at is None else end - call.answered_at
    return _row(
        time_of_day(call.began_at, "%H:%M:%S"),
        _text(call.number),
        became,
        "" if talked_s is None else f"{talked_s // 60:.0f}:{talked_s % 60:02.0f}",
        _text(call.agent),
        _text(call.campaign),
        minor=(3, 5),
    )


def _tasks(look: Look) -> Iterator[str]:
    for queued in look.tasks:
        task = queued.task
        yield _row(
            f"{queued.id:,}",
            _text(task.destination),
            _STATES[queued.state],
            _text(task.campaign),
            _text(task.calldate or "as soon as possible"),
            _text(task.alternatives),
            _text(task.agent),
            _text(task.data),
            minor=(3, 4, 5, 6, 7),
        )


def _refusals(look: Look) -> Iterator[str]:
    for refusal in look.refusals:
        received = time_of_day(refusal.received_at.timestamp(), "%H:%M:%S")
        yield _row(f"{refusal.id:,}", received, _text(refusal.reason), minor=(1,))
