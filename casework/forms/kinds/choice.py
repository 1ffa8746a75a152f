"""One of several, several of many, yes or no, and consents."""
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.spec import Field

YES = {"true", "on", "1", "yes", "是"}
NO = {"false", "off", "0", "no", "否", ""}


def parse_enum(raw: Any, field: Field, today: date) -> Parsed:
    """One of the choices."""
    if not isinstance(raw, str) or raw not in field.choices:
        return wrong("CHOICE", _("Choose one of the answers given."))
    return raw, []


def parse_multi(raw: Any, field: Field, today: date) -> Parsed:
    """Some of the choices, each once, in their order."""
    values = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(value, str) and value in field.choices for value in values):
        return wrong("CHOICE", _("Choose from the answers given."))
    most = int(field.options.get("max", len(field.choices)))
    chosen = [value for value in field.choices if value in values]
    if len(chosen) > most:
        return wrong("TOO_MANY", _("Choose at most %(most)s.") % {"most": most})
    return chosen, []


def parse_bool(raw: Any, field: Field, today: date) -> Parsed:
    """Yes or no."""
    if isinstance(raw, bool):
        return raw, []
    if isinstance(raw, str) and raw.strip().lower() in YES | NO:
        return raw.strip().lower() in YES, []
    return wrong("BOOL", _("Answer yes or no."))


def parse_consent(raw: Any, field: Field, today: date) -> Parsed:
    """Only yes counts."""
    value, problems = parse_bool(raw, field, today)
    if value is not True and field.required:
        return wrong("CONSENT", _("We need your agreement here to go on."), _("Read the text and tick the box."))
    return value, problems


def multi_schema(field: Field) -> dict[str, Any]:
    """Some of the choices."""
    most = int(field.options.get("max", len(field.choices)))
    least = 1 if field.required else 0
    return {"type": "array", "items": {"enum": list(field.choices)}, "uniqueItems": True, "minItems": least,
            "maxItems": most}


def show_enum(value: Any, field: Field) -> str:
    """The words of the choice."""
    return str(field.choices.get(value, value or ""))


def show_multi(value: Any, field: Field) -> str:
    """The words of the choices."""
    return "、".join(str(field.choices.get(one, one)) for one in value or [])


def show_bool(value: Any, field: Field) -> str:
    """Yes or no in words."""
    return "" if value is None else str(_("Yes") if value else _("No"))


KINDS = (
    Kind("enum", parse_enum, "enum", show_enum, lambda field: {"enum": list(field.choices)}),
    Kind("multi", parse_multi, "multi", show_multi, many=True,
         schema=multi_schema),
    Kind("bool", parse_bool, "bool", show_bool, lambda field: {"type": "boolean"}),
    Kind("consent", parse_consent, "consent", show_bool,
         lambda field: {"const": True} if field.required else {"type": "boolean"}),
)
