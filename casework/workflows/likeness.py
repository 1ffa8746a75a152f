"""Cases like this one: of the same kind and year, of the same people (domain §4.6)."""
from collections.abc import Collection
from functools import cache

from django.db import connection

from casework.cases import claims
from casework.cases.models import Case, CaseParty, State
from casework.core import prepared
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.workflows import guards
from casework.workflows.turn import Turn

COUNTED = (State.APPROVED, State.SETTLED, State.CLOSED)
RUNNING = (State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED)
MOST = 20
# Joined, not "or": each half has an index of its own.
_QUESTION = """
SELECT c.id, c.number FROM {case} c WHERE c.applicant_id IN ({people}) AND {same}
UNION SELECT c.id, c.number FROM {party} p JOIN {case} c ON c.id = p.case_id WHERE p.person_id IN ({people}) AND {same}
ORDER BY 1 LIMIT {most}
"""


@cache
def _sql(people: int, states: int, year: bool) -> str:
    """The question. Values, twice: the people, then key, own id, states, and the year where there is one."""
    same = f"c.key = %s AND c.id <> %s AND c.state IN ({', '.join(['%s'] * states)})"
    quote = connection.ops.quote_name
    return _QUESTION.format(
        case=quote(Case._meta.db_table), party=quote(CaseParty._meta.db_table), people=", ".join(["%s"] * people),
        same=f"{same} AND c.year = %s" if year else same, most=MOST,
    )


def _found(case: Case, people: Collection[int], programme: Programme) -> dict[int, str]:
    """Numbers of the like cases by id: running or granted, at most MOST. Nobody is served twice where a union is, or
    where each bill or school year counts for itself; and of what ends in an entry of a register only running ones
    count: the register tells the rest."""
    if not people or programme.for_unit or (programme.once and not programme.exclusive_year):
        return {}
    states = RUNNING if programme.gives or programme.renews else (*COUNTED, *RUNNING)
    room = 1 << (len(people) - 1).bit_length()  # few lengths, so few questions to be planned
    half = [*people, *[0] * (room - len(people)), case.key, case.pk, *map(str, states)]
    half += [case.year] if case.year else []
    with prepared.cursor() as cursor:
        cursor.execute(_sql(room, len(states), bool(case.year)), [*half, *half])
        return dict(cursor.fetchall())


def cases(case: Case, people: Collection[int], programme: Programme) -> list[Case]:
    """The like cases of one of these people, for a page; the oldest first."""
    ids = list(_found(case, people, programme))
    return list(Case.objects.filter(pk__in=ids).select_related("county", "programme").order_by("id")) if ids else []


def people_of(turn: Turn) -> Collection[int]:
    """The persons the case is about."""
    return turn.known.concerned if turn.known is not None else guards.concerned(turn.case)


def hits(turn: Turn) -> set[str]:
    """Numbers that a reviewer must explain. A dossier in force of any member is one, too."""
    if turn.hits is None:
        people = people_of(turn)
        turn.hits = set(_found(turn.case, people, turn.programme).values())
        own = turn.case.entry_id if turn.programme.renews else None
        entry = dossiers.any_in_force(people, own) if turn.programme.classify else None
        turn.hits |= {entry.number} if entry else set()
        if turn.programme.once:
            turn.hits |= {other.number for other in claims.rivals(turn.case)}
    return turn.hits
