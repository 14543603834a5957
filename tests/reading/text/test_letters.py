"""In which 8-bit encoding letters stand as a language has them."""

from __future__ import annotations

import re
from itertools import cycle, islice
from typing import TYPE_CHECKING

import pytest

from bulk_loader.errors import SourceError
from bulk_loader.reading.text.encodings import find_encoding
from bulk_loader.reading.text.letters import differing_words, readings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# ruff: noqa: RUF001 (letters that look alike are what this is about)
NAMES = {
    "Spanish": "José Muñoz;María Peña;Raúl Gómez;Íñigo Núñez;Zoé Güell;Ángel Ibáñez;Óscar Fernández",
    "Portuguese": "João Conceição;Antônio Gonçalves;Ângela Assunção;Inês Simões;José Araújo;Luís Sá",
    "French": "François Lefèvre;Hélène Bérard;Benoît Châtelain;Zoé Noël;Jérôme Génin;Anaïs Béziers",
    "Italian": "Niccolò Cantù;Giosuè Forlì;Noè Falà;Salomè Mercolì;Nicolò D'Alò;Mosè Viggiù",
    "Catalan": "Núria Güell;Àngel Bertràn;Òscar Solà;Raül Garcés;Lluïsa Vilà;Antònia Balançó",
    "Danish": "Søren Kjær;Jørgen Nørgaard;Åse Møller;Bjørn Østergaard;Kåre Sørensen;Pål Aagård",
    "several": "François Muñoz;João Weiß;Søren Cantù;Zoë Gonçalves;Jürgen Peña;Núria Lefèvre;Åse Sá",
    "German": "Jürgen Müller;Günther Schröder;Käthe Weiß;Jörg Größer;Änne Bäcker;Uwe Strauß",
    "Russian": "Иван Петров;Мария Иванова;Сергей Кузнецов;Ольга Соколова;Щербаков Фёдор;Юрий Цой",
    "Polish": "Łukasz Wójcik;Małgorzata Dąbrowska;Paweł Kamiński;Świętosława Żak;Józef Gołąb;Ewa Król",
    "Turkish": "Şükrü Yılmaz;Gökçe Çelik;İbrahim Öztürk;Ayşe Yıldız;Uğur Şahin;Çağla Güneş;Işıl Kılıç",
    "Czech": "Jiří Novák;Tomáš Dvořák;Božena Němcová;Řehoř Šťastný;Lukáš Černý;Markéta Růžičková",
}
CODECS = (
    "cp1252", "latin-1", "cp1250", "cp1251", "cp850", "mac-roman", "iso8859-2", "iso8859-9", "cp1254",
    "koi8-r", "cp866", "cp852", "cp857", "iso8859-5", "mac-cyrillic", "mac-latin2", "mac-turkish",
)  # fmt: skip


SHORT = 200  # bytes


def can_write(language: str, codec: str) -> bool:
    """The encoding has all letters of the language, and some people write it so."""
    if codec in {"cp857", "mac-turkish"} and language != "Turkish":
        return False
    try:
        NAMES[language].encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def is_offered(path: Path, names: Sequence[str]) -> bool:
    """A short list fits two encodings, and one of those that are asked about is right."""
    try:
        find_encoding(path, None)
    except SourceError as error:
        words = {word for name in names for word in name.split()}
        shown = set(re.findall('"([^"]+)"', error.what))
        return path.stat().st_size < SHORT and bool(words & shown)
    return False


@pytest.mark.parametrize("rows", [3, 100])
@pytest.mark.parametrize(
    ("language", "codec"),
    [(language, codec) for language in NAMES for codec in CODECS if can_write(language, codec)],
)
def test_names_are_read_right_or_not_at_all(
    tmp_path: Path, language: str, codec: str, rows: int
) -> None:
    """Never other letters in silence, from whichever name on; a long list needs no question."""
    names = NAMES[language].split(";")
    path = tmp_path / "leads.csv"
    for first in range(len(names)):
        chosen = islice(cycle(names), first, first + rows)
        text = "name;phone\n" + "".join(f"{name};0991{at:06}\n" for at, name in enumerate(chosen))
        path.write_bytes(text.encode(codec))
        assert (
            is_offered(path, names)
            or path.read_bytes().decode(find_encoding(path, None).codec) == text
        )


@pytest.mark.parametrize(
    "name",
    [
        "Muñoz", "José", "Inês", "João", "ANTÔNIO", "Conceição", "O’Brien", "Ángel", "Óscar", "Íñigo",
        "PEÑA", "5 €", "Ana\u00a0Paz", "Mª Jesús", "Nº 5", "Güell", "Mônica", "Zoë", "GARCÍA", "Müller",
        "São Paulo", "Itaú", "é", "à vista", "McDonald’s", "“Café” – 5 €", "Ñuñoa", "¿Qué?",
    ],
)  # fmt: skip
def test_one_name_in_the_usual_encoding_is_enough(tmp_path: Path, name: str) -> None:
    """What operators write is read without a question, be it a single word."""
    path = tmp_path / "leads.csv"
    path.write_bytes(f"name;phone\n{name};099\n".encode("cp1252"))
    assert find_encoding(path, None).codec == "cp1252"


@pytest.mark.parametrize(
    ("name", "codec", "other"),
    [
        ("Kučera", "cp1250", "Kuèera"),
        ("Weiß", "cp850", "Weiá"),
        ("Ayşe", "cp1254", "Ayţe"),
        ("Sørensen", "cp1252", "Sřrensen"),
    ],
)
def test_two_plausible_readings_are_asked_about(
    tmp_path: Path, name: str, codec: str, other: str
) -> None:
    """Both are shown, with the option that tells."""
    path = tmp_path / "leads.csv"
    path.write_bytes(f"name;phone\n{name};099\n".encode(codec))
    with pytest.raises(SourceError, match="not sure in which encoding") as caught:
        find_encoding(path, None)
    assert f'"{name}"' in caught.value.what
    assert f'"{other}"' in caught.value.what
    assert f"--encoding {codec}" in str(caught.value.remedy)


def test_what_fits_no_language_is_asked_about(tmp_path: Path) -> None:
    """Bytes that are letters of nothing known are not guessed at."""
    path = tmp_path / "leads.csv"
    path.write_bytes(b"name;phone\nx\xb6y\xa7z;099\n")
    with pytest.raises(SourceError, match="can't be told"):
        find_encoding(path, None)


def test_equal_readings_count_once() -> None:
    """Encodings that agree in all letters of a list need no decision."""
    assert [found.codec for found in readings("Müller".encode("iso8859-2"))] == ["cp1252"]


def test_differing_words_are_whole() -> None:
    """A person sees the first word that tells, and not the whole list."""
    assert differing_words("a;Ana Weiß;b", "a;Ana Weiá;b") == ("Weiß", "Weiá")
