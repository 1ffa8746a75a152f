"""Dated duties at a node of the tree: given, and ended."""
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.access import assign
from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.access.models import RoleAssignment, User
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.organisations.models import Organisation
from casework.staffing import apart, closing, scope, telling, witness


def give(
    user: User, role: str, organisation: Organisation, first: date | None, last: date | None, reason: str,
    actor: Actor, now: datetime,
) -> RoleAssignment:
    """Give a role at an organisation, from a first to a last day (None: open). Raises Refused."""
    scope.not_oneself(actor, user)
    duty = scope.duty_at(actor, organisation)
    words, problems = telling.reason_of(reason)
    start, wrong = telling.begins(first, now)
    problems += wrong
    end, wrong = telling.ends(last, start)
    problems += wrong + apart.level_fits(role, organisation) + _unfit(user, organisation, start)
    problems += closing.ends_before(organisation, end)
    telling.refuse(problems)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        wanted = apart.Span(role, organisation.path, start, end)
        clash = apart.never_together(user, wanted) + apart.half_of_cover(user, wanted)
        telling.refuse(_held(user, wanted, organisation) + clash, 409)
        stamp = stamp_of(actor, duty, "online")
        row, event = assign.assign(user, role, organisation, start, end, stamp, now, words)
        telling.tell(event, "duty_given", [user], organisation, now, **_said(row, words, actor))
        witness.tell_of_duty(event, row, actor, words, now)
    return row


def end(row: RoleAssignment, last: date | None, reason: str, actor: Actor, now: datetime) -> None:
    """End a duty now (None), or with the end of a day. Raises Refused."""
    scope.not_oneself(actor, row.user)
    duty = scope.duty_at(actor, row.organisation)
    words, problems = telling.reason_of(reason)
    at, wrong = telling.ends(last, now)
    telling.refuse(problems + wrong)
    with transaction.atomic():
        held = RoleAssignment.objects.select_for_update().select_related("organisation").get(pk=row.pk)
        if held.valid_to is not None and held.valid_to <= (at or now):
            telling.refuse(_ends_earlier(held.valid_to, at or now, now), 409)
            return  # a second click
        event = assign.end(held, stamp_of(actor, duty, "online"), now, at, words)
        telling.tell(event, "duty_ended", [row.user], row.organisation, now, **_said(held, words, actor))


def _ends_earlier(present: datetime, wanted: datetime, now: datetime) -> list[Problem]:
    """An end is not put off by entering a later one."""
    if not now < present < wanted:
        return []
    last = date_format(local_date(present - timedelta(microseconds=1)), "SHORT_DATE_FORMAT")
    return [Problem("ENDS_EARLIER", _("This duty ends on %(day)s already.") % {"day": last}, place="last_day",
                    mend=_("Give an earlier day, or give the duty anew for the days after."))]


def _unfit(user: User, organisation: Organisation, start: datetime) -> list[Problem]:
    problems = []
    if user.person_id is None:
        problems.append(Problem("NO_PERSON", _("This login is not linked to a person yet."), place="user"))
    if organisation.closes_on is not None and organisation.closes_on <= local_date(start):
        problems.append(Problem("UNION_CLOSED", _("This organisation is closed."), place="office"))
    return problems


def _held(user: User, wanted: apart.Span, organisation: Organisation) -> list[Problem]:
    rows = RoleAssignment.objects.filter(
        scope.not_over(wanted.start), user=user, role=wanted.role, organisation=organisation
    )
    if wanted.end is not None:
        rows = rows.filter(valid_from__lt=wanted.end)
    if not rows.exists():
        return []
    return [Problem("DUTY_HELD", _("This duty is held already in these days."), place="role",
                    mend=_("End it first if its days should be others."))]


def _said(row: RoleAssignment, reason: str, actor: Actor) -> Mapping[str, Any]:
    return {
        "role": telling.role_words(row.role), "begins_on": local_date(row.valid_from).isoformat(),
        "ends_on": telling.last_day(row.valid_to), "reason": reason, "actor": actor.name,
    }
