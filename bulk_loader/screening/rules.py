"""By which rules leads are screened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulk_loader.choices import DataSeparators, PastDates, PhoneFormat

if TYPE_CHECKING:
    from datetime import datetime

    from bulk_loader.screening.calling_hours import CallingHours
    from bulk_loader.screening.own_schema import OwnSchema
    from bulk_loader.screening.suppression import SuppressionList
    from bulk_loader.screening.whole_list import WholeList


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a run asks of its leads.

    Attributes:
        now: aware; a call without a date is judged by calling hours at this moment.
        run_began_at: aware; dates before it are past. A resumed run gives the moment when it
            was begun first, so that its leads are read as they were then; None for `now`.
        tidy_phones: separators are taken out of numbers; if not, cells are judged the same way
            and sent as they are.
        phone_region: such as `UY`; numbers are checked against its numbering plan.
        date_format: of `calldate`, for `strptime`; ISO dates are read in any case.
        timezone: of the sheet's dates, such as `America/Montevideo`; None for the dialer's.
        dialer_timezone: into which dates are put; None for the sheet's.
        past_dates: to refuse is careful: a call that is late may no longer be wanted.
        campaigns: leads of any other are refused; empty for none.
        separators: only `REJECT` matters here.
        own_schema: the user's own checks.
        whole_list: what the rows are held against; None where odd ones are sent like the others.
    """

    now: datetime
    run_began_at: datetime | None = None
    tidy_phones: bool = True
    phone_format: PhoneFormat = PhoneFormat.AS_IS
    phone_region: str | None = None
    date_format: str | None = None
    timezone: str | None = None
    dialer_timezone: str | None = None
    past_dates: PastDates = PastDates.REJECT
    campaigns: tuple[str, ...] = ()
    separators: DataSeparators = DataSeparators.SPACE
    own_schema: OwnSchema | None = None
    suppression: SuppressionList | None = None
    calling_hours: CallingHours | None = None
    whole_list: WholeList | None = None
