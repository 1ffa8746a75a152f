"""Which entries the header shows to whom. Pages that are not installed are left out."""
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.access.models import Role
from casework.core import clock
from casework.core.problems import Words
from casework.notifications import reading
from casework.site import attention

MONEY = frozenset({Role.FINANCE_OFFICER, Role.CASHIER})
OVERSIGHT = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER})
NO_CASES = OVERSIGHT | {Role.ADMIN, Role.POLICY_OFFICER}
# Roles that write down the matters of others, or begin plans of their office.
BEGINNERS = frozenset({
    Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.HOTLINE_AGENT, Role.PETITION_OFFICER, Role.LEGAL_OFFICER, Role.ORGANISER,
    Role.TRAINER,
})
MOST_COUNTED = 99

# address name, words, icon, further address names under the same entry
PORTAL = (
    ("my_home", _("Home"), "home", ()),
    ("catalogue", _("Services"), "grid", ("programme",)),
    ("my_cases", _("My applications"), "folder", ("my_case", "my_act", "apply", "apply_check", "receipt")),
    ("inbox", _("Messages"), "bell", ()),
)
VISITOR = (("catalogue", _("Services"), "grid", ("programme",)), ("case_status", _("Check progress"), "search", ()))
DESK = (
    ("desk_queue", _("To do"), "list", ("desk_together", "desk_together_do")),
    ("desk_cases", _("Cases"), "folder", ("desk_case",)),
)
FINANCE = (
    ("desk_funds", _("Funds"), "coins", ("desk_fund", "desk_fund_new")),
    ("desk_batches", _("Payment batches"), "batch", ("desk_batch",)),
)
WATCH = (
    ("oversight_search", _("Search"), "search", ("oversight_case", "oversight_verify", "oversight_export")),
    ("oversight_access", _("Access log"), "eye", ()),
)
STUDIO = (
    ("studio_home", _("Services and rules"), "edit", (
        "studio_programme", "studio_form", "studio_compare", "studio_draft", "studio_section", "studio_try",
        "studio_shadow", "studio_shadow_run",
    )),
    ("studio_numbers", _("Regional numbers"), "coins", ("studio_number", "studio_number_draft")),
)
OFFICES = (
    ("offices_unions", _("Organisations"), "grid", ("offices_union",)),
    ("offices_staff", _("Staff and duties"), "users", ("offices_login", "offices_staff_new")),
)
NEW = (("desk_new", _("New matter"), "plus", ("apply", "apply_check")),)
ATTENTION = (("desk_attention", _("Left to people"), "alert", ()),)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the main navigation. counted: words behind the count, for screen readers."""

    href: str
    words: Words
    icon: str
    current: bool
    count: int = 0
    counted: Words = ""


def main_page(actor: Actor) -> str:
    """Name of the page a person starts on after login."""
    return _tables(actor)[0][0] if actor.user else "catalogue"


def entries(request: HttpRequest) -> list[Entry]:
    """The main navigation of the person of this request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    here = request.resolver_match.url_name if request.resolver_match else ""
    made = []
    for name, words, icon, more in _tables(actor):
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        made.append(Entry(href, words, icon, here == name or here in more, *_count(request, name)))
    return made


def _count(request: HttpRequest, name: str) -> tuple[int, Words]:
    """How much waits behind an entry, and what it is called."""
    if name == "inbox":
        return unread(request), _("unread")
    return (attention.count(request), _("to be dealt with")) if name == "desk_attention" else (0, "")


def _tables(actor: Actor) -> tuple[tuple[str, Any, str, tuple[str, ...]], ...]:
    if actor.user is None:
        return VISITOR
    roles = {duty.role for duty in actor.duties}
    if not roles:
        return (PORTAL[1], PORTAL[3]) if actor.of_office else PORTAL
    money = FINANCE if roles & MONEY else ()
    watch = WATCH if Role.AUDITOR in roles else WATCH[1:] if Role.DATA_PROTECTION_OFFICER in roles else ()
    desk = DESK if roles - NO_CASES else DESK[1:] if Role.SUPERVISOR in roles else ()
    rules = STUDIO if Role.POLICY_OFFICER in roles else STUDIO[:1] if Role.AUDITOR in roles else ()
    begin = NEW if roles & BEGINNERS else ()
    files_for_others = PORTAL[1:] if Role.UNIT_HANDLER in roles else ()
    offices = OFFICES if Role.ADMIN in roles else ()
    left = ATTENTION if roles & set(attention.ROLES) else ()
    # The work of a finance officer waits with the funds: no step of a route is his.
    first = money + desk if roles <= {Role.FINANCE_OFFICER} else desk
    money = () if first is not desk else money
    # An auditor reads the pages of the money, after his own.
    read = FINANCE if Role.AUDITOR in roles and not roles & MONEY else ()
    return (first + begin + files_for_others + money + watch + read + rules + offices + left) or PORTAL[1:2]


def unread(request: HttpRequest) -> int:
    """Unread messages of the person, counted up to 99; once a request."""
    if not request.user.is_authenticated:
        return 0
    kept: int | None = getattr(request, "_unread", None)
    if kept is None:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        rows = reading.of(actor).filter(read_at__isnull=True)
        kept = rows[:MOST_COUNTED].count()
        request._unread = kept  # type: ignore[attr-defined]
    return kept


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: navigation, who is acting in which roles."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:  # the request failed before the middleware ran
        return {"nav": [], "actor_name": "", "actor_roles": []}
    return {
        "nav": entries(request), "actor_name": actor.name, "actor_roles": _role_names(actor),
        "in_office": bool(actor.duties),
        "unread_messages": unread(request) if actor.duties else 0,
        "demo_now": clock.now() if settings.EMBEDDED else None,
    }


def _role_names(actor: Actor) -> list[Words]:
    keys = dict.fromkeys(duty.role for duty in actor.duties)
    if not keys and not actor.of_office:
        return [Role.APPLICANT.label]
    return [Role(key).label for key in keys if key in Role.values]
