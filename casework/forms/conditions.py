"""Closed conditions (spec.holds) for pages: as data for forms.js, and as words for readers without it."""
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from casework.core import money
from casework.forms.kinds import KINDS
from casework.forms.spec import Condition, Field, FormSpec, Page, Repeat


def as_json(condition: Condition | None) -> str:
    """The condition as JSON; "" when there is none."""
    return json.dumps(condition, ensure_ascii=False, default=str) if condition else ""


def in_words(form: FormSpec, condition: Condition | None, place: str) -> str:
    """Such as "Only if “Work” is: Student." """
    parts = []
    for key, wanted in (condition or {}).items():
        head, _dot, rest = place.rpartition(".")
        asked = form.field(f"{head}.{key}" if rest else key) or form.field(key)
        if asked is not None:
            parts.append(_("“%(title)s” is: %(values)s") % {"title": asked.title, "values": _wanted(asked, wanted)})
    return _("Only if %(conditions)s.") % {"conditions": _(", ").join(parts)} if parts else ""


def _wanted(field: Field, wanted: Any) -> str:
    if not isinstance(wanted, Mapping):
        return _shown(field, wanted)
    parts = []
    for test, against in wanted.items():
        if test == "in":
            parts += [_shown(field, one) for one in against]
        elif test == "at_least":
            parts.append(_("at least %(value)s") % {"value": _shown(field, against)})
        elif test == "at_most":
            parts.append(_("at most %(value)s") % {"value": _shown(field, against)})
    return " / ".join(parts)


def _shown(field: Field, value: Any) -> str:
    if field.kind == "money":
        return f"{money.show(value)} 元"
    if field.kind == "multi":
        value = [value]
    return KINDS[field.kind].show(value, field)


def asked_elsewhere(page: Page) -> set[str]:
    """Keys of answers on other pages that conditions of this page ask for."""
    here = {item.key for item in page.items()}
    return {key for item in page.items() for key in _asked(item)} - here


def _asked(item: Field | Repeat) -> set[str]:
    inner = {field.key: field for field in item.fields} if isinstance(item, Repeat) else {}
    return set(item.when or {}) | {key for field in inner.values() for key in field.when or {} if key not in inner}
