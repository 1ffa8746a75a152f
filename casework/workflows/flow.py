"""Where a case goes next: the following step of its group, straight back after a return, or the next standing."""

from collections.abc import Set
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_fsm import TransitionNotAllowed, can_proceed

from casework.cases.models import ENDED, Case, State
from casework.core.problems import Problem, Refused
from casework.funds import reservations
from casework.programmes.eligibility import fits
from casework.programmes.rules import RuleFault
from casework.programmes.spec import Step
from casework.workflows import clocks, effects, lifecycles, re_examining, renewals, vacancies
from casework.workflows.campaigns import classes, ranking
from casework.workflows.failing import RuleFailed
from casework.workflows.lifecycles import application, campaign, enquiry
from casework.workflows.models import Decision, Task
from casework.workflows.reading import PASSED
from casework.workflows.turn import Turn

FORWARD = {"application": application.FORWARD, "enquiry": enquiry.FORWARD, "campaign": campaign.FORWARD}


def task_and_step(turn: Turn) -> tuple[Task, Step]:
    """The task and step of a turn that is about one."""
    if turn.task is None or turn.step is None:
        raise RuntimeError("this action belongs to a step")
    return turn.task, turn.step


def pass_step(turn: Turn, outcome: str = "pass") -> None:
    """The step of this turn is done: open what follows and move the case if its group is through."""
    task, step = task_and_step(turn)
    turn.then(effects.close_task, task=task, outcome=outcome)
    if task.return_to:
        turn.then(effects.open_task, step=turn.programme.step(task.return_to), return_to=asked_by(turn, task.return_to))
        turn.facts["next"] = task.return_to
        return
    if beside(turn, task, step):
        return
    following = next_stage(turn, turn.programme.stages_after(step.key)) or left_out(turn, step)
    if following:
        open_stage(turn, following)
        return
    advance(turn)


def beside(turn: Turn, task: Task, step: Step) -> bool:
    """Is a step that runs beside this one still open? Asked only where the route has such steps."""
    if not any(other.together for other in turn.programme.route[step.group]):
        return False
    return Task.objects.filter(case=turn.case, group=step.group, state="open").exclude(step=task.step).exists()


def next_stage(turn: Turn, stages: list[tuple[Step, ...]]) -> tuple[Step, ...]:
    """The steps of the first stage that the facts ask for; () when none is left."""
    for stage in stages:
        wanted = tuple(step for step in stage if applies(turn, step))
        if wanted:
            return wanted
    return ()


def applies(turn: Turn, step: Step) -> bool:
    """Do the facts of the case ask for this step, by its frozen numbers? Raises RuleFailed."""
    try:
        return step.when is None or fits(step.when, case_facts(turn.case), turn.case.parameters)
    except RuleFault as fault:
        raise RuleFailed(step.key, fault) from fault


def case_facts(case: Case) -> dict[str, Any]:
    """What conditions of a route may look at: the facts of the case and the figures it carries."""
    figures = {"category": case.category, "amount_fen": case.amount_fen, "requested_fen": case.requested_fen}
    return {**case.facts, **figures, "via": case.via}


def open_stage(turn: Turn, stage: tuple[Step, ...]) -> None:
    """Put every step of a stage on its desk."""
    for step in stage:
        turn.then(effects.open_task, step=step)
    turn.facts["next"] = stage[0].key if len(stage) == 1 else [step.key for step in stage]


def asked_by(turn: Turn, step: str) -> str:
    """The step that itself waits for this one since an earlier return, "" if none does."""
    last = Task.objects.filter(case=turn.case, step=step).order_by("-id").first()
    return last.return_to if last else ""


def passed_steps(case: Case) -> Set[str]:
    """Steps with a passing decision."""
    return set(Decision.objects.filter(case=case, decision__in=PASSED).values_list("step", flat=True))


def left_out(turn: Turn, current: Step) -> tuple[Step, ...]:
    """No standing is reached past a step without its decision row (promise S4). A step that the facts ask for only now
    is made up for; one that was never to be passed over is a fault. Raises Refused (409)."""
    done = turn.known.passed if turn.known is not None else passed_steps(turn.case)
    steps = [step for step in turn.programme.steps() if step.group == current.group and step.key != current.key]
    missing = [step for step in steps if step.key not in done and applies(turn, step)]
    bare = [step.key for step in missing if step.when is None]
    if bare:
        raise Refused([Problem("STEP_MISSING", _("A required step has no decision yet."), params={"steps": bare})], 409)
    return tuple(missing[:1])


def advance(turn: Turn) -> None:
    """Fire the forward transition of the case's standing; open the first stage of the new one, or go on when it
    has none."""
    forward = FORWARD[turn.case.life]
    while turn.case.state not in ENDED:
        fire(turn, forward[State(turn.case.state)])
        if turn.case.state == State.CLOSED:
            turn.case.ended_at = turn.now
            turn.then(effects.end_case, outcome="closed")
            return
        following = next_stage(turn, turn.programme.stages(turn.case.state))
        if following:
            open_stage(turn, following)
            return


def set_due(turn: Turn) -> None:
    """Work the dates of the case out again."""
    clocks.set_case_due(turn.case, turn.programme.clock)


def fire(turn: Turn, transition: str) -> None:
    """Make a transition of the case's life cycle. Raises TransitionNotAllowed where it has none of this name, or none
    from this standing."""
    method = getattr(turn.case, transition, None)
    if method is None:
        raise TransitionNotAllowed(f"the life cycle {turn.case.life} knows no {transition}")
    method()


def can(case: Case, transition: str) -> bool:
    """Does the case's life cycle allow this transition from where it stands?"""
    method = getattr(lifecycles.seen_as(case), transition, None)
    return method is not None and can_proceed(method)


def return_to(turn: Turn, target: str, *, straight_back: bool = True) -> None:
    """Back to the step that erred, and straight back here when it is done again (domain §1); or on from there."""
    task, step = task_and_step(turn)
    turn.then(effects.close_task, task=task, outcome="return")
    turn.then(effects.reopen_task, step=turn.programme.step(target), return_to=step.key if straight_back else "")
    turn.facts["next"] = target
    turn.facts["returned_from"] = step.key


def back_to(turn: Turn, target: str) -> None:
    """Back to an earlier step, which decides anew; what follows it then follows again."""
    task, step = task_and_step(turn)
    turn.then(effects.close_task, task=task, outcome="return")
    turn.then(effects.open_task, step=turn.programme.step(target))
    turn.facts |= {"next": target, "returned_from": step.key}


def deny(turn: Turn, code: str) -> None:
    """Refuse with a reason code: the letter and the message go out (domain §4.3)."""
    turn.facts["code"] = code
    fire(turn, "deny")
    end(turn, code)
    renewals.end(turn, code)
    letter = re_examining.LETTER if turn.programme.re_examines else "denial_notice"
    turn.then(effects.issue, kind=letter)
    turn.then(effects.tell, template="denied")


def end(turn: Turn, outcome: str) -> None:
    """The case reached an end by a transition made by the caller: clear every desk and free its money."""
    turn.case.outcome = outcome
    turn.case.ended_at = turn.now
    told = reservations.release_facts(turn.case)
    if told:
        turn.facts["ledger"] = told
        turn.then(effects.release_money)
    if turn.programme.once:
        turn.then(effects.free_keys)
    if turn.case.facts.get("round"):
        turn.then(ranking.place_freed)
    if turn.case.facts.get("training"):
        turn.then(classes.seat_freed)
    if any(step.kind == "match" for step in turn.programme.steps()):
        turn.then(vacancies.drop_open)
    if turn.programme.re_examines:
        turn.then(re_examining.tell_refused, action=re_examining.ENDED)
    turn.then(effects.end_case, outcome=outcome)
