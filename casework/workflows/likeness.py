"""Cases like this one: of the same kind and year, of the same people; and where a household gets so many kinds of aid a
year, those of other kinds (domain §4.6)."""
from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from django.db import connection

from casework.cases import claims
from casework.cases.models import Case, CaseParty, State
from casework.core import prepared
from casework.core.calendar import local_date, start_of
from casework.programmes import parameters
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.registers.models import Entry
from casework.workflows import guards
from casework.workflows.turn import Turn

COUNTED = (State.APPROVED, State.SETTLED, State.CLOSED)
RUNNING = (State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED)
MOST = 20
# How many kinds of aid a household in relative hardship gets a year: a regional number, 0 = as many as it needs; one
# where none is entered (domain §4.6 no. 3).
RELATIVE_KINDS = "relative_aid_kinds"
# Of them and of all else that the household asked for in the year.
READ = 200
# Joined, not "or": each half has an index of its own.
_QUESTION = """
SELECT c.id, c.number, c.key FROM {case} c WHERE c.applicant_id IN ({people}) AND {same}
UNION SELECT c.id, c.number, c.key FROM {party} p JOIN {case} c ON c.id = p.case_id
WHERE p.person_id IN ({people}) AND {same}
ORDER BY 1 LIMIT {most}
"""
# Of another kind: of the year, or handed in within it where it names none; and what made an entry is no aid.
_OTHERS = """c.key <> %s AND (c.year = %s OR c.year IS NULL AND c.submitted_at >= %s AND c.submitted_at < %s)
AND NOT EXISTS (SELECT 1 FROM {entry} e WHERE e.source_case_id = c.id)"""


@cache
def _sql(people: int, states: int, year: bool, others: bool) -> str:
    """The question. Values, twice: the people, own id, states, key, and the year where there is one; with others: key,
    year, its first moment and the first after it."""
    quote = connection.ops.quote_name
    like = "c.key = %s AND c.year = %s" if year else "c.key = %s"
    if others:
        like = f"({like} OR {_OTHERS.format(entry=quote(Entry._meta.db_table))})"
    return _QUESTION.format(
        case=quote(Case._meta.db_table), party=quote(CaseParty._meta.db_table), people=", ".join(["%s"] * people),
        same=f"c.id <> %s AND c.state IN ({', '.join(['%s'] * states)}) AND {like}", most=READ if others else MOST,
    )


def _asked(
    case: Case, people: Collection[int], states: Collection[State], *, others: bool
) -> list[tuple[int, str, str]]:
    """(id, number, key) of the cases of these people that are like this one, and of the year's others if asked for."""
    room = 1 << (len(people) - 1).bit_length()  # few lengths, so few questions to be planned
    half: list[Any] = [*people, *[0] * (room - len(people)), case.pk, *map(str, states), case.key]
    half += [case.year] if case.year else []
    if others:
        year = case.year or local_date(case.submitted_at or case.created_at).year
        edges = [start_of(date(year, 1, 1)), start_of(date(year + 1, 1, 1))]
        half += [case.key, year, *map(connection.ops.adapt_datetimefield_value, edges)]
    with prepared.cursor() as cursor:
        cursor.execute(_sql(room, len(states), bool(case.year), others), [*half, *half])
        return list(cursor.fetchall())


def _found(case: Case, people: Collection[int], programme: Programme) -> dict[int, str]:
    """Numbers of the like cases by id: running or granted, at most MOST. Nobody is served twice where a union is, or
    where each bill, school year or refusal counts for itself; and of what ends in an entry of a register only running
    ones count: the register tells the rest. With them those of other kinds of aid, in relative hardship."""
    alone = programme.for_unit or programme.re_examines or (programme.once and not programme.exclusive_year)
    others = case.category == "relative" and of_dossier(programme)
    if not people or (alone and not others):
        return {}
    states = RUNNING if programme.gives or programme.renews else (*COUNTED, *RUNNING)
    rows = _asked(case, people, states, others=others)
    like = {pk: number for pk, number, key in rows if key == case.key and not alone}
    return like | _other_kinds(case, [pk for pk, _number, key in rows if key != case.key])


def of_dossier(programme: Programme) -> bool:
    """Is it aid that people with a dossier apply for? What a campaign brings them has caps of its own."""
    aid = programme.needs == dossiers.KIND and not (programme.renews or programme.gives)
    return aid and bool(programme.fund_purpose and programme.start)


def _other_kinds(case: Case, ids: Collection[int]) -> dict[int, str]:
    """Numbers by id of those that are aid resting on a dossier, once they are of as many kinds as a household in
    relative hardship gets a year (domain §4.6 no. 3)."""
    rows = Case.objects.filter(pk__in=ids).select_related("programme").order_by("id") if ids else []
    aid = [row for row in rows if of_dossier(programme_of(row.programme))]
    most = _kinds_a_year(case) if aid else 0
    return {row.pk: row.number for row in aid} if most and len({row.key for row in aid}) >= most else {}


def _kinds_a_year(case: Case) -> int:
    region, day = (case.county or case.organisation).region, local_date(case.accepted_at or case.created_at)
    return int(parameters.entered([RELATIVE_KINDS], region, day).get(RELATIVE_KINDS, 1) or 0)


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
