"""A timeline as the ledger keeps it: a few kilobytes, and never a phone number or name."""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from bulk_loader.reports.sketch import sketch_of
from bulk_loader.reports.timeline import ANSWERED, MAX_STRETCHES, Session, Stretch, Timeline

_VERSION = 1
# 600 stretches of 175 bins, each with its two numbers, have less.
_MOST_BYTES = 4_000_000


def to_bytes(timeline: Timeline) -> bytes:
    """What `from_bytes` reads."""
    told = {
        "version": _VERSION,
        "width_s": timeline.width_s,
        "sessions": [[each.at_s, each.began_at.timestamp()] for each in timeline.sessions],
        "stretches": [_stretch_to_list(each) for each in timeline.stretches],
    }
    return zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 1)


def from_bytes(content: bytes | None) -> Timeline:
    """The timeline; an empty one of nothing, and of what another release wrote or a disk damaged.

    The course of a run is told, and nothing is decided by it.
    """
    try:
        return _read(json.loads(zlib.decompressobj().decompress(content or b"", _MOST_BYTES)))
    except (zlib.error, ValueError, KeyError, TypeError, OverflowError, OSError):
        return Timeline()


def _read(told: dict[str, Any]) -> Timeline:
    width_s, stretches = float(told["width_s"]), told["stretches"]
    is_known = told["version"] == _VERSION and len(stretches) <= MAX_STRETCHES
    if not is_known or not 0 < width_s < math.inf:
        return Timeline()
    sessions = [
        Session(float(at), datetime.fromtimestamp(when, UTC)) for at, when in told["sessions"]
    ]
    return Timeline(width_s, [_stretch_of(each) for each in stretches], sessions)


def _stretch_to_list(stretch: Stretch) -> list[list[int]]:
    counts = [stretch.counts[status] for status in ANSWERED]
    return [counts, list(chain.from_iterable(sorted(stretch.times.bins.items())))]


def _stretch_of(told: list[list[int]]) -> Stretch:
    counts, bins = told
    by_status = {
        status: int(count) for status, count in zip(ANSWERED, counts, strict=True) if count
    }
    pairs = zip(map(int, bins[::2]), map(int, bins[1::2]), strict=True)
    return Stretch(Counter(by_status), sketch_of(dict(pairs)))
