"""A file becomes a `LeadTable` of exact text, whatever its format."""

from bulk_loader.reading.limits import Limits
from bulk_loader.reading.opening import open_leads
from bulk_loader.reading.options import HiddenRows, ReadingOptions

__all__ = ["HiddenRows", "Limits", "ReadingOptions", "open_leads"]
