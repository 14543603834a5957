"""What was sent and what came of it, durably, without a phone number, name or payload.

All that other packages may use is named here. A `Ledger` is in five parts: itself begins runs, its
`runs` knows each as a whole, its `outcomes` what became of its leads, its `doubts` what nobody knows,
its `timelines` how each run went on.
"""

from bulk_loader.ledger.keys import Keys, LeadKey
from bulk_loader.ledger.leases import Lease, leased
from bulk_loader.ledger.ledger import Ledger, has_ledger
from bulk_loader.ledger.loads import LoadLimit
from bulk_loader.ledger.moving import Moved, move_ledger
from bulk_loader.ledger.nights import HeldNight, NightRecord, night_held, nights_of
from bulk_loader.ledger.open_run import OpenRun
from bulk_loader.ledger.others import Others, Regard, Withheld
from bulk_loader.ledger.prior import Prior
from bulk_loader.ledger.run_records import Int64Array, RunPlan, RunRecord
from bulk_loader.ledger.shares import Idle, Shares, Span, Terms, open_shares
from bulk_loader.ledger.sharing import Sharing

__all__ = [
    "HeldNight",
    "Idle",
    "Int64Array",
    "Keys",
    "LeadKey",
    "Lease",
    "Ledger",
    "LoadLimit",
    "Moved",
    "NightRecord",
    "OpenRun",
    "Others",
    "Prior",
    "Regard",
    "RunPlan",
    "RunRecord",
    "Shares",
    "Sharing",
    "Span",
    "Terms",
    "Withheld",
    "has_ledger",
    "leased",
    "move_ledger",
    "night_held",
    "nights_of",
    "open_shares",
]
