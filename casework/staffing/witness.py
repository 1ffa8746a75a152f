"""Who is told that somebody got a right over money: one administrator gives rights alone, but never unseen."""
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from casework.access.actor import Actor
from casework.access.duties import in_force
from casework.access.models import Role, RoleAssignment, Substitution, User
from casework.audit.models import Event
from casework.organisations.models import Organisation
from casework.staffing import telling

# Who approves money, makes a payment of it, sends it.
OVER_MONEY = frozenset({Role.APPROVER, Role.PROVINCE_APPROVER, Role.FINANCE_OFFICER, Role.CASHIER})
WITNESSES = (Role.APPROVER, Role.PROVINCE_APPROVER, Role.SUPERVISOR, Role.AUDITOR)
MOST = 50


def tell_of_duty(event: Event, row: RoleAssignment, actor: Actor, reason: str, now: datetime) -> None:
    """A duty over money was given: approvers, supervisors and auditors there and above read it."""
    if row.role in OVER_MONEY:
        said = {"role": telling.role_words(row.role), "who": _who(row.user), "actor": actor.name, "reason": reason}
        witnesses = _witnesses(row.organisation, [row.user], actor, now)
        telling.tell(event, "money_duty", witnesses, row.organisation, now, **said)


def tell_of_cover(event: Event, row: Substitution, said: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """A duty over money is lent to a substitute: the same people read it. said: as both of them are told."""
    if row.role in OVER_MONEY:
        witnesses = _witnesses(row.organisation, [row.absent, row.substitute], actor, now)
        telling.tell(event, "money_cover", witnesses, row.organisation, now, **said)


def tell_of_password(event: Event, user: User, actor: Actor, reason: str, now: datetime) -> None:
    """A login with duties over money, its own or a colleague's, got a new first password, which the administrator has
    seen: those who watch read it at each of their places, each of them once."""
    said: dict[str, Any] = {"login": user.username, "who": _who(user), "actor": actor.name, "reason": reason}
    own = RoleAssignment.objects.filter(in_force(now), user=user, role__in=OVER_MONEY)
    lent = Substitution.objects.filter(in_force(now), substitute=user, role__in=OVER_MONEY)
    places = set(own.values_list("organisation_id", flat=True)) | set(lent.values_list("organisation_id", flat=True))
    for place in Organisation.objects.filter(pk__in=places).order_by("path"):
        telling.tell(event, "money_password", _witnesses(place, [user], actor, now), place, now, **said)


def _who(user: User) -> str:
    return user.first_name or user.username


def _witnesses(place: Organisation, concerned: Iterable[User], actor: Actor, now: datetime) -> QuerySet[User]:
    above = [int(part) for part in place.path.split("/") if part]
    held = RoleAssignment.objects.filter(in_force(now), role__in=WITNESSES, organisation_id__in=above)
    rows = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    rows = rows.exclude(pk__in=[actor.user, *(user.pk for user in concerned)])
    return rows.order_by("pk")[:MOST]
