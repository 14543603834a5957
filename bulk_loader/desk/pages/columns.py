"""The second step: how the file is read, and which column feeds which field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.choices import HiddenRows
from bulk_loader.desk.memory import begun_anew, recalled, remember
from bulk_loader.desk.records import FORM_SETTINGS, STAND_INS, Choices
from bulk_loader.desk.rendering import Told
from bulk_loader.desk.told import profile_names
from bulk_loader.desk.visit import whole_number
from bulk_loader.desk.words import FIELD_WORDS
from bulk_loader.errors import LoaderError
from bulk_loader.model import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response

    from bulk_loader.desk.records import ListRecord
    from bulk_loader.desk.visit import Visit
    from bulk_loader.workflows.look import Look, SeenColumn

MAX_COLUMNS = 150
"""Columns that can be chosen from; a sheet may have sixteen thousand, nearly all of them empty."""

RARE = frozenset({Field.AGENT, Field.SOURCE, Field.BULK, Field.AUTOMATIC})
"""Fields that few lists have a column for."""

ALTERNATIVES = 3
"""Drop-downs for other numbers, at the least."""


@dataclass(frozen=True, slots=True)
class Fed:
    """A field on the page.

    Attributes:
        chosen: for each of its drop-downs the position of a column; None for none.
        samples: of the columns that are chosen.
    """

    field: Field
    chosen: tuple[int | None, ...]
    samples: tuple[tuple[str, ...], ...]


def show(visit: Visit) -> Response:
    """Each field beside the column that feeds it."""
    record = visit.record
    if record.is_sending:
        return visit.go(record, "progress")
    try:
        done = visit.office.look(record).wait()
    except LoaderError as error:
        return _show(visit, record, None, error)
    if done is None:
        return visit.show("waiting.html", record=record, step="columns", notes=())
    if done.result is not None and done.result.is_results:
        change = {"is_results": True}
        visit.office.shelf.change(record.id, lambda now: now.model_copy(update=change))
        return visit.go(record, "check")
    source = done.result.source if done.result is not None else None
    if recalled(record, source, visit.office.memory) != record:
        changed = _change(visit, lambda now: recalled(now, source, visit.office.memory))
        if changed is not None and changed.edition != record.edition:
            return visit.go(record, "columns")
        record = changed or record
    fault = done.error or (done.result.fault if done.result else None)
    return _show(visit, record, done.result, fault)


def read(visit: Visit) -> Response:
    """Read the file in another way; what was said of its columns is another file's then."""
    given = {name: visit.text(name).strip() for name in FORM_SETTINGS}
    _say(visit, given, profile=visit.text("profile"), table=None)
    return visit.go(visit.record, "columns")


def begin_anew(visit: Visit) -> Response:
    """Take nothing over from another list; where it is asked for, from none to come either."""
    record = visit.record
    if visit.text("forget"):
        visit.office.memory.forget(record.header)
    if visit.edition == record.edition:
        _change(visit, begun_anew)
    return visit.go(record, "columns")


def choose(visit: Visit) -> Response:
    """Take the columns that were chosen; the check finds out whether they fit."""
    record = visit.record
    done = visit.office.look(record).wait(None)
    seen = done.result if done else None
    if seen is None or seen.source is None or visit.edition != record.edition:
        return visit.go(record, "columns", stale="1")
    given = {name: visit.text(name).strip() for name in STAND_INS}
    table = _chosen(visit, record, seen)
    changed = _say(visit, given, profile=record.choices.profile, table=table)
    if changed is not None and not changed.is_sending:
        remember(changed, seen.source, visit.office.memory)
    return visit.go(record, "check")


def _change(visit: Visit, change: Callable[[ListRecord], ListRecord]) -> ListRecord | None:
    """Change what is known of a list, unless it is being sent."""

    def changed(now: ListRecord) -> ListRecord:
        return now if now.is_sending else change(now)

    return visit.office.shelf.change(visit.record.id, changed)


def _say(
    visit: Visit, given: dict[str, str], profile: str, table: dict[str, tuple[str, ...]] | None
) -> ListRecord | None:
    def changed(now: ListRecord) -> ListRecord:
        said = {name: text for name, text in {**now.choices.settings, **given}.items() if text}
        choices = Choices(profile=profile, settings=said, map=table)
        if choices == now.choices:
            return now
        change = {
            "choices": choices,
            "header": now.header if profile == now.choices.profile else "",
            "as_for": None,
            "is_anew": True,
            "edition": now.edition + 1,
        }
        return now.model_copy(update=change)

    return _change(visit, changed)


def _chosen(visit: Visit, record: ListRecord, seen: Look) -> dict[str, tuple[str, ...]] | None:
    """The columns by field; as before where the form says what the page showed."""
    labels = [column.label for column in seen.columns]
    table: dict[str, tuple[str, ...]] = {}
    for field in FIELD_WORDS:
        positions = [whole_number(text, -1) for text in visit.texts(f"map-{field.value}")]
        chosen = [labels[at] for at in positions if 0 <= at < len(labels)]
        table[field.value] = tuple(dict.fromkeys(chosen))
    shown = {field.value: tuple(seen.fed.columns.get(field, ())) for field in FIELD_WORDS}
    return record.choices.map if table == shown and seen.fed.columns else table


def _show(
    visit: Visit, record: ListRecord, seen: Look | None, fault: LoaderError | None
) -> Response:
    columns = seen.columns if seen else ()
    fed = [_fed(field, record, seen) for field in FIELD_WORDS] if seen else []
    offered = _offered(columns, [at for each in fed for at in each.chosen if at is not None])
    fields = ("profile", *FORM_SETTINGS, *STAND_INS)
    return visit.show(
        "columns.html",
        status=422 if fault else 200,
        errors=[Told.of(fault, fields)] if fault else [],
        record=record,
        choices=record.choices,
        source=seen.source if seen else None,
        sheets=seen.sheets if seen else (),
        fed=[each for each in fed if each.field not in RARE],
        rare=[each for each in fed if each.field in RARE],
        offered=offered,
        hidden_columns=len(columns) - len(offered),
        hidden_words=[word.value for word in HiddenRows],
        profiles=profile_names(visit.office.options.flags),
        made_of=seen.fed.template_columns if seen else (),
        is_stale="stale" in visit.query,
    )


def _offered(columns: Sequence[SeenColumn], chosen: Sequence[int]) -> list[tuple[int, SeenColumn]]:
    """The columns to choose from with their positions: those that hold anything, or are chosen."""
    filled = [
        at for at, column in enumerate(columns) if column.samples or len(columns) < MAX_COLUMNS
    ]
    return [(at, columns[at]) for at in sorted({*filled[:MAX_COLUMNS], *chosen})]


def _fed(field: Field, record: ListRecord, seen: Look) -> Fed:
    labels = seen.fed.columns.get(field, ())
    if not labels and record.choices.map:
        labels = record.choices.map.get(field.value, ())  # as it was chosen, though it does not fit
    positions = {column.label: at for at, column in enumerate(seen.columns)}
    chosen = tuple(positions[label] for label in labels if label in positions)
    samples = tuple(seen.columns[at].samples for at in chosen)
    room = max(ALTERNATIVES, len(chosen) + 1) if field is Field.ALTERNATIVES else 1
    return Fed(field, (*chosen, *(None,) * (room - len(chosen))), samples)
