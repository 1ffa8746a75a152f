"""Giving and ending rights. Each change is an event on the user's chain, in the same transaction (promise A1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from casework.access.models import RoleAssignment, Substitution, User
from casework.audit import record
from casework.organisations.models import Organisation


def assign(
    user: User,
    role: str,
    organisation: Organisation,
    valid_from: datetime,
    valid_to: datetime | None,
    by: Mapping[str, Any],
    now: datetime,
) -> RoleAssignment:
    """Give a role at a node, from–to."""
    with transaction.atomic():
        row = RoleAssignment.objects.create(
            user=user, role=role, organisation=organisation, valid_from=valid_from, valid_to=valid_to
        )
        facts = {"role": role, "organisation": str(organisation.public_id), "from": valid_from, "to": valid_to}
        record.record("user", str(user.pk), "assign", by, facts, now)
    return row


def end(assignment: RoleAssignment, by: Mapping[str, Any], now: datetime) -> None:
    """End a role now; the next act is refused (promise R6)."""
    with transaction.atomic():
        assignment.valid_to = now
        assignment.save(update_fields=["valid_to"])
        facts = {"role": assignment.role, "organisation": str(assignment.organisation.public_id)}
        record.record("user", str(assignment.user_id), "end", by, facts, now)


def substitute(
    absent: User,
    substitute: User,
    role: str,
    organisation: Organisation,
    valid_from: datetime,
    valid_to: datetime,
    by: Mapping[str, Any],
    now: datetime,
) -> Substitution:
    """Let somebody act in a role of an absent colleague; both persons count for separation of duties."""
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
        record.record("user", str(substitute.pk), "substitute", by, facts, now)
    return row
