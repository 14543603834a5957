"""The parts that a number format is written in: places for digits, quoted words, brackets."""

from __future__ import annotations

import re
from itertools import pairwise

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"?
    | \\(?P<escaped>.)
    | _(?P<space>.)
    | \*(?P<fill>.)
    | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General)
    | (?P<half>AM/PM|A/P)
    | (?P<exponent>E[+-])
    | (?P<digit>[0#?])
    | (?P<point>\.)
    | (?P<comma>,)
    | (?P<percent>%)
    | (?P<text>@)
    | (?P<year>y+) | (?P<month>m+) | (?P<day>d+) | (?P<hour>h+) | (?P<second>s+)
    | (?P<era>e+|g+|b+|aaa+) | (?P<reign>r+)
    | (?P<end>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

Token = tuple[str, str]
"""The name of a group of `_TOKEN`, and what stands in the format."""


def split_sections(code: str) -> list[list[Token]]:
    """The tokens of each section of a format; an empty one is that of General."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code or "General"):
        name = match.lastgroup or "literal"
        if name == "end":
            sections.append([])
        else:
            sections[-1].append((name, match[name]))
    return sections


def literal(token: Token) -> str:
    """What a token shows that is no digit; a fill or a colour shows nothing."""
    name, text = token
    return {"fill": "", "space": " "}.get(name, text)


def is_fraction(tokens: tuple[Token, ...]) -> bool:
    """Whether an unescaped `/` stands beside digits, as in `# ?/?`."""
    return any(
        before[0] == "digit" and after == ("literal", "/") for before, after in pairwise(tokens)
    )


def has_number(tokens: tuple[Token, ...]) -> bool:
    """Whether a number is shown, and not only fractions of a second as in `ss.000`."""
    before = ""
    for name, _ in tokens:
        if name == "general" or (name == "digit" and before not in {"point", "comma", "digit"}):
            return True
        before = name
    return False


def is_letter(token: Token) -> bool:
    """Whether a letter stands unquoted that means nothing in formats."""
    return token[0] == "literal" and token[1].isascii() and token[1].isalpha()
