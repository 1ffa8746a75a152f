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

NEAR = 1  # years, where a field says nothing
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
    """A year near now: one before or after, or so many as `near` says."""
    near = int(field.options.get("near", NEAR))
    bounded = Field(field.key, "int", field.title, options={
        "min": field.options.get("min", today.year - near), "max": field.options.get("max", today.year + near)})
    value, problems = parse_int(raw, bounded, today)
    if near == 0 and any(problem.code == "RANGE" for problem in problems):
        return value, [Problem("RANGE", _("Only this year can be named: %(year)s.") % {"year": today.year})]
    return value, problems


def year_schema(field: Field) -> dict[str, Any]:
    """A year; which ones are near enough depends on the day of sending, and is told in words."""
    made = int_schema(Field(field.key, "int", field.title, options={"max": 9999, **field.options}))
    return made | near_schema(field)


def near_schema(field: Field) -> dict[str, Any]:
    """How far from the year of sending, where the field says so."""
    near = field.options.get("near")
    return {} if near is None else {"description": f"at most {near} years from the year of sending"}


KINDS = (
    Kind("date", parse_date, "date", schema=lambda field: {"type": "string", "format": "date"}),
    Kind("year", parse_year, schema=year_schema, inputmode="numeric"),
)
