"""Tags that draw forms: {% form_page bound page %}, {% form_fields bound %}, {% form_review form answers %}."""
import json
from collections.abc import Mapping
from typing import Any

from django import template

from casework.core import clock
from casework.core.calendar import local_date
from casework.forms import conditions, draw, review
from casework.forms.bind import Bound, bind
from casework.forms.controls import Host
from casework.forms.spec import FormSpec, Page

register = template.Library()
PAGE_MARKS = ("PAGE", "{page}")


@register.inclusion_tag("forms/page.html")
def form_page(
    bound: Bound, page: Page, upload_url: str = "", check_url: str = "", draft_url: str = "", file_url: str = "",
    scope: str = "", again: Mapping[str, Any] | None = None, owner: int | None = None,
) -> dict[str, Any]:
    """The controls of one page. upload_url, check_url, draft_url: where forms.js sends a file, a field to be judged,
    and the page to be saved. file_url: address of a small picture, with the nil uuid for the file. scope: prefix of
    ids instead of "f", where several forms stand on one page. again: by the place of a question the files handed in
    before that may be used once more (document, service, paper, on). owner: key of the login whose files alone stand
    here, in a draft; None: whosever stand in the form."""
    names = draw.files_of(bound, owner)
    host = Host(bound, scope, upload_url, check_url, draft_url, file_url, names, again or {})
    return _context(host, draw.groups(host, page), _known(bound, page))


@register.inclusion_tag("forms/page.html")
def form_fields(
    bound: Bound, upload_url: str = "", check_url: str = "", draft_url: str = "", file_url: str = "", scope: str = ""
) -> dict[str, Any]:
    """The controls of all pages, without the pages' own headings."""
    host = Host(bound, scope, upload_url, check_url, draft_url, file_url, draw.files_of(bound))
    return _context(host, [group for page in bound.form.pages for group in draw.groups(host, page)], "{}")


@register.inclusion_tag("forms/review.html")
def form_review(
    form: FormSpec, answers: Mapping[str, Any], edit: str = "", owner: int | None = None
) -> dict[str, Any]:
    """The answers for reading. edit: address of a page of the form with PAGE where its key belongs. owner: as in
    form_page."""
    pages = review.pages(form, answers, owner)
    return {"pages": [{"page": page, "edit": _edit(edit, page.key)} for page in pages]}


def _edit(pattern: str, key: str) -> str:
    for mark in PAGE_MARKS:
        pattern = pattern.replace(mark, key)
    return pattern


def _context(host: Host, groups: list[dict[str, Any]], known: str) -> dict[str, Any]:
    submits = any(item.template == "forms/rows.html" for group in groups for item in group["items"])
    files = any(getattr(item, "shape", "") == "file" and item.files for group in groups for item in group["items"])
    today = local_date(clock.now()).isoformat()
    return {"host": host, "groups": groups, "known": known, "submits": submits or files, "today": today}


def _known(bound: Bound, page: Page) -> str:
    """Answers of other pages that conditions of this page ask for, as JSON; nothing else goes out."""
    keys = conditions.asked_elsewhere(page)
    if not keys:
        return "{}"
    answers = {**bound.form.known, **bind(bound.form, bound.raw, local_date(clock.now())).answers}
    return json.dumps({key: answers[key] for key in sorted(keys) if key in answers}, ensure_ascii=False)
