"""Days and years."""
import re
import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.documents.validity import Lasts, expired
from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.kinds.number import int_schema, parse_int
from casework.forms.spec import Field

_SHAPE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


def parse_date(raw: Any, field: Field, today: date) -> Parsed:
    """An ISO day; 2026/11/23 and 2026.11.23 are read too."""
    if not isinstance(raw, str):
        return wrong("TYPE", _("This must be a date."))
    found = _SHAPE.fullmatch(unicodedata.normalize("NFKC", raw).strip())
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        return wrong("DATE", _("This is not a date."), _("Enter it such as 2026-11-23."))
    return day.isoformat(), _doubts(day, field, today)


def _doubts(day: date, field: Field, today: date) -> list[Problem]:
    if field.options.get("not_future") and day > today:
        return [Problem("FUTURE", _("This day has not come yet."))]
    if field.options.get("not_past") and day < today:
        return [Problem("PAST", _("This day has passed already."))]
    if not 1900 <= day.year <= today.year + 50:
        return [Problem("DATE", _("This year cannot be right."))]
    lasts: Lasts | None = field.options.get("counts")
    if lasts is not None and lasts.last_day(day) < today:
        return [expired(lasts.last_day(day))]
    return []


def parse_year(raw: Any, field: Field, today: date) -> Parsed:
    """A year near now."""
    bounded = Field(field.key, "int", field.title, options={
        "min": field.options.get("min", today.year - 1), "max": field.options.get("max", today.year + 1)})
    return parse_int(raw, bounded, today)


def year_schema(field: Field) -> dict[str, Any]:
    """A year; which ones are near enough depends on the day of sending."""
    return int_schema(Field(field.key, "int", field.title, options={"max": 9999, **field.options}))


KINDS = (
    Kind("date", parse_date, "date", schema=lambda field: {"type": "string", "format": "date"}),
    Kind("year", parse_year, schema=year_schema, inputmode="numeric"),
)
