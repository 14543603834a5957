"""Intend, send, settle: every ready lead goes to the dialer at most once."""

from bulk_loader.delivery.engine import Delivery
from bulk_loader.delivery.leads import Prepared, ReadyLead, Report
from bulk_loader.delivery.policy import ErrorLimit, Policy
from bulk_loader.delivery.ports import Listener, RunLedger, Sender

__all__ = [
    "Delivery",
    "ErrorLimit",
    "Listener",
    "Policy",
    "Prepared",
    "ReadyLead",
    "Report",
    "RunLedger",
    "Sender",
]
