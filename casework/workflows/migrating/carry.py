"""The move itself: an action of the door by which one case goes on under another version (promise S7).

Form, numbers, rules, limits, desks and rights are those of the new version from here on. What happened stays as it
happened: events keep the old names, the old revision of the answers stays readable.
"""
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.programmes import parameters
from casework.programmes.spec import Step
from casework.workflows import assess, clocks, effects, guards, worklist
from casework.workflows.choices import Choice
from casework.workflows.migrating import keeping
from casework.workflows.migrating.fitting import Fit, fit
from casework.workflows.migrating.mapping import Way, missing
from casework.workflows.models import Decision, MigrationPlan, MigrationRow, Task, Timer
from casework.workflows.turn import Turn

OF_LIMITS = (".overdue", ".silence")


def plan_of(turn: Turn) -> MigrationPlan | None:
    """The plan a command names."""
    rows = MigrationPlan.objects.select_related("source", "target")
    return rows.filter(pk=int(turn.answers.get("plan") or 0)).first()


def check(turn: Turn) -> list[Problem]:
    """The plan is under way, the case is one of its version and still as the trial saw it, and it fits."""
    plan = plan_of(turn)
    if plan is None or turn.case.programme_id != plan.source_id or plan.state not in ("trying", "running"):
        return [Problem("NOT_OF_THE_PLAN", _("This plan does not move this case."))]
    row = MigrationRow.objects.filter(plan=plan, case=turn.case).first()
    if plan.state == "running" and (row is None or row.seen != turn.case.event_n):
        return [
            Problem("MOVED_ON_SINCE", _("The case has moved on since the trial."),
                    mend=_("Try it out again with another plan."))
        ]
    return fit(turn.case, Way.of(plan)).problems


def carry(turn: Turn) -> None:
    """The case goes on under the new version."""
    plan = plan_of(turn)
    if plan is None:
        raise RuntimeError("a case is moved by a plan")
    case, way = turn.case, Way.of(plan)
    found = fit(case, way)
    kept = keeping.keep(case)
    turn.programme, case.programme = way.target, plan.target
    turn.facts |= {
        "programme": {"key": case.key, "version": plan.target.version, "content_hash": plan.target.content_hash},
        "migration": {
            "plan": str(plan.public_id), "from": plan.source.version, "to": plan.target.version,
            "steps": plan.steps, "made_up": [step.key for step in found.made_up],
            "signed": [signature["user"] for signature in plan.signatures],
        },
    }
    answers = _answers(turn, way)
    if way.same_rules():
        _named_anew(turn)
    else:
        _reckon(turn, answers)
    clocks.set_case_due(case, way.target.clock)
    turn.then(put_on_desks, way=way, found=found, plan=plan, kept=kept)


def _answers(turn: Turn, way: Way) -> dict[str, Any]:
    """The answers under their new keys, kept as another revision where the form differs."""
    full = case_answers.full(turn.case)
    if way.same_form():
        return full
    answers = way.answers(full)
    prepared = case_answers.prepare(turn.case, "application", way.target.form, answers)
    turn.facts["answers"] = prepared.digests
    turn.facts["migration"] |= {
        "left_behind": sorted(set(full) - set(answers) - set(way.fields)),
        "missing": missing(way.target.form, answers),
    }
    turn.then(effects.keep_answers, prepared=prepared)
    return answers


def _reckon(turn: Turn, answers: dict[str, Any]) -> None:
    """Facts, numbers and figures by the new rules, with the numbers of the day that counted."""
    case, programme = turn.case, turn.programme
    case.facts = {**case.facts, **{key: answers[key] for key in programme.facts if key in answers}}
    day = local_date(case.accepted_at or case.submitted_at or turn.now)
    try:
        numbers = parameters.snapshot(programme.numbers, assess.region_of(case), day)
    except parameters.MissingParameter:
        if case.accepted_at is not None:
            raise
        return  # entered by the day of acceptance, or the acceptance says so
    if case.accepted_at is not None:
        case.parameters = turn.facts["parameters"] = numbers
    assess.reckon(turn, answers, numbers)


def _named_anew(turn: Turn) -> None:
    """The same rules with the same inputs stand in another version: the award names that one, so that it can be proved
    by it (domain §4.9)."""
    inputs = turn.case.facts.get("award_inputs")
    if inputs:
        turn.case.facts = {**turn.case.facts, "award_inputs": {**inputs, "programme": turn.facts["programme"]}}


def put_on_desks(turn: Turn, way: Way, found: Fit, plan: MigrationPlan, kept: dict[str, Any]) -> None:
    """Names, desks, limits and timers of the new version; what an undo needs is kept in the plan's row."""
    tasks = set(Task.objects.filter(case=turn.case).values_list("pk", flat=True))
    timers = set(Timer.objects.filter(case=turn.case).values_list("pk", flat=True))
    _rename(turn.case, way)
    for task, step in found.open:
        old, due = task.step, task.due_at
        task.refresh_from_db()
        _place(turn, task, step)
        if found.made_up:
            _make_up(turn, task, found)
        elif (old, due) != (step.key, task.due_at):
            _timers(turn, task, step, old)
    for step in found.beside:
        worklist.open_task(turn.case, step, turn.now)
    new_timers = Timer.objects.filter(case=turn.case).exclude(pk__in=timers)
    new_tasks = Task.objects.filter(case=turn.case).exclude(pk__in=tasks)
    kept |= {
        "new_timers": sorted(new_timers.values_list("pk", flat=True)),
        "new_tasks": sorted(new_tasks.values_list("pk", flat=True)),
    }
    row = {"seen": turn.event.n - 1, "kept": kept, "moved_at_n": turn.event.n, "state": "moved"}
    MigrationRow.objects.update_or_create(plan=plan, case=turn.case, defaults=row)


def _rename(case: Case, way: Way) -> None:
    """Steps that are called otherwise, wherever the case names them. Two turns, for names may be exchanged."""
    renamed = {old: new for old, new in way.steps.items() if old != new}
    for model, column in ((Task, "step"), (Task, "return_to"), (Decision, "step")):
        rows = {
            old: list(model._default_manager.filter(case=case, **{column: old}).values_list("pk", flat=True))
            for old in renamed
        }
        for old, ids in rows.items():
            model._default_manager.filter(pk__in=ids).update(**{column: f"~{old}"[:40]})
        for old, ids in rows.items():
            model._default_manager.filter(pk__in=ids).update(**{column: renamed[old]})


def _place(turn: Turn, task: Task, step: Step) -> None:
    """The desk, the limit and the role of the new version. Whoever held the task keeps it if he still may."""
    task.role, wanted = worklist.who_does(turn.case, step, task.seat)
    task.organisation, task.level = worklist.desk_of(turn.case, wanted)
    task.limit_wd = step.limit_wd
    clocks.set_task_due(task)
    if task.assignee is not None and not guards.able(task, task.assignee, turn.now):
        task.assignee = None
    task.save()


def _make_up(turn: Turn, task: Task, found: Fit) -> None:
    """The new steps come first, one after the other, then straight back to the step that was open."""
    worklist.close_task(task, "migrated", turn.now, state="cancelled")
    chain = [*found.made_up, turn.programme.step(task.step)]
    for step, following in pairwise(chain[1:]):
        later = worklist.open_task(turn.case, step, turn.now, following.key)
        worklist.close_task(later, "migrated", turn.now, state="cancelled")
        worklist.close_seats(later, "migrated", turn.now)
    worklist.open_task(turn.case, chain[0], turn.now, chain[1].key)


def _timers(turn: Turn, task: Task, step: Step, old: str) -> None:
    """The timer of the limit is set anew, unless the clock rests or the limit was told already and has passed again;
    those of inner stages go on under the new name."""
    limit_set = False
    for timer in list(Timer.objects.filter(task=task, state="set", action__startswith=f"{old}.")):
        of_limit = timer.action.endswith(OF_LIMITS)
        limit_set |= of_limit
        if of_limit or old != step.key:
            Timer.objects.filter(pk=timer.pk).update(state="cancelled")
        if not of_limit and old != step.key:
            worklist.set_timer(task, timer.action.replace(f"{old}.", f"{step.key}.", 1), timer.due_at)
    rests = turn.case.holds.filter(ended_at__isnull=True).exists()
    if limit_set or (not rests and task.due_at is not None and task.due_at > turn.now):
        worklist.set_timers(task, step)


MIGRATE = Choice(
    "migrate", _("Goes on under another version"), carry, check=check, side="system", decides=False, raw=True
)
