"""Who reads and who writes in the studio, and finding one version of a programme."""
from typing import Any

from django.http import Http404, HttpRequest

from casework.access.models import Role
from casework.core import clock
from casework.core.calendar import local_date
from casework.organisations.models import Organisation
from casework.programmes import parameters
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.site.policy import actor_of_request

WRITERS = (Role.POLICY_OFFICER.value,)
READERS = (*WRITERS, Role.AUDITOR.value)


def version_of(key: str, number: str = "") -> ProgrammeVersion:
    """A version of a programme: by its number, else the one in force today, else the newest. Raises Http404."""
    rows = ProgrammeVersion.objects.filter(key=key).order_by("-version")
    if number:
        row = rows.filter(version=int(number)).first() if number.isascii() and number.isdigit() else None
    else:
        row = rows.filter(effective_from__lte=local_date(clock.now())).first() or rows.first()
    if row is None:
        raise Http404
    return row


def numbers_here(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    """The regional numbers of a service as they are in force today for the reader's office."""
    duty = next((duty for duty in actor_of_request(request).duties if duty.role in READERS), None)
    office = Organisation.objects.filter(pk=duty.organisation).first() if duty else None
    return parameters.entered(programme.numbers, office.region if office else "", local_date(clock.now()))


def may_write(request: HttpRequest) -> bool:
    """Is the reader a policy officer?"""
    return any(duty.role in WRITERS for duty in actor_of_request(request).duties)
