"""What an auditor may see: the cases of his subtree, and those named to him one by one."""
import uuid
from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404

from casework.access.actor import Actor, Duty
from casework.access.duties import find_duty
from casework.access.models import Role, User
from casework.cases.models import Case
from casework.cases.queries import within
from casework.funds.models import Fund

ROLES = frozenset({Role.AUDITOR.value})
LOG_ROLES = frozenset({Role.AUDITOR.value, Role.DATA_PROTECTION_OFFICER.value})
SHOWN = ("programme", "applicant", "organisation", "county", "city", "account", "filed_by")


def audited(actor: Actor, roles: Collection[str] = ROLES) -> QuerySet[Case]:
    """Cases within the actor's auditing duties. His own applications are not among them for that alone."""
    return Case.objects.filter(within(actor, roles))


def case_for(actor: Actor, user: User | AnonymousUser, public_id: uuid.UUID | str) -> Case:
    """One case in scope by duty or by a grant to read it. Raises Http404 alike for "absent" and "not yours"."""
    case = (
        Case.objects.filter(within(actor, ROLES) | Q(pk__in=actor.granted))
        .filter(public_id=public_id).select_related(*SHOWN).first()
    )
    if case is None or (duty_for(actor, case) is None and not user.has_perm("cases.read_case", case)):
        raise Http404
    return case


def funds(actor: Actor, roles: Collection[str] = ROLES) -> QuerySet[Fund]:
    """Funds of the organisations under the actor's auditing duties."""
    below = Q(pk__in=[])
    for duty in actor.duties:
        if duty.role in roles:
            below |= Q(organisation__path__startswith=duty.path)
    return Fund.objects.filter(below)


def duty_for(actor: Actor, case: Case) -> Duty | None:
    """The auditing duty that covers the case, None when only a grant does."""
    return find_duty(actor, Role.AUDITOR, case.organisation.path)
