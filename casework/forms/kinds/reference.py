"""Fields that point at something: uploaded files, a member of the household, the union one belongs to."""
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.documents.models import Document
from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.rows import row_numbers
from casework.forms.spec import Field
from casework.organisations import tree
from casework.organisations.models import Level, Organisation

UNIONS_MOST = 2000


def ids_of(raw: Any) -> list[str] | None:
    """Public ids, each once; None when one is none."""
    values = raw if isinstance(raw, list) else [raw]
    try:
        return list(dict.fromkeys(str(uuid.UUID(str(value))) for value in values if value))
    except ValueError:
        return None


def parse_files(raw: Any, field: Field, today: date) -> Parsed:
    """Public ids of uploaded files, each once."""
    ids = ids_of(raw)
    if ids is None:
        return wrong("FILE", _("This file is not known."), _("Upload it again."))
    least, most = bounds(field)
    if len(ids) > most:
        words = _("At most %(most)s files.") % {"most": most}
        return ids, [Problem("TOO_MANY_FILES", words, mend=_("Remove some."))]
    if len(ids) < least:
        words = _("At least %(least)s files are needed.") % {"least": least}
        return ids, [Problem("TOO_FEW_FILES", words, mend=_("Add what is missing."))]
    return ids, []


def bounds(field: Field) -> tuple[int, int]:
    """How many files a field takes."""
    return int(field.options.get("min_files", 1 if field.required else 0)), int(field.options.get("max_files", 9))


def file_schema(field: Field) -> dict[str, Any]:
    """Public ids of files."""
    least, most = bounds(field)
    ids = {"type": "string", "format": "uuid"}
    return {"type": "array", "items": ids, "minItems": least, "maxItems": most, "uniqueItems": True}


def show_files(value: Any, field: Field) -> str:
    """The names of the files."""
    names = Document.objects.filter(public_id__in=value or []).order_by("id").values_list("name", flat=True)
    return "、".join(names)


def parse_member(raw: Any, field: Field, today: date) -> Parsed:
    """"self" for the applicant, or the number of a row of the household members."""
    text = str(raw).strip()
    if text == "self" or (text.isascii() and text.isdigit() and len(text) < 4):
        return text, []
    return wrong("MEMBER", _("Choose a person of the household."))


def show_member(value: Any, field: Field) -> str:
    """The applicant, or the row's number as people count."""
    if value in (None, ""):
        return ""
    return str(_("Applicant")) if value == "self" else str(_("Member %(n)s") % {"n": int(value) + 1})


def member_names(raw: Mapping[str, list[str]], key: str) -> list[tuple[str, str]]:
    """The applicant and the rows of a repeat as choices, by the names typed so far."""
    own = _typed_name(raw, "name")
    found = [("self", f"{_('Applicant')} {own}".strip())]
    for number in row_numbers(key, raw):
        words = str(_("Member %(n)s") % {"n": number + 1})
        found.append((str(number), f"{words} {_typed_name(raw, f'{key}.{number}.name')}".strip()))
    return found


def _typed_name(raw: Mapping[str, list[str]], place: str) -> str:
    return (raw.get(place) or [""])[-1].strip()[:40]


def parse_union(raw: Any, field: Field, today: date) -> Parsed:
    """Public id of a grassroots union, or of one of the levels under `of`: [grassroots, town]."""
    ids = ids_of(raw)
    union = tree.named(uuid.UUID(ids[0])) if ids else None
    if not ids or union is None or union.closes_on is not None or union.level not in levels(field):
        mend = _("If it is missing, ask at the window of the county.")
        return wrong("UNION", _("Choose your union from the list."), mend)
    return ids[0], []


def show_union(value: Any, field: Field) -> str:
    """The union's name."""
    if not value:
        return ""
    return Organisation.objects.filter(public_id=value).values_list("name", flat=True).first() or ""


def levels(field: Field) -> list[str]:
    """The levels whose unions may be chosen."""
    return list(field.options.get("of") or [Level.GRASSROOTS])


def unions(field: Field) -> list[tuple[str, list[tuple[str, str]]]]:
    """Active unions grouped by the county or town above them, for the choice list."""
    listed = tree.open_to_new().filter(level__in=levels(field)).select_related("parent")
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in listed.order_by("path")[:UNIONS_MOST]:
        grouped.setdefault(row.parent.name if row.parent else "", []).append((str(row.public_id), row.name))
    return list(grouped.items())


KINDS = (
    Kind("file", parse_files, "file", show_files, file_schema, many=True),
    Kind("member_ref", parse_member, "member", show_member,
         lambda field: {"type": "string", "pattern": "^(self|[0-9]{1,3})$"}),
    Kind("union", parse_union, "union", show_union, lambda field: {"type": "string", "format": "uuid"}),
)
