"""Finding the organisation that somebody typed or chose from the list."""
import uuid

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.organisations import tree
from casework.organisations.models import Organisation
from casework.staffing import scope

LISTED = 300
APART = " · "


def open_offices(actor: Actor) -> QuerySet[Organisation]:
    """The organisations he administers that are there today, in the order of the tree."""
    there = tree.open_on(local_date(clock.now()))
    return scope.organisations(actor).filter(there).select_related("parent").order_by("path")


def listed(actor: Actor) -> list[str]:
    """Words for the list beside the field; who has more of them types."""
    rows = list(open_offices(actor)[:LISTED])
    twice = _twice(actor, [row.name for row in rows])
    return [_words(row, twice) for row in rows]


def words_of(actor: Actor, public_id: str) -> str:
    """What stands in the field for one of his organisations, "" for any other."""
    office, _problems = office_of(actor, public_id)
    return _words(office, _twice(actor, [office.name])) if office else ""


def office_of(actor: Actor, wanted: str) -> tuple[Organisation | None, list[Problem]]:
    """The organisation of a name that only one of his has, of a name with that of the organisation above it, or of a
    public id."""
    found = _found(open_offices(actor), wanted)
    if len(found) == 1:
        return found[0], []
    if found:
        return None, [Problem("OFFICE_TWICE", _("Several of your organisations have this name."), place="office",
                              mend=_("Choose the one with the right organisation above it from the list."))]
    return None, [Problem("OFFICE", _("None of your open organisations has this name."), place="office",
                          mend=_("Choose one from the list."))]


def _found(rows: QuerySet[Organisation], wanted: str) -> list[Organisation]:
    try:
        return list(rows.filter(public_id=uuid.UUID(wanted)))
    except ValueError:
        named = _named(rows, wanted)
    # One that closes and the one that follows it bear the same name for a while.
    staying = [row for row in named if row.closes_on is None]
    return staying if len(staying) == 1 and len({row.parent_id for row in named}) == 1 else named


def _named(rows: QuerySet[Organisation], wanted: str) -> list[Organisation]:
    name, apart, above = wanted.rpartition(APART)
    found = list(rows.filter(name=wanted)) if wanted else []
    return found or (list(rows.filter(name=name, parent__name=above)) if apart else [])


def _twice(actor: Actor, names: list[str]) -> set[str]:
    """Those among the names that several of his organisations have."""
    rows = open_offices(actor).filter(name__in=set(names)).order_by()
    return set(rows.values("name").annotate(n=Count("pk")).filter(n__gt=1).values_list("name", flat=True))


def _words(row: Organisation, twice: set[str]) -> str:
    return f"{row.name}{APART}{row.parent.name}" if row.name in twice and row.parent else row.name
