"""Who may change programmes and regional numbers: policy officers, by dated duty, and never one person alone.

A programme is in force for every place of the installation, so only the city or a level above it puts one in force. A
county's policy officer writes drafts of programmes, and proposes and approves numbers of its own region. The city does
so for its counties, for itself and for the province around it.
"""
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.models import Role
from casework.core.masks import find_private
from casework.core.problems import Problem, Refused
from casework.organisations.models import Level, Organisation

ABOVE_COUNTY = frozenset({Level.CITY, Level.PROVINCE, Level.NATIONAL})


def duties_of(actor: Actor) -> list[Duty]:
    """The duties as policy officer that an actor holds now."""
    return [duty for duty in actor.duties if duty.role == Role.POLICY_OFFICER]


def writer(actor: Actor) -> Duty:
    """The duty under which somebody writes a draft. Raises Refused (403)."""
    found = duties_of(actor)
    if not found or actor.user is None or not actor.persons:
        raise Refused([_not_officer()], 403)
    return found[0]


def login_of(actor: Actor) -> int:
    """The login of a policy officer. Raises Refused (403)."""
    writer(actor)
    return int(actor.user or 0)


def of_the_city(actor: Actor) -> Duty:
    """The duty under which somebody puts a programme in force. Raises Refused (403)."""
    writer(actor)
    found = [duty for duty in duties_of(actor) if duty.level in ABOVE_COUNTY]
    if not found:
        raise Refused([
            Problem("LEVEL_TOO_LOW", _("A programme is in force for the whole city."),
                    mend=_("A policy officer of the city approves and publishes it."))
        ], 403)
    return found[0]


def of_the_region(actor: Actor, region: str) -> Duty:
    """The duty that covers a region. Raises Refused (403)."""
    writer(actor)
    found = covering(actor, region)
    if found is None:
        raise Refused([
            Problem("REGION_NOT_YOURS", _("This number is for another region than yours."), place="region",
                    mend=_("A policy officer of that region, or of the city, does it."))
        ], 403)
    return found


def covering(actor: Actor, region: str) -> Duty | None:
    """The duty that covers a region, if the actor holds one."""
    places = Organisation.objects.in_bulk([duty.organisation for duty in duties_of(actor)])
    for duty in duties_of(actor):
        own, wanted = _reach(places[duty.organisation].region), _reach(region)
        if wanted.startswith(own) or (duty.level in ABOVE_COUNTY and own.startswith(wanted)):
            return duty
    return None


def _reach(region: str) -> str:
    """The digits a region shares with everything inside it: 610000 → 61, 611000 → 6110, 611002 → itself."""
    return region.removesuffix("00").removesuffix("00")


def second_person(actor: Actor, authors: Iterable[int]) -> None:
    """Nobody approves what he wrote, nor what somebody wrote whom he stands in for. Raises Refused (403)."""
    if actor.persons & set(authors):
        raise Refused([
            Problem("SAME_HANDS", _("You wrote this yourself, so another person approves it."),
                    mend=_("Leave it to a colleague with the same role."))
        ], 403)


def plain_note(note: str, place: str = "note") -> str:
    """A note goes into the event log for good: no ID, phone or card numbers in it. Raises Refused (422)."""
    if find_private(note):
        raise Refused([
            Problem("PRIVATE_DATA", _("This text holds an ID, phone or card number."), place=place,
                    mend=_("Take the number out."))
        ])
    return note.strip()[:400]


def _not_officer() -> Problem:
    return Problem("NOT_POLICY_OFFICER", _("Only a policy officer changes programmes and regional numbers."),
                   mend=_("Ask the policy officer of your federation."))
