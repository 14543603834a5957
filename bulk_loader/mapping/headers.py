"""The names under which contact centres keep the fields of a task, in three languages.

The phone, the one field that every list has, is known in some more.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from typing import NamedTuple

from bulk_loader.model import Field

# The letter of a column, which the reader adds to a label that stands twice or is empty.
_COLUMN_LETTER = re.compile(r"\s*\[[A-Z]{1,3}\]\s*$")
# Google Contacts exports `Phone 1 - Label` and `Phone 1 - Value`.
_NUMBERED = re.compile(r"(\D+?)0*([1-9])(?:value|valor)?")


class Fit(IntEnum):
    """How surely a header names a field; the lowest that any column has wins."""

    EXACT = 0
    NAMED = 1
    BESIDE = 2
    """A phone that a list has beside the one to dial, or alone."""
    VAGUE = 3
    """It names many other things as well, so a person is asked what it is."""


class Match(NamedTuple):
    """The field that a header names, and how surely."""

    field: Field
    fit: Fit


def loosened(label: str) -> str:
    """A label without case, accents, spaces, punctuation and an added column letter."""
    decomposed = unicodedata.normalize("NFKD", _COLUMN_LETTER.sub("", label))
    return "".join(filter(str.isalnum, decomposed)).casefold()


# "operador" (also a phone company), "origen" (where a lead comes from) and "vendedor" (a person's
# name) are left out: what they usually hold is not what the dialer would take them for.
_NAMES = {
    Field.CALLDATE: """
        call date; call date time; call time; call at; date to call; date of call; scheduled at;
        scheduled date; schedule date; scheduled call; next call; next call date; callback date;
        call back date
        fecha de llamada; fecha llamada; fecha de la llamada; fecha y hora de llamada;
        fecha hora llamada; fecha programada; fecha agendada; llamar el; próxima llamada;
        fecha próxima llamada; fecha de próxima llamada; fecha de rellamada; fecha rellamada
        data da ligação; data ligação; data de ligação; data e hora da ligação;
        data hora ligação; data da chamada; data de chamada; data chamada; data agendada;
        ligar em; próxima ligação; data da próxima ligação; data de retorno
    """,
    Field.CAMPAIGN: """
        campaign name; campaign id; campaña; nombre de campaña; nombre campaña;
        nombre de la campaña; campanha; nome da campanha; nome campanha
    """,
    Field.DESTINATION: """
        phone; phone number; phone numbers; phone no; telephone; telephone number; tel; tel no;
        tel number; mobile; mobile no; mobile number; mobile phone number; mobile phone; cell; cell phone; cell number; main phone; primary phone;
        contact number; contact phone; number to call; destination number; msisdn; phone home;
        home phone; work phone; landline
        teléfono; número de teléfono; número teléfono; nro teléfono; nro de teléfono;
        núm teléfono; tel fijo; teléfono fijo; teléfono móvil; teléfono celular;
        teléfono principal; teléfono de contacto; teléfono contacto; teléfono particular;
        teléfono casa; teléfono trabajo; celular; número de celular; número celular;
        nro celular; nro de celular; celu; móvil; número móvil; número de móvil; fono;
        número de teléfono móvil; número de teléfono celular; tel móvil; tel celular;
        tel principal; tel contacto; tel de contacto; telf; telf móvil; tlf; tlf móvil; tfno;
        tfno móvil
        fono contacto; destino; número destino; número de destino; número a llamar
        telefone; número de telefone; número telefone; nº telefone; telefone fixo;
        telefone celular; telefone principal; telefone de contato; telefone contato;
        telefone residencial; telefone comercial; fone; fone contato; telemóvel;
        número do celular; número a discar
        telefon; telefonnummer; telefonnr; telefon nr; rufnummer; mobil; mobilnummer;
        mobiltelefon; handynummer; handynr; festnetz
        numéro de téléphone; numéro téléphone; n° de téléphone; n° téléphone; téléphone portable;
        téléphone mobile; téléphone fixe; tél portable; numéro de portable; numéro portable
        cellulare; numero di telefono; telefono cellulare; telefono fisso; numero cellulare;
        numero di cellulare; recapito telefonico
        telefoon; telefoonnummer; mobiel; mobiel nummer; telefonnumre; telefonnummer mobil
        telèfon; número de telèfon; mòbil; numer telefonu; telefon komórkowy; nr telefonu;
        telefonní číslo; číslo telefonu; telefon numarası; telefon numarasi; cep telefonu;
        puhelin; puhelinnumero; телефон; номер телефона; мобильный телефон; мобильный;
        номер телефону
    """,  # noqa: RUF001 (Turkish has an i without a dot)
    Field.ALTERNATIVES: """
        alternative; alternative phone; alternative phones; alternative number;
        alternative numbers; alternate phone; alternate number; alt phone; phone alt;
        other phone; other phones; other number; other numbers; second phone;
        secondary phone; additional phone; additional phones; alternate mobile;
        alternative mobile; other mobile; second mobile; other telephone; assistants phone;
        asst phone
        alternativo; alternativos; alternativa; alternativas; teléfono alternativo;
        teléfonos alternativos; número alternativo; números alternativos;
        teléfono alterno; tel alternativo; tel alterno; tel secundario; tel adicional; otro tel;
        móvil alternativo; móvil secundario; otro móvil; celular secundario; otro celular;
        otro número de teléfono; número secundario; número adicional;
        celular alternativo; otro teléfono; otros teléfonos; otro número; otros números;
        segundo teléfono; teléfono secundario; teléfono adicional; teléfonos adicionales
        telefone alternativo; telefones alternativos; outro telefone; outros telefones;
        tel alternativo; tel secundário; outro celular; outro telemóvel; telefone de recado;
        telefone para recado; telefone recado; outro número de telefone; número secundário;
        outro número; outros números; segundo telefone; telefone secundário;
        telefone adicional; telefones adicionais
    """,
    Field.AGENT: """
        agent phone; agent extension; agent number; agent ext
        agente; teléfono del agente; teléfono agente; extensión del agente;
        extensión agente; interno del agente; interno agente; anexo del agente; anexo agente
        ramal do agente; ramal agente; telefone do agente; telefone agente
    """,
    Field.DATA: """
        additional data; additional information; extra data; call data
        datos; datos adicionales; información adicional; dados; dados adicionais;
        informações adicionais; informação adicional
    """,
    Field.SOURCE: "fuente; fonte",
    Field.BULK: "is bulk",
    Field.AUTOMATIC: "is automatic; automático",
}

# Of exports of CRMs and address books: Outlook, Google Contacts, Salesforce, HubSpot, Zoho, Bitrix24.
_BESIDE_NAMES = {
    Field.DESTINATION: """
        business phone; business number; business mobile; work number; work mobile; office phone;
        office number; company phone; company main phone; home number; personal phone;
        personal number; personal mobile; day phone; daytime phone; evening phone; direct phone;
        direct dial; whatsapp number; whatsapp phone; whatsapp phone number; phone work;
        phone mobile; phone business; phone office; phone cell; tel work; tel home; tel mobile;
        billing phone; shipping phone
        teléfono del trabajo; teléfono de trabajo; teléfono laboral; teléfono oficina;
        teléfono de oficina; teléfono de la oficina; teléfono empresa; teléfono de la empresa;
        teléfono de empresa; teléfono comercial; teléfono de casa; teléfono personal;
        teléfono domicilio; teléfono directo; tel trabajo; tel laboral; tel oficina; tel empresa;
        tel comercial; tel casa; tel particular; tel personal; telf fijo; tlf fijo; fijo;
        número fijo; línea fija; móvil personal; móvil trabajo; móvil del trabajo;
        móvil de empresa; celular personal; celular trabajo; celular laboral; celular empresa;
        número de whatsapp; número whatsapp; nro whatsapp; teléfono whatsapp; celular whatsapp
        telefone do trabalho; telefone de trabalho; telefone trabalho; telefone da empresa;
        telefone empresa; telefone principal da empresa; telefone empresarial;
        telefone de casa; telefone casa; telefone pessoal; telefone do escritório;
        tel residencial; tel trabalho; tel fixo; fixo; celular pessoal; celular comercial;
        celular trabalho; celular corporativo; número do whatsapp; telefone whatsapp;
        número de telemóvel
    """
}

# These name many other things as well, so that a person is asked; the number to dial, which every
# list has, is taken where no other column may hold it.
_VAGUE_NAMES = {
    Field.AGENT: "extension; ext; interno; anexo; ramal",
    Field.CALLDATE: "date; date time; fecha; fecha y hora; fecha hora; data e hora; data hora",
    Field.DESTINATION: "number; número; nro; núm; nº; contact; handy; portable; gsm",
}


def _table() -> dict[str, Match]:
    table = {}
    for fit, names in (
        (Fit.VAGUE, _VAGUE_NAMES),
        (Fit.BESIDE, _BESIDE_NAMES),
        (Fit.NAMED, _NAMES),
    ):
        for field, text in names.items():
            for name in re.split(r"[;\n]", text):
                table[loosened(name)] = Match(field, fit)
    table.pop("", None)
    # Last, so that nothing hides them: "data" is the field, whatever it means in Portuguese.
    return table | {field.value: Match(field, Fit.EXACT) for field in Field}


_MATCHES = _table()


def match_header(label: str) -> Match | None:
    """The field that a header names, if it names one.

    A number after the name of a phone is read as people number phones: `telefono 1` is the
    one to dial, `telefono 2` and higher are the ones to try when it can't be reached.
    """
    name = loosened(label)
    if name in _MATCHES:
        return _MATCHES[name]
    numbered = _NUMBERED.fullmatch(name)
    match = _MATCHES.get(numbered[1]) if numbered else None
    if numbered is None or match is None or match.fit is Fit.VAGUE:
        return None
    if match.field is Field.ALTERNATIVES or (
        match.field is Field.DESTINATION and numbered[2] != "1"
    ):
        return Match(Field.ALTERNATIVES, Fit.NAMED)
    return match if match.field is Field.DESTINATION else None
