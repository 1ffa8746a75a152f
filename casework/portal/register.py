"""Making a login of one's own. The answer never tells whether somebody is known here (promise W2)."""
from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.access.models import User
from casework.access.signup import login_name, sign_up
from casework.core import clock, identifiers
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.site import refusals, throttle
from casework.site.login import address_of
from casework.site.policy import public

MOST_TYPED = 200
READY = _(
    "Thank you. You can log in now with your ID number and the password you chose. If that does not work, a login "
    "exists already or the details differ from ours: ask your union or the window of the help centre."
)


@public
@sensitive_post_parameters("name", "id_no", "phone", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form, and the same answer whether a login was made or not."""
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return draw(request, {}, [])
    typed = {key: request.POST.get(key, "")[:MOST_TYPED] for key in ("name", "id_no", "phone", "agree")}
    password = request.POST.get("password", "")
    person, problems = person_of(typed)
    problems += _password_problems(password, person)
    if typed["agree"] != "true":
        problems.append(Problem("CONSENT", _("Without your agreement no login can be made."), "agree"))
    if problems:
        return draw(request, typed, problems, 422)
    now, account = clock.now(), f"sign-up:{login_name(person['id_no'])}"
    seconds = throttle.wait_before_try(account, address_of(request), now)
    if seconds:
        return refusals.too_many(request, seconds)
    throttle.note_failure(account, address_of(request), now)  # every try counts, so that nobody tries out numbers
    stamp = stamp_of(Actor(user=None, person=None, name=""), None, "online", address_of(request))
    sign_up(person["name"], person["id_no"], person["phone"], password, stamp, now)
    messages.success(request, READY)
    onward = request.POST.get("next", "")
    return redirect(reverse("login") + (f"?{urlencode({'next': onward})}" if onward else ""))


def person_of(typed: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """Name, ID number and phone as they are kept, and what is wrong with them."""
    today = local_date(clock.now())
    checked = {
        "name": identifiers.person_name(typed["name"]),
        "id_no": identifiers.resident_id(typed["id_no"], today),
        "phone": identifiers.phone(typed["phone"]),
    }
    problems = [
        Problem(problem.code, problem.message, place, problem.mend)
        for place, (_value, found) in checked.items()
        for problem in found
        if not problem.warning
    ]
    return {place: value for place, (value, _found) in checked.items()}, problems


def _password_problems(password: str, person: Mapping[str, str]) -> list[Problem]:
    """Django's validators; and no password that is the name of the login."""
    try:
        if len(password) > MOST_TYPED:
            raise ValidationError(_("The password is too long."))
        validate_password(password, User(first_name=person["name"]))
    except ValidationError as error:
        return [Problem("PASSWORD", " ".join(error.messages), "password")]
    if password.strip().upper() in (person["id_no"], person["phone"]):
        return [Problem("PASSWORD", _("The password must not be your ID number or phone."), "password")]
    return []


def draw(request: HttpRequest, typed: Mapping[str, str], problems: list[Problem], status: int = 200) -> HttpResponse:
    """The page with what was typed, except the password."""
    return render(request, "portal/register.html", {
        "typed": typed, "problems": problems, "faults": {problem.place: problem for problem in problems},
        "next": (request.POST if request.method == "POST" else request.GET).get("next", "")[:MOST_TYPED],
    }, status=status)
