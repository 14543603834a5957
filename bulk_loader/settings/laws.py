"""When the law of a country lets people be called, as far as a source says it clearly.

A country stands here only with a source that anybody can read and the day on which that was done.
Where sources contradict each other, or a law differs from state to state, it is left out. Nothing
here is legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from bulk_loader.settings.windows import parse_windows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bulk_loader.settings.windows import Week


@dataclass(frozen=True, slots=True)
class CallingLaw:
    """The calling hours of one country.

    Attributes:
        on_holidays: public holidays are days like any other.
        zone: of the whole country; None where it has several.
        covers: the calls that it speaks of.
        source: address of a page that says so.
        looked_up: when that page was read.
        beside: what narrows the hours further, and is not known to this program; "" for nothing
            that the source mentions.
    """

    country: str
    week: Week
    on_holidays: bool
    zone: str | None
    name: str
    covers: str
    source: str
    looked_up: date
    beside: str = ""


def _week(weekdays: str, saturday: str = "", sunday: str = "") -> Week:
    days = (*[weekdays] * 5, saturday, sunday)
    return tuple(parse_windows(day) for day in days)


_READ_FIRST = date(2026, 11, 27)

LAWS: Final[Mapping[str, CallingLaw]] = {
    "CO": CallingLaw(
        country="Colombia",
        week=_week("07:00-19:00", saturday="08:00-15:00"),
        on_holidays=False,
        zone="America/Bogota",
        name="Ley 2300 de 2023, art. 3",
        covers="collection and advertising",
        source="https://agoramercatorum.uexternado.edu.co/"
        "ultimas-novedades-sobre-la-implementacion-de-la-ley-2300-de-2023-ley-dejen-de-fregar",
        looked_up=_READ_FIRST,
        beside="once somebody was reached, at most one contact a day and one channel a week",
    ),
    "EC": CallingLaw(
        country="Ecuador",
        week=_week("07:00-20:00"),
        on_holidays=False,
        zone=None,
        name="Ley Orgánica de Defensa del Consumidor, art. 49",
        covers="collection",
        source="https://www.metroecuador.com.ec/noticias/2026/02/18/"
        "el-horario-y-el-numero-de-veces-que-te-pueden-llamar-en-el-dia-para-cobrar-una-deuda-en-ecuador",
        looked_up=_READ_FIRST,
        beside="at most one contact a day by the same means",
    ),
    "ES": CallingLaw(
        country="Spain",
        week=_week("09:00-21:00"),
        on_holidays=False,
        zone=None,
        name="Real Decreto Legislativo 1/2007, art. 96.2",
        covers="advertising",
        source="https://www.genbeta.com/actualidad/"
        "llamadas-comerciales-ilegales-a-partir-hora-asi-puedes-actuar-recibes",
        looked_up=_READ_FIRST,
        beside="consent and the number that is shown, by the Ley 10/2025",
    ),
    "PE": CallingLaw(
        country="Peru",
        week=_week("07:00-20:00"),
        on_holidays=False,
        zone="America/Lima",
        name="Ley 29571, art. 62 b",
        covers="collection",
        source="https://elegirservicio.pe/codigo-de-proteccion-y-defensa-del-consumidor/",
        looked_up=_READ_FIRST,
    ),
    "US": CallingLaw(
        country="the United States",
        week=_week("08:00-21:00", saturday="08:00-21:00", sunday="08:00-21:00"),
        on_holidays=True,
        zone=None,
        name="47 CFR 64.1200(c)(1) and 16 CFR 310.4(c)",
        covers="telephone solicitation",
        source="https://legalclarity.org/what-time-are-businesses-allowed-to-call",
        looked_up=_READ_FIRST,
        beside="states have narrower hours",
    ),
}
"""By the two letters of the country."""
