"""What an applicant does about a running case: supplement, withdraw, new card, rating. One page for all of them."""
import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from casework.access.capacity import Under, under
from casework.access.duties import find_duty
from casework.access.models import Role
from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused, Words
from casework.forms.bind import Bound, as_raw, bind
from casework.forms.rows import without_row
from casework.forms.spec import FormSpec
from casework.portal import drafting, letters, uploads
from casework.portal.cases import own_case, own_moves
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.site.login import address_of
from casework.site.policy import actor_of_request, applicant
from casework.workflows import reuse
from casework.workflows.commands import Command
from casework.workflows.door import perform
from casework.workflows.moves import Move

INSIDE = ("add", "remove", "unfile")
DONE: dict[str, Words] = {
    "supplement": _("Thank you. What you handed in has arrived; the clock runs on."),
    "withdraw": _("The application is withdrawn."),
    "new_card": _("The new card has been noted. The payment will be sent again."),
}
EXPLAINED: dict[str, Words] = {
    "supplement": _("Hand in everything at once. You will not be asked again for anything that was not on this list."),
    "withdraw": _("The application ends and its papers stay in the file. You may apply again at any time."),
    "new_card": _(
        "The bank sent the money back. Give a card in your own name; the payment is checked again by two people."
    ),
}
ONCE = _("The re-examination ends and the refusal stands. It cannot be asked for a second time.")


@applicant
@require_http_methods(["GET", "HEAD", "POST"])
def my_act(request: HttpRequest, public_id: uuid.UUID, action: str) -> HttpResponse:
    """The form of one action, and the command it makes."""
    case = own_case(request, public_id)
    move = next((move for move in own_moves(request, case) if move.action == action), None)
    if move is None:
        if request.method == "POST":
            return _repeat_or_gone(request, case, action)
        raise Http404
    if request.method == "POST":
        return _take(request, case, move)
    return _draw(request, case, move, Bound.empty(move.form) if move.form else None, [])


def _take(request: HttpRequest, case: Case, move: Move) -> HttpResponse:
    now, trouble = clock.now(), list[Problem]()
    bound = None
    if move.form is not None:
        bound, trouble = _read(request, move.form, _capacity(request, case))
        if trouble or not bound.ok or _wish(request)[0]:
            problems = trouble or ([] if _wish(request)[0] else bound.problems)
            return _draw(request, case, move, bound, problems, 422 if problems else 200)
    key = request.POST.get("key", "")[:80].replace("\0", "") or str(uuid.uuid4())
    command = Command(
        case.pk, move.action, actor_of_request(request), _seen(request), key,
        bound.answers if bound else {}, address=address_of(request),
    )
    try:
        perform(command, now)
    except Refused as refused:
        if refused.status == 404:
            raise
        return _draw(request, case, move, bound, refused.problems, refused.status)
    messages.success(request, str(DONE.get(move.action, _("Done. Thank you."))))
    return redirect("my_case", case.public_id)


def _capacity(request: HttpRequest, case: Case) -> Under:
    """What a handler does for a member or his union, he does under his duty."""
    actor = actor_of_request(request)
    if actor.himself is not None and actor.himself == case.applicant_id and not case.for_office:
        return under(None)
    return under(find_duty(actor, Role.UNIT_HANDLER, case.organisation.path))


def _read(request: HttpRequest, form: FormSpec, capacity: Under) -> tuple[Bound, list[Problem]]:
    raw = {name: values for name, values in as_raw(request.POST).items() if form.field(name) is not None}
    raw |= {name: values for name, values in form.given.items() if form.field(name) is None}
    wish, target = _wish(request)
    key, _dot, number = target.rpartition(".")
    if wish == "unfile":
        raw[key] = [value for value in raw.get(key, []) if value != number]
    elif wish == "add":
        raw = drafting.with_row(form.pages[0], raw, target)
    elif wish == "remove" and number.isascii() and number.isdigit() and len(number) < 4:
        raw = without_row(form, raw, key, int(number))
    problems: list[Problem] = []
    given = {value for values in form.given.values() for value in values}
    for page in form.pages:
        raw, found = uploads.take_in(request, page, raw, clock.now(), capacity, given)
        problems += found
    bound = bind(form, raw, local_date(clock.now()))
    return (replace(bound, problems=problems) if problems or wish else bound), problems


def _wish(request: HttpRequest) -> tuple[str, str]:
    """The button pressed inside the form and what it is about: a row more, a row less, a file taken out; ("", "") when
    the whole was sent."""
    wish, _colon, target = request.POST.get("go", "").partition(":")
    return (wish, target) if wish in INSIDE else ("", "")


def _draw(
    request: HttpRequest, case: Case, move: Move, bound: Bound | None, problems: list[Problem], status: int = 200
) -> HttpResponse:
    case.refresh_from_db()
    programme = programme_of(case.programme)
    return render(request, "portal/act.html", {
        "case": case, "programme": programme, "move": move, "form": move.form, "bound": bound, "key": uuid.uuid4(),
        "page": move.form.pages[0] if move.form else None, "lead": _lead(programme, move),
        "problems": drafting.labelled(move.form, problems) if move.form else problems,
        "missing": letters.missing_items(case, programme) if move.action == "supplement" else [],
        "again": _again(request, case, move),
    }, status=status)


def _lead(programme: Programme, move: Move) -> Words:
    """What to know before it is done; a re-examination comes once."""
    if programme.re_examines and move.action == "withdraw":
        return ONCE
    return EXPLAINED.get(move.action, "")


def _again(request: HttpRequest, case: Case, move: Move) -> reuse.Offers:
    """Papers of the person's own earlier cases, for what he is asked to hand in."""
    actor = actor_of_request(request)
    if move.action != "supplement" or move.form is None or actor.himself != case.applicant_id:
        return {}
    return reuse.offers(actor, programme_of(case.programme), move.form, local_date(clock.now()), case)


def _repeat_or_gone(request: HttpRequest, case: Case, action: str) -> HttpResponse:
    """The action is no longer offered: a second click on the same button is told the same good news."""
    actor = actor_of_request(request)
    if case.event_n > _seen(request) and action in DONE and _was_mine(case, actor.user, action):
        messages.success(request, str(DONE[action]))
    else:
        messages.warning(request, _("The case has moved on; this is no longer possible."))
    return redirect("my_case", case.public_id)


def _was_mine(case: Case, user: int | None, action: str) -> bool:
    last = letters.last_event(case)
    return last is not None and last.action == action and last.actor.get("user") == user


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
