"""What a user may do now: dated assignments and substitutions, read afresh for each request (promise R6)."""

from datetime import datetime
from functools import cache

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from guardian.models import UserObjectPermission

from casework.access.actor import Actor, Duty
from casework.access.models import RoleAssignment, Substitution, User
from casework.audit.record import Stamp
from casework.core import prepared
from casework.organisations.models import Organisation

GRANTS = ("read_case", "help_case")


def in_force(now: datetime) -> Q:
    """Condition of a dated right: from inclusive, to exclusive."""
    return Q(valid_from__lte=now) & (Q(valid_to__isnull=True) | Q(valid_to__gt=now))


@cache
def _sql() -> str:
    """Everything a user may do at a moment, in one question. Values: user, moment twice; user, moment four times;
    user."""
    names = {
        model.__name__: connection.ops.quote_name(model._meta.db_table)
        for model in (RoleAssignment, Substitution, User, Organisation, UserObjectPermission, Permission, ContentType)
    }
    return _QUESTION.format(grants="', '".join(GRANTS), **names)


_QUESTION = """
SELECT 1 AS sort, a.id AS number, a.role AS word, o.id AS place, o.path AS path, o.level AS level, NULL AS person
    FROM {RoleAssignment} a JOIN {Organisation} o ON o.id = a.organisation_id
    WHERE a.user_id = %s AND a.valid_from <= %s AND (a.valid_to IS NULL OR a.valid_to > %s)
UNION ALL SELECT 2, s.id, s.role, o.id, o.path, o.level, u.person_id
    FROM {Substitution} s JOIN {User} u ON u.id = s.absent_id JOIN {Organisation} o ON o.id = s.organisation_id
    WHERE s.substitute_id = %s AND s.valid_from <= %s AND (s.valid_to IS NULL OR s.valid_to > %s) AND u.is_active
    AND EXISTS (SELECT 1 FROM {RoleAssignment} h WHERE h.user_id = s.absent_id AND h.role = s.role
        AND h.organisation_id = s.organisation_id AND h.valid_from <= %s AND (h.valid_to IS NULL OR h.valid_to > %s))
UNION ALL SELECT 3, g.id, g.object_pk, 0, '', '', NULL
    FROM {UserObjectPermission} g JOIN {Permission} p ON p.id = g.permission_id
    JOIN {ContentType} t ON t.id = g.content_type_id
    WHERE g.user_id = %s AND t.app_label = 'cases' AND t.model = 'case' AND p.codename IN ('{grants}')
ORDER BY 1, 2
"""


def actor_of(user: User, now: datetime) -> Actor:
    """The acting person with his duties and per-case grants, in one query. A disabled user has none. A substitute gets
    one hop, and only while the absent colleague holds the role himself: he cannot pass the duty on."""
    if not user.is_active:
        return Actor(user.pk, user.person_id, _name(user), of_office=user.office_id is not None)
    moment = connection.ops.adapt_datetimefield_value(now)
    duties: list[Duty] = []
    granted: set[int] = set()
    with prepared.cursor() as cursor:
        cursor.execute(_sql(), [user.pk, moment, moment, user.pk, moment, moment, moment, moment, user.pk])
        for sort, _number, word, place, path, level, person in cursor.fetchall():
            if sort == 3:
                granted.add(int(word))
            else:
                duties.append(Duty(word, place, path, level, person))
    of_office = user.office_id is not None
    return Actor(user.pk, user.person_id, _name(user), tuple(duties), frozenset(granted), of_office=of_office)


def _name(user: User) -> str:
    return user.first_name or user.username


def covers(duty: Duty, path: str) -> bool:
    """Does the duty reach this organisation? It reaches its node and all below."""
    return path.startswith(duty.path)


def find_duty(actor: Actor, role: str, path: str) -> Duty | None:
    """The actor's duty of this role that covers the path."""
    return next((duty for duty in actor.duties if duty.role == role and covers(duty, path)), None)


def holders(role: str, path: str, now: datetime) -> list[User]:
    """Active users who hold the role at the organisation of this path or above it, the nearest first."""
    return [row.user for row in _held(role, path, now)]


def nearest(role: str, path: str, now: datetime) -> list[User]:
    """Of those the ones at the nearest place at which anybody holds it."""
    rows = _held(role, path, now)
    return [row.user for row in rows if row.organisation_id == rows[0].organisation_id]


def _held(role: str, path: str, now: datetime) -> list[RoleAssignment]:
    parts = [part for part in path.split("/") if part]
    rows = RoleAssignment.objects.filter(
        in_force(now), role=role, organisation_id__in=[int(part) for part in parts], user__is_active=True
    ).select_related("user", "organisation")
    return sorted(rows, key=lambda row: (-len(row.organisation.path), row.pk))


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
