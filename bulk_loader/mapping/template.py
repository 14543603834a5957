"""The template for `data`: text with the names of columns in braces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")


@dataclass(frozen=True, slots=True)
class DataTemplate:
    """A template such as `idcustomer={ID}:name={Name}`.

    Attributes:
        pattern: for `str.format`, with one `{}` for each name.
        names: columns as the user wrote them, in order, with repetitions.
    """

    pattern: str
    names: tuple[str, ...]

    def fill(self, columns: Sequence[Sequence[str]]) -> list[str]:
        """One text a row, from as many equally long columns as there are names (at least one)."""
        return list(map(self.pattern.format, *columns))


def parse_template(text: str) -> DataTemplate:
    """Read a template; `{{` and `}}` stand for braces that are meant as such.

    Raises:
        SettingsError: a brace has no partner, or holds no name.
    """
    names: list[str] = []

    def placeholder(token: re.Match[str]) -> str:
        if token[0] in {"{{", "}}"}:
            return token[0]
        name = token[0][1:-1].strip()
        if not name:
            raise SettingsError(
                f'--data "{text}" can\'t be read at character {token.start() + 1}.',
                "A column's name stands between { and }; a brace in the text is written twice.",
                'Write it like this: --data "idcustomer={ID}:name={Name}"',
            )
        names.append(name)
        return "{}"

    return DataTemplate(_TOKEN.sub(placeholder, text), tuple(names))
