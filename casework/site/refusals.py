"""Pages that say no in human words: what happened, that nothing was lost, what to do next."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role, RoleAssignment
from casework.core import clock
from casework.core.problems import Problem, Refused, Words

TITLES: dict[int, Words] = {
    400: _("We could not read this request"),
    401: _("Please log in again"),
    403: _("You may not open this page"),
    404: _("There is nothing here"),
    409: _("Somebody was faster"),
    413: _("That was too much at once"),
    422: _("This could not be done"),
    429: _("Too many tries"),
    500: _("Something broke on our side"),
    503: _("We will be back shortly"),
}
LEADS: dict[int, Words] = {
    400: _("Your browser sent something we do not understand. Go back, reload the page and try again."),
    401: _("You were logged out, so nothing was changed. What you typed is kept in your draft where there is one."),
    403: _("The page exists, but your login has no right to it."),
    404: _("The address is wrong, the page has been taken down, or it belongs to somebody else."),
    409: _("The matter has changed since you opened the page. Nothing of yours was carried out."),
    413: _("One file may have up to 10 MB. Send fewer or smaller files; a photo of the paper is enough."),
    422: _("Nothing was changed. This is what stands in the way:"),
    429: _("For the safety of the account we wait a little before the next try."),
    500: _("It is not your fault. What you had sent before is safe. Please try again in a few minutes."),
    503: _("The system is being looked after. What you had sent before is safe."),
}

KEPT = _(
    "You were logged out, so nothing was changed. What you typed is kept for an hour: log in again on this device, and "
    "it is back on the page."
)


def explain(
    request: HttpRequest, status: int, problems: Iterable[Problem] = (), lead: Words = "", **context: object
) -> HttpResponse:
    """A whole page for a status, with the problems listed if there are any."""
    shown = {
        "status": status,
        "title": TITLES.get(status, TITLES[400]),
        "lead": lead or LEADS.get(status, ""),
        "problems": list(problems),
        **context,
    }
    name = "errors/fragment.html" if request.headers.get("HX-Request") else "errors/page.html"
    return render(request, f"site/{name}", shown, status=status)


def of_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page for what the door refused. A 404 is told like any other unknown address (promise R2)."""
    if refused.status == 404:
        return explain(request, 404)
    return explain(request, refused.status, refused.problems)


def logged_out(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """The login ended between opening and sending: say so instead of losing the post in a redirect. back: address at
    which what was typed will be back, "" if it is not kept."""
    return explain(request, 401, lead=KEPT if back else "", login=True, back=back)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the time to wait."""
    answer = explain(request, 429, wait=seconds)
    answer["Retry-After"] = str(seconds)
    return answer


def wrong_role(request: HttpRequest, roles: list[str]) -> HttpResponse:
    """403 that names the role needed and, to colleagues, who holds it near them."""
    return explain(
        request,
        403,
        roles=[Role(role).label for role in roles if role in Role.values],
        holders=_holders(request, roles),
    )


def _holders(request: HttpRequest, roles: list[str]) -> list[dict[str, str]]:
    duties = request.actor.duties  # type: ignore[attr-defined]
    if not duties:
        return []
    now = clock.now()
    line = {int(part) for duty in duties for part in duty.path.strip("/").split("/") if part.isdigit()}
    rows = (
        RoleAssignment.objects.filter(role__in=roles, organisation_id__in=line, valid_from__lte=now)
        .exclude(valid_to__lte=now)
        .select_related("user__person", "organisation")
        .order_by("organisation__path", "id")[:5]
    )
    return [
        {
            "name": row.user.person.name if row.user.person else row.user.get_full_name() or row.user.username,
            "role": str(Role(row.role).label),
            "organisation": row.organisation.name,
            "phone": row.organisation.phone,
        }
        for row in rows
    ]
