"""Who can be named for a piece of work: people of a role for the place, none of them kept out of the case."""
from django.db.models import Q

from casework.access.duties import actor_of, in_force
from casework.access.models import RoleAssignment, User
from casework.organisations.models import Organisation
from casework.programmes.spec import Step
from casework.workflows import guards, worklist
from casework.workflows.steps import asking
from casework.workflows.turn import Turn

MOST = 50


def of_step(turn: Turn, step: Step) -> list[User]:
    """Who could do a step of this case: its role at its desk, or at a node above that does the level's work."""
    role, wanted = worklist.who_does(turn.case, step)
    place, level = worklist.desk_of(turn.case, wanted)
    return _fit(turn, role, place, Q(organisation__level=level))


def of_role(turn: Turn, role: str) -> list[User]:
    """Who holds a role for the place of the case, at whatever level."""
    return _fit(turn, role, turn.case.organisation, Q())


def _fit(turn: Turn, role: str, place: Organisation, also: Q) -> list[User]:
    nodes = [int(part) for part in place.path.split("/") if part]
    held = RoleAssignment.objects.filter(
        in_force(turn.now), also, role=role, organisation_id__in=nodes, user__is_active=True
    )
    users = User.objects.filter(pk__in=held.values("user_id")).select_related("person").order_by("first_name", "pk")
    return [user for user in users[:MOST] if not guards.recusal(turn.case, actor_of(user, turn.now))]


def item(key: str, zh: str, en: str, users: list[User], *, required: bool) -> asking.Item:
    """The question whom to name; an answer is the id of his login."""
    names = {str(user.pk): user.first_name or user.username for user in users}
    choices = {key: asking.words(name, name) for key, name in names.items()}
    return {"key": key, "kind": "enum", "required": required, "choices": choices, "title": asking.words(zh, en)}


def named(turn: Turn, key: str) -> User | None:
    """The person an answer names, None where nobody was."""
    given = turn.answers.get(key)
    return User.objects.select_related("person").filter(pk=int(given)).first() if given else None
