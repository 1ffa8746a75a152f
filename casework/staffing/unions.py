"""Organisations below one's own: added and changed."""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import stamp_of
from casework.access.models import RoleAssignment, User
from casework.audit import record
from casework.audit.models import Event
from casework.core import identifiers
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
CODE_TYPED = 60  # a credit code as people write it, with blanks
TOLD_MOST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """An organisation as it shall be. credit_code: "" for none."""

    name: str
    name_en: str
    credit_code: str
    short_name: str
    phone: str
    address: str


def read(typed: Mapping[str, str]) -> tuple[Wanted, list[Problem]]:
    """What was typed, as it is kept, and what is wrong with it."""
    said = {key: _plain(typed.get(key, ""), most) for key, most in MOST.items()}
    said["credit_code"] = _plain(typed.get("credit_code", ""), CODE_TYPED)
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
        telling.refuse(known(wanted.name, wanted.credit_code, parent, None), 409)
        node = tree.make(
            wanted.name, level, parent, region=region, name_en=wanted.name_en, credit_code=wanted.credit_code,
            short_name=wanted.short_name, phone=wanted.phone, address=wanted.address,
        )
        facts = {"parent": str(parent.public_id), "level": level, "region": region, "reason": words}
        note(node, "organisation_add", duty, actor, facts | _shown(_values(node)), now)
    return node


def change(node: Organisation, wanted: Wanted, reason: str, actor: Actor, now: datetime) -> None:
    """Another name, code, phone or address. Its officers are told. Raises Refused."""
    duty = scope.duty_at(actor, node)
    words, problems = telling.reason_of(reason)
    telling.refuse(problems)
    with transaction.atomic():
        held = Organisation.objects.select_for_update().get(pk=node.pk)
        telling.refuse(known(wanted.name, wanted.credit_code, held.parent, held), 409)
        before = _values(held)
        after = {key: getattr(wanted, key) for key in MOST}
        changed = [key for key in MOST if before[key] != after[key]]
        if not changed:
            return
        for key in changed:
            setattr(held, key, after[key])
        held.save(update_fields=changed)
        facts = telling.facts_of(_shown(before), _shown(after)) | {"fields": changed, "reason": words}
        event = note(held, "organisation_change", duty, actor, facts, now)
        telling.tell(event, "union_changed", officers(held, now), held, now, actor=actor.name, reason=words,
                     before=before["name"] if "name" in changed else "")


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


def known(name: str, credit_code: str, parent: Organisation | None, own: Organisation | None) -> list[Problem]:
    """Another organisation with this name beside it, or with this code anywhere, that is there to stay."""
    others = Organisation.objects.filter(closes_on__isnull=True).exclude(pk=own.pk if own else 0)
    problems = []
    if others.filter(parent=parent, name=name).exists():
        problems.append(Problem("UNION_KNOWN", _("A union of this name is here already."), place="name"))
    if credit_code and others.filter(credit_code=credit_code).exists():
        problems.append(Problem("CREDIT_KNOWN", _("Another union has this credit code."), place="credit_code",
                                mend=_("Compare the code with the certificate.")))
    return problems


def _values(node: Organisation) -> dict[str, str]:
    return {key: getattr(node, key) for key in MOST}


def _shown(values: Mapping[str, str]) -> dict[str, str]:
    """As the event log takes it: what looks like the number of a person is told by its last signs."""
    return {key: f"…{value[-4:]}" if find_private(value) else value for key, value in values.items()}


def officers(node: Organisation, now: datetime) -> list[User]:
    """Who holds a duty there or will, as far as they are told."""
    rows = RoleAssignment.objects.filter(scope.not_over(now), organisation=node).values("user_id")
    return list(User.objects.filter(pk__in=rows, is_active=True).select_related("person").order_by("pk")[:TOLD_MOST])


def note(node: Organisation, action: str, duty: Duty, actor: Actor, facts: dict[str, Any], now: datetime) -> Event:
    """An event on the chain of the organisation."""
    return record.record("organisation", str(node.public_id), action, stamp_of(actor, duty, "online"), facts, now)
