"""One of a list that lives with the cases: rounds that take nominations, classes that take enrolments."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.forms.kinds.base import Kind, Parsed, wrong
from casework.forms.spec import Field


@dataclass(frozen=True, slots=True)
class Listing:
    """choices: (value, words) of what may be chosen now. words: of a value chosen once, also when it is closed. takes:
    may this value be chosen on a day? None: what stands among the choices."""

    choices: Callable[[], list[tuple[str, str]]]
    words: Callable[[str], str]
    takes: Callable[[str, date], bool] | None = None


# Filled by the layers above; a field names its list under `of`.
LISTINGS: dict[str, Listing] = {}


def choices(field: Field) -> list[tuple[str, str]]:
    """What may be chosen now."""
    return LISTINGS[str(field.options["of"])].choices()


def parse_listed(raw: Any, field: Field, today: date) -> Parsed:
    """A value of the list as it is now."""
    takes = LISTINGS[str(field.options["of"])].takes
    if takes(str(raw), today) if takes else any(value == raw for value, _words in choices(field)):
        return raw, []
    return wrong("NOT_LISTED", _("This is not on the list, or no longer."), _("Choose from the list."))


def show_listed(value: Any, field: Field) -> str:
    """Its words."""
    return LISTINGS[str(field.options["of"])].words(str(value)) if value else ""


KINDS = (Kind("listed", parse_listed, "select", show_listed),)
