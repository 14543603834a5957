"""A file becomes a `LeadTable` of exact text, whatever its format."""

from bulk_loader.choices import HiddenRows
from bulk_loader.reading.opening import open_leads
from bulk_loader.reading.options import ReadingOptions
from bulk_loader.reading.pipes import Patience, pipe_name
from bulk_loader.reading.tally import Counted, Tally
from bulk_loader.spreadsheets.limits import Limits

__all__ = [
    "Counted",
    "HiddenRows",
    "Limits",
    "Patience",
    "ReadingOptions",
    "Tally",
    "open_leads",
    "pipe_name",
]
