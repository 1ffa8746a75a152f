"""School years."""

import re
import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.spec import Field

_SHAPE = re.compile(r"([0-9]{4}) ?[-–—/至] ?([0-9]{4})(?:学年)?")


def parse_school_year(raw: Any, field: Field, today: date) -> Parsed:
    """Two years one after the other, the first of them last year or this year: "2026-2027"."""
    found = _SHAPE.fullmatch(unicodedata.normalize("NFKC", raw).strip()) if isinstance(raw, str) else None
    if found is None or int(found[2]) != int(found[1]) + 1:
        return wrong("SCHOOL_YEAR", _("This is not a school year."), _("Enter it such as 2026-2027."))
    value = f"{found[1]}-{found[2]}"
    if not today.year - 1 <= int(found[1]) <= today.year:
        return value, [Problem("SCHOOL_YEAR", _("Only this school year and the one before can be named."))]
    return value, []


def schema(field: Field) -> dict[str, Any]:
    """Two years; which ones are near enough depends on the day of sending."""
    return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{4}$"}


KINDS = (Kind("school_year", parse_school_year, schema=schema),)
