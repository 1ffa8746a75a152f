"""One's own password: changed by oneself, and chosen before anything else where somebody handed a first one over."""
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.access.models import User
from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.site import refusals, throttle
from casework.site.login import address_of
from casework.site.policy import actor_of_request, signed_in
from casework.staffing import logins


@signed_in
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The form; a wrong old password counts like a wrong login."""
    user = User.objects.get(username=request.user.get_username())
    if request.method != "POST":
        return draw(request, user, [])
    old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
    seconds = throttle.wait_before_try(user.username, address_of(request), clock.now())
    if seconds:
        return refusals.too_many(request, seconds)
    try:
        changed = logins.choose(user, old, new, again, actor_of_request(request), clock.now())
    except Refused as refusal:
        if "PASSWORD_OLD" in refusal.codes:
            throttle.note_failure(user.username, address_of(request), clock.now())
        return draw(request, user, refusal.problems, refusal.status)
    update_session_auth_hash(request, changed)
    messages.success(request, _("Your password is changed. Other open logins of yours have ended."))
    return redirect("home")


def draw(request: HttpRequest, user: User, problems: list[Problem], status: int = 200) -> HttpResponse:
    """The page; what was typed is not shown again."""
    context = {
        "problems": problems, "faults": {problem.place: problem for problem in problems},
        "first": user.first_password_until is not None,
    }
    return render(request, "site/password.html", context, status=status)
