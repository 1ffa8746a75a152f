"""What every request gets: the acting person, the limits of a login, headers that keep personal pages private."""
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import is_valid_path, resolve
from django.utils.functional import SimpleLazyObject

from casework.access.actor import Actor
from casework.access.duties import actor_of
from casework.core import clock

NOBODY = Actor(user=None, person=None, name="")
FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
BEFORE_OWN_PASSWORD = ("password", "logout", "set_language")
Next = Callable[[HttpRequest], HttpResponse]


def actor_middleware(get_response: Next) -> Next:
    """Set request.actor, worked out anew for each request (promise R6) when it is first asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request.user, clock.now()) if request.user.is_authenticated else NOBODY


def session_limits(get_response: Next) -> Next:
    """End a login after so long without a click, and after so long in all (promise W4)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _keep_or_end(request, clock.world().timestamp())
        return get_response(request)

    return middleware


def _keep_or_end(request: HttpRequest, moment: float) -> None:
    session = request.session
    since, last = session.setdefault("since", moment), session.setdefault("last", moment)
    if moment - since > settings.SESSION_COOKIE_AGE or moment - last > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif moment - last > 60:  # one write a minute is enough
        session["last"] = moment


def own_password_first(get_response: Next) -> Next:
    """A password that somebody handed over opens one page only: the one on which the person chooses his own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and getattr(request.user, "first_password_until", None):
            name = resolve(request.path_info).url_name if is_valid_path(request.path_info) else ""
            if name not in BEFORE_OWN_PASSWORD:
                return redirect("password")
        return get_response(request)

    return middleware


def private_pages(get_response: Next) -> Next:
    """No page of a logged-in person stays in a cache (promise W5); browser features nobody needs are off."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", FEATURES)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies:
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware

