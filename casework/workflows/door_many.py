"""The door for many: the same checks and the same events for each case, read and written together (design §4).

A refused case stops no other. What goes together stands or falls together in the database, so when anything but a
refusal happens, the chunk is undone and its commands go through the door one by one.
"""
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.pile_many import send_many
from casework.core.problems import Refused
from casework.programmes.spec import Programme
from casework.workflows import door, guards, lifecycles, moves, reading
from casework.workflows.choices import Choice
from casework.workflows.commands import Command
from casework.workflows.models import Task
from casework.workflows.turn import Turn

CHUNK = 100
TROUBLES = (
    Refused, IntegrityError, OperationalError, ConcurrentTransition, TransitionNotAllowed, record.Moved,
)
Result = Event | Refused


def perform_many(commands: Iterable[Command], now: datetime) -> Iterator[Result]:
    """What perform() gives or raises for each command, in their order. A chunk is committed before the next is read
    from `commands`, so a caller may read the rights of an actor afresh for each."""
    chunk: list[Command] = []
    for command in commands:
        if len(chunk) == CHUNK or any(command.case == other.case for other in chunk):
            yield from _chunk(chunk, now)
            chunk = []
        chunk.append(command)
    if chunk:
        yield from _chunk(chunk, now)


def allowed(programme: Programme) -> dict[str, Choice]:
    """The decisions of a programme that may be made for many of its cases with the same answers, by action."""
    kinds = {step.key: moves.KINDS[step.kind].choices for step in programme.steps()}
    found = {f"{step}.{one.key}": one for step, choices in kinds.items() for one in choices if one.many}
    return {action: one for action, one in found.items() if one.of_many(programme)}


def _chunk(commands: list[Command], now: datetime) -> list[Result]:
    nested = connection.in_atomic_block
    try:
        with transaction.atomic():
            results = _Together(commands, now).results()
    except TROUBLES:
        return [_alone(command, now) for command in commands]
    for command, result in zip(commands, results, strict=True):
        if isinstance(result, Refused):
            door.note_refusal(command, result, now, nested=nested)
    return results


def _alone(command: Command, now: datetime) -> Result:
    try:
        return door.perform(command, now, of_many=True)
    except Refused as refusal:
        return refusal


class _Together:
    """One chunk in one transaction: locked in the order of the cases' ids, read in three queries."""

    def __init__(self, commands: list[Command], now: datetime) -> None:
        self.commands, self.now = commands, now
        self.waiting: list[Turn] = []
        ids = [command.case for command in commands]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [settings.LOCK_TIMEOUT])
        rows = Case.objects.select_for_update(of=("self",)).select_related(*door.WITH).defer("programme__content")
        self.cases = {case.pk: lifecycles.seen_as(case) for case in rows.filter(pk__in=ids).order_by("pk")}
        door.with_line(self.cases.values())
        self.known = reading.known_of_many(self.cases.values(), [(c.actor, c.key) for c in commands])
        open_tasks = Task.objects.select_related("organisation", "assignee").filter(case__in=ids, state="open")
        self.tasks: dict[tuple[int, str], list[Task]] = defaultdict(list)
        for task in open_tasks.order_by("id"):
            self.tasks[task.case_id, task.step].append(task)

    def results(self) -> list[Result]:
        """The event or the refusal of each command."""
        found: list[Turn | Result] = [self._one(command) for command in self.commands]
        self._send()
        return [result.event if isinstance(result, Turn) else result for result in found]

    def _one(self, command: Command) -> Turn | Result:
        case = self.cases.get(command.case)
        if case is None or not guards.in_scope(case, command.actor):
            return Refused([door.NOT_FOUND], 404)
        known = self.known(case, command.actor, command.key)
        try:
            first = door.repeated(command, known)
            if first is not None:
                return first
            turn = door.turn_of(command, case, known, self.now)
            choice = moves.find(turn, self.tasks)
            if choice is None or choice.many != "together":
                self._send()  # its checks see what became of the cases before
            door.check(turn, choice)
            door.check_many(turn, choice)
        except Refused as refusal:  # nothing of it was written yet
            return refusal
        door.act(turn, choice)
        self.waiting.append(turn)
        return turn

    def _send(self) -> None:
        waiting, self.waiting = self.waiting, []
        send_many(turn.pile for turn in waiting)
        for turn in waiting:
            turn.case.saved()
