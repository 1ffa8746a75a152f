"""Reading what these pages send, and turning long lists into pages."""
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem

PAGE = 50
MOST = 400
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def lines(request: HttpRequest) -> dict[str, str]:
    """Each field as one short printable line, for rules and for drawing it again."""
    return {
        key: "".join(sign for sign in str(value) if sign.isprintable()).strip()[:MOST]
        for key, value in request.POST.items() if key != "csrfmiddlewaretoken"
    }


def day(typed: Mapping[str, str], name: str) -> date | None:
    """The day in a field, None for none or nonsense."""
    try:
        return date.fromisoformat(typed.get(name, ""))
    except ValueError:
        return None


def day_problems(typed: Mapping[str, str], *names: str) -> list[Problem]:
    """Days that were typed and are none, or lie where no calendar of ours reaches."""
    found = {name: day(typed, name) for name in names if typed.get(name)}
    return [
        Problem("DAY", _("This is not a day."), place=name) if one is None
        else Problem("DAY_FAR", _("This day lies too far away."), place=name)
        for name, one in found.items() if one is None or not EARLIEST <= one <= LATEST
    ]


def number(request: HttpRequest, name: str) -> int:
    """A number in the address, 0 for none or nonsense."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def faults_of(problems: Sequence[Problem]) -> dict[str, Problem]:
    """Problems by their place."""
    return {problem.place: problem for problem in problems if problem.place}


def with_query(path: str, **query: Any) -> str:
    """An address with what is not empty of a query."""
    said = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(said)}" if said else path
