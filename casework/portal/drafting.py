"""Work on a draft: whose it is, what one page adds to it, rows added and taken away."""
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from casework.access.actor import Actor
from casework.access.capacity import still_held
from casework.access.models import Role
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Words
from casework.documents.models import Document
from casework.forms import drafts, review
from casework.forms.bind import as_raw
from casework.forms.kinds import KINDS
from casework.forms.kinds.reference import ids_of
from casework.forms.models import Draft
from casework.forms.rows import row_numbers
from casework.forms.spec import Field, FormSpec, Page, Repeat
from casework.portal import carrying
from casework.portal.appeals import refusal_of
from casework.programmes import opening
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.site.policy import actor_of_request
from casework.workflows import reuse

Raw = dict[str, list[str]]


def own_draft(request: HttpRequest, public_id: uuid.UUID) -> tuple[Draft, Programme]:
    """A draft of this person with its programme, while the duty holds under which he began it. Whoever looks at it
    gets it under the version in force; what is sent from an older screen is saved as it was typed. Raises Http404
    alike for "absent", "not yours" and "not yours any more"."""
    rows = drafts.of(actor_of_request(request)).select_related("programme", "case", "for_person")
    draft = rows.filter(public_id=public_id).first()
    if draft is None:
        raise Http404
    if request.method in ("GET", "HEAD") and draft.case_id is None:
        draft = carrying.up_to_date(request, draft)
    return draft, programme_of(draft.programme)


def scene(request: HttpRequest, draft: Draft, programme: Programme) -> dict[str, Any]:
    """What every page of an application shows of it."""
    left = carrying.left_behind(drafts.load(draft))
    return {
        "draft": draft, "programme": programme, "at_desk": at_desk(request), "left_behind": left,
        "who": filed_for(draft, actor_of_request(request)),
        "refused": refused_in(draft, programme),
        "closed": opening.closed(programme, local_date(clock.now())),
    }


def refused_in(draft: Draft, programme: Programme) -> dict[str, Any] | None:
    """The refused case that a form asks to look at again, with its reason; None in the form of any other service."""
    case = draft.came_from if programme.re_examines else None
    if case is None:
        return None
    return {"case": case, "programme": programme_of(case.programme), "refusal": refusal_of(case)}


def papers_again(request: HttpRequest, draft: Draft, programme: Programme, form: FormSpec) -> reuse.Offers:
    """What the person handed in before and may use again; nothing where an officer or a handler writes for another."""
    if draft.duty_role or draft.for_person_id is not None:
        return {}
    return reuse.offers(actor_of_request(request), programme, form, local_date(clock.now()))


def at_desk(request: HttpRequest) -> bool:
    """Does an officer write down what somebody tells him? The handler of a union files from the applicants' pages."""
    duties = actor_of_request(request).duties
    return bool(duties) and all(duty.role != Role.UNIT_HANDLER for duty in duties)


def home_of(request: HttpRequest) -> str:
    """The page with the unfinished applications: an officer's lies at his desk."""
    return "desk_new" if at_desk(request) else "my_home"


def to_case(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """To what was handed in: the receipt, or for an officer the case at his desk."""
    return redirect("desk_case" if at_desk(request) else "receipt", public_id)


def filed_for(draft: Draft, actor: Actor) -> str:
    """The name of the member a handler files for; "" on the pages of everybody else."""
    if not actor.duties:
        return ""
    if draft.for_person is not None:
        return draft.for_person.name
    return next(iter(drafts.load(draft).get("name", [])), "")


def page_of(form: FormSpec, place: str) -> Page | None:
    """The page a dotted place stands on."""
    head = place.partition(".")[0]
    return next((page for page in form.pages if any(item.key == head for item in page.items())), None)


def merged(page: Page, before: Mapping[str, list[str]], posted: Any) -> Raw:
    """The whole draft with this page replaced by what was posted. Only fields of the page are taken (promise R3)."""
    typed = as_raw(posted)
    kept = {name: values for name, values in before.items() if not _on(page, name)}
    return {**kept, **{name: values for name, values in typed.items() if _on(page, name)}}


def _on(page: Page, name: str) -> bool:
    head, __, rest = name.partition(".")
    for item in page.items():
        if item.key == head:
            if isinstance(item, Field):
                return not rest or name == item.again
            number, __, key = rest.partition(".")
            return number.isdigit() and any(field.key == key for field in item.fields)
    return False


def labelled(form: FormSpec, problems: Iterable[Problem]) -> list[Problem]:
    """What stands in the way, each with the name of its question before it; warnings are left to the page."""
    return [replace(p, message=_named(form, p)) for p in problems if not p.warning]


def _named(form: FormSpec, problem: Problem) -> Words:
    label = review.label(form, problem.place)
    if not label:
        return problem.message
    return _("%(question)s: %(problem)s") % {"question": label, "problem": problem.message}


def with_row(page: Page, raw: Raw, key: str) -> Raw:
    """One more empty row of a repeat, unless it is full."""
    repeat = _repeat(page, key)
    if repeat is None or not repeat.fields:
        return raw
    numbers = row_numbers(key, raw) or list(range(repeat.least))
    filled = {f"{key}.{n}.{repeat.fields[0].key}": [""] for n in numbers} | raw
    if len(numbers) >= repeat.most:
        return filled
    return filled | {f"{key}.{max(numbers, default=-1) + 1}.{repeat.fields[0].key}": [""]}


def has_rows(page: Page, key: str) -> bool:
    """Is there a repeat of this key on the page?"""
    return _repeat(page, key) is not None


def _repeat(page: Page, key: str) -> Repeat | None:
    return next((item for item in page.items() if isinstance(item, Repeat) and item.key == key), None)


def differences(
    request: HttpRequest, form: FormSpec, mine: Mapping[str, list[str]], theirs: Mapping[str, list[str]]
) -> list[dict[str, str]]:
    """Fields that two screens filled differently, with both texts."""
    told = {}
    for name in sorted({*mine, *theirs}):
        here, there, field = mine.get(name, []), theirs.get(name, []), form.field(name)
        if here != there and field is not None and name != field.again:
            told[name] = (field, here, there)
    files = _own_files(request, told.values())
    return [
        {"label": review.label(form, name), "mine": _in_words(field, here, files),
         "theirs": _in_words(field, there, files)}
        for name, (field, here, there) in told.items()
    ]


def _own_files(request: HttpRequest, told: Iterable[tuple[Field, list[str], list[str]]]) -> dict[str, str]:
    """Names by public id of the files among them that are this person's own, and not of a duty that has ended."""
    wanted = ids_of([one for field, *both in told if field.kind == "file" for values in both for one in values])
    if not wanted:
        return {}
    mine = Document.objects.filter(still_held(actor_of_request(request)), owner_id=request.user.pk)
    return {str(key): name for key, name in mine.filter(public_id__in=wanted).values_list("public_id", "name")}


def _in_words(field: Field, values: list[str], files: Mapping[str, str]) -> str:
    """What was typed as its reader knows it: files, unions and offices by their names, choices by their words."""
    if field.kind == "file":
        return "、".join(files[value] for value in values if value in files)
    if field.kind in ("union", "office"):
        return "、".join(KINDS[field.kind].show(value, field) for value in ids_of(values) or ())
    return "、".join(str(field.choices.get(value, value)) for value in values)
