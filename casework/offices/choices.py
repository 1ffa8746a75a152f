"""Finding the organisation that somebody typed or chose from the list."""
import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.core.problems import Problem
from casework.organisations.models import Organisation
from casework.staffing import scope

LISTED = 300


def open_offices(actor: Actor) -> QuerySet[Organisation]:
    """The open organisations he administers, in the order of the tree."""
    return scope.organisations(actor).filter(closes_on__isnull=True).order_by("path")


def listed(actor: Actor) -> list[str]:
    """Names for the list beside the field; who has more of them types."""
    return list(open_offices(actor).values_list("name", flat=True)[:LISTED])


def office_of(actor: Actor, wanted: str) -> tuple[Organisation | None, list[Problem]]:
    """The organisation of a name that only one of his has, or of a public id."""
    rows = open_offices(actor)
    try:
        found = list(rows.filter(public_id=uuid.UUID(wanted)))
    except ValueError:
        found = list(rows.filter(name=wanted)[:2]) if wanted else []
    if len(found) == 1:
        return found[0], []
    if found:
        return None, [Problem("OFFICE_TWICE", _("Several of your organisations have this name."), place="office",
                              mend=_("Open the organisation's own page and begin there."))]
    return None, [Problem("OFFICE", _("None of your open organisations has this name."), place="office",
                          mend=_("Choose one from the list."))]
