"""A small site around one form, for the browser tests: it saves, judges and takes files as the portal does."""

import datetime as dt
import time
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from casework.forms.bind import as_raw, bind
from casework.forms.rows import row_numbers, without_row
from tests.forms.samples import TODAY, choices, form_of, item, repeat, words

FORM = form_of(
    item("name", "person_name", required=True, help=words("照身份证填写。", "As on the ID card.")),
    item("work", "enum", required=True, choices=choices(3)),
    item("since", "date", when={"work": "c1"}),
    item("amount", "money"),
    item("proof", "text", when={"amount": {"at_least": 100_000}}),
    item("heads", "int"),
    item("heads_more", "text", when={"heads": {"at_least": 3}}),
    item("term", "year"),
    item("term_more", "text", when={"term": TODAY.year}),
    item("id_no", "resident_id"),
    item("age", "int", derived="age", of="id_no"),
    item("permit", "text", when={"age": {"at_least": 18}}),
    item("story", "longtext", max=20),
    repeat(
        "spending",
        item("what", "text", required=True),
        item("ill", "bool"),
        item("place", "text", when={"ill": True}),
        max=3,
    ),
    repeat("members", item("name", "person_name", required=True), max=3),
    item("whose", "member_ref", of="members"),
    item("papers", "file", max_files=3),
    item("agreed", "consent", required=True),
)
PAGE = """{% extends "base.html" %}{% load forms_tags %}{% block title %}Form{% endblock %}
{% block width %}narrow{% endblock %}
{% block heading %}Form{% endblock %}
{% block content %}<form method="post" enctype="multipart/form-data" class="sheet" novalidate>{% csrf_token %}
<input type="hidden" name="seen_revision" value="{{ revision }}">
{% form_page bound page upload_url="/t/upload/" check_url="/t/live/" draft_url="/t/save/" %}
<button class="btn btn-primary" name="go" value="next">Send</button></form>
<a href="/t/other/">Elsewhere</a>{% endblock %}"""


class Site:
    """What the small site holds."""

    def __init__(self) -> None:
        self.raw: dict[str, list[str]] = {}
        self.revision = 0
        self.posts: list[dict[str, list[str]]] = []
        self.saves = 0
        self.slow = 0.0
        self.status = 0


SITE = Site()


def show(request: HttpRequest) -> HttpResponse:
    """The form; a post carries out its buttons and shows it again."""
    bound = bind(FORM, SITE.raw, TODAY)
    bound.problems = []
    if request.method == "POST":
        SITE.posts.append(as_raw(request.POST))
        SITE.raw = _changed(_fields(request), request.POST.get("go", ""))
        bound = bind(FORM, SITE.raw, TODAY)
        bound.problems = [problem for problem in bound.problems if request.POST.get("go") == "next"]
    text = engines["django"].from_string(PAGE)
    return HttpResponse(text.render({"bound": bound, "page": FORM.pages[0], "revision": SITE.revision}, request))


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    return {name: values for name, values in as_raw(request.POST).items() if FORM.field(name) is not None}


def _changed(raw: dict[str, list[str]], go: str) -> dict[str, list[str]]:
    wish, _colon, target = go.partition(":")
    if wish == "add":
        field = next(item for item in FORM.items() if item.key == target).fields[0].key  # type: ignore[union-attr]
        return raw | {f"{target}.{len(row_numbers(target, raw))}.{field}": [""]}
    if wish == "remove":
        key, _dot, number = target.rpartition(".")
        return without_row(FORM, raw, key, int(number))
    return raw


def save(request: HttpRequest) -> HttpResponse:
    """As portal.apply.autosave."""
    SITE.saves += 1
    time.sleep(SITE.slow)
    if SITE.status == 302:
        return HttpResponse(status=302, headers={"Location": "/login/"})
    if SITE.status:
        return JsonResponse({}, status=SITE.status)
    if int(request.POST["seen_revision"]) != SITE.revision:
        return JsonResponse({"revision": SITE.revision}, status=409)
    SITE.raw, SITE.revision = _fields(request), SITE.revision + 1
    return JsonResponse({"revision": SITE.revision})


def live(request: HttpRequest) -> JsonResponse:
    """As portal.apply.live."""
    problems = bind(FORM, _fields(request), TODAY).problems_at(request.POST["place"])
    told = [{"message": str(p.message), "mend": str(p.mend), "warning": p.warning} for p in problems]
    return JsonResponse({"problems": told})


def upload(request: HttpRequest) -> JsonResponse:
    """As portal.uploads.upload; a file called virus is refused."""
    given: Any = request.FILES["file"]
    time.sleep(SITE.slow)
    if "virus" in given.name:
        return JsonResponse({"problems": ["病毒扫描拦截了这个文件。"]}, status=422)
    return JsonResponse({"id": str(uuid.uuid4()), "name": given.name, "size": given.size})


def other(request: HttpRequest) -> HttpResponse:
    """Another page."""
    return HttpResponse(f"elsewhere {dt.date.today()}")


urlpatterns = [
    path("t/", show),
    path("t/save/", save),
    path("t/live/", live),
    path("t/upload/", upload),
    path("t/other/", other),
    path("", include("casework.urls")),
]
