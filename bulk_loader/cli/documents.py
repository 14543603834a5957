"""The documents that programs read: how each begins, and the schema that is promised of them."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

SCHEMA_VERSION = 1
"""Grows when something is taken away, renamed or changes its meaning; never for what is added."""

_SCHEMA = Path(__file__).with_name("schema.json")


class Document(StrEnum):
    """What `--json` may print, by the name that it says of itself."""

    RUN = "run"
    CHECK = "check"
    PAST_RUN = "past-run"
    PAST_RUNS = "past-runs"
    NIGHT = "night"
    JOB_CHECK = "job-check"
    JOBS = "jobs"
    DOCTOR = "doctor"
    REHEARSAL = "rehearsal"
    ERROR = "error"


def head(document: Document) -> dict[str, object]:
    """The keys that every document begins with."""
    return {"schema": document.value, "schema_version": SCHEMA_VERSION}


def schema_text(document: Document | None = None) -> str:
    """The JSON Schema of one document, or of all of them."""
    text = _SCHEMA.read_text("utf-8")
    if document is None:
        return text.rstrip("\n")
    schema = json.loads(text)
    del schema["oneOf"]
    one = {**schema, "$ref": f"#/$defs/{document.value}", "$defs": schema["$defs"]}
    return json.dumps(one, indent=2, ensure_ascii=False)
