"""Whose figures an applicant is shown: of the place he chose, of his office or union, or of the whole installation."""

from dataclasses import dataclass

from django.http import HttpRequest

from casework.organisations import regions
from casework.organisations.models import Organisation
from casework.programmes import parameters
from casework.registers.models import Entry
from casework.site.policy import actor_of_request

CHOSEN = "region"


@dataclass(frozen=True, slots=True)
class Place:
    """region: code. name: of its federation. sure: is it the reader's own, or the next around his own, and not only the
    widest? choices: code → name of every place there is."""

    region: str
    name: str
    sure: bool
    choices: dict[str, str]


def of_reader(request: HttpRequest) -> Place:
    """The reader's place. One he chooses is remembered for this visit."""
    choices = regions.names()
    asked = request.GET.get(CHOSEN, "")
    if asked in choices:
        request.session[CHOSEN] = asked
    own = request.session.get(CHOSEN) or _own(request)
    # A place no federation stands for has the figures of the next one around it.
    near = next((region for region in parameters.regions_of(own) if region in choices), "")
    region = near or next(iter(choices), "")
    return Place(region, choices.get(region, ""), bool(near), choices)


def _own(request: HttpRequest) -> str:
    """The region of the office he acts for, or of the union that entered him in a register last."""
    actor = actor_of_request(request)
    if actor.duties:
        office = Organisation.objects.filter(pk=actor.duties[0].organisation).first()
        return office.region if office else ""
    if actor.himself is None:
        return ""
    newest = Entry.objects.filter(person_id=actor.himself).select_related("organisation").order_by("-id").first()
    return newest.organisation.region if newest else ""
