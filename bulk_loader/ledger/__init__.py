"""What was sent and what came of it, durably, without a phone number, name or payload."""

from bulk_loader.ledger.keys import Keys, LeadKey
from bulk_loader.ledger.others import Others, Regard, Withheld
from bulk_loader.ledger.prior import Prior
from bulk_loader.ledger.records import RunPlan, RunRecord
from bulk_loader.ledger.runs import OpenRun
from bulk_loader.ledger.store import Ledger

__all__ = [
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
