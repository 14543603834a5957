"""What was sent and what came of it, durably, without a phone number, name or payload.

All that other packages may use is named here. A `Ledger` is in four parts: itself begins runs, its
`runs` knows each as a whole, its `leads` what became of them, its `doubts` what nobody knows.
"""

from bulk_loader.ledger.keys import Keys, LeadKey
from bulk_loader.ledger.open_run import OpenRun
from bulk_loader.ledger.others import Others, Regard, Withheld
from bulk_loader.ledger.prior import Prior
from bulk_loader.ledger.records import Int64Array, RunPlan, RunRecord
from bulk_loader.ledger.store import Ledger

__all__ = [
    "Int64Array",
    "Keys",
    "LeadKey",
    "Ledger",
    "OpenRun",
    "Others",
    "Prior",
    "Regard",
    "RunPlan",
    "RunRecord",
    "Withheld",
]
