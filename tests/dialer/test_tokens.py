from __future__ import annotations

import base64
import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_loader.choices import LoginPath
from bulk_loader.dialer.tokens import read_token, what_came

NEW, OLD = LoginPath.GET_USER_TOKEN, LoginPath.USER_LOGIN
SESSION = base64.b64encode(b"ana:5f0c").decode()
MUNOZ = "Mu\xf1oz"


def written(answer: object) -> bytes:
    """As JSON."""
    return json.dumps(answer).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"tok-1",
        b" tok-1\r\n",
        b'"tok-1"',
        b'"tok-1\\n"',
        b'["tok-1"]',
        b'["1", "ana", "tok-1"]',
        b'[1, null, {"a": 1}, "tok-1"]',
        codecs.BOM_UTF8 + b"tok-1",
        codecs.BOM_UTF8 + b'"tok-1"',
        "tok-1".encode("utf-16"),
        '["1", "tok-1"]'.encode("utf-16-le"),
        f'["{MUNOZ}", "tok-1"]'.encode("latin-1"),
    ],
)
def test_get_user_token_answers_a_token_bare_quoted_or_last_of_a_list(body: bytes) -> None:
    """Whatever white space, byte order mark or foreign letters stand around it."""
    assert read_token(NEW, body) == "tok-1"


@pytest.mark.parametrize("digits", [b"0123456789", b"12345", b"1e5"])
def test_a_bare_token_is_taken_as_it_stands(digits: bytes) -> None:
    """One that JSON could read as a number is not made one."""
    assert read_token(NEW, digits) == digits.decode()


@pytest.mark.parametrize(
    ("answer", "token"),
    [
        (["1", "", "tok-1"], "tok-1"),
        (["1", "Ana", "tok-1", 7], "tok-1"),
        (["1", "Ana", 7, "x y", "tok-1"], "tok-1"),
        (["1", "Ana", "Rivera", SESSION], SESSION),
        (["1", "Ana", SESSION, "Rivera"], SESSION),
        ([{"name": "Ana", "phone": "101", "md5secret": "tok-1"}], "tok-1"),
        (["1", {"md5secret": "tok-1"}, "Rivera"], "tok-1"),
        ({"md5secret": "tok-1"}, "tok-1"),
    ],
)
def test_user_login_answers_a_token_third_or_last_or_in_an_object(
    answer: object, token: str
) -> None:
    """A name beside it is told from it by the form of the vendor's example."""
    assert read_token(OLD, written(answer)) == token


NOTHING = [
    b"", b" \n", b"0", b'"0"', b" 0\r\n", b"null", b"false", b"False", b"[]", b"[[]]", b"{}",
    b'[""]', b'["1", ""]', b'["1", "", 7]', b'["1", "", ""]', b'["1", "", "0"]', b'["1", "", null]',
    b'["1", "", "a\\r\\nX: b"]', b'["1", "", "two words"]', b'{"2": "tok"}', b'{"error": "no"}',
    b'[{"md5secret": ""}]', b'[{"md5secret": 7}]', b'[{"md5secret": "a b"}]', b"[", b'"broken',
    b"<html>Sign in</html>", b"  <!DOCTYPE html>", b"Invalid user or password", b"tok\ren",
    "se\xf1al".encode(), b"\xff\xfe", b"\x00\x01\x02", b"[" * 60_000, b'{"a":' * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("login", LoginPath)
@pytest.mark.parametrize("body", NOTHING)
def test_what_is_no_token_is_none(login: LoginPath, body: bytes) -> None:
    """A no, a page, a sentence, a list without one, and what would write headers of its own."""
    assert read_token(login, body) == ""


def test_the_older_way_gives_no_bare_token() -> None:
    """A word by itself is an error there; the list has always been seen whole."""
    assert read_token(OLD, b"tok-1") == ""
    assert read_token(OLD, b'["0", "WrongPassword"]') == ""


@given(st.binary(max_size=200), st.sampled_from(LoginPath))
def test_any_bytes_give_a_token_or_none(body: bytes, login: LoginPath) -> None:
    """Nothing that comes from a network ends in an error, and a token fits into a header."""
    token = read_token(login, body)
    assert token.isascii()
    assert token == "" or (token.isprintable() and " " not in token)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "nothing at all"),
        (b"0", "0, which is its no"),
        (b"<html>", "a web page"),
        (b'["secret"', "not known"),
        (b'{"token": "secret"}', "not known"),
    ],
)
def test_what_came_is_told_without_repeating_it(body: bytes, words: str) -> None:
    """It may be a secret in a shape that nobody has seen."""
    assert words in what_came(body)
    assert "secret" not in what_came(body)
