"""Files that belong to a field: taken in with the page, or one by one while the person is still typing."""
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.access.capacity import Under, reached, same_as
from casework.access.duties import stamp_of
from casework.access.models import User
from casework.audit import record
from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.documents import store
from casework.documents.models import Document
from casework.forms.models import Draft
from casework.forms.rows import row_numbers
from casework.forms.spec import Field, FormSpec, Page, Repeat
from casework.portal import drafting
from casework.site.login import address_of
from casework.site.policy import actor_of_request, signed_in

MOST_AT_ONCE = 20


def take_in(
    request: HttpRequest, spec: Page, raw: drafting.Raw, now: datetime, under: Under, given: Collection[str] = ()
) -> tuple[drafting.Raw, list[Problem]]:
    """Receive every file posted with the page; what was refused is named by its field, the rest is kept. under: the
    duty under which it is filled in. given: files that stood in the form already, whoever handed them in."""
    problems: list[Problem] = []
    made = dict(raw)
    for place, field in _file_places(spec, request):
        for upload in request.FILES.getlist(place)[:MOST_AT_ONCE]:
            try:
                document = store.receive(upload, field.paper, _user(request), now, under=under)
            except Refused as refused:
                problems += [_named(problem, place, upload.name or "") for problem in refused.problems]
            else:
                made[place] = [*made.get(place, []), str(document.public_id)]
    return own_only(request, spec, made, given), problems


def own_only(request: HttpRequest, spec: Page, raw: drafting.Raw, given: Collection[str] = ()) -> drafting.Raw:
    """Only files this person uploaded, and not under a duty that has ended, stay in a draft, with those the form was
    given; a guessed id is dropped (promises R2, R6)."""
    places = [place for place, _field in _file_names(spec, raw)]
    wanted = [value for place in places for value in raw.get(place, []) if _is_id(value)]
    if not wanted:
        return raw
    rows = Document.objects.select_related("case", "duty_place").filter(public_id__in=wanted)
    actor = actor_of_request(request)
    mine = {str(row.public_id) for row in rows if row.owner_id == actor.user and reached(row, actor)} | set(given)
    _note_strange(request, [row for row in rows if row.owner_id != actor.user and str(row.public_id) not in mine])
    return {**raw, **{place: [value for value in raw[place] if value in mine] for place in places if place in raw}}


def _note_strange(request: HttpRequest, rows: Iterable[Document]) -> None:
    """An attempt to use somebody else's paper stands in the access log of the case that paper belongs to."""
    cases = sorted({str(row.case.public_id) for row in rows if row.case})
    with transaction.atomic():
        for case in cases:
            stamp = stamp_of(actor_of_request(request), None, "online", address_of(request))
            facts = {"action": "use_file", "codes": ["FILE_NOT_YOURS"]}
            record.record("access", case, "refused_attempt", stamp, facts, clock.now())


@signed_in
@require_POST
def upload(request: HttpRequest, public_id: uuid.UUID, page: str) -> JsonResponse:
    """Take one file in while the form stays open: 200 {id, name, size}, or 422 with what is wrong."""
    draft, programme = drafting.own_draft(request, public_id)
    field = _field_of(programme.form, draft, page, request.POST.get("place", ""))
    given = request.FILES.get("file")
    if given is None:
        return JsonResponse({"problems": [str(_("No file arrived."))]}, status=422)
    try:
        document = store.receive(given, field.paper, _user(request), clock.now(), under=same_as(draft))
    except Refused as refused:
        return JsonResponse({"problems": [f"{p.message} {p.mend}".strip() for p in refused.problems]}, status=422)
    return JsonResponse({"id": str(document.public_id), "name": document.name, "size": document.size})


def _field_of(form: FormSpec, draft: Draft, page: str, place: str) -> Field:
    spec = form.page(page)
    field = form.field(place) if spec and draft.case_id is None else None
    if field is None or field.kind != "file":
        raise Http404
    return field


def _file_places(spec: Page, request: HttpRequest) -> Iterator[tuple[str, Field]]:
    yield from _file_names(spec, {name: [] for name in request.FILES})


def _file_names(spec: Page, names: drafting.Raw) -> Iterator[tuple[str, Field]]:
    for item in spec.items():
        if isinstance(item, Repeat):
            for number in row_numbers(item.key, names):
                yield from ((f"{item.key}.{number}.{f.key}", f) for f in item.fields if f.kind == "file")
        elif item.kind == "file":
            yield item.key, item


def _named(problem: Problem, place: str, name: str) -> Problem:
    message = _("%(file)s: %(problem)s") % {"file": name[:80], "problem": problem.message}
    return replace(problem, place=place, message=message)


def _is_id(value: str) -> bool:
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True


def _user(request: HttpRequest) -> User:
    return User.objects.get(username=request.user.get_username())
