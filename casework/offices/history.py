"""What happened to a login or an organisation, in words: the last events of its chain."""
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access.actor import Actor
from casework.access.models import Role
from casework.audit.models import Event
from casework.core.problems import Words
from casework.staffing import scope
from casework.workflows import wording

SHOWN, LOOKED_AT = 50, 300
# What tells of one duty at one organisation, which its facts name.
OF_DUTIES = frozenset({"assign", "end", "go_on", "substitute", "substitute_end"})
ACTIONS: Mapping[str, Words] = MappingProxyType({
    "login_make": gettext_lazy("Login made"), "lock": gettext_lazy("Login locked"),
    "unlock": gettext_lazy("Login opened again"), "reset": gettext_lazy("New first password"),
    "password_chosen": gettext_lazy("Own password chosen"), "assign": gettext_lazy("Duty given"),
    "end": gettext_lazy("Duty ended"), "substitute": gettext_lazy("Stands in for a colleague"),
    "substitute_end": gettext_lazy("Substitution ended"), "organisation_add": gettext_lazy("Organisation added"),
    "organisation_change": gettext_lazy("Details changed"), "organisation_close": gettext_lazy("Closing entered"),
    "organisation_keep": gettext_lazy("Closing taken back"), "go_on": gettext_lazy("Duty goes on"),
})
COLUMNS: Mapping[str, Words] = MappingProxyType({
    "name": gettext_lazy("Name"), "name_en": gettext_lazy("Name in English"),
    "credit_code": gettext_lazy("Credit code"),
    "short_name": gettext_lazy("Short name for papers"), "phone": gettext_lazy("Phone"),
    "address": gettext_lazy("Address"), "closes_on": gettext_lazy("Closed from"),
    "is_active": gettext_lazy("Login open"),
})


def of(kind: str, subject: str) -> list[dict[str, Any]]:
    """The last events of a chain, newest first, as components/timeline.html draws them. One query."""
    return [_told(row) for row in _chain(kind, subject)[:SHOWN]]


def of_login(actor: Actor, user: int) -> list[dict[str, Any]]:
    """The same for a login, as its administrator reads it: of its duties those at his organisations, with what was done
    to the login itself. Two queries."""
    rows = list(_chain("user", str(user))[:LOOKED_AT])
    named = {place for row in rows if (place := row.data.get("organisation"))}
    mine = set(map(str, scope.organisations(actor).filter(public_id__in=named).values_list("public_id", flat=True)))
    shown = [row for row in rows if row.action not in OF_DUTIES or row.data.get("organisation") in mine]
    return [_told(row) for row in shown[:SHOWN]]


def _chain(kind: str, subject: str) -> QuerySet[Event]:
    return Event.objects.filter(subject_kind=kind, subject_id=subject).order_by("-n")


def _told(row: Event) -> dict[str, Any]:
    return {
        "at": row.at, "title": ACTIONS.get(row.action, row.action), "who": row.actor.get("name", ""),
        "role": _role(row.actor.get("role", "")), "text": "\n".join(_lines(row.data)),
    }


def _lines(data: Mapping[str, Any]) -> Iterator[str]:
    if data.get("role"):
        yield _role(data["role"])
    if data.get("from"):
        yield _("from %(day)s") % {"day": wording.moment(data["from"])}
    if data.get("to"):
        yield _("until %(day)s") % {"day": wording.moment(data["to"])}
    for key, pair in (data.get("changes") or {}).items():
        yield f"{COLUMNS.get(key, key)}: {_value(pair['before'])} → {_value(pair['after'])}"
    if data.get("reason"):
        yield _("Reason: %(words)s") % {"words": data["reason"]}


def _role(key: str) -> str:
    return str(Role(key).label) if key in Role.values else ""


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value else "—"
