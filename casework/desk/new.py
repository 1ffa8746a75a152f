"""An officer writes down a matter that somebody tells him: at the window, on the phone, by letter (domain §2)."""
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access.actor import Actor, Duty
from casework.access.capacity import choose
from casework.access.models import Role, User
from casework.core import clock
from casework.core.calendar import local_date
from casework.forms import drafts
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.site.families import FAMILIES
from casework.site.offices import duties_told
from casework.site.policy import actor_of_request, staff

MOST_DRAFTS = 50
Offered = dict[str, tuple[Programme, list[Duty]]]


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def desk_new(request: HttpRequest) -> HttpResponse:
    """The services this officer may start, and what he began and did not hand in yet."""
    actor = actor_of_request(request)
    offered = startable(actor)
    if request.method == "POST":
        return _begin(request, offered)
    families: dict[str, list[dict[str, object]]] = {}
    for programme, held in offered.values():
        row = {"programme": programme, "duties": duties_told(held)}
        families.setdefault(programme.family, []).append(row)
    rows = drafts.of(actor).select_related("programme").filter(case__isnull=True)
    newest = rows.order_by("-saved_at")[:MOST_DRAFTS]
    begun = [{"draft": row, "programme": programme_of(row.programme)} for row in newest]
    shown = [(FAMILIES.get(family, (family, ""))[0], found) for family, found in families.items()]
    return render(request, "desk/new.html", {"families": shown, "drafts": begun})


def startable(actor: Actor) -> Offered:
    """The services that the actor may start today, by key, each with the duties that may; a union's handler files
    elsewhere."""
    held = [duty for duty in actor.duties if duty.role != Role.UNIT_HANDLER]
    today = local_date(clock.now())
    found: Offered = {}
    for row in versions.all_current(today):
        programme = programme_of(row)
        if not programme.taken_on(today) or programme.re_examines:  # this one begins from the refused case
            continue
        able = [duty for duty in held if programme.may_start(duty.role, duty.level)]
        if able:
            found[programme.key] = (programme, able)
    return found


def _begin(request: HttpRequest, offered: Offered) -> HttpResponse:
    """Open an empty form: nothing of the officer's own is filled in. It remembers the duty it was begun under."""
    __, able = offered.get(request.POST.get("key", ""), (None, []))
    duty = choose(able, request.POST.get("duty", ""))
    if duty is None:
        raise Http404
    return _open(request, request.POST["key"], duty)


def _open(request: HttpRequest, key: str, duty: Duty) -> HttpResponse:
    if drafts.of(actor_of_request(request)).filter(case__isnull=True).count() >= MOST_DRAFTS:
        messages.warning(request, _("You have many unfinished forms. Finish or discard one of them first."))
        return redirect("desk_new")
    version: ProgrammeVersion = versions.current(key, local_date(clock.now()))
    user = User.objects.get(username=request.user.get_username())
    draft = drafts.start(user, version, clock.now(), duty=duty)
    return redirect("apply_resume", draft.public_id)
