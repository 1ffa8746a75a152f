"""Reading the few typed values that every page of the studio has: a day, a revision."""
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from casework.core.problems import Problem, Refused


def day_of(request: HttpRequest, name: str = "effective_from") -> date:
    """The day that was typed. Raises Refused (422)."""
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Refused([Problem("DATE", _("This is not a date."), name, _("Enter it such as 2027-01-01."))]) from error


def revision_of(request: HttpRequest) -> int:
    """The revision the screen was drawn from; -1, which fits none, when it is not there."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
