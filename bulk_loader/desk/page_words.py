"""Sentences that name options and commands, in the words of the pages.

What stops a list is told by the layers below, for whoever types commands. Here each option becomes the
field in which a person says the same, or its key in the settings file, and each command its page. What no
page does is said to be for a terminal.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from bulk_loader import choices
from bulk_loader.desk.words import FIELD_WORDS
from bulk_loader.model import Field, Status
from bulk_loader.settings.groups import SETTINGS
from bulk_loader.settings.home import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "sheet": "Sheet",
    "hidden": "Hidden rows",
    "header-row": "Row of the header",
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "date-format": "How dates are written",
    "phone-region": "Country of the numbers",
    "campaign": "Campaign",
    "data": "Data",
    "agent": "Agent",
    "source": "Source",
    "calldate": "Date of the call",
    "alternatives": "Other numbers",
    "profile": "Settings",
    "agents": "Agents",
    "shift": "Hours in which they work",
    "seeds": "Days to play",
}
"""Options that a page has a field for, by what stands beside it."""

_ELSEWHERE: Mapping[str, str] = {
    "config": "the config with which the desk was started",
    "from": "the moment",
    "again": "again, in a terminal",
    "sandbox": "a trial",
    "map": "the choice of columns",
    "include": "ticks",
}
"""Options of which a page does the same without a field, or which none has."""

_PHRASES: tuple[tuple[str, str], ...] = (
    (
        r"To send every lead once more, which calls people twice: the same command with --again",
        "To send every lead once more, which calls people twice, is not for the desk.",
    ),
    (r"or --again to begin anew and send all leads", "begin anew in a terminal, with again"),
    # Results stand beside the list, in the folder of the desk.
    (r"\bGive [^\n]*--results\b[^\n]*", "Set BULK_LOADER_HOME to a folder of yours with room."),
    (r"^--map gives\b", "The columns give"),
    (r"for a trial without a dialer: --sandbox", "a trial needs none"),
    (r"\bSee why with: bulk-loader check \S+", "See why at its check"),
    (r"\bSee the run with: bulk-loader runs show (\S+)", r"Look at run \1 in the history"),
    (r"\bSee them all with: bulk-loader runs\b", "See them all in the history"),
    (r"[^.;\n]*zcat list\.csv\.gz[^\n]*", "Give the list as a file."),
    (r"the same command without --strict", "without strict in " + FILE_NAME),
    (r"\b([Gg])ive the same command again: it goes on", r"\1o on with this list: it goes on"),
    (r"\b(?:Run|Give) (?:the|this) (?:same )?command again\b", "Try again"),
    (r"\b(?:run|give) (?:the|this) (?:same )?command again\b", "try again"),
    (r"\bgive the command of that run again\b", "go on with the list of that run"),
    (
        r"with its own command\. If this is a list of its own, give the same command with --again",
        "at its own list. If this is a list of its own, it is only sent in a terminal, with again",
    ),
    (r"\bAnother command\b", "Another program"),
    (r"\b[Rr]un retry again\b", "choose “Send again”"),
    (r"\b[Rr]un retry\b", "Choose “Send again”"),
    (r"\bsee bulk-loader check\b", "see its check"),
    (r"the same command goes on", "the list goes on"),
    (r"send it by hand: bulk-loader upload FILE", "save it, and drop it at the desk"),
    (r"See them with: bulk-loader check FILE\.", "Drop it at the desk to see them at its check."),
    (r"Add it to the command: bulk-loader retry [^\n]*", "Drop the list itself, and say it there."),
    (r"bulk-loader retry [^\n]*", "“Send again” at its results"),
    (r"bulk-loader check [^\n]*", "the check of the list"),
    (r"bulk-loader upload [^\n]*", "“Send”"),
    (r"bulk-loader template [^\n]*", "“Save a template”"),
    (r"bulk-loader login(?: --\w+ \S+)*", "“Credentials” at the settings"),
    (r"bulk-loader job run \S+", "“Run it now” at the job"),
    (r"bulk-loader job check \S+", "“Run it now” at the job, which only looks at first"),
    (r"bulk-loader job list\b", "“Jobs”"),
    (r"(?<!of )bulk-loader (?=[a-z])", "in a terminal, bulk-loader "),
)

_VALUE = r"\"[^\"]*\"|'[^']*'|[^\s,;:)(\"']*[^\s,;:)(.…\"']"
_OPTION = re.compile(
    rf"--map(?: (?P<field>[a-z]+)=(?P<column>{_VALUE})?…?)?(?![a-z-])"
    rf"|--(?P<no>no-)?(?P<name>[a-z][a-z0-9-]*)(?P<given>(?: |=)(?P<value>{_VALUE}))?"
)
_KEYS = {setting.option.removeprefix("--"): name for name, setting in SETTINGS.items()}
_CHOICES = {
    word.value
    for choice in vars(choices).values()
    if isinstance(choice, type) and issubclass(choice, Enum)
    for word in choice
}
_WORDS = _CHOICES | {status.value for status in Status} | {"auto"}
_PLACEHOLDERS = {"N", "COLUMN"}  # for what only the person knows
_IN_FILE = f" in {FILE_NAME}"
_TWICE = re.compile(
    rf"{re.escape(_IN_FILE)}((?:,| or| and) \w+(?: = \S+)?(?={re.escape(_IN_FILE)}))"
)


def at_desk(text: str) -> str:
    """The same for somebody at the desk; what names no option and no command stays as it is."""
    if (
        "--" not in text
        and "command" not in text
        and "bulk-loader" not in text
        and "retry" not in text
    ):
        return text
    for pattern, words in _PHRASES:
        text = re.sub(pattern, words, text)
    told = "\n".join(map(_of_line, text.split("\n")))
    return _TWICE.sub(r"\1", told)


def _of_line(line: str) -> str:
    is_list_of_places = line.startswith("Looked at ")

    def say(found: re.Match[str]) -> str:
        if found["name"] is None:
            return _column(found)
        value, rest = _value(found)
        return _option(found, value, is_bare=is_list_of_places) + rest

    return _OPTION.sub(say, line)


def _column(found: re.Match[str]) -> str:
    if found["field"] is None:
        return _ELSEWHERE["map"]
    if found["field"] not in set(Field):
        return found[0]
    label = FIELD_WORDS[Field(found["field"])].name
    if not found["column"] and not found[0].endswith("…"):
        return f"“{label}: no column”"
    column = _unquoted(found["column"] or "")
    return f"“{label}: {column}”" if column else f"“{label}”"


def _value(found: re.Match[str]) -> tuple[str, str]:
    """What is given to an option, and what follows it that is not: an ordinary word."""
    value, given = found["value"] or "", found["given"] or ""
    is_value = given.startswith("=") or not value.isalpha() or not value.islower()
    if value and (is_value or value in _WORDS):
        return _unquoted(value), ""
    return "", given


def _option(found: re.Match[str], value: str, *, is_bare: bool) -> str:
    name = found["name"]
    if name in LABELS:
        return f"“{LABELS[name]}: {value}”" if value else f"“{LABELS[name]}”"
    if name == "include" and value:
        return f"“{value}” ticked"
    if name in _ELSEWHERE:
        return _ELSEWHERE[name]
    if name not in _KEYS:
        return found[0]
    if is_bare:
        return _KEYS[name]
    if found["no"]:
        value = "false"
    shown = value if value.isdigit() or value in ("true", "false") else f'"{value}"'
    return f"{_KEYS[name]}{f' = {shown}' if value else ''}{_IN_FILE}"


def _unquoted(value: str) -> str:
    if value in _PLACEHOLDERS:
        return ""
    return value[1:-1] if value[:1] in "\"'" else value
