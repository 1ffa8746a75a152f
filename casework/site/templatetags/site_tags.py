"""Tags every page may use: icons, badges of states, clocks, money. Load with {% load site_tags %}."""
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from casework.cases.models import State
from casework.core import clock as watch
from casework.core import money
from casework.core.calendar import local_date, working_days_between
from casework.core.problems import Words

register = template.Library()

TONES = {
    State.DRAFT: "grey", State.SUBMITTED: "blue", State.SUPPLEMENT: "amber", State.ACCEPTED: "blue",
    State.APPROVED: "green", State.SETTLED: "green", State.CLOSED: "grey", State.NOT_ACCEPTED: "red",
    State.DENIED: "red", State.WITHDRAWN: "grey", State.REVOKED: "red", State.REGISTERED: "blue",
    State.ANSWERED: "green", State.TRANSFERRED: "grey", State.MERGED: "grey", State.PLANNED: "blue",
    State.OPEN: "green", State.RUNNING: "green",
}

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"), pgettext_lazy("weekday", "Tue"), pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"), pgettext_lazy("weekday", "Fri"), pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of assets/icons/sprite.svg; hidden from screen readers unless it has a label."""
    source = f"{static('icons/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="ico" role="img" aria-label="{}"><use href="{}"></use></svg>', label, source)
    return format_html('<svg class="ico" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', source)


@register.inclusion_tag("components/badge.html")
def badge(text: Words, tone: str = "grey") -> dict[str, Any]:
    """A word on a colour. tone: green, amber, red, blue, grey."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("components/badge.html")
def state_badge(state: str) -> dict[str, Any]:
    """The state of a case in words, with its colour."""
    known = state in State.values
    return {"text": State(state).label if known else state, "tone": TONES[State(state)] if known else "grey"}


@register.inclusion_tag("components/clock.html")
def clock(
    due: datetime | date | None, amber_at: datetime | None = None, paused: Words = "", provisional: bool = False,
) -> dict[str, Any]:
    """How long is left until a due moment (or the end of a due date), in working days. paused: the reason, if so."""
    if due is None:
        return {"tone": "grey", "words": _("No time limit"), "due": None}
    now = watch.now()
    day = last_day(due)
    tone, words = clock_face(due, day, amber_at, now)
    if paused:
        tone, words = "grey", _("Paused: %(reason)s") % {"reason": paused}
    return {"tone": tone, "words": words, "due": day, "paused": bool(paused), "provisional": provisional}


def clock_face(due: datetime | date, day: date, amber_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Colour and words of a running clock (domain §2: amber at 70 %, red when the limit has passed)."""
    today = local_date(now)
    over = now > due if isinstance(due, datetime) else today > day
    if over:
        days = max(1, working_days_between(day, today))
        return "red", ngettext("%(n)d working day overdue", "%(n)d working days overdue", days) % {"n": days}
    if day == today:
        return "amber", _("Due today")
    days = working_days_between(today, day)
    soon = now >= amber_at if amber_at else days <= 1
    words = ngettext("%(n)d working day left", "%(n)d working days left", days) % {"n": days}
    return ("amber" if soon else "green"), words


@register.filter
def last_day(due: datetime | date) -> date:
    """The last day of a limit: one that ends at 24:00 ends on that day, not on the next."""
    return local_date(due - timedelta(microseconds=1)) if isinstance(due, datetime) else due


@register.filter
def day_words(day: datetime | date | None) -> str:
    """A day with its weekday, as one plans by; nothing for none."""
    if day is None:
        return ""
    day = local_date(day) if isinstance(day, datetime) else day
    words = {"day": formats.date_format(day, "DATE_FORMAT"), "weekday": WEEKDAYS[day.weekday()]}
    return _("%(weekday)s, %(day)s") % words


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as "1,234.50"; a dash for nothing."""
    return "—" if fen is None else money.show(int(fen))


@register.filter
def place_id(place: str) -> str:
    """The HTML id of the field at a dotted place, as the form templates give it."""
    return "f-" + place.replace(".", "-")
