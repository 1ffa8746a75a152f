"""An officer writes down a matter that somebody tells him: at the window, on the phone, by letter (domain §2)."""
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.access.actor import Actor
from casework.access.models import Role, User
from casework.core import clock
from casework.core.calendar import local_date
from casework.forms import drafts
from casework.forms.models import Draft
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme
from casework.site.families import FAMILIES
from casework.site.policy import actor_of_request, staff

MOST_DRAFTS = 50


@staff()
@require_http_methods(["GET", "HEAD", "POST"])
def desk_new(request: HttpRequest) -> HttpResponse:
    """The services this officer may start, and what he began and did not hand in yet."""
    actor = actor_of_request(request)
    offered = startable(actor)
    if request.method == "POST":
        return _begin(request, offered)
    families: dict[str, list[Programme]] = {}
    for programme in offered.values():
        families.setdefault(programme.family, []).append(programme)
    rows = Draft.objects.select_related("programme").filter(owner_id=actor.user, case__isnull=True)
    newest = rows.order_by("-saved_at")[:MOST_DRAFTS]
    begun = [{"draft": row, "programme": programme_of(row.programme)} for row in newest]
    shown = [(FAMILIES.get(family, (family, ""))[0], found) for family, found in families.items()]
    return render(request, "desk/new.html", {"families": shown, "drafts": begun})


def startable(actor: Actor) -> dict[str, Programme]:
    """The services in force that one of the actor's duties may start, by key; a union's handler files elsewhere."""
    held = [duty for duty in actor.duties if duty.role != Role.UNIT_HANDLER]
    found = [programme_of(row) for row in versions.all_current(local_date(clock.now()))]
    return {
        programme.key: programme for programme in found
        if any(programme.may_start(duty.role, duty.level) for duty in held)
    }


def _begin(request: HttpRequest, offered: dict[str, Programme]) -> HttpResponse:
    """Open an empty form: nothing of the officer's own is filled in."""
    key = request.POST.get("key", "")
    if key not in offered:
        raise Http404
    if Draft.objects.filter(owner_id=request.user.pk, case__isnull=True).count() >= MOST_DRAFTS:
        messages.warning(request, _("You have many unfinished forms. Finish or discard one of them first."))
        return redirect("desk_new")
    version: ProgrammeVersion = versions.current(key, local_date(clock.now()))
    draft = drafts.start(User.objects.get(username=request.user.get_username()), version, clock.now())
    return redirect("apply_resume", draft.public_id)
