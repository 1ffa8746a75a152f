"""The applicant's own start page, and beginning or dropping a draft."""
import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.access.actor import Actor, Duty
from casework.access.capacity import choose, name_of
from casework.access.models import User
from casework.cases import queries
from casework.cases.models import ENDED, Case, State
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Words
from casework.forms import drafts
from casework.forms.spec import Field, Repeat
from casework.notifications import reading
from casework.people import persons
from casework.people.models import Person
from casework.portal import drafting, letters, story
from casework.portal.catalogue import begins, version_in_force
from casework.portal.drafting import filed_for, own_draft
from casework.portal.inbox import case_pages
from casework.portal.register import MOST_TYPED, person_of
from casework.programmes import opening
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.registers import entries
from casework.site.offices import duties_told, unions_handled
from casework.site.policy import actor_of_request, applicant, signed_in
from casework.workflows import beginning, one_dossier, payees, renewals
from casework.workflows.models import Task

MOST_DRAFTS = 20
ASKED = {State.SUPPLEMENT: "supplement", State.SETTLED: "rate"}
ASKED_WORDS: dict[str, Words] = {
    "supplement": gettext_lazy("Papers are missing. Hand them in so that we can go on."),
    "new_card": gettext_lazy("The bank sent the money back. Give us another card of yours."),
    "rate": gettext_lazy("The money was transferred. Tell us how satisfied you are."),
}


def open_drafts(actor: Actor) -> list[dict[str, object]]:
    """Drafts not sent yet, the latest first; to a handler with the member each is for. What he began under a duty that
    has ended is not among them (promise R6)."""
    rows = drafts.of(actor).select_related("programme", "for_person").filter(case__isnull=True)
    newest = rows.order_by("-saved_at", "-id")[:MOST_DRAFTS]
    return [{"draft": row, "programme": programme_of(row.programme), "who": filed_for(row, actor)} for row in newest]


@applicant
@require_safe
def my_home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, and a way to everything else."""
    actor = actor_of_request(request)
    cases = queries.my_cases(actor)[:20]
    unread = reading.of(actor).filter(read_at__isnull=True).order_by("-id")
    news = list(unread.select_related("case__programme")[:3])
    pages = case_pages(request, news)
    back = Task.objects.filter(case__in=cases, state="open", kind="pay", phase="returned")
    returned = set(back.values_list("case_id", flat=True))
    waiting = [case for case in cases if case.state in ASKED or case.pk in returned]
    running = [case for case in cases if case.state not in ENDED and case not in waiting]
    due = renewals.due_for(actor.himself, local_date(clock.now()))
    return render(request, "portal/home.html", {
        "drafts": open_drafts(actor), "to_do": [_to_do(case, returned) for case in waiting],
        "running": [{"case": case, "programme": programme_of(case.programme)} for case in running[:5]],
        "unread": [(one, *letters.words_of(one), pages[one.pk]) for one in news], "any": bool(cases),
        "due": due, "waits": len(waiting) + (due is not None),
    })


def _to_do(case: Case, returned: set[int]) -> dict[str, object]:
    """A case that waits for the person: what is asked, and the button that leads there."""
    action = "new_card" if case.pk in returned else ASKED[State(case.state)]
    known = action in ("supplement", "new_card")
    href = reverse("my_act", args=[case.public_id, action]) if known else reverse("my_case", args=[case.public_id])
    programme = programme_of(case.programme)
    words = ASKED_WORDS[action] if programme.fund_purpose or action != "rate" else story.TOLD[State.SETTLED]
    return {"case": case, "programme": programme, "href": href, "words": words}


@applicant
@require_POST
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Open a draft of a service, or go on with the one already begun. It is the person's own matter, unless it is his
    union's, for which he acts under his duty; an office's login begins nothing private."""
    actor = actor_of_request(request)
    version = version_in_force(key, local_date(clock.now()))
    programme = programme_of(version)
    if request.POST.get("fresh") != "1" and not actor.duties:
        mine = drafts.of(actor).filter(programme__key=key, case__isnull=True)
        begun = mine.order_by("-saved_at").first()
        if begun is not None:
            messages.info(request, _("You had begun this application before; here it is as you left it."))
            return redirect("apply_resume", begun.public_id)
    if not begins(programme, local_date(clock.now())):
        return _not_now(request, programme)
    if actor.of_office and not programme.for_unit:
        messages.warning(request, _("For a matter of your own use your private login."))
        return redirect("programme", programme.key)
    today = local_date(clock.now())
    early = renewals.not_yet(programme, actor.himself, today) or one_dossier.already(
        programme, actor.himself, today, actor
    )
    if early is not None:
        return _not_now(request, programme, str(early.message))
    duty = _duty(request) if programme.for_unit and actor.duties else None
    known = beginning.own(programme, actor.himself) | _known_of(actor, programme)
    return open_draft(request, version, known, duty=duty)


def _not_now(request: HttpRequest, programme: Programme, why: str = "") -> HttpResponse:
    """Back to the page of the service, which tells when and where it is applied for."""
    closed = why or opening.closed(programme, local_date(clock.now()))
    messages.warning(request, closed or _("This service is not applied for online."))
    return redirect("programme", programme.key)


def _known_of(actor: Actor, programme: Programme) -> drafting.Raw:
    """What need not be typed again: the name, the union and the number of the membership, and the year most people
    mean. Numbers of persons are never filled into a page (promise A2)."""
    known = _names(programme, Person.objects.get(pk=actor.person)) if actor.person else {}
    known |= _membership(programme, actor.person) if actor.person else {}
    known |= {item.key: [str(local_date(clock.now()).year)] for item in programme.form.items() if _asks_year(item)}
    return {key: value for key, value in known.items() if programme.form.field(key)}


def _membership(programme: Programme, person: int) -> drafting.Raw:
    """The union the person is a member of, unless this service is about joining one, or he acts for his union."""
    if programme.gives is not None or programme.for_unit:
        return {}
    entry = entries.of_person("membership", person, local_date(clock.now()))
    if entry is None:
        return {}
    return {"union": [str(entry.organisation.public_id)], "member_no": [entry.number]}


def _names(programme: Programme, person: Person) -> drafting.Raw:
    """The person's name, and the name his account must bear; that of a union is typed."""
    payee = payees.expected(programme, person, local_date(clock.now())).name
    return {"name": [person.name]} | ({} if programme.for_unit else {"account_name": [payee]})


def _asks_year(item: Field | Repeat) -> bool:
    return isinstance(item, Field) and item.kind == "year"


def open_draft(
    request: HttpRequest, version: ProgrammeVersion, raw: drafting.Raw, person: Person | None = None,
    duty: Duty | None = None, came_from: Case | None = None,
) -> HttpResponse:
    """A new draft, and to its first page; unless there are too many unfinished ones."""
    if drafts.of(actor_of_request(request)).filter(case__isnull=True).count() >= MOST_DRAFTS:
        messages.warning(request, _("You have many unfinished applications. Finish or discard one of them first."))
        return redirect("my_cases")
    draft = drafts.start(User.objects.get(username=request.user.get_username()), version, clock.now(), raw, duty)
    if person is not None or came_from is not None:
        draft.for_person, draft.came_from = person, came_from
        draft.save(update_fields=["for_person", "came_from"])
    return redirect("apply_resume", draft.public_id)


@applicant
@require_http_methods(["GET", "HEAD", "POST"])
def for_member(request: HttpRequest, key: str) -> HttpResponse:
    """A handler says for which member he files. Where the form asks who the person is, it starts filled in; where it
    does not, the draft keeps the person."""
    duty = _duty(request)
    version = version_in_force(key, local_date(clock.now()))
    programme = programme_of(version)
    if not begins(programme, local_date(clock.now())):
        return _not_now(request, programme)
    typed = {name: request.POST.get(name, "")[:MOST_TYPED] for name in ("name", "id_no", "phone")}
    given, problems = person_of(typed) if request.method == "POST" else ({}, [])
    if request.method != "POST" or problems:
        faults = {problem.place: problem for problem in problems}
        shown = {
            "programme": programme, "typed": typed, "problems": problems, "faults": faults,
            "duties": duties_told(unions_handled(actor_of_request(request))), "duty": name_of(duty),
        }
        return render(request, "portal/member.html", shown, status=422 if problems else 200)
    if programme.form.field("id_no"):
        told = {**given, "account_name": given["name"]}
        raw = {name: [value] for name, value in told.items() if programme.form.field(name)}
        earlier = beginning.of_member(programme, given["id_no"], duty, actor_of_request(request))
        return open_draft(request, version, earlier | raw, duty=duty)
    person = persons.find_or_make(given["id_no"], given["name"], given["phone"], now=clock.now())
    known = {key: value for key, value in _names(programme, person).items() if programme.form.field(key)}
    return open_draft(request, version, known, person, duty)


def _duty(request: HttpRequest) -> Duty:
    """The union he files for here, of several the one he chose. Raises Http404 for who handles none."""
    duty = choose(unions_handled(actor_of_request(request)), request.POST.get("duty", ""))
    if duty is None:
        raise Http404
    return duty


@signed_in
@require_POST
def discard(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Throw a draft away, with everything typed."""
    draft, programme = own_draft(request, public_id)
    if draft.case_id is None:
        draft.delete()
        messages.success(request, _("The unfinished application “%(title)s” is gone.") % {"title": programme.title})
    return redirect(drafting.home_of(request))
