"""Makes pages of templates; nothing that comes from elsewhere is ever markup there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from bulk_loader.desk.page_words import at_desk
from bulk_loader.desk.words import COUNTED, FIELD_WORDS, STATUS_WORDS, duration
from bulk_loader.model import leads_text
from bulk_loader.runs.moments import local
from bulk_loader.visible import visible

if TYPE_CHECKING:
    from collections.abc import Collection

    from bulk_loader.desk.records import Trouble
    from bulk_loader.errors import LoaderError


_NAMED = re.compile(r"--([a-z-]+): (.+)")
_MAPPED = re.compile(r"--map ([a-z]+)=")


@dataclass(frozen=True, slots=True)
class Told:
    """An error as a page shows it: in its summary, and at the place where it was typed.

    Attributes:
        field: id of the input that it is about; "" for none.
    """

    what: str
    why: str = ""
    remedy: str = ""
    field: str = ""

    @classmethod
    def of(cls, error: LoaderError | Trouble, fields: Collection[str] = ()) -> Told:
        """The three parts; the first of the fields whose option they name is the place."""
        text = f"{error.what}\n{error.why}\n{error.remedy}"
        if mapped := _MAPPED.search(text):
            field = f"map-{mapped[1]}"
        else:
            field = next((name for name in fields if f"--{name.replace('_', '-')}" in text), "")
        what, why, remedy = map(at_desk, (error.what, error.why, error.remedy))
        return cls(what, why, remedy, field if fields else "")

    @classmethod
    def each(cls, error: LoaderError, fields: Collection[str]) -> list[Told]:
        """The same, but one for each thing that is wrong, where the error names several of them."""
        named = [_NAMED.fullmatch(line) for line in error.why.split("\n")]
        found = [(line[1].replace("-", "_"), line[2]) for line in named if line is not None]
        if len(found) < len(named) or any(name not in fields for name, _ in found):
            return [cls.of(error, fields)]
        remedy = at_desk(error.remedy)
        return [cls(wrong[:1].upper() + wrong[1:], "", remedy, name) for name, wrong in found]


def page(template: str, **values: object) -> str:
    """A page as HTML."""
    return _ENVIRONMENT.get_template(template).render(values)


def _shown(value: object) -> object:
    """What is put into a page: characters that act unseen are shown by their codes.

    What is escaped already was put in by this very function.
    """
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _exact(text: str) -> Markup:
    """A text for an input, which must come back as it was; escaped as all others are."""
    return escape(text)


_ENVIRONMENT = Environment(
    loader=PackageLoader("bulk_loader.desk"),
    autoescape=True,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "at_desk": at_desk,
    "exact": _exact,
    "leads": leads_text,
    "number": lambda number: f"{number:,}",
    "local": local,
    "duration": duration,
}
_ENVIRONMENT.globals |= {
    "status_words": STATUS_WORDS,
    "field_words": FIELD_WORDS,
    "counted": COUNTED,
}
