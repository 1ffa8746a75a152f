"""The lines by which a figure was found: plain words in both languages and a value, kept with the case."""

from fractions import Fraction
from typing import TypedDict

from casework.core.money import show
from casework.core.text import Text


class Line(TypedDict):
    """value: whole fen (unit "fen") or people (unit "people")."""

    zh: str
    en: str
    value: int
    unit: str


Lines = list[Line]


def line(text: Text, fen: int) -> Line:
    """A line in fen."""
    return {"zh": text.zh, "en": text.en, "value": fen, "unit": "fen"}


def plain(value: Fraction) -> str:
    """An exact decimal without needless zeros: "12.5"."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.10g}"


def share(part: Fraction) -> str:
    """A fraction of 1 in percent: "12.5"."""
    return plain(part * 100)


def yuan(fen: int) -> str:
    """Fen as people read them, without the unit."""
    return show(fen)
