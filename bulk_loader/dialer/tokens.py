"""The token in the answer to a login, in each of the shapes that were seen.

Source: the vendor's public pages and client code, as far as they tell. `getUserToken` answers a bare
token, one in quotes, or a list with the token last. The older `UserLogin` answers a list with the
token third or last, or with an object in it that has the token as `md5secret`. No is `0`, with 200.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, assert_never

from bulk_loader.choices import LoginPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The only negative answer that is documented is a bare 0; the words are what servers of this family
# write for nothing.
_REFUSALS = frozenset({"", "0", "null", "false"})

_SECRET_KEY = "md5secret"  # noqa: S105 - a key's name
_THIRD = 2


def read_token(login: LoginPath, body: bytes) -> str:
    """The token in an answer with 200; "" where there is none that a header could carry."""
    answer = _read(body)
    match login:
        case LoginPath.GET_USER_TOKEN:
            found = answer[-1:] if isinstance(answer, list) else [answer]
        case LoginPath.USER_LOGIN:
            found = [*_secrets(answer), *_third_and_last(answer)]
        case never:
            assert_never(never)
    usable = [text.strip() for text in found if isinstance(text, str) and _is_token(text.strip())]
    # Where two places hold something, the form of the vendor's example tells a token from a name.
    return next(filter(_is_session, usable), usable[0] if usable else "")


def what_came(body: bytes) -> str:
    """What stood in an answer instead of a token, in words that repeat nothing of it."""
    text = _text(body)
    if not text:
        return "nothing at all"
    if text in _REFUSALS:
        return f"{text}, which is its no"
    return "a web page" if text[0] == "<" else "an answer of a shape that is not known"


def _read(body: bytes) -> object:
    """The answer's JSON, or the text of one that is none and no page either."""
    text = _text(body)
    if not text.startswith(('"', "[", "{")):
        return "" if text.startswith("<") else text
    try:
        answer: object = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return answer


def _text(body: bytes) -> str:
    # A byte order mark, and UTF-16 without one, are told; names in another charset do no harm.
    return body.decode(json.detect_encoding(body), "replace").strip()


def _secrets(answer: object) -> Iterator[object]:
    for item in answer if isinstance(answer, list) else [answer]:
        if isinstance(item, dict):
            yield item.get(_SECRET_KEY)


def _third_and_last(answer: object) -> Sequence[object]:
    if not isinstance(answer, list) or len(answer) <= _THIRD:
        return ()
    return answer[_THIRD], answer[-1]


def _is_token(text: str) -> bool:
    """A header can carry nothing else, and a sentence is no token."""
    is_word = text.isascii() and text.isprintable() and " " not in text
    return is_word and text.lower() not in _REFUSALS


def _is_session(token: str) -> bool:
    """As in the example of the vendor's page: the base64 of `user:session`."""
    try:
        return b":" in base64.b64decode(token, validate=True)
    except ValueError:
        return False
