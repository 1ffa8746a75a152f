"""What happened to a login or an organisation, in words: the last events of its chain."""
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.access.models import Role
from casework.audit.models import Event
from casework.core.problems import Words
from casework.workflows import wording

SHOWN = 50
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
    rows = Event.objects.filter(subject_kind=kind, subject_id=subject).order_by("-n")[:SHOWN]
    return [
        {"at": row.at, "title": ACTIONS.get(row.action, row.action), "who": row.actor.get("name", ""),
         "role": _role(row.actor.get("role", "")), "text": "\n".join(_lines(row.data))}
        for row in rows
    ]


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
