"""Who is told of a case on the applicant's side: himself, whoever filed for him, and of a union's or an office's matter
whoever holds the duty now. A duty that ended brings no news (promise R6)."""

from casework.access import duties
from casework.access.models import User
from casework.access.signup import private_logins
from casework.cases.models import Case
from casework.core.compiled import Compiled
from casework.forms.models import Draft
from casework.workflows import guards
from casework.workflows.turn import Turn

MOST = 10
_PRIVATE = Compiled(private_logins, -10_000_000_001)


def of_applicant(turn: Turn) -> list[User]:
    """Logins on the applicant's side of the case: his private ones, and the one under which it was filed. Whoever drew
    up a roster is not told of each of its lines."""
    case = turn.case
    if case.for_office:
        return [case.filed_by] if _stands(turn) else _successors(turn)
    users = _PRIVATE.rows(case.applicant_id)
    for user in users:
        user.person = case.applicant  # the same row; the outbox asks for its phone
    if turn.programme.start and case.filed_by_id not in [user.pk for user in users] and _stands(turn):
        users.append(case.filed_by)
    return users


def _stands(turn: Turn) -> bool:
    """Does whoever filed it hold the duty still under which he did? In the turn in which he acts the door has seen to
    that."""
    case = turn.case
    return turn.actor.user == case.filed_by_id or guards.filed(case, duties.actor_of(case.filed_by, turn.now))


def _successors(turn: Turn) -> list[User]:
    """Those who hold the duty of the filer now, at the place nearest to his."""
    roles, path = _duty(turn.case, turn)
    found = [user for role in roles for user in duties.nearest(role, path, turn.now)]
    return found[:MOST]


def _duty(case: Case, turn: Turn) -> tuple[list[str], str]:
    """The duty under which a case was filed, as its draft tells; without one, those that may file it."""
    draft = Draft.objects.select_related("duty_place").filter(case=case).exclude(duty_role="").first()
    if draft is not None and draft.duty_place is not None:
        return [draft.duty_role], draft.duty_place.path
    return [start.role for start in turn.programme.start], case.organisation.path
