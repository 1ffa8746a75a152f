"""What an officer typed and uploaded, as the raw mapping that bind() takes: every file becomes its public id."""
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from casework.access.actor import Actor
from casework.access.capacity import Under, still_held
from casework.access.models import User
from casework.core.problems import Problem, Refused
from casework.documents import store
from casework.documents.models import Document
from casework.forms.bind import as_raw
from casework.forms.spec import Field, FormSpec
from casework.site.policy import actor_of_request

Raw = dict[str, list[str]]
FILES_MOST = 20


def take_uploads(
    request: HttpRequest, form: FormSpec, now: datetime, capacity: Under
) -> tuple[Raw, list[Problem]]:
    """Fields of the form as typed, with the files just uploaded received under the user's name and his duty. What was
    refused is a problem at its field; the other files are kept, so that nobody uploads them twice."""
    raw = {name: values for name, values in as_raw(request.POST).items() if form.field(name) is not None}
    raw = _own_files(form, raw, actor_of_request(request))
    problems: list[Problem] = []
    for place, field in _places(form, request):
        for upload in request.FILES.getlist(place)[:FILES_MOST]:
            try:
                document = store.receive(upload, field.paper, _user(request), now, under=capacity)
            except Refused as refused:
                problems += [_named(problem, place, upload.name or "") for problem in refused.problems]
            else:
                raw[place] = [*raw.get(place, []), str(document.public_id)]
    return raw, problems


def _places(form: FormSpec, request: HttpRequest) -> Iterator[tuple[str, Field]]:
    for place in request.FILES:
        field = form.field(place)
        if field is not None and field.kind == "file":
            yield place, field


def _own_files(form: FormSpec, raw: Raw, actor: Actor) -> Raw:
    """Only files this officer uploaded, and not under a duty that has ended, stay in the form; a guessed id is dropped
    (promises R2, R6)."""
    places = [name for name in raw if (field := form.field(name)) is not None and field.kind == "file"]
    wanted = [value for place in places for value in raw[place] if _is_id(value)]
    if not places:
        return raw
    own = Document.objects.filter(still_held(actor), owner_id=actor.user)
    rows = own.filter(public_id__in=wanted, withdrawn_at__isnull=True)
    mine = {str(key) for key in rows.values_list("public_id", flat=True)}
    return {**raw, **{place: [value for value in raw[place] if value in mine] for place in places}}


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
    assert isinstance(request.user, User)  # the policy of every page here asks for a login
    return request.user
