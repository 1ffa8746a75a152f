"""School years."""

import re
import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem, Words
from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.kinds.moment import NEAR, near_schema
from casework.forms.spec import Field

_SHAPE = re.compile(r"([0-9]{4}) ?[-–—/至] ?([0-9]{4})(?:学年)?")


def parse_school_year(raw: Any, field: Field, today: date) -> Parsed:
    """Two years one after the other, "2026-2027": the first is this year, or at most so many before as `near` says."""
    found = _SHAPE.fullmatch(unicodedata.normalize("NFKC", raw).strip()) if isinstance(raw, str) else None
    if found is None or int(found[2]) != int(found[1]) + 1:
        return wrong("SCHOOL_YEAR", _("This is not a school year."), _("Enter it such as 2026-2027."))
    value, near = f"{found[1]}-{found[2]}", int(field.options.get("near", NEAR))
    if today.year - near <= int(found[1]) <= today.year:
        return value, []
    message: Words = _("Only this school year and the one before can be named.")
    if near != NEAR:
        first, last = (f"{year}-{year + 1}" for year in (today.year - near, today.year))
        message = _("Only the school year %(last)s can be named.") % {"last": last}
        if near:
            message = _("Only school years from %(first)s to %(last)s can be named.") % {"first": first, "last": last}
    return value, [Problem("SCHOOL_YEAR", message)]


def schema(field: Field) -> dict[str, Any]:
    """Two years; which ones are near enough depends on the day of sending."""
    return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{4}$"} | near_schema(field)


KINDS = (Kind("school_year", parse_school_year, schema=schema),)
