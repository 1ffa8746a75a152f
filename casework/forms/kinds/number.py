"""Whole numbers and money."""
import re
import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.spec import Field

INT_MOST = 10**9
FEN_MOST = 10**12


def parse_int(raw: Any, field: Field, today: date) -> Parsed:
    """A whole number within the field's bounds."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return wrong("TYPE", _("This must be a whole number."))
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if not re.fullmatch(r"-?[0-9]{1,12}", text):
        return wrong("INT", _("This must be a whole number."), _("Enter digits only, such as 3."))
    value = int(text)
    least, most = int(field.options.get("min", 0)), int(field.options.get("max", INT_MOST))
    if not least <= value <= most:
        words = _("Enter a number from %(least)s to %(most)s.") % {"least": least, "most": most}
        return value, [Problem("RANGE", words)]
    return value, []


def parse_money(raw: Any, field: Field, today: date) -> Parsed:
    """An amount: yuan as text from a page, fen as an integer from a program. Kept in fen."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return wrong("TYPE", _("This must be an amount."))
    try:
        value = raw if isinstance(raw, int) else money.fen(raw)
    except ValueError:
        mend = _("Enter it such as 1234.50, with at most two decimals.")
        return wrong("MONEY", _("This is not an amount in yuan."), mend)
    if value < 0:
        return wrong("NEGATIVE", _("An amount cannot be below zero."))
    most = int(field.options.get("max", FEN_MOST))
    if value > most:
        return value, [Problem("TOO_MUCH", _("At most %(most)s yuan.") % {"most": money.show(most)})]
    return value, []


def show_money(value: Any, field: Field) -> str:
    """1,234.50 元."""
    return f"{money.show(value)} 元" if isinstance(value, int) else ""


def int_schema(field: Field) -> dict[str, Any]:
    """An integer within its bounds."""
    least, most = int(field.options.get("min", 0)), int(field.options.get("max", INT_MOST))
    return {"type": "integer", "minimum": least, "maximum": most}


def money_schema(field: Field) -> dict[str, Any]:
    """Fen."""
    return {"type": "integer", "minimum": 0, "maximum": int(field.options.get("max", FEN_MOST)), "description": "fen"}


KINDS = (
    Kind("int", parse_int, "text", schema=int_schema, inputmode="numeric"),
    Kind("money", parse_money, "money", show_money, money_schema, inputmode="decimal",
         clear=lambda value: money.show(value).replace(",", "") if isinstance(value, int) else str(value)),
)
