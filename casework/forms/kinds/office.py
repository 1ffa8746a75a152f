"""The county or city federation a matter is put to: a petition, a ticket of the hotline."""
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.kinds.reference import ids_of, show_union
from casework.forms.spec import Field
from casework.organisations import tree
from casework.organisations.models import Level

OFFICE_LEVELS = (Level.COUNTY, Level.CITY)


def parse_office(raw: Any, field: Field, today: date) -> Parsed:
    """Public id of a federation of a county or city."""
    ids = ids_of(raw)
    office = tree.named(UUID(ids[0])) if ids else None
    if not ids or office is None or office.closes_on is not None or office.level not in OFFICE_LEVELS:
        return wrong("OFFICE", _("Choose the federation from the list."))
    return ids[0], []


def offices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Active federations, each city before its counties, for the choice list."""
    rows = tree.open_to_new().filter(level__in=OFFICE_LEVELS).order_by("path")
    grouped: dict[str, list[tuple[str, str]]] = {}
    above = ""
    for row in rows:
        above = row.name if row.level == Level.CITY else above
        grouped.setdefault(above, []).append((str(row.public_id), row.name))
    return list(grouped.items())


KINDS = (Kind("office", parse_office, "union", show_union, lambda field: {"type": "string", "format": "uuid"}),)
