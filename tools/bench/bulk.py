"""One decision for many cases: perform_many() against set-based SQL that writes the same rows."""
import time
from typing import Any

from django.db import connection, transaction

from casework.access.models import User
from casework.audit.models import Event
from casework.cases.models import Case
from casework.workflows.commands import Command, Via
from casework.workflows.door_many import perform_many
from tools.bench import lifecycle
from tools.bench.by_hand import Recording, Statement, Twin
from tools.bench.town import Town, person_of

BEFORE = 2  # transitions before the one that is measured: handed in, accepted
ACTION, WHO = "unit_check.pass", "handler"


def measure(town: Town, recording: Recording, sql: list[Statement], cases: int) -> dict[str, Any]:
    """So many cases each way, in one go."""
    door, hand = town.applicants(cases), town.applicants(cases)
    ids = [_bring(town, user) for user in door]
    twins = [_twin(recording, sql, user) for user in hand]
    name, writes = recording.transitions[BEFORE]
    if name != ACTION:
        raise RuntimeError(f"{name} is not the transition to measure")
    apart = Statement(recording, writes, together=False)
    seen = dict(Case.objects.filter(pk__in=ids).values_list("pk", "event_n"))
    start = time.perf_counter()
    actor = town.actor(WHO)
    wishes = (
        Command(pk, ACTION, actor, seen[pk], f"bulk-{pk}", {"opinion": "同意"}, Via.ONLINE) for pk in ids
    )
    found = list(perform_many(wishes, town.now))
    through_door = time.perf_counter() - start
    if not all(isinstance(one, Event) for one in found):
        raise RuntimeError(f"not every case was decided: {found}")
    start = time.perf_counter()
    for first in range(0, cases, 1000):
        _send_set(apart, twins[first : first + 1000])
    as_set = time.perf_counter() - start
    return {
        "name": "bulk", "ratio": round(as_set / through_door, 3), "cases": cases,
        "door_ms": round(through_door * 1000, 1), "by_hand_ms": round(as_set * 1000, 1),
        "door_per_second": round(cases / through_door), "by_hand_per_second": round(cases / as_set),
    }


def _bring(town: Town, user: User) -> int:
    """A case through the door up to the step."""
    for number, (_name, work) in enumerate(lifecycle.steps(town, user)):
        if number == BEFORE:
            break
        work()
    return int(Case.objects.values_list("pk", flat=True).get(applicant=user.person))


def _twin(recording: Recording, sql: list[Statement], user: User) -> Twin:
    twin = Twin(recording, person_of(user))
    for statement in sql[:BEFORE]:
        statement.send(twin)
    return twin


def _send_set(statement: Statement, twins: list[Twin]) -> None:
    """One statement a table for all twins, in one durable transaction."""
    for twin in twins:
        statement.hash_event(twin)
    with transaction.atomic(), connection.cursor() as cursor:
        for write, (text, slots) in zip(statement.writes, statement.parts, strict=True):
            rows = [[slot(twin) for slot in slots] for twin in twins]
            if write.new:
                head, _values, marks = text.removesuffix(" RETURNING id").partition(" VALUES ")
                values = ", ".join([marks] * len(rows))
                cursor.execute(f"{head} VALUES {values} RETURNING id", [value for row in rows for value in row])
                for twin, (number,) in zip(twins, cursor.fetchall(), strict=True):
                    twin.ids[write.table, write.pk] = number
            else:
                _update(cursor, statement, write, text, rows)


def _update(cursor: Any, statement: Statement, write: Any, text: str, rows: list[list[Any]]) -> None:
    """The same values for all rows are written by a list of ids; others come from a list of rows."""
    keys = 2 if "event_n" in write.before else 1
    head, _where, _condition = text.partition(" WHERE ")
    if len({repr(row[:-keys]) for row in rows}) == 1:
        ids = [row[-keys] for row in rows]
        cursor.execute(f"{head} WHERE id IN ({', '.join(['%s'] * len(ids))})", [*rows[0][:-keys], *ids])
        return
    fields = {field.column: field for field in write.model._meta.concrete_fields}
    kinds = [fields[column].cast_db_type(connection) for column in write.values]
    one = ", ".join([*(f"CAST(%s AS {kind})" for kind in kinds), "CAST(%s AS bigint)"])
    names = [f"c{n}" for n in range(len(kinds))]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(column)} = v.{name}" for column, name in zip(write.values, names, strict=True))
    cursor.execute(
        f"UPDATE {quote(write.table)} AS t SET {sets} FROM (VALUES {', '.join([f'({one})'] * len(rows))})"
        f" AS v ({', '.join(names)}, key) WHERE t.id = v.key",
        [value for row in rows for value in row[: len(kinds) + 1]],
    )
