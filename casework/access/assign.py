"""Giving and ending rights. Each change is an event on the user's chain, in the same transaction (promise A1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from casework.access.models import RoleAssignment, Substitution, User
from casework.audit import record
from casework.audit.models import Event
from casework.organisations.models import Organisation


def assign(
    user: User,
    role: str,
    organisation: Organisation,
    valid_from: datetime,
    valid_to: datetime | None,
    by: Mapping[str, Any],
    now: datetime,
    reason: str = "",
) -> tuple[RoleAssignment, Event]:
    """Give a role at a node, from–to; with the event that tells it. The first one says which office keeps the login,
    where none does yet."""
    with transaction.atomic():
        row = RoleAssignment.objects.create(
            user=user, role=role, organisation=organisation, valid_from=valid_from, valid_to=valid_to
        )
        User.objects.filter(pk=user.pk, office__isnull=True).update(office=organisation)
        facts = {"role": role, "organisation": str(organisation.public_id), "from": valid_from, "to": valid_to}
        return row, record.record("user", str(user.pk), "assign", by, facts | _why(reason), now)


def end(
    assignment: RoleAssignment, by: Mapping[str, Any], now: datetime, at: datetime | None = None, reason: str = ""
) -> Event:
    """End a role now, or at a later moment; from then on the next act is refused (promise R6)."""
    with transaction.atomic():
        before, assignment.valid_to = assignment.valid_to, at or now
        assignment.save(update_fields=["valid_to"])
        facts = {
            "role": assignment.role, "organisation": str(assignment.organisation.public_id), "before": before,
            "to": assignment.valid_to,
        }
        return record.record("user", str(assignment.user_id), "end", by, facts | _why(reason), now)


def go_on(
    assignment: RoleAssignment, by: Mapping[str, Any], now: datetime, until: datetime | None, reason: str
) -> Event:
    """Let a role go on for longer than was entered; until: the moment it ends then, None for an open one."""
    with transaction.atomic():
        before, assignment.valid_to = assignment.valid_to, until
        assignment.save(update_fields=["valid_to"])
        facts = {
            "role": assignment.role, "organisation": str(assignment.organisation.public_id), "before": before,
            "to": until,
        }
        return record.record("user", str(assignment.user_id), "go_on", by, facts | _why(reason), now)


def substitute(
    absent: User,
    substitute: User,
    role: str,
    organisation: Organisation,
    valid_from: datetime,
    valid_to: datetime,
    by: Mapping[str, Any],
    now: datetime,
    reason: str = "",
) -> tuple[Substitution, Event]:
    """Let somebody act in a role of an absent colleague; with the event that tells it. Both persons count for
    separation of duties."""
    with transaction.atomic():
        row = Substitution.objects.create(
            absent=absent,
            substitute=substitute,
            role=role,
            organisation=organisation,
            valid_from=valid_from,
            valid_to=valid_to,
        )
        facts = {"role": role, "absent": absent.pk, "substitute": substitute.pk, "from": valid_from, "to": valid_to}
        facts |= {"organisation": str(organisation.public_id)} | _why(reason)
        return row, record.record("user", str(substitute.pk), "substitute", by, facts, now)


def end_substitution(row: Substitution, by: Mapping[str, Any], now: datetime, reason: str = "") -> Event:
    """End a substitution now."""
    with transaction.atomic():
        before, row.valid_to = row.valid_to, now
        row.save(update_fields=["valid_to"])
        facts = {"role": row.role, "absent": row.absent_id, "before": before, "to": now} | _why(reason)
        facts |= {"organisation": str(row.organisation.public_id)}
        return record.record("user", str(row.substitute_id), "substitute_end", by, facts, now)


def _why(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}
