"""In what capacity something was begun: for oneself, or under a duty; and whether that still holds (promise R6)."""
from collections.abc import Iterable
from typing import TypedDict

from django.db.models import Q

from casework.access.actor import Actor, Duty
from casework.access.duties import find_duty
from casework.access.models import OfDuty


class Under(TypedDict):
    """The columns of OfDuty. duty_role: "" for what a person does for himself; duty_place_id: the organisation."""

    duty_role: str
    duty_place_id: int | None


FOR_ONESELF = Under(duty_role="", duty_place_id=None)


def under(duty: Duty | None) -> Under:
    """The columns that remember a duty."""
    return Under(duty_role=duty.role if duty else "", duty_place_id=duty.organisation if duty else None)


def same_as(row: OfDuty) -> Under:
    """The columns of what belongs to a row."""
    return Under(duty_role=row.duty_role, duty_place_id=row.duty_place_id)


def held(row: OfDuty, actor: Actor) -> Duty | None:
    """The duty with which the actor still reaches what was begun under one: the same role, there or above it."""
    return find_duty(actor, row.duty_role, row.duty_place.path) if row.duty_place else None


def reached(row: OfDuty, actor: Actor) -> bool:
    """Was it begun for oneself, or does the duty hold still?"""
    return not row.duty_role or held(row, actor) is not None


def still_held(actor: Actor) -> Q:
    """The same as a condition of a query; what a person began for himself is nothing of an office's login."""
    found = Q(pk__in=()) if actor.of_office else Q(duty_role="")
    for duty in actor.duties:
        found |= Q(duty_role=duty.role, duty_place__path__startswith=duty.path)
    return found


def choose(offered: Iterable[Duty], wanted: str) -> Duty | None:
    """The duty named "role:organisation" among those offered, the first where none is named; None for any other."""
    known = {name_of(duty): duty for duty in offered}
    return known.get(wanted) if wanted else next(iter(known.values()), None)


def name_of(duty: Duty) -> str:
    """The word a page sends for a duty."""
    return f"{duty.role}:{duty.organisation}"
