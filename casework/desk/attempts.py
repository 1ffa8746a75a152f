"""A decision that was not carried out: what was typed stays, also when the login had ended (promise S3)."""
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.forms.bind import Bound, bind
from casework.forms.spec import FormSpec
from casework.site import kept
from casework.workflows import moves

TECHNICAL = frozenset({"csrfmiddlewaretoken", "action", "seen", "key", "next", "go", kept.MARK})
TYPED_MOST = 20
GONE = _("You were logged out before it was sent, and this step does not wait for you any more.")
BACK = _("What you typed before you were logged out is back, without files. It was not carried out.")


@dataclass(frozen=True)
class Attempt:
    """A decision that was refused, or only changed in its form: what was typed and what stands in the way. seen: number
    of the event its screen showed last, where that was another screen."""

    action: str = ""
    bound: Bound | None = None
    problems: list[Problem] = field(default_factory=list)
    status: int = 200
    typed: list[str] = field(default_factory=list)
    seen: str = ""


def mark(request: HttpRequest, case: Case) -> str:
    """The mark of the forms on a case page: they are sent to one address and shown at another."""
    return kept.mark(request, reverse("desk_do", args=[case.public_id]), _page(case))


def put_back(request: HttpRequest, case: Case, actor: Actor) -> Attempt | None:
    """What this person sent when his login had ended, in the form of its move; nothing was carried out. The event that
    was seen then goes with it, so that he is told what others did since before it counts. Files are not kept."""
    before = kept.put_back(request)
    if before is None:
        return None
    action, moment = _last(before, "action"), clock.now()
    offered = moves.available(case, actor, moment)
    move = next((move for move in offered if move.action == action and not move.problems), None)
    if move is None:
        return Attempt(action, None, [Problem("GONE", GONE)], typed=texts(before.items()))
    messages.warning(request, BACK)
    bound = None
    if move.form is not None:
        bound = bind(move.form, _without_files(move.form, before), local_date(moment))
        bound.problems = []
    return Attempt(action, bound, seen=_last(before, "seen"))


def sent(request: HttpRequest, case: Case) -> None:
    """A decision on the case arrives with a login: what was kept for its page is not needed any more."""
    kept.forget(request, _page(case))


def texts(typed: Iterable[tuple[str, list[str]]]) -> list[str]:
    """What was typed, for a move that is no longer offered: nothing an officer wrote is thrown away unseen."""
    found = [value[:2000] for name, values in typed if name not in TECHNICAL for value in values]
    return [text for text in found if text.strip()][:TYPED_MOST]


def _without_files(form: FormSpec, raw: kept.Raw) -> kept.Raw:
    fields = {name: form.field(name) for name in raw}
    return {name: raw[name] for name, asked in fields.items() if asked is not None and asked.kind != "file"}


def _last(raw: kept.Raw, name: str) -> str:
    return next(iter(raw.get(name, [])[-1:]), "")


def _page(case: Case) -> str:
    return reverse("desk_case", args=[case.public_id])
