"""All rules by which leads are screened, in the order in which their findings are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bulk_loader.screening.calling_hours import CALLING_HOURS
from bulk_loader.screening.fields import FIELDS
from bulk_loader.screening.own_schema import OWN_SCHEMA
from bulk_loader.screening.separators import SEPARATORS
from bulk_loader.screening.suppression import DO_NOT_CALL

if TYPE_CHECKING:
    from bulk_loader.screening.rule import Rule

RULES: Final[tuple[Rule, ...]] = (FIELDS, SEPARATORS, OWN_SCHEMA, DO_NOT_CALL, CALLING_HOURS)
