"""What the sandbox takes for a task, and what it says of everything else."""

from __future__ import annotations

import json
from dataclasses import asdict
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.model import DialerTask
from bulk_loader.sandbox.checks import FORM, NotATaskError, read_form, read_task

GOOD = {
    "calldate": None,
    "campaign": "POWER<-",
    "destination": "0123456789",
    "alternatives": "",
    "agent": "",
    "data": "idcustomer=7",
    "source": "source",
    "bulk": False,
    "automatic": True,
}

characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters)
filled = texts.filter(str.strip)
numbers = filled.filter(lambda text: not text.startswith(" "))
tasks = st.builds(
    DialerTask,
    calldate=st.none()
    | st.datetimes().map(lambda date: f"{date:%H:%M:%S}").map("2026-11-23 ".__add__),
    campaign=filled,
    destination=numbers,
    alternatives=texts,
    agent=texts,
    data=texts,
    source=filled,
    bulk=st.booleans(),
    automatic=st.booleans(),
)


def sent(values: object) -> bytes:
    """The form that carries these values."""
    return urlencode({"call": json.dumps(values)}).encode()


def fault_of(body: bytes, content_type: str = FORM) -> str:
    """Why this is no task."""
    with pytest.raises(NotATaskError) as caught:
        read_task(content_type, body)
    return str(caught.value)


@given(tasks, st.booleans())
def test_a_task_arrives_as_it_was_sent(task: DialerTask, ascii_only: bool) -> None:
    """Any text comes back the same, escaped as ASCII or sent as UTF-8."""
    body = urlencode({"call": json.dumps(asdict(task), ensure_ascii=ascii_only)}).encode()
    assert read_task(FORM, body) == task


@pytest.mark.parametrize("charset", ["utf-8", "latin-1"])
@pytest.mark.parametrize("encode", [quote, lambda data: data], ids=["percent", "raw"])
def test_names_survive_both_charsets(charset: str, encode: object) -> None:
    """A name with ñ is read the same from UTF-8 and Latin-1, percent-encoded or raw."""
    call = json.dumps(GOOD | {"data": "name=Muñoz"}, ensure_ascii=False).encode(charset)
    encoded = quote(call).encode() if encode is quote else call
    assert read_task(FORM, b"call=" + encoded).data == "name=Muñoz"


def test_a_declared_charset_is_believed() -> None:
    """The charset parameter of the Content-Type decides where there is one."""
    content_type = 'Application/X-WWW-Form-Urlencoded; charset="windows-1252"'
    assert read_form(content_type, b"name=%80") == [("name", "€")]


@pytest.mark.parametrize("charset", ["utf-8", "no-such-charset"])
def test_a_wrongly_declared_charset_is_refused(charset: str) -> None:
    """Bytes that do not fit the declared charset are not guessed at."""
    assert charset in fault_of(b"call=%F1", f"{FORM}; charset={charset}")


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data"])
def test_only_a_form_is_read(content_type: str) -> None:
    """The refusal names the Content-Type that came and the one that is needed."""
    fault = fault_of(sent(GOOD), content_type)
    assert f'"{content_type}"' in fault
    assert FORM in fault


@pytest.mark.parametrize(
    ("body", "telling"),
    [
        (b"", 'has 0 fields "call"'),
        (b"CALL=%7B%7D", 'has 0 fields "call"'),
        (sent(GOOD) + b"&" + sent(GOOD), 'has 2 fields "call"'),
        (b"call=", "is not JSON"),
        (b"call=%7Bcampaign%7D", "is not JSON"),
        (b"call=" + b"[" * 100_000, "is not JSON"),
        (b"call=[1]", "holds a list"),
        (b"call=%22text%22", "holds a string"),
        (b"call=null", "holds null"),
        (b'call={"bulk":false,"bulk":true}', "stands twice"),
    ],
)
def test_a_call_that_is_no_object_is_refused(body: bytes, telling: str) -> None:
    """The reason says what stands in the place of the one JSON object."""
    assert telling in fault_of(body)


@pytest.mark.parametrize("key", list(GOOD))
def test_each_of_the_nine_keys_is_needed(key: str) -> None:
    """A missing key is named, whichever it is."""
    values = {name: value for name, value in GOOD.items() if name != key}
    assert fault_of(sent(values)) == f'the key "{key}" is missing'


def test_a_key_beyond_the_nine_is_refused() -> None:
    """A slip in a key's name shows at once, as the missing key and the unknown one."""
    values = {("campain" if name == "campaign" else name): value for name, value in GOOD.items()}
    assert fault_of(sent(values)) == 'the key "campaign" is missing; the key "campain" is unknown'


@pytest.mark.parametrize(
    ("key", "value", "telling"),
    [
        ("campaign", "", "is empty"),
        ("campaign", " \t", "is empty"),
        ("destination", "", "is empty"),
        ("source", "", "is empty"),
        ("destination", 123456789, "is a number, a string is needed"),
        ("destination", " 59899123456", "a + does that was not percent-encoded"),
        ("alternatives", ["1", "2"], "is a list, a string is needed"),
        ("agent", None, "is null, a string is needed"),
        ("data", {"name": "x"}, "is an object, a string is needed"),
        ("data", "\ud800", "half of a surrogate pair"),
        ("source", True, "is a boolean, a string is needed"),
        ("bulk", "false", "is a string, true or false is needed"),
        ("automatic", 1, "is a number, true or false is needed"),
        ("calldate", "23/11/2026", "neither null nor a real date"),
        ("calldate", "2026-02-30 10:00:00", "neither null nor a real date"),
        ("calldate", "2026-11-23T10:00:00", "neither null nor a real date"),
        ("calldate", "2026-11-23 10:00", "neither null nor a real date"),
        ("calldate", "٢٠٢٦-11-23 10:00:00", "neither null nor a real date"),
        ("calldate", 20261123, "neither null nor a real date"),
    ],
)
def test_a_wrong_value_is_refused(key: str, value: object, telling: str) -> None:
    """The reason names the key and what is wrong with its value."""
    fault = fault_of(sent(GOOD | {key: value}))
    assert fault.startswith(f'"{key}" ')
    assert telling in fault


def test_all_faults_are_told_at_once() -> None:
    """Whoever mends a task need not find its faults one by one."""
    fault = fault_of(sent(GOOD | {"campaign": "", "bulk": "no", "calldate": "soon"}))
    assert fault.count(";") == 2


def test_what_is_not_mandatory_may_be_empty() -> None:
    """The vendor's page lets keys that are not mandatory be sent empty; the date is one."""
    values = GOOD | {"calldate": "", "data": ""}
    assert asdict(read_task(FORM, sent(values))) == values
