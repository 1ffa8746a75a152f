"""Which role goes with which level of the tree (domain §1), and which never come together in one person."""
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role, RoleAssignment, Substitution, User
from casework.core.problems import Problem
from casework.organisations.models import Level, Organisation

_DESKS = (Level.COUNTY, Level.CITY)
_BASE = (Level.GRASSROOTS, Level.TOWN)
_ALL = tuple(Level)
_SEVERAL: dict[str, tuple[Level, ...]] = {
    Role.UNIT_HANDLER: _BASE, Role.UNIT_CHAIR: _BASE, Role.ORGANISER: (Level.TOWN,),
    Role.INVESTIGATOR: (Level.GRASSROOTS, Level.COUNTY), Role.PROVINCE_APPROVER: (Level.PROVINCE,),
    Role.AUDITOR: _ALL, Role.PUBLICITY_OFFICER: _ALL, Role.PETITION_OFFICER: (*_DESKS, Level.PROVINCE),
    Role.DATA_PROTECTION_OFFICER: (Level.CITY, Level.PROVINCE), Role.POLICY_OFFICER: (*_DESKS, Level.PROVINCE),
    Role.ADMIN: (*_DESKS, Level.PROVINCE, Level.NATIONAL),
}
_AT_DESKS = (
    Role.WINDOW_CLERK, Role.CASE_OFFICER, Role.REVIEWER, Role.APPROVER, Role.FINANCE_OFFICER, Role.CASHIER,
    Role.SUPERVISOR, Role.HOTLINE_AGENT, Role.LEGAL_OFFICER, Role.LAWYER, Role.ASSESSOR, Role.EMPLOYER_REP,
    Role.TRAINER,
)
LEVELS: Mapping[str, tuple[Level, ...]] = MappingProxyType(_SEVERAL | {str(role): _DESKS for role in _AT_DESKS})
# The halves of separated duties: accept ≠ review ≠ approve ≠ make a payment ≠ send it.
HALVES: Mapping[str, str] = MappingProxyType({
    Role.WINDOW_CLERK: "accept", Role.UNIT_HANDLER: "accept", Role.REVIEWER: "review", Role.APPROVER: "approve",
    Role.PROVINCE_APPROVER: "approve", Role.FINANCE_OFFICER: "make", Role.CASHIER: "pay",
})
# The administrator sees no case and moves no money; the auditor writes nothing (promise R7). By person.
ALONE: Mapping[str, frozenset[str]] = MappingProxyType({
    Role.ADMIN: frozenset({Role.ADMIN, Role.POLICY_OFFICER}), Role.AUDITOR: frozenset({Role.AUDITOR}),
})


_COLUMNS = ("role", "organisation__path", "valid_from", "valid_to")


class Span(NamedTuple):
    """A right as it would be: role at a place, from–to (None: open)."""

    role: str
    path: str
    start: datetime
    end: datetime | None


def roles_at(level: str) -> list[Role]:
    """The roles that are held at a level."""
    return [Role(role) for role in Role.values if level in LEVELS.get(role, ())]


def level_fits(role: str, organisation: Organisation) -> list[Problem]:
    """A role counts at its own level only."""
    if organisation.level in LEVELS.get(role, ()):
        return []
    return [Problem(
        "ROLE_LEVEL", _("This role is not held at an organisation of this level."), place="role",
        mend=_("Choose another role or another organisation."),
    )]


def never_together(user: User, wanted: Span) -> list[Problem]:
    """Would this give one person a role that stands alone beside another one?"""
    held = {span.role for span in _others(user, wanted)}
    clash = {role for role in held if _shut_out(role, wanted.role) or _shut_out(wanted.role, role)}
    return [_told(wanted.role, clash)] if clash else []


def both_halves(user: User, wanted: Span) -> list[Problem]:
    """Would a substitute come to hold both halves of a separated duty over the same cases?"""
    return _halves(wanted, _others(user, wanted))


def half_of_cover(user: User, wanted: Span) -> list[Problem]:
    """Would a duty of one's own be the other half of what one holds for a colleague? The order in which the two come
    makes no difference."""
    return _halves(wanted, _lent(user, wanted))


def _halves(wanted: Span, others: Iterable[Span]) -> list[Problem]:
    half = HALVES.get(wanted.role)
    clash = {
        span.role for span in others
        if half and HALVES.get(span.role, half) != half and _meet(span.path, wanted.path)
    }
    return [_told(wanted.role, clash)] if clash else []


def _shut_out(role: str, other: str) -> bool:
    return role in ALONE and other not in ALONE[role]


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _others(user: User, wanted: Span) -> Iterable[Span]:
    """What the person behind a login holds at any moment of the span, himself or for a colleague."""
    mine = Q(user=user) | Q(user__person_id=user.person_id, user__person__isnull=False)
    for row in RoleAssignment.objects.filter(_when(wanted), mine).values_list(*_COLUMNS):
        yield Span(*row)
    yield from _lent(user, wanted)


def _lent(user: User, wanted: Span) -> Iterable[Span]:
    """What he holds for a colleague."""
    lent = Q(substitute=user) | Q(substitute__person_id=user.person_id, substitute__person__isnull=False)
    for row in Substitution.objects.filter(_when(wanted), lent).values_list(*_COLUMNS):
        yield Span(*row)


def _when(wanted: Span) -> Q:
    """Condition: it holds at a moment of the span."""
    when = Q(valid_to__isnull=True) | Q(valid_to__gt=wanted.start)
    when &= Q(valid_to__isnull=True) | Q(valid_from__lt=F("valid_to"))  # ended before it began
    return when if wanted.end is None else when & Q(valid_from__lt=wanted.end)


def _told(role: str, clash: Iterable[str]) -> Problem:
    return Problem(
        "ROLES_APART", _("%(role)s and %(other)s must not come together in one person.") % {
            "role": Role(role).label, "other": Role(min(clash)).label,
        }, place="role", mend=_("Choose another person, or end the other duty first."),
    )
