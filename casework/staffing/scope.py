"""What an administrator reaches: his own organisations and all below them. What lies outside is not there for him."""
import uuid
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import covers, find_duty
from casework.access.models import Role, RoleAssignment, Substitution, User
from casework.core.problems import Problem, Refused
from casework.organisations.models import Organisation


def not_over(now: datetime) -> Q:
    """Condition of a dated right that holds or will hold."""
    return Q(valid_to__isnull=True) | Q(valid_to__gt=now)


def within(actor: Actor, column: str, role: str = Role.ADMIN) -> Q:
    """Condition: the path in this column lies under a duty of this role."""
    found = Q(pk__in=())
    for duty in actor.duties:
        if duty.role == role:
            found |= Q(**{f"{column}__startswith": duty.path})
    return found


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """The organisations he administers."""
    return Organisation.objects.filter(within(actor, "path"))


def organisation_of(actor: Actor, public_id: uuid.UUID) -> Organisation:
    """One of them. Raises Http404 alike for "absent" and "not yours"."""
    found = organisations(actor).select_related("parent").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def logins(actor: Actor, now: datetime) -> QuerySet[User]:
    """Staff logins that his organisations keep, and those that hold a duty there or will."""
    here = RoleAssignment.objects.filter(
        not_over(now), within(actor, "organisation__path"), user=OuterRef("pk")
    )
    return User.objects.filter(within(actor, "office__path") | Exists(here)).select_related("office", "person")


def login_of(actor: Actor, public_id: uuid.UUID, now: datetime) -> User:
    """One of them. Raises Http404 alike for "absent" and "not yours"."""
    found = logins(actor, now).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def keeps(actor: Actor, user: User, now: datetime) -> bool:
    """Does everything this login may do, also for a colleague, lie within his reach? Only then may he lock it or give
    it a new password."""
    own = RoleAssignment.objects.filter(not_over(now), user=user)
    lent = Substitution.objects.filter(not_over(now), substitute=user)
    at_home = user.office is None or any(
        duty.role == Role.ADMIN and user.office.path.startswith(duty.path) for duty in actor.duties
    )
    here = within(actor, "organisation__path")
    return at_home and not own.exclude(here).exists() and not lent.exclude(here).exists()


def duty_at(actor: Actor, organisation: Organisation) -> Duty:
    """The duty with which he administers an organisation. Raises Http404."""
    found = find_duty(actor, Role.ADMIN, organisation.path)
    if found is None:
        raise Http404
    return found


def duty_for(actor: Actor, user: User, now: datetime) -> Duty:
    """The duty with which he keeps a login. Raises Refused (403): not for himself; the login has duties elsewhere."""
    not_oneself(actor, user)
    if not keeps(actor, user, now):
        raise Refused([Problem(
            "KEPT_ELSEWHERE", _("This login also holds duties outside your organisations."),
            mend=_("The administrator of the level above does it."),
        )], 403)
    held = [duty for duty in actor.duties if duty.role == Role.ADMIN]
    home = user.office.path if user.office is not None else ""
    return next((duty for duty in held if covers(duty, home)), held[0])


def not_oneself(actor: Actor, user: User) -> None:
    """Nobody changes his own rights, by person and not by login. Raises Refused (403)."""
    if user.pk == actor.user or (user.person_id is not None and user.person_id in actor.persons):
        raise Refused([Problem(
            "FOR_ONESELF", _("Nobody gives rights to himself, or takes them from himself."),
            mend=_("Another administrator does it."),
        )], 403)
