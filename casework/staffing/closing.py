"""Closing an organisation from a day on: entered, moved while the day has not come, and taken back."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.access import assign
from casework.access.actor import Actor, Duty
from casework.access.duties import stamp_of
from casework.access.models import RoleAssignment
from casework.audit.models import Event
from casework.cases.models import ENDED, Case
from casework.core.calendar import local_date, start_of
from casework.core.problems import Problem
from casework.funds.models import Balance
from casework.organisations.models import Organisation
from casework.staffing import scope, telling, unions

# What the ends of duties would be without the closing stands under this key of the event that tells of it.
ENDS = "ends"


def close(node: Organisation, day: date | None, reason: str, actor: Actor, now: datetime) -> None:
    """No more from a day on: from now on nobody applies there, with the day its duties end. A day that was entered
    may be moved until it has come. Raises Refused while anything below it, any case or any money is there, and for
    one's own organisation."""
    duty = scope.duty_at(actor, node)
    words, problems = telling.reason_of(reason)
    if day is None or day < local_date(now):
        problems.append(Problem("CLOSE_DAY", _("Give today or a later day."), place="closes_on"))
    telling.refuse(problems + _own(node, actor))
    assert day is not None
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=node.pk)
        if held.closes_on == day:
            return  # a second click
        telling.refuse(_gone(held, now) + _above(held, day) + _still_used(held, day), 409)
        _enter(held, day, words, duty, actor, now)


def keep(node: Organisation, reason: str, actor: Actor, now: datetime) -> None:
    """It stays after all: people apply there again, and its duties end when they would have. Raises Refused when the
    day has come, or another organisation bears its name or code by now."""
    duty = scope.duty_at(actor, node)
    words, problems = telling.reason_of(reason)
    telling.refuse(problems + _own(node, actor))
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=node.pk)
        if held.closes_on is None:
            return  # a second click
        known = unions.known(held.name, held.credit_code, held.parent, held)
        telling.refuse(_gone(held, now) + _above(held, None) + [Problem(one.code, one.message) for one in known], 409)
        _enter(held, None, words, duty, actor, now)


def may_close(actor: Actor, node: Organisation, today: date) -> bool:
    """Is it there still, and not where he works himself?"""
    return not _own(node, actor) and (node.closes_on is None or node.closes_on > today)


def _own(node: Organisation, actor: Actor) -> list[Problem]:
    if any(one.organisation == node.pk for one in actor.duties):
        return [Problem("OWN_OFFICE", _("Your own organisation is closed by the level above."))]
    return []


def _gone(node: Organisation, now: datetime) -> list[Problem]:
    if node.closes_on is None or node.closes_on > local_date(now):
        return []
    return [Problem("UNION_CLOSED", _("This organisation is closed."))]


def _above(node: Organisation, day: date | None) -> list[Problem]:
    """Nothing outlasts what it stands below."""
    last = node.parent.closes_on if node.parent else None
    if last is None or (day is not None and day <= last):
        return []
    return [Problem("UNION_ABOVE", _("The organisation above it closes before."), place="closes_on" if day else "",
                    mend=_("The closing of that one is moved or taken back first."))]


def _still_used(node: Organisation, day: date) -> list[Problem]:
    problems = []
    if Organisation.objects.filter(Q(closes_on__isnull=True) | Q(closes_on__gt=day), parent=node).exists():
        problems.append(Problem("UNION_BELOW", _("Organisations below it are still open."),
                                mend=_("Close them first.")))
    running = Case.objects.filter(organisation__path__startswith=node.path).exclude(state__in=ENDED)
    count = running[:1000].count()
    if count:
        problems.append(Problem("UNION_CASES", _("Cases of this union are still open: %(n)s.") % {"n": count},
                                mend=_("They are ended, or sent on, first.")))
    full = Q(available__gt=0) | Q(reserved__gt=0) | Q(in_transit__gt=0)
    if Balance.objects.filter(full, fund__organisation__path__startswith=node.path).exists():
        problems.append(Problem("UNION_MONEY", _("Funds of this organisation hold money."),
                                mend=_("It is spent, or its entries are reversed, first.")))
    return problems


def _enter(node: Organisation, day: date | None, words: str, duty: Duty, actor: Actor, now: datetime) -> None:
    before, node.closes_on = node.closes_on, day
    node.save(update_fields=["closes_on"])
    told = unions.officers(node, now)
    rows = _rows(node, before, now)
    facts: dict[str, Any] = telling.facts_of({"closes_on": before}, {"closes_on": day}) | {"reason": words}
    facts |= {ENDS: {str(row.pk): planned for row, planned in rows}}
    action = "organisation_close" if day else "organisation_keep"
    event = unions.note(node, action, duty, actor, facts, now)
    at = None if day is None else max(now, start_of(day))
    for row, planned in rows:
        ends = [moment for moment in (planned, at) if moment is not None]
        _move_end(row, min(ends) if ends else None, stamp_of(actor, duty, "online"), now, words)
    said = {"actor": actor.name, "reason": words, "closes_on": day.isoformat() if day else ""}
    telling.tell(event, "union_closed" if day else "union_stays", told, node, now, **said)


def _rows(node: Organisation, before: date | None, now: datetime) -> list[tuple[RoleAssignment, datetime | None]]:
    """The duties held there or later, each with the end it would have without a closing."""
    found = RoleAssignment.objects.filter(scope.not_over(now), organisation=node).select_related("organisation")
    cut = start_of(before) if before else None
    known = _noted(node) if before else {}
    return [(row, known.get(str(row.pk)) if cut and row.valid_to == cut else row.valid_to) for row in found]


def _noted(node: Organisation) -> dict[str, datetime | None]:
    """What the last closing noted; where it noted nothing, the duties it ended were open."""
    chain = Event.objects.filter(subject_kind="organisation", subject_id=str(node.public_id))
    last = chain.filter(action="organisation_close").order_by("-n").first()
    noted: Mapping[str, str | None] = last.data.get(ENDS, {}) if last else {}
    return {key: parse_datetime(value) if value else None for key, value in noted.items()}


def _move_end(
    row: RoleAssignment, at: datetime | None, stamp: Mapping[str, Any], now: datetime, words: str
) -> None:
    if at == row.valid_to:
        return
    if at is not None and (row.valid_to is None or at < row.valid_to):
        assign.end(row, stamp, now, at, words)
    else:
        assign.go_on(row, stamp, now, at, words)


def ends_before(organisation: Organisation, end: datetime | None) -> list[Problem]:
    """No duty outlasts its organisation."""
    last = organisation.closes_on
    if last is None or (end is not None and end <= start_of(last)):
        return []
    words = _("This organisation closes on %(day)s.") % {"day": date_format(last, "SHORT_DATE_FORMAT")}
    return [Problem("UNION_CLOSING", words, place="valid_to", mend=_("Give a last day before it."))]
