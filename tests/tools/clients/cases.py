"""The tasks that every client sends, and what is to become of each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from bulk_loader.model import DialerTask
from bulk_loader.sandbox import SandboxOptions

TOKEN = "Basic sandbox"
OPTIONS = SandboxOptions(campaigns=("POWER<-",), takes_others=False)

# The example of the vendor's page.
_PLAIN = DialerTask(
    calldate=None,
    campaign="POWER<-",
    destination="0123456789",
    alternatives="",
    agent="",
    data="idcustomer=7",
    source="source",
    bulk=False,
    automatic=True,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One request.

    Attributes:
        name: the head of its column.
        call: the form field `call`, before any percent-encoding.
        task: what the queue must hold of it; None where it must hold nothing.
        answer: as the table shows it.
    """

    name: str
    call: str
    task: DialerTask | None
    authorization: str = TOKEN
    answer: str = "1"


def _case(name: str, task: DialerTask) -> Case:
    return Case(name, _call(task), task)


def _call(task: DialerTask, *, is_ascii: bool = False, indent: int | None = None) -> str:
    return json.dumps(asdict(task), ensure_ascii=is_ascii, indent=indent)


_LATIN = replace(_PLAIN, data="nombre=María Muñoz:ciudad=São José")
_EMOJI = replace(_PLAIN, data="nota=👋🏽 €")
# Whatever means something in a form, in JSON, in a shell or in HTML.
_SIGNS = replace(
    _PLAIN, data="""a+b & c=d; 100% %41 "q" 'r' \\ / # ? ~ ! * ( ) <-> | ^ ` { } [ ] , @ $"""
)
_LINES = replace(_PLAIN, data="first\nsecond\r\n\tthird")
_DATED = replace(
    _PLAIN,
    calldate="2030-01-31 09:05:00",
    destination="+59899123456",
    alternatives="M=0=099121212:H=1=26001234",
    agent="1001",
)
_OTHER = replace(_PLAIN, campaign="NOBODY<-")

CASES = (
    _case("plain", _PLAIN),
    _case("accents", _LATIN),
    _case("emoji", _EMOJI),
    Case("escapes", _call(_EMOJI, is_ascii=True), _EMOJI),
    _case("signs", _SIGNS),
    Case("lines", _call(_LINES, indent=2), _LINES),
    _case("dated", _DATED),
    Case("wrong token", _call(_PLAIN), None, "Basic d3Jvbmc6dG9rZW4=", "401"),
    Case("other campaign", _call(_OTHER), None, answer="0"),
)
