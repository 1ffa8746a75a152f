"""The duties one may begin a matter under, in the words a page offers them in."""
from collections.abc import Sequence

from casework.access.actor import Actor, Duty
from casework.access.capacity import name_of
from casework.access.models import Role
from casework.organisations.models import Organisation


def unions_handled(actor: Actor) -> list[Duty]:
    """The duties with which this person files for the members of his unions."""
    return [duty for duty in actor.duties if duty.role == Role.UNIT_HANDLER]


def duties_told(held: Sequence[Duty]) -> list[dict[str, str]]:
    """Each duty once, as {value, role, office}; none where there is nothing to choose."""
    once = {name_of(duty): duty for duty in held}
    if len(once) < 2:
        return []
    names = Organisation.objects.in_bulk({duty.organisation for duty in once.values()})
    return [
        {"value": value, "role": str(Role(duty.role).label), "office": names[duty.organisation].name}
        for value, duty in once.items()
    ]
