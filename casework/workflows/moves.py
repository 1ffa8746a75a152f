"""Which actions exist for a case now, and who may take them: the same checks for the door and for the pages."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor
from casework.cases.models import Case
from casework.core.compiled import Compiled
from casework.core.masks import find_private
from casework.core.problems import Problem, Words
from casework.forms.spec import FormSpec
from casework.programmes.loader import programme_of
from casework.workflows import applicant, guards, lifecycles, re_examining, reading, recounting, upholding
from casework.workflows.choices import Choice
from casework.workflows.commands import Command
from casework.workflows.kinds import KINDS
from casework.workflows.migrating import choices as migrating
from casework.workflows.models import Task
from casework.workflows.taking import RELEASE, TAKE
from casework.workflows.turn import Turn

# A lawyer's licence number is public, and as long as a card number.
FREE_TEXT_EXEMPT = frozenset({"card_no", "contact", "licence_no"})


@dataclass(frozen=True, slots=True)
class Move:
    """A button: action, its task, words, form and style; problems say why the actor may not press it. side: whose
    choice it is."""

    action: str
    task: Task | None
    title: Words
    form: FormSpec | None
    style: str
    problems: list[Problem]
    side: str = "desk"


@dataclass(frozen=True, slots=True)
class Known:
    """What bars an actor from a case, looked up once for all its tasks."""

    barred: list[Problem]
    holders: list[tuple[int, str]]


def _open_task(case: int, step: str) -> "QuerySet[Task]":
    return _open_tasks(case).filter(step=step)


def _open_tasks(case: int) -> "QuerySet[Task]":
    rows = Task.objects.select_related("organisation", "assignee")
    return rows.filter(case_id=case, state="open").order_by("id")


_PLAIN = Compiled(lambda case: Case.objects.filter(pk=case), -10_000_000_001)
_OPEN_TASKS = Compiled(_open_tasks, -10_000_000_001)
_OPEN_TASK = Compiled(_open_task, -10_000_000_001, "«step»")


def find(turn: Turn, tasks: Mapping[tuple[int, str], Sequence[Task]] | None = None) -> Choice | None:
    """The choice an action names, with task and step put into the turn; None if the case does not offer it now. tasks:
    the open ones by case and step, where they were read for many cases at once."""
    step_key, _dot, key = turn.command.action.rpartition(".")
    if not step_key:
        own = next((c for c in applicant.CHOICES if c.key == key and applicant.offered(c, turn.case)), None)
        told = upholding.choice(key, turn.case)
        return own or told or recounting.choice(key, turn.case) or migrating.choice(key, turn.case)
    place = (turn.case.pk, step_key)
    found = _OPEN_TASK.rows(*place) if tasks is None else tasks.get(place, ())
    if not found:
        return None
    task = meant(turn, found)
    task.case = turn.case
    turn.task, turn.step = task, turn.programme.step(step_key)
    choice = next((offered for offered in choices_of(task) if offered.key == key), None)
    return choice if choice is not None and choice.when(task) else None


def meant(turn: Turn, tasks: Sequence[Task]) -> Task:
    """Of several desks that have the same step: the one a timer names, else the actor's own, and best one that no
    colleague works on."""
    if len(tasks) == 1:
        return tasks[0]
    named = [task for task in tasks if task.pk == turn.command.task]
    own = [task for task in tasks if guards.duty_for(task, turn.actor) is not None]
    free = [task for task in own if not guards.kept_by_another(task, turn.actor, turn.now)]
    return (named or free or own or list(tasks))[0]


def choices_of(task: Task) -> tuple[Choice, ...]:
    """The choices of a task's kind, and taking it from the queue where a desk decides something."""
    own = KINDS[task.kind].of_life(task.case.life)
    return (*own, TAKE, RELEASE) if any(choice.side == "desk" for choice in own) else own


def authority(turn: Turn, choice: Choice) -> list[Problem]:
    """Is this choice the actor's to make? Puts the duty he uses into the turn."""
    if choice.side == "system":
        return [] if turn.actor.system else [_not_yours(turn)]
    if turn.actor.system:
        return [_not_yours(turn)]
    if choice.side == "applicant":
        return [] if guards.is_applicant(turn.case, turn.actor) else [_not_yours(turn)]
    if turn.task is None:
        return [_not_yours(turn)]
    turn.duty = guards.duty_for(turn.task, turn.actor, choice.role)
    if turn.duty is None:
        return [_not_yours(turn)]
    if not choice.role and guards.kept_by_another(turn.task, turn.actor, turn.now):
        return [Problem("TAKEN", _("A colleague is working on this task."), mend=_("Ask the colleague to release it."))]
    return []


def _not_yours(turn: Turn) -> Problem:
    role = turn.step.role if turn.step else "applicant"
    return Problem(
        "NOT_YOUR_STEP",
        _("This step belongs to another role."),
        params={"role": role},
        mend=_("The person who holds that role for this organisation does it."),
    )


def hands(turn: Turn, choice: Choice, known: Known | None = None) -> list[Problem]:
    """Recusal and separation of duties, for every choice that decides. known: what was looked up for the whole case."""
    if not choice.decides or turn.actor.system or turn.step is None:
        return []
    if known is not None:
        barred, holders = known.barred, known.holders
    elif turn.known is not None:
        barred, holders = guards.recusal(turn.case, turn.actor, turn.known.related), list(turn.known.holders)
    else:
        barred, holders = guards.recusal(turn.case, turn.actor), None
    found = barred + guards.same_hands(turn.case, turn.step, turn.actor, holders)
    return found or re_examining.other_eyes(turn.case, turn.programme, turn.step, turn.actor)


def private_words(answers: Mapping[str, Any]) -> list[Problem]:
    """Opinions and notes go into the audit log for good: no ID, phone or card numbers in them."""
    return [
        Problem(
            "PRIVATE_DATA",
            _("This text holds an ID, phone or card number."),
            place=place,
            mend=_("Take the number out."),
        )
        for place, words in _texts(answers, "")
        if find_private(words)
    ]


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if place.rpartition(".")[2] not in FREE_TEXT_EXEMPT:
            yield place, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{place}.{index}")


def available(case: Case, actor: Actor, now: datetime) -> list[Move]:
    """The read twin of the door: every move this actor could make now, by the same checks. A move whose problems
    are not empty is shown with the reason, not as a button."""
    if not guards.in_scope(case, actor) or actor.system:
        return []
    seen = lifecycles.seen_as(_PLAIN.rows(case.pk)[0])
    programme, tasks = programme_of(case.programme), _OPEN_TASKS.rows(case.pk)
    blank = Turn(Command(case.pk, "", actor, case.event_n, ""), seen, programme, now)
    found = list(_applicant_moves(blank))
    known = Known([], [])
    if any(guards.duty_for(task, actor, choice.role) for task in tasks for choice in choices_of(task)):
        read = reading.known(case, actor, "")
        known = Known(guards.recusal(case, actor, read.related), list(read.holders))
    desks: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        desks[task.step].append(task)
    for same in desks.values():
        found += _task_moves(blank, meant(blank, same), known)
    return found


def _applicant_moves(blank: Turn) -> Iterator[Move]:
    if not guards.is_applicant(blank.case, blank.actor):
        return
    for choice in applicant.CHOICES:
        if choice.side == "applicant" and choice.key != "submit" and applicant.offered(choice, blank.case):
            problems = choice.ready(blank)
            form = None if problems else choice.form(blank)
            yield Move(choice.key, None, choice.title, form, choice.style, problems, choice.side)


def _task_moves(blank: Turn, task: Task, known: Known) -> list[Move]:
    step = blank.programme.step(task.step)
    found: list[Move] = []
    for choice in choices_of(task):
        turn = Turn(
            Command(blank.case.pk, f"{task.step}.{choice.key}", blank.actor, blank.case.event_n, ""),
            blank.case,
            blank.programme,
            blank.now,
            task=task,
            step=step,
        )
        if choice.side == "system" or not choice.when(task) or authority(turn, choice):
            continue
        problems = hands(turn, choice, known) or choice.ready(turn)
        form = None if problems else choice.form(turn)
        found.append(Move(turn.command.action, task, choice.title, form, choice.style, problems, choice.side))
    return found
