"""Organisations below one's own: added, changed, closed from a day on."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.access import assign
from casework.access.actor import Actor, Duty
from casework.access.duties import stamp_of
from casework.access.models import RoleAssignment, User
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import ENDED, Case
from casework.core import identifiers
from casework.core.calendar import local_date, start_of
from casework.core.masks import find_private
from casework.core.problems import Problem
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.staffing import scope, telling

# What may stand below what.
BELOW: Mapping[str, tuple[Level, ...]] = {
    Level.NATIONAL: (Level.PROVINCE,), Level.PROVINCE: (Level.CITY,), Level.CITY: (Level.COUNTY, Level.GRASSROOTS),
    Level.COUNTY: (Level.TOWN, Level.GRASSROOTS), Level.TOWN: (Level.GRASSROOTS,),
}
MOST: Mapping[str, int] = {
    "name": 120, "name_en": 160, "credit_code": 18, "short_name": 20, "phone": 30, "address": 200,
}
TOLD_MOST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """An organisation as it shall be. region: six digits; credit_code "" for none."""

    name: str
    name_en: str
    credit_code: str
    short_name: str
    phone: str
    address: str


def read(typed: Mapping[str, str]) -> tuple[Wanted, list[Problem]]:
    """What was typed, as it is kept, and what is wrong with it."""
    said = {key: _plain(typed.get(key, ""), most) for key, most in MOST.items()}
    problems = []
    if len(said["name"]) < 4:
        problems.append(Problem("UNION_NAME", _("Give the full name of the union."), place="name",
                                mend=_("At least 4 characters, as on its certificate.")))
    if said["credit_code"]:
        said["credit_code"], wrong = identifiers.credit_code(said["credit_code"])
        problems += [Problem(one.code, one.message, "credit_code", one.mend) for one in wrong]
    return Wanted(**said), problems


def add(
    parent: Organisation, level: str, region: str, wanted: Wanted, reason: str, actor: Actor, now: datetime
) -> Organisation:
    """A new organisation below one that he administers. Raises Refused."""
    duty = scope.duty_at(actor, parent)
    words, problems = telling.reason_of(reason)
    problems += _level(parent, level) + _region(parent, region) + _closed(parent, now)
    telling.refuse(problems)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=parent.pk)
        telling.refuse(_known(wanted, parent, None), 409)
        node = tree.make(
            wanted.name, level, parent, region=region, name_en=wanted.name_en, credit_code=wanted.credit_code,
            short_name=wanted.short_name, phone=wanted.phone, address=wanted.address,
        )
        facts = {"parent": str(parent.public_id), "level": level, "region": region, "reason": words}
        _event(node, "organisation_add", duty, actor, facts | _shown(_values(node)), now)
    return node


def change(node: Organisation, wanted: Wanted, reason: str, actor: Actor, now: datetime) -> None:
    """Another name, code, phone or address. Its officers are told. Raises Refused."""
    duty = scope.duty_at(actor, node)
    words, problems = telling.reason_of(reason)
    telling.refuse(problems)
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=node.pk)
        telling.refuse(_known(wanted, held.parent, held), 409)
        before = _values(held)
        after = {key: getattr(wanted, key) for key in MOST}
        changed = [key for key in MOST if before[key] != after[key]]
        if not changed:
            return
        for key in changed:
            setattr(held, key, after[key])
        held.save(update_fields=changed)
        facts = telling.facts_of(_shown(before), _shown(after)) | {"fields": changed, "reason": words}
        event = _event(held, "organisation_change", duty, actor, facts, now)
        telling.tell(event, "union_changed", _officers(held, now), held, now, actor=actor.name, reason=words,
                     before=before["name"] if "name" in changed else "")


def close(node: Organisation, day: date | None, reason: str, actor: Actor, now: datetime) -> None:
    """No more from a day on: nobody applies there, its duties end. Raises Refused while anything below it or any case
    is open, and for one's own organisation."""
    duty = scope.duty_at(actor, node)
    words, problems = telling.reason_of(reason)
    if day is None or day < local_date(now):
        problems.append(Problem("CLOSE_DAY", _("Give today or a later day."), place="closes_on"))
    if any(one.organisation == node.pk for one in actor.duties):
        problems.append(Problem("OWN_OFFICE", _("Your own organisation is closed by the level above.")))
    telling.refuse(problems)
    assert day is not None
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=node.pk)
        telling.refuse(_still_used(held, day), 409)
        before, held.closes_on = held.closes_on, day
        held.save(update_fields=["closes_on"])
        officers = list(_officers(held, now))
        facts = telling.facts_of({"closes_on": before}, {"closes_on": day}) | {"reason": words}
        event = _event(held, "organisation_close", duty, actor, facts, now)
        at = now if day == local_date(now) else start_of(day)
        for row in RoleAssignment.objects.filter(scope.not_over(at), organisation=held).select_related("organisation"):
            assign.end(row, stamp_of(actor, duty, "online"), now, at, words)
        telling.tell(event, "union_closed", officers, held, now, closes_on=day.isoformat(), actor=actor.name,
                     reason=words)


def _plain(text: str, most: int) -> str:
    return " ".join("".join(sign for sign in text if sign.isprintable()).split())[:most]


def _level(parent: Organisation, level: str) -> list[Problem]:
    if level in BELOW.get(parent.level, ()):
        return []
    return [Problem("UNION_LEVEL", _("No organisation of this level stands here."), place="level")]


def _region(parent: Organisation, region: str) -> list[Problem]:
    reach = parent.region.removesuffix("00").removesuffix("00")
    if len(region) == 6 and region.isascii() and region.isdigit() and region.startswith(reach):
        return []
    return [Problem("UNION_REGION", _("The region is a six-digit code inside that of the level above."),
                    place="region", mend=_("It begins with %(reach)s.") % {"reach": reach})]


def _closed(parent: Organisation, now: datetime) -> list[Problem]:
    if parent.closes_on is None:
        return []
    return [Problem("UNION_CLOSED", _("This organisation is closed, or will be."))]


def _known(wanted: Wanted, parent: Organisation | None, own: Organisation | None) -> list[Problem]:
    others = Organisation.objects.filter(closes_on__isnull=True).exclude(pk=own.pk if own else 0)
    problems = []
    if others.filter(parent=parent, name=wanted.name).exists():
        problems.append(Problem("UNION_KNOWN", _("A union of this name is here already."), place="name"))
    if wanted.credit_code and others.filter(credit_code=wanted.credit_code).exists():
        problems.append(Problem("CREDIT_KNOWN", _("Another union has this credit code."), place="credit_code",
                                mend=_("Compare the code with the certificate.")))
    return problems


def _still_used(node: Organisation, day: date) -> list[Problem]:
    problems = []
    open_below = Organisation.objects.filter(Q(closes_on__isnull=True) | Q(closes_on__gt=day), parent=node)
    if open_below.exists():
        problems.append(Problem("UNION_BELOW", _("Organisations below it are still open."),
                                mend=_("Close them first.")))
    running = Case.objects.filter(organisation__path__startswith=node.path).exclude(state__in=ENDED)
    count = running[:1000].count()
    if count:
        problems.append(Problem("UNION_CASES", _("Cases of this union are still open: %(n)s.") % {"n": count},
                                mend=_("They are ended, or sent on, first.")))
    return problems


def _values(node: Organisation) -> dict[str, str]:
    return {key: getattr(node, key) for key in MOST}


def _shown(values: Mapping[str, str]) -> dict[str, str]:
    """As the event log takes it: what looks like the number of a person is told by its last signs."""
    return {key: f"…{value[-4:]}" if find_private(value) else value for key, value in values.items()}


def _officers(node: Organisation, now: datetime) -> list[User]:
    rows = RoleAssignment.objects.filter(scope.not_over(now), organisation=node).values("user_id")
    return list(User.objects.filter(pk__in=rows, is_active=True).select_related("person").order_by("pk")[:TOLD_MOST])


def _event(node: Organisation, action: str, duty: Duty, actor: Actor, facts: dict[str, Any], now: datetime) -> Event:
    return record.record("organisation", str(node.public_id), action, stamp_of(actor, duty, "online"), facts, now)
