"""A draft goes over to the version in force: field by field, and what has no place there is told, never lost (S3).

What does not fit stays in the draft beside the form, under "was:<name>" with its question, kind and values; no field
has such a name, so no page and no submission reads it.
"""
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.text import Text
from casework.forms import drafts
from casework.forms.kinds import KINDS
from casework.forms.models import Draft
from casework.forms.spec import Field, FormSpec, Page, Repeat
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion

Raw = dict[str, list[str]]
WAS = "was:"
OWN = ("csrfmiddlewaretoken", "seen_revision", "go", "place", "page_of")


def newer(draft: Draft) -> ProgrammeVersion | None:
    """The version in force, when the draft was begun under another."""
    try:
        version = versions.current(draft.programme.key, local_date(clock.now()))
    except ProgrammeVersion.DoesNotExist:
        return None
    return version if version.pk != draft.programme_id else None


def up_to_date(request: HttpRequest, draft: Draft) -> Draft:
    """The draft under the version in force; the person is told when something changed."""
    version = newer(draft)
    if version is None:
        return draft
    old, new = programme_of(draft.programme).form, programme_of(version).form
    carried = drafts.carry(draft, version, fitted(old, new, drafts.load(draft)), clock.now())
    if old != new:
        told = _("The form has changed since you began. Your answers were carried over; look through them once.")
        messages.info(request, told)
    return carried


def fitted(old: FormSpec, new: FormSpec, raw: Raw) -> Raw:
    """The values under the new form: those whose question is still there and takes them; the others beside it."""
    found: Raw = {}
    for name, values in raw.items():
        before, after = old.field(name), new.field(name)
        if before is None or _takes(before, after, values):
            found[name] = values
        elif any(values) and name != before.again:
            found[WAS + name] = _kept(old, name, before, values)
    return found


def left_behind(raw: Raw) -> list[tuple[str, str]]:
    """(question, answer) of what stands beside the form, as the person reads it."""
    found = []
    for name, kept in raw.items():
        if name.startswith(WAS) and len(kept) > 3:
            (zh, en, kind), values = kept[:3], [value for value in kept[3:] if value]
            found.append((str(Text(zh, en)), _told(kind, values)))
    return found


def page_before(draft: Draft, key: str) -> Page | None:
    """A page of an earlier version of the draft's programme, the newest that has it."""
    rows = ProgrammeVersion.objects.filter(key=draft.programme.key).order_by("-version")[:20]
    pages = (programme_of(row).form.page(key) for row in rows)
    return next((page for page in pages if page is not None), None)


def beside(page: Page, held: Raw, typed: Raw) -> Raw:
    """What was typed on a page that is gone, as it stands beside the form; not what the draft holds already."""
    old = FormSpec((page,))
    found: Raw = {}
    for name, values in typed.items():
        field = old.field(name)
        if field is not None and name != field.again and any(values) and held.get(name) != values:
            found[WAS + name] = _kept(old, name, field, values)
    return found


def strays(draft: Draft, page: Page, held: Raw, posted: Raw) -> Raw:
    """What an older screen of a page asked and the page does not ask any more, as it stands beside the form."""
    now = FormSpec((page,))
    unknown = {name: values for name, values in posted.items() if name not in OWN and now.field(name) is None}
    if not any(any(values) for values in unknown.values()):
        return {}
    rows = ProgrammeVersion.objects.filter(key=draft.programme.key).order_by("-version")[:20]
    found: Raw = {}
    for old in (programme_of(row).form.page(page.key) for row in rows):
        if old is not None:
            found = beside(old, held, unknown) | found
    return {name: _with_earlier(held.get(name, []), kept) for name, kept in found.items()}


def _with_earlier(held: list[str], kept: list[str]) -> list[str]:
    """Another text of the same question that is gone: both are kept."""
    return kept if not held or held[3:] == kept[3:] else [*held, *kept[3:]]


def _takes(before: Field, after: Field | None, values: list[str]) -> bool:
    """Is it the same question still? One whose answer is no choice any more is not."""
    if after is None or before.kind != after.kind:
        return False
    return not after.choices or all(value in after.choices for value in values if value)


def _kept(form: FormSpec, name: str, field: Field, values: list[str]) -> list[str]:
    """Question in both languages, kind, values. Choices are kept in words, sensitive kinds are masked when told."""
    head, __, rest = name.partition(".")
    item: Any = next((item for item in form.items() if item.key == head), None)
    row = f" {int(rest.partition('.')[0]) + 1} · " if isinstance(item, Repeat) and rest[:1].isdigit() else ""
    first = (item.item_title.zh + row, item.item_title.en + row) if row else ("", "")
    words = [f"{field.choices[v].zh} / {field.choices[v].en}" if v in field.choices else v for v in values]
    return [first[0] + field.title.zh, first[1] + field.title.en, field.kind, *words]


def _told(kind: str, values: list[str]) -> str:
    if kind == "file":
        return ngettext("%(n)d file", "%(n)d files", len(values)) % {"n": len(values)}
    known = KINDS.get(kind)
    mask = known.mask if known is not None and known.sensitive else None
    return "、".join(mask(value) if mask else value for value in values)
