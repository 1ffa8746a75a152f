"""Money as integer fen. Entered and shown in yuan; rounded half-up once, at the end (domain §4.1)."""
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

MOST_FEN: Final = 10**14
# Longer than any amount with its separators: endless digits are not even looked at.
_LONGEST: Final = 40
_SHAPE: Final = re.compile(r"-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?")


def fen(text: str | int | Decimal) -> int:
    """Turn an amount in yuan ("1,234.50", 12, Decimal("0.05")) into fen. Full-width signs and a currency mark are
    forgiven. Raises ValueError for anything that is not a plain amount with at most two decimals, or is beyond
    MOST_FEN: nothing is rounded on the way in."""
    if isinstance(text, bool | float):
        raise ValueError("not an amount")
    plain = unicodedata.normalize("NFKC", str(text)).replace("。", ".").strip()
    plain = plain.removeprefix("¥").removesuffix("元").strip()
    if len(plain) > _LONGEST or not _SHAPE.fullmatch(plain):
        raise ValueError("not an amount in yuan")
    value = int(Decimal(plain.replace(",", "")) * 100)
    if abs(value) > MOST_FEN:
        raise ValueError("amount too large")
    return value


def yuan(value: int) -> Decimal:
    """Fen as yuan with two decimals."""
    return (Decimal(value) / 100).quantize(Decimal("0.01"))


def show(value: int) -> str:
    """Fen as people read it: 1,234.50."""
    return f"{yuan(value):,.2f}"


def show_wan(value: int) -> str:
    """Fen in 万元 with two decimals: 123.46."""
    return f"{half_up(Fraction(value, 10_000)) / 100:,.2f}"


def capitals(value: int) -> str:
    """Fen in Chinese capitals, as on vouchers: 壹仟贰佰叁拾肆元伍角."""
    import cn2an  # slow to load, and only letters need it

    return str(cn2an.an2cn(f"{yuan(value):.2f}", "rmb"))


def half_up(value: Decimal | Fraction) -> int:
    """Round to the nearest whole number, halves away from zero."""
    if isinstance(value, Fraction):
        sign = -1 if value < 0 else 1
        return sign * ((abs(value.numerator) * 2 + value.denominator) // (2 * value.denominator))
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
