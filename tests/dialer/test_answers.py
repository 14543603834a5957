from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.codes import OutcomeCode
from bulk_loader.dialer.answers import (
    MAX_LOCATION_LENGTH,
    Answer,
    DialerRefusedError,
    ThrottledError,
    WrongAddressError,
    parse_retry_after,
    read_answer,
)
from bulk_loader.model import Status

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def read(status: int, body: bytes | None = b"", **headers: str) -> Answer:
    """The meaning of an answer at a dialer with the usual settings."""
    return read_answer(status, body, retry_503=False, **headers)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", [b"1", b" 1", b"1\n", b"\r\n\t 1 \r\n"])
def test_a_one_is_accepted(status: int, body: bytes) -> None:
    """Any 2xx whose body is `1`, with white space around it or without."""
    assert read(status, body) == Answer(Status.ACCEPTED)


@pytest.mark.parametrize("body", [b"0", b" 0\n"])
def test_a_zero_is_rejected(body: bytes) -> None:
    """The dialer says no, so the lead may be sent again."""
    assert read(200, body) == Answer(Status.REJECTED, OutcomeCode.ANSWERED_0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", OutcomeCode.EMPTY_ANSWER),
        (b"  \n", OutcomeCode.EMPTY_ANSWER),
        (b"<!DOCTYPE html><h1>Sign in</h1>", OutcomeCode.WEB_PAGE),
        (b"  <html>", OutcomeCode.WEB_PAGE),
        (b"10", OutcomeCode.UNCLEAR_ANSWER),
        (b"1 0", OutcomeCode.UNCLEAR_ANSWER),
        (b"01", OutcomeCode.UNCLEAR_ANSWER),
        (b'"1"', OutcomeCode.UNCLEAR_ANSWER),
        (b"true", OutcomeCode.UNCLEAR_ANSWER),
        (b"-1", OutcomeCode.UNCLEAR_ANSWER),
        (b"1\x00", OutcomeCode.UNCLEAR_ANSWER),
        ("\u0661".encode(), OutcomeCode.UNCLEAR_ANSWER),
        (b"\xef\xbb\xbf1", OutcomeCode.UNCLEAR_ANSWER),
        (None, OutcomeCode.ANSWER_TOO_LONG),
    ],
)
def test_any_other_body_is_unknown(body: bytes | None, code: OutcomeCode) -> None:
    """What is neither `1` nor `0` says nothing, however much it looks like one."""
    assert read(200, body) == Answer(Status.UNKNOWN, code, "200")


@given(st.binary(max_size=6))
def test_only_a_one_is_ever_accepted(body: bytes) -> None:
    """For all bodies: accepted is `1` and nothing else, rejected `0` and nothing else."""
    status = read(200, body).status
    assert (status is Status.ACCEPTED) == (body.strip() == b"1")
    assert (status is Status.REJECTED) == (body.strip() == b"0")


def expected(status: int) -> Answer | type[Exception]:
    """The table of the design, without the bodies of 2xx."""
    if status in {401, 403}:
        return DialerRefusedError
    if status == 429:
        return ThrottledError
    if status in {404, 405, 415} or 300 <= status < 400:
        return WrongAddressError
    if 400 <= status < 500:
        return Answer(Status.REJECTED, OutcomeCode.HTTP_REFUSED, str(status))
    return Answer(Status.UNKNOWN, OutcomeCode.HTTP_FAILED, str(status))


@pytest.mark.parametrize("body", [b"1", b"0", b"", None])
def test_every_status_means_what_the_table_says(body: bytes | None) -> None:
    """Outside 2xx the status alone decides, even where the body is `1`."""
    for status in (*range(100, 104), *range(300, 600), 600, 999):
        meaning = expected(status)
        if isinstance(meaning, Answer):
            assert read(status, body) == meaning
        else:
            with pytest.raises(meaning, match=f"HTTP {status}"):
                read(status, body)


def test_a_503_is_throttling_only_where_the_settings_say_so() -> None:
    """By default it may come from a proxy that had passed the request on."""
    assert read(503).status is Status.UNKNOWN
    with pytest.raises(ThrottledError) as caught:
        read_answer(503, b"", retry_after="7", retry_503=True)
    assert caught.value.retry_after_s == 7
    assert read_answer(502, b"", retry_503=True).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("9" * 400, float("inf")),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        ("Sun, 01 Mar 2026 13:00:00 +0100", 0),
        ("Sun, 01 Mar 2026 12:00:30 -0000", 30),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("\u0661\u0662", None),
        ("Mon, 99 Foo 2026 12:00:00 GMT", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(header: str, seconds: float | None) -> None:
    """A number of seconds or a date; anything else says nothing, and nothing is negative."""
    assert parse_retry_after(header, NOW) == seconds


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]?\w+"))
def test_no_retry_after_breaks_the_run(header: str) -> None:
    """Whatever a server writes there, it is a time not negative, or nothing."""
    seconds = parse_retry_after(header)
    assert seconds is None or seconds >= 0


def test_a_429_tells_how_long_to_wait() -> None:
    """Also that it said nothing of it."""
    for header, seconds in (("15", 15), ("", None)):
        with pytest.raises(ThrottledError) as caught:
            read(429, b"slow down", retry_after=header)
        assert caught.value.retry_after_s == seconds


def test_a_redirect_tells_where_it_leads_and_no_more() -> None:
    """What may be a secret, or write on the terminal, is left out."""
    with pytest.raises(WrongAddressError) as caught:
        read(302, location="https://sso.\x1bexample:8443/login?ticket=secret#secret")
    assert caught.value.location == "https://sso.example:8443/login"
    with pytest.raises(WrongAddressError) as caught:
        read(302, location="https://ana:s3cret@sso.example/@login")
    assert caught.value.location == "https://sso.example/…"
    with pytest.raises(WrongAddressError) as caught:
        read(302, location="https://long.example/" + "x/" * 5000)
    assert len(caught.value.location) == MAX_LOCATION_LENGTH


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/login", "/login"),
        ("/login/0991234567", "/login/…"),
        ("/a/%7B%22campaign%22%3A%22SALES%22%7D/b", "/a/…/b"),
        ("/call={}", "/…"),
        ("", ""),
    ],
)
def test_a_redirect_that_repeats_the_record_does_not_show_it(location: str, shown: str) -> None:
    """Only plain words of its path are told, for the reason of a stop stands in the ledger."""
    with pytest.raises(WrongAddressError) as caught:
        read(301, location=location)
    assert caught.value.location == shown
