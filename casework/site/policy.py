"""Who may open which address. Every view carries exactly one of these (promise R1): default is deny.

A policy is about the page only; whether a case may be seen or acted on is decided by the engine.
"""
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from casework.access.actor import Actor
from casework.access.models import Role
from casework.site import kept, refusals

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Policy:
    """kind: public, signed_in, staff or applicant. roles: for staff, one of these is needed; empty = any duty."""

    kind: str
    roles: frozenset[str] = frozenset()


def public(view: View) -> View:
    """Open to everybody."""
    return _declare(view, Policy("public"), lambda request: None)


def signed_in(view: View) -> View:
    """Open to everybody who has logged in."""
    return _declare(view, Policy("signed_in"), _login_first)


def applicant(view: View) -> View:
    """Open to persons applying for themselves, and to handlers of a union, who file for its members. An officer's
    own matters go through his private login, also after his duties have ended, so that office and private life stay
    apart."""

    def decide(request: HttpRequest) -> HttpResponse | None:
        answer = _login_first(request)
        if answer is not None:
            return answer
        actor = actor_of_request(request)
        roles = {duty.role for duty in actor.duties}
        if (roles or actor.of_office) and Role.UNIT_HANDLER not in roles:
            return refusals.wrong_role(request, [Role.APPLICANT.value])
        return None

    return _declare(view, Policy("applicant"), decide)


def staff(*roles: str) -> Callable[[View], View]:
    """Open to holders of one of these roles (any duty at all when none is named)."""

    def decide(request: HttpRequest) -> HttpResponse | None:
        answer = _login_first(request)
        if answer is not None:
            return answer
        duties = actor_of_request(request).duties
        if duties and (not roles or any(duty.role in roles for duty in duties)):
            return None
        return refusals.wrong_role(request, list(roles))

    def decorate(view: View) -> View:
        return _declare(view, Policy("staff", frozenset(roles)), decide)

    return decorate


def policy_of(callback: Any) -> Policy | None:
    """The policy a view declares; class-based views may carry it on the class."""
    found = getattr(callback, "policy", None) or getattr(getattr(callback, "view_class", None), "policy", None)
    return found if isinstance(found, Policy) else None


def actor_of_request(request: HttpRequest) -> Actor:
    """The acting person of this request (set by ActorMiddleware)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _login_first(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    if request.headers.get("HX-Request") or request.method not in ("GET", "HEAD"):
        return refusals.logged_out(request, back=kept.keep(request))
    return redirect_to_login(request.get_full_path())


def _declare(view: View, policy: Policy, decide: Callable[[HttpRequest], HttpResponseBase | None]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = decide(request)
        return view(request, *args, **kwargs) if answer is None else answer

    guarded.policy = policy  # type: ignore[attr-defined]
    return guarded
