"""What a user may do now: dated assignments and substitutions, read afresh for each request (promise R6)."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from guardian.models import UserObjectPermission

from casework.access.actor import Actor, Duty
from casework.access.models import RoleAssignment, Substitution, User
from casework.audit.record import Stamp

GRANTS = ("read_case", "help_case")


def in_force(now: datetime) -> Q:
    """Condition of a dated right: from inclusive, to exclusive."""
    return Q(valid_from__lte=now) & (Q(valid_to__isnull=True) | Q(valid_to__gt=now))


def actor_of(user: User, now: datetime) -> Actor:
    """The acting person with his duties and per-case grants. A disabled user has none. A substitute gets one hop: he
    cannot pass the duty on."""
    if not user.is_active:
        return Actor(user=user.pk, person=user.person_id, name=_name(user))
    own = RoleAssignment.objects.filter(in_force(now), user=user).select_related("organisation")
    duties = [Duty(row.role, row.organisation_id, row.organisation.path, row.organisation.level) for row in own]
    lent = list(
        Substitution.objects.filter(in_force(now), substitute=user, absent__is_active=True).select_related(
            "organisation", "absent"
        )
    )
    still = RoleAssignment.objects.filter(in_force(now), user__in=[row.absent_id for row in lent])
    held = set(still.values_list("user_id", "role", "organisation_id")) if lent else set()
    for row in lent:
        if (row.absent_id, row.role, row.organisation_id) in held:
            duties.append(
                Duty(row.role, row.organisation_id, row.organisation.path, row.organisation.level, row.absent.person_id)
            )
    return Actor(user=user.pk, person=user.person_id, name=_name(user), duties=tuple(duties), granted=_granted(user))


def _name(user: User) -> str:
    return user.first_name or user.username


def _granted(user: User) -> frozenset[int]:
    """Cases opened to the user one by one, by guardian."""
    case_type = ContentType.objects.get_by_natural_key("cases", "case")
    rows = UserObjectPermission.objects.filter(user=user, content_type=case_type, permission__codename__in=GRANTS)
    return frozenset(int(pk) for pk in rows.values_list("object_pk", flat=True))


def covers(duty: Duty, path: str) -> bool:
    """Does the duty reach this organisation? It reaches its node and all below."""
    return path.startswith(duty.path)


def find_duty(actor: Actor, role: str, path: str) -> Duty | None:
    """The actor's duty of this role that covers the path."""
    return next((duty for duty in actor.duties if duty.role == role and covers(duty, path)), None)


def holders(role: str, path: str, now: datetime) -> list[User]:
    """Active users who hold the role at the organisation of this path or above it, the nearest first."""
    parts = [part for part in path.split("/") if part]
    rows = RoleAssignment.objects.filter(
        in_force(now), role=role, organisation_id__in=[int(part) for part in parts], user__is_active=True
    ).select_related("user", "organisation")
    return [row.user for row in sorted(rows, key=lambda row: (-len(row.organisation.path), row.pk))]


def stamp_of(actor: Actor, duty: Duty | None, via: str, address: str = "") -> Stamp:
    """The actor as an event keeps him: plain JSON, no foreign key, so that the log stands alone."""
    return Stamp(
        user=actor.user,
        person=str(actor.person or ""),
        name=actor.name,
        role=duty.role if duty else "",
        organisation=str(duty.organisation) if duty else "",
        via=via,
        system=actor.system,
        address=address,
    )
