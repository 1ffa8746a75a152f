"""Answers for reading: labelled, masked values, page by page."""
from collections.abc import Mapping
from typing import Any, NamedTuple

from casework.core.text import Text
from casework.documents.models import Document
from casework.forms.kinds import KINDS
from casework.forms.rows import people_of
from casework.forms.spec import Field, FormSpec, Group, Page, Repeat

SEALED = "***"  # what seal.split leaves of a sensitive answer that has no mask


class Row(NamedTuple):
    """One answer. place: where it is changed."""

    label: Text
    value: str
    place: str


class Table(NamedTuple):
    """Repeated rows as a table: heads, and for each row the value under each head."""

    title: Text
    heads: list[Text]
    lines: list[list[tuple[Text, str]]]


class GroupView(NamedTuple):
    """One group of a page. echo: its title only repeats that of the page."""

    title: Text
    echo: bool
    rows: list[Row]
    tables: list[Table]

    @property
    def empty(self) -> bool:
        """Nothing was answered."""
        return not (self.rows or self.tables)


class PageView(NamedTuple):
    """The answers of one page, group by group."""

    key: str
    title: Text
    groups: list[GroupView]

    @property
    def empty(self) -> bool:
        """Nothing was answered."""
        return all(group.empty for group in self.groups)


def pages(form: FormSpec, answers: Mapping[str, Any], owner: int | None = None) -> list[PageView]:
    """All answers, page by page and group by group, masked. What stands in answers was asked: conditions are not
    looked at again, for behind a mask they could not be read. owner: whose files alone are named, in a draft."""
    files = _files(form, answers, owner)
    views = [[_group(group, page, answers, files) for group in page.groups] for page in form.pages]
    return [PageView(page.key, page.title, groups) for page, groups in zip(form.pages, views, strict=True)]


def _files(form: FormSpec, answers: Mapping[str, Any], owner: int | None) -> dict[str, str]:
    """Names of all files in the answers by public id, in one query."""
    found: set[str] = set()
    for item in form.items():
        rows = (answers.get(item.key) or []) if isinstance(item, Repeat) else [answers]
        for field in item.fields if isinstance(item, Repeat) else (item,):
            if field.kind == "file":
                found |= {str(one) for row in rows for one in row.get(field.key) or []}
    if not found:
        return {}
    rows_of = Document.objects.filter(public_id__in=found)
    known = (rows_of if owner is None else rows_of.filter(owner=owner)).values_list("public_id", "name")
    return {str(key): name for key, name in known}


def _group(group: Group, page: Page, answers: Mapping[str, Any], files: Mapping[str, str]) -> GroupView:
    lines: list[Row] = []
    tables: list[Table] = []
    for item in group.items:
        if isinstance(item, Repeat):
            if answers.get(item.key):
                tables.append(_table(item, answers, files))
        elif answers.get(item.key) is not None:
            lines.append(Row(item.title, shown(item, answers[item.key], answers, files), item.key))
    return GroupView(group.title, str(group.title) == str(page.title), lines, tables)


def _table(repeat: Repeat, answers: Mapping[str, Any], files: Mapping[str, str]) -> Table:
    rows = answers[repeat.key]
    fields = [field for field in repeat.fields if any(row.get(field.key) is not None for row in rows)]
    lines = [[(field.title, shown(field, row.get(field.key), answers, files)) for field in fields] for row in rows]
    return Table(repeat.title, [field.title for field in fields], lines)


def shown(field: Field, value: Any, answers: Mapping[str, Any], files: Mapping[str, str] | None = None) -> str:
    """One answer in words. A member is called by name; what was sealed without a mask stays hidden. files: names by
    public id, where they were looked up for many answers at once."""
    if value is None:
        return ""
    if value == SEALED:
        return SEALED
    if field.kind == "file" and files is not None:
        return "、".join(files[one] for one in value if one in files)
    if field.kind == "member_ref" and str(value).isdigit():
        rows = answers.get(people_of(field)) or []
        name = str(rows[int(value)].get("name") or "") if int(value) < len(rows) else ""
        return f"{KINDS[field.kind].show(value, field)} {name}".strip()
    return KINDS[field.kind].show(value, field)


def label(form: FormSpec, place: str) -> str:
    """The question at a place: "Phone", or "Member 2 · Name" in a row."""
    head, __, rest = place.partition(".")
    number = rest.partition(".")[0]
    item, field = next((item for item in form.items() if item.key == head), None), form.field(place)
    row = f"{item.item_title} {int(number) + 1}" if isinstance(item, Repeat) and number.isdigit() else ""
    title = str(field.title) if field else ("" if row or item is None else str(item.title))
    return " · ".join(part for part in (row, title) if part)


def at(form: FormSpec, answers: Mapping[str, Any], place: str) -> str:
    """The answer at a place in words, "" where none stands."""
    head, __, rest = place.partition(".")
    number, __, key = rest.partition(".")
    field, holder = form.field(place), answers
    if rest:
        rows = answers.get(head) or []
        holder = rows[int(number)] if int(number) < len(rows) else {}
    return shown(field, holder.get(key or head), answers) if field else ""
