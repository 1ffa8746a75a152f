"""Plain values as a reader says them: money, days, yes and no."""
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from casework.core import money
from casework.core.text import listed


def yuan(value: Any) -> str:
    """Fen in yuan."""
    return _("%(yuan)s yuan") % {"yuan": money.show(int(value))} if isinstance(value, int) else str(value)


def moment(value: Any) -> str:
    """A moment on the clock of the place."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return formats.date_format(timezone.localtime(at) if at.tzinfo else at, "SHORT_DATETIME_FORMAT")


def day(value: Any) -> str:
    """A day as the language writes it."""
    try:
        return formats.date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
    except ValueError:
        return str(value)


def plain(value: Any) -> str:
    """Yes and no, lists, and what is read as it stands."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed(plain(item) for item in value)
    return str(value)
