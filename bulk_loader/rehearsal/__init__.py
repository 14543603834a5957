"""A list played through the simulated dialer at once: how long it takes, and who waits how long.

Pure, as the simulation is. Moments are seconds from the begin of the rehearsal.
"""

from bulk_loader.rehearsal.figures import CampaignWaits, Figures, Span, span_of
from bulk_loader.rehearsal.playing import Cast, play

__all__ = ["CampaignWaits", "Cast", "Figures", "Span", "play", "span_of"]
