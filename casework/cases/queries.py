"""Reads that serve pages: one case inside the actor's scope, lists by key, never by offset."""

import uuid
from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from casework.access.actor import Actor
from casework.access.capacity import still_held
from casework.cases.models import Case
from casework.forms.models import Draft
from casework.organisations.models import Level

COLUMN = {Level.GRASSROOTS: "unit", Level.TOWN: "town", Level.COUNTY: "county", Level.CITY: "city"}


def within(actor: Actor, roles: Collection[str] | None = None, prefix: str = "") -> Q:
    """Condition for rows with one organisation column a level: everything below the nodes of the actor's duties.
    A province or the nation sees all cities below it, so it goes by path."""
    condition = Q(pk__in=[])
    for duty in actor.duties:
        if roles is not None and duty.role not in roles:
            continue
        column = COLUMN.get(Level(duty.level))
        if column:
            condition |= Q(**{f"{prefix}{column}_id": duty.organisation})
        else:
            condition |= Q(**{f"{prefix}city__path__startswith": duty.path})
    return condition


def filed(actor: Actor) -> Q:
    """Condition for cases the actor filed and stands behind still: whoever filed under a duty loses them with it
    (promise R6). The duty stands in the draft they were handed in from; for those handed in without one, say a line of
    a campaign, it is any duty over their place."""
    drafts = Draft.objects.filter(case=OuterRef("pk"))
    stands = Exists(drafts.filter(still_held(actor))) | (~Exists(drafts) & within(actor))
    return Q(filed_by_id=actor.user) & stands if actor.user else Q(pk__in=())


def visible(actor: Actor, roles: Collection[str], also: Q | None = None) -> QuerySet[Case]:
    """Cases the actor may see at all: his own, those of his subtree in a reading role, those granted one by one, and
    those of a further condition."""
    own = Q(pk__in=actor.granted)
    if actor.himself:
        own |= Q(applicant_id=actor.himself, for_office=False)
    own |= filed(actor)
    return Case.objects.filter(own | within(actor, roles) | (also or Q(pk__in=())))


def case_for(actor: Actor, public_id: uuid.UUID | str, roles: Collection[str], also: Q | None = None) -> Case:
    """One case, with what pages show of it. Raises Http404 alike for "absent" and "not yours" (promise R2)."""
    rows = visible(actor, roles, also).select_related(
        "programme",
        "applicant",
        "organisation",
        "unit",
        "town",
        "county",
        "city",
        "filed_by",
        "entry",
        "account",
        "household",
    )
    case = rows.filter(public_id=public_id).first()
    if case is None:
        raise Http404
    return case


def my_cases(actor: Actor, before: int | None = None, size: int = 20) -> list[Case]:
    """The cases a person applied for, or filed and stands behind, newest first, one page; before: id of the last row
    seen."""
    mine = filed(actor)
    if actor.himself:
        mine |= Q(applicant_id=actor.himself, for_office=False)
    rows = Case.objects.filter(mine).select_related("programme", "organisation", "county", "applicant").order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    return list(rows[: size + 1])
