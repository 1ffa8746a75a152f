"""Who is told that somebody got a right over money: one administrator gives rights alone, but never unseen."""
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from casework.access.actor import Actor
from casework.access.duties import in_force
from casework.access.models import Role, RoleAssignment, User
from casework.audit.models import Event
from casework.staffing import telling

# Who approves money, makes a payment of it, sends it.
OVER_MONEY = frozenset({Role.APPROVER, Role.PROVINCE_APPROVER, Role.FINANCE_OFFICER, Role.CASHIER})
WITNESSES = (Role.APPROVER, Role.PROVINCE_APPROVER, Role.SUPERVISOR, Role.AUDITOR)
MOST = 50


def tell_of_duty(event: Event, row: RoleAssignment, actor: Actor, reason: str, now: datetime) -> None:
    """A duty over money was given: approvers, supervisors and auditors there and above read it."""
    if row.role in OVER_MONEY:
        said = {"role": telling.role_words(row.role), "who": _who(row.user), "actor": actor.name, "reason": reason}
        telling.tell(event, "money_duty", _witnesses(row, actor, now), row.organisation, now, **said)


def tell_of_password(event: Event, user: User, actor: Actor, reason: str, now: datetime) -> None:
    """A login with duties over money got a new first password, which the administrator has seen."""
    rows = RoleAssignment.objects.filter(in_force(now), user=user, role__in=OVER_MONEY)
    for row in rows.select_related("user", "organisation").order_by("pk")[:1]:
        said: dict[str, Any] = {"login": user.username, "who": _who(user), "actor": actor.name, "reason": reason}
        telling.tell(event, "money_password", _witnesses(row, actor, now), row.organisation, now, **said)


def _who(user: User) -> str:
    return user.first_name or user.username


def _witnesses(row: RoleAssignment, actor: Actor, now: datetime) -> QuerySet[User]:
    above = [int(part) for part in row.organisation.path.split("/") if part]
    held = RoleAssignment.objects.filter(in_force(now), role__in=WITNESSES, organisation_id__in=above)
    rows = User.objects.filter(is_active=True, pk__in=held.values("user_id")).exclude(pk__in=[row.user_id, actor.user])
    return rows.order_by("pk")[:MOST]
