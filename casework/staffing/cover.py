"""Substitutes (代理): for so many days, named by the person himself or by the chair over him."""
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.access import assign
from casework.access.actor import Actor, Duty
from casework.access.duties import covers, in_force, stamp_of
from casework.access.models import Role, RoleAssignment, Substitution, User
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.organisations.models import Organisation
from casework.staffing import apart, telling, witness

# Whose word counts over the duties of others at their organisations.
CHAIRS = (Role.UNIT_CHAIR, Role.APPROVER, Role.PROVINCE_APPROVER)
LONGEST = timedelta(days=366)


def chair_over(actor: Actor, path: str) -> Duty | None:
    """The duty of his own with which he leads an organisation: a substitute does not pass duties on."""
    return next((
        duty for duty in actor.duties if duty.role in CHAIRS and duty.for_person is None and covers(duty, path)
    ), None)


def duties_open_to(actor: Actor, now: datetime) -> QuerySet[RoleAssignment]:
    """The duties for which he may name a substitute: his own, and those he leads."""
    led = Q(pk__in=())
    for duty in actor.duties:
        if duty.role in CHAIRS and duty.for_person is None:
            led |= Q(organisation__path__startswith=duty.path)
    rows = RoleAssignment.objects.filter(in_force(now), led | Q(user_id=actor.user), user__is_active=True)
    return rows.select_related("user", "organisation")


def seen(actor: Actor, now: datetime) -> QuerySet[Substitution]:
    """Substitutions that hold or will: his own on either side, and those of the duties he leads."""
    led = Q(absent_id=actor.user) | Q(substitute_id=actor.user)
    for duty in actor.duties:
        if duty.role in CHAIRS and duty.for_person is None:
            led |= Q(organisation__path__startswith=duty.path)
    rows = Substitution.objects.filter(led, valid_to__gt=now)
    return rows.select_related("absent", "substitute", "organisation")


def colleagues(organisation: Organisation, now: datetime) -> QuerySet[User]:
    """Who may stand in at an organisation: active staff there, directly below it, beside it under the same parent,
    and above it."""
    there_and_above = [int(part) for part in organisation.path.split("/") if part]
    near = Q(organisation_id__in=there_and_above) | Q(organisation__parent=organisation)
    if organisation.parent_id is not None:
        near |= Q(organisation__parent_id=organisation.parent_id)
    held = RoleAssignment.objects.filter(in_force(now), near)
    return User.objects.filter(is_active=True, person__isnull=False, pk__in=held.values("user_id"))


def found(name: str, organisation: Organisation, now: datetime) -> tuple[User | None, list[Problem]]:
    """The colleague of a login name, or of a name that only one of them has."""
    rows = colleagues(organisation, now)
    user = rows.filter(username=name).first()
    if user is not None:
        return user, []
    named = list(rows.filter(first_name=name)[:2]) if name else []
    if len(named) == 1:
        return named[0], []
    if named:
        return None, [Problem("NAME_TWICE", _("Several colleagues have this name."), place="substitute",
                              mend=_("Type the login name."))]
    return None, [Problem("NOT_A_COLLEAGUE", _("Nobody near this organisation has this name or login."),
                          place="substitute", mend=_("Choose somebody from the list."))]


def name(
    held: RoleAssignment, substitute: str, first: date | None, last: date | None, reason: str, actor: Actor,
    now: datetime,
) -> Substitution:
    """Name a substitute for a duty of duties_open_to. substitute: login or name, as typed. Raises Refused."""
    words, problems = telling.reason_of(reason)
    user, wrong = found(substitute.strip(), held.organisation, now)
    problems += wrong
    start, wrong = telling.begins(first, now)
    problems += wrong
    end, wrong = telling.ends(last, start)
    problems += wrong + _too_long(start, end)
    telling.refuse(problems)
    assert user is not None and end is not None  # said by the problems
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        telling.refuse(_unfit(held, user, start, end, actor), 409)
        duty = None if held.user_id == actor.user else chair_over(actor, held.organisation.path)
        row, event = assign.substitute(
            held.user, user, held.role, held.organisation, start, end, stamp_of(actor, duty, "online"), now, words
        )
        telling.tell(event, "cover_given", [user], held.organisation, now, **_said(row, words, actor))
        telling.tell(event, "cover_named", [held.user], held.organisation, now, **_said(row, words, actor))
        witness.tell_of_cover(event, row, _said(row, words, actor), actor, now)
    return row


def end(number: str, reason: str, actor: Actor, now: datetime) -> None:
    """End a substitution that one named, holds, or leads; the substitute may give it back. Raises Http404, Refused."""
    row = seen(actor, now).filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if row is None:
        raise Http404
    words, problems = telling.reason_of(reason)
    telling.refuse(problems)
    with transaction.atomic():
        kept = Substitution.objects.select_for_update().get(pk=row.pk)
        if kept.valid_to <= now:
            return  # a second click
        event = assign.end_substitution(kept, stamp_of(actor, chair_over(actor, row.organisation.path), "online"), now,
                                        words)
        told = [row.absent, row.substitute]
        telling.tell(event, "cover_ended", told, row.organisation, now, **_said(row, words, actor))


def duty_of(actor: Actor, number: str, now: datetime) -> RoleAssignment:
    """One of the duties for which he may name a substitute. Raises Http404."""
    rows = duties_open_to(actor, now)
    row = rows.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if row is None:
        raise Http404
    return row


def _too_long(start: datetime, end: datetime | None) -> list[Problem]:
    if end is None:
        return [Problem("TO_MISSING", _("A substitution has a last day."), place="valid_to")]
    if end - start > LONGEST:
        return [Problem("COVER_TOO_LONG", _("A substitution lasts a year at most."), place="valid_to",
                        mend=_("Have the duty given to the person instead."))]
    return []


def _unfit(held: RoleAssignment, user: User, start: datetime, end: datetime, actor: Actor) -> list[Problem]:
    if user.pk == held.user_id or user.person_id == held.user.person_id:
        return [Problem("COVER_SELF", _("Nobody stands in for himself."), place="substitute")]
    if held.user_id != actor.user and user.person_id in actor.persons:
        return [Problem("FOR_ONESELF", _("Nobody gives rights to himself, or takes them from himself."),
                        place="substitute", mend=_("Name somebody else."))]
    rows = Substitution.objects.filter(
        absent_id=held.user_id, role=held.role, organisation=held.organisation, valid_from__lt=end, valid_to__gt=start
    )
    if rows.exists():
        return [Problem("COVERED", _("Somebody stands in for this duty in these days already."), place="valid_from",
                        mend=_("End that first, or choose other days."))]
    wanted = apart.Span(held.role, held.organisation.path, start, end)
    return apart.never_together(user, wanted) + apart.both_halves(user, wanted)


def _said(row: Substitution, reason: str, actor: Actor) -> dict[str, object]:
    return {
        "role": telling.role_words(row.role), "absent": row.absent.first_name or row.absent.username,
        "substitute": row.substitute.first_name or row.substitute.username,
        "begins_on": local_date(row.valid_from).isoformat(), "ends_on": telling.last_day(row.valid_to),
        "reason": reason, "actor": actor.name,
    }
