"""The part of a number format that places digits: `(000) 000-0000`, `#,##0.00`, `0.00E+00`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Token = tuple[str, str]
"""What it is (`digit`, `point`, `comma`, `percent`, `exponent`, or else), and what it shows."""

# Spreadsheet programs round halves away from zero. A format has at most 255 characters, so that a
# number of 15 digits before the point gets up to 510 more by signs of percent, and 255 behind it.
_ROUNDING = Context(prec=1000, rounding=ROUND_HALF_UP)

# What a place shows that has no digit of its own.
_EMPTY_PLACE: Final[Mapping[str, str]] = {"0": "0", "?": " ", "#": ""}


@dataclass(frozen=True, slots=True)
class DigitPattern:
    """The places for digits of one section of a format, and the signs between them.

    Attributes:
        whole: before the point.
        fraction: from the point on.
        exponent: from the `E+` on; empty for most formats.
        is_grouped: thousands are separated.
        shift: powers of ten by which a number is shown larger (percent) or smaller.
    """

    whole: tuple[Token, ...]
    fraction: tuple[Token, ...]
    exponent: tuple[Token, ...]
    is_grouped: bool
    shift: int

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> DigitPattern:
        """The pattern in the tokens of a section."""
        mantissa, exponent = _split_before(tokens, "exponent")
        whole, fraction = _split_before(mantissa, "point")
        places = [at for at, (name, _) in enumerate(whole) if name == "digit"]
        commas = [at for at, (name, _) in enumerate(whole) if name == "comma"]
        trailing = sum(name == "comma" for name, _ in fraction)
        if places:
            trailing += sum(at > places[-1] for at in commas)
        percents = sum(name == "percent" for name, _ in tokens)
        is_grouped = any(places[0] < at < places[-1] for at in commas) if places else False
        shift = 2 * percents - 3 * trailing
        return cls(tuple(whole), tuple(fraction), tuple(exponent), is_grouped, shift)

    def shown(self, magnitude: Decimal) -> str:
        """A number without its sign, with every digit in its place."""
        number = magnitude.scaleb(self.shift)
        power = 0
        if self.exponent:
            number, power = self._scientific(number)
        digits, _, decimals = f"{self._rounded(number):f}".partition(".")
        if not self.exponent:  # a mantissa has a digit, and be it a zero
            digits = digits.lstrip("0")
        text = self._whole_text(digits) + self._fraction_text(decimals)
        return (text + self._exponent_text(power)).strip()

    def rounds_to_zero(self, magnitude: Decimal) -> bool:
        """Whether there are places for digits, and a number is too small for all of them."""
        if self.exponent or not _places((*self.whole, *self.fraction)):
            return False
        return not self._rounded(magnitude.scaleb(self.shift))

    def mask(self) -> Callable[[str], str] | None:
        """How the digits of a whole number are shown, where that takes no arithmetic.

        That is so for the masks of phone numbers, `0000000000` or `(000) 000-0000`. The function
        takes digits without zeros before them, and None stands for all other patterns.
        """
        has_other_places = any(name == "digit" and sign != "0" for name, sign in self.whole)
        is_computed = self.fraction or self.exponent or self.shift or self.is_grouped
        places = _places(self.whole)
        if is_computed or has_other_places or not places:
            return None
        template = "".join(
            "{}" if name == "digit" else "" if name == "comma" else _braced(text)
            for name, text in self.whole
        ).strip()
        if template == "{}" * places:
            return lambda digits: digits.zfill(places)
        return lambda digits: template.format(*_in_places(digits.zfill(places), places))

    def _rounded(self, number: Decimal) -> Decimal:
        return _ROUNDING.quantize(number, Decimal(1).scaleb(-_places(self.fraction)))

    def _scientific(self, number: Decimal) -> tuple[Decimal, int]:
        """Mantissa and power of ten, a multiple of the mantissa's places (engineers use 3)."""
        step = max(1, _places(self.whole))
        power = number.adjusted() // step * step if number else 0
        if self._rounded(number.scaleb(-power)) >= Decimal(1).scaleb(step):
            power += step
        return number.scaleb(-power), power

    def _whole_text(self, digits: str) -> str:
        places = _places(self.whole)
        shown: list[str] = [] if places else list(reversed(digits if self.fraction else ""))
        position = 0
        for name, text in reversed(self.whole):
            if name != "digit":
                shown.append("" if name == "comma" else text)
                continue
            places -= 1
            # The first place takes all digits that are left: `00-00` shows 12345 as 123-45.
            taken = digits[-1:] if places else digits
            digits = digits[: len(digits) - len(taken)]
            for digit in reversed(taken or _EMPTY_PLACE[text]):
                if self.is_grouped and position and position % 3 == 0:
                    shown.append(",")
                shown.append(digit)
                position += 1
        return "".join(reversed(shown))

    def _fraction_text(self, decimals: str) -> str:
        digits = list(decimals)
        signs = [text for name, text in self.fraction if name == "digit"]
        while digits and digits[-1] == "0" and signs[len(digits) - 1] != "0":
            digits.pop()
        digits += [_EMPTY_PLACE[sign] for sign in signs[len(digits) :]]
        return _filled(self.fraction, digits)

    def _exponent_text(self, power: int) -> str:
        if not self.exponent:
            return ""
        (_, sign), *rest = self.exponent
        plus = "+" if sign.endswith("+") else ""
        digits = str(abs(power)).zfill(_places(rest))
        places = _places(rest)
        first, others = digits[: len(digits) - places + 1], digits[len(digits) - places + 1 :]
        return f"E{'-' if power < 0 else plus}" + _filled(rest, [first, *others])


def _split_before(tokens: Sequence[Token], name: str) -> tuple[Sequence[Token], Sequence[Token]]:
    for at, token in enumerate(tokens):
        if token[0] == name:
            return tokens[:at], tokens[at:]
    return tokens, ()


def _in_places(digits: str, places: int) -> Sequence[str]:
    """The digits one by one; the first place takes all that are too many."""
    first = len(digits) - places + 1
    return digits[:first], *digits[first:]


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _places(tokens: Iterable[Token]) -> int:
    return sum(name == "digit" for name, _ in tokens)


def _filled(tokens: Iterable[Token], digits: Iterable[str]) -> str:
    """The tokens with their places filled one after the other."""
    left = iter(digits)
    return "".join(
        next(left, "") if name == "digit" else "" if name == "comma" else text
        for name, text in tokens
    )
