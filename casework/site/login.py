"""Logging in and out, and where each person goes from there."""
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.access.models import Role, User
from casework.access.signup import login_name
from casework.core import clock
from casework.site import refusals, throttle
from casework.site.navigation import main_page
from casework.site.policy import actor_of_request, public


class Credentials(AuthenticationForm):
    """Name and password. One neutral answer for every reason to refuse (promise W2)."""

    error_messages = {
        "invalid_login": _("The name or the password is wrong. Both are case-sensitive."),
        "inactive": _("The name or the password is wrong. Both are case-sensitive."),
    }


    def clean_username(self) -> str:
        """Logins people made themselves are kept under a keyed hash of the ID number typed here."""
        return login_name(self.cleaned_data["username"])

    def confirm_login_allowed(self, user: Any) -> None:
        """A first password counts for some days only."""
        super().confirm_login_allowed(user)
        until = getattr(user, "first_password_until", None)
        if until is not None and until <= clock.now():
            raise self.get_invalid_login_error()


class Login(LoginView):
    """The login page."""

    authentication_form = Credentials
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a try, unless the account or the address has to wait."""
        seconds = throttle.wait_before_try(_account(request), address_of(request), clock.now())
        if seconds:
            return refusals.too_many(request, seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Remember that this address is the owner's."""
        throttle.note_success(form.cleaned_data["username"], address_of(self.request), clock.now())
        return _speak_his_language(self.request, super().form_valid(form), form.get_user())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Count the try; show the form again with what was typed, except the password."""
        throttle.note_failure(_account(self.request), address_of(self.request), clock.now())
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer the logins of the demonstration where they exist."""
        return super().get_context_data(demo_groups=demo_groups(), **kwargs)


def _account(request: HttpRequest) -> str:
    return login_name(request.POST.get("username", ""))


login = public(Login.as_view())


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the login."""
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@public
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Log in as a person of the demonstration with one click; exists only in the embedded setting."""
    wanted = request.POST.get("username", "")
    if wanted not in {account.username for account in demo_accounts()}:
        raise Http404
    user = User.objects.filter(username=wanted, is_active=True).first()
    if user is None:
        raise Http404
    start_session(request, user, backend="django.contrib.auth.backends.ModelBackend")
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "home")  # in the language of the page that was clicked


@public
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the page he works on."""
    if not request.user.is_authenticated:
        return redirect("catalogue")
    return redirect(resolve_url(main_page(actor_of_request(request))))


def demo_accounts() -> list[Any]:
    """The logins of the demonstration, [] outside the embedded setting."""
    if not settings.EMBEDDED:
        return []
    try:
        return list(import_string("casework.demo.accounts.ACCOUNTS"))
    except ImportError:
        return []


def demo_groups() -> list[tuple[str, list[Any]]]:
    """The same, grouped by role in the order of the roles, applicants first; only those that are loaded."""
    accounts = demo_accounts()
    names = [account.username for account in accounts]
    loaded = set(User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True))
    order = list(Role.values)
    ready = sorted((a for a in accounts if a.username in loaded), key=lambda a: _place(order, a.role))
    return [(_label(role), list(group)) for role, group in groupby(ready, key=lambda account: str(account.role))]


def _place(order: Iterable[str], role: str) -> int:
    return next((n for n, value in enumerate(order) if value == role), 99)


def _label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def address_of(request: HttpRequest) -> str:
    """The address the request came from, as the web server saw it."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _speak_his_language(request: HttpRequest, response: HttpResponse, user: Any) -> HttpResponse:
    """On a machine where no language was chosen, use the one of the person."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", max_age=365 * 24 * 3600)
    return response
