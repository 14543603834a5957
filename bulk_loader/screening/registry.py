"""All rules by which leads are screened, in the order in which their findings are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulk_loader.screening.campaigns import CAMPAIGNS
from bulk_loader.screening.do_not_call import DO_NOT_CALL
from bulk_loader.screening.fields import FIELDS
from bulk_loader.screening.odd_rows import ODD_ROWS
from bulk_loader.screening.outside_hours import CALLING_HOURS
from bulk_loader.screening.own_checks import OWN_SCHEMA
from bulk_loader.screening.separators import SEPARATORS

if TYPE_CHECKING:
    from bulk_loader.screening.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    ODD_ROWS,
    FIELDS,
    CAMPAIGNS,
    SEPARATORS,
    OWN_SCHEMA,
    DO_NOT_CALL,
    CALLING_HOURS,
)
