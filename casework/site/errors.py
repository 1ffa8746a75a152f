"""Django's error handlers, in human words (handler400 … in casework.urls)."""
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Refused
from casework.site import refusals
from casework.site.policy import public

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when the request was only too large."""
    return refusals.explain(request, 413 if isinstance(exception, TOO_BIG) else 400)


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return refusals.explain(request, 403)


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same for what is absent and for what is somebody else's (promise R2)."""
    return refusals.explain(request, 404)


@public
def broken(request: HttpRequest) -> HttpResponse:
    """500: a page that needs neither database nor session."""
    return HttpResponse(loader.render_to_string("500.html", using="django"), status=500)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's one-time mark was old or missing: nothing was done, and here is how to go on."""
    lead = _(
        "For your protection every form carries a mark that belongs to your login. This one was too old: perhaps you "
        "logged in or out in another window. Nothing was changed. Go back, reload the page and send it again; "
        "what you typed in an application is kept in your draft."
    )
    return refusals.explain(request, 403, lead=lead, title=_("This page had been open for too long"))


class RefusedMiddleware:
    """Turns a Refused that no view caught into its page, so that every door answers alike."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        answer: HttpResponse = self.get_response(request)
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Explain what was refused; leave every other exception alone."""
        if isinstance(exception, Refused):
            return refusals.of_refused(request, exception)
        return None
