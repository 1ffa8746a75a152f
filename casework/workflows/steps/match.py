"""Matching a seeker with vacancies: referred, result of each referral, placed or not (domain §5.3).

Three months without contact end it. Posts are counted under a lock, so that no more are hired than there are.
"""

from django.utils.translation import gettext_lazy as _

from casework.core.calendar import add_months, local_date, start_of
from casework.core.problems import Problem
from casework.programmes.spec import Step
from casework.workflows import effects, flow, vacancies, worklist
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.models import Referral, Task, Timer
from casework.workflows.steps import common, match_form
from casework.workflows.turn import Turn

SILENT_MONTHS = 3


def own_clock(task: Task, step: Step) -> None:
    """The first offers have the limit of the step; three months without contact end it."""
    if task.due_at is not None:
        worklist.set_timer(task, f"{step.key}.overdue", task.due_at)
    worklist.set_timer(task, f"{step.key}.lost", start_of(add_months(local_date(task.opened_at), SILENT_MONTHS)))


worklist.OWN_CLOCKS["match"] = own_clock


def in_touch(turn: Turn) -> None:
    """Every contact counts the three months anew; the first offer meets the limit of the step."""
    task, step = flow.task_and_step(turn)
    until, timers = start_of(add_months(turn.today, SILENT_MONTHS)), Timer.objects.filter(task=task, state="set")
    timers.filter(action=f"{step.key}.lost").update(state="cancelled")
    worklist.set_timer(task, f"{step.key}.lost", until)
    if vacancies.count(turn.case):
        timers.filter(action=f"{step.key}.overdue").update(state="cancelled")
        task.due_at = until
        task.save(update_fields=["due_at"])


def refer(turn: Turn) -> None:
    """He is told of the vacancy; what came of it is written down later."""
    chosen = next(v for v in vacancies.fitting(turn.case, turn.today) if str(v.entry.pk) == turn.answers["vacancy"])
    common.note_opinion(turn, "refer")
    turn.facts |= {"vacancy": chosen.entry.number, "reply_to_person": vacancies.words(chosen)}
    turn.then(vacancies.keep_referral, vacancy=chosen.entry.pk)
    turn.then(effects.set_phase, phase="referred")
    turn.then(in_touch)
    turn.then(effects.tell, template="referred")


def of_answer(turn: Turn) -> Referral:
    """The referral the answers are about."""
    return next(row for row in vacancies.referred(turn.case) if str(row.pk) == turn.answers["referral"])


def post_left(turn: Turn) -> list[Problem]:
    """Nobody is hired for a post that is filled."""
    problems = match_form.check_contract(turn)
    if problems or vacancies.free(of_answer(turn).vacancy_id):
        return problems
    mend = _("Write down that the employer declined, and refer to another vacancy.")
    return [Problem("VACANCY_FULL", _("Every post of this vacancy is filled."), place="referral", mend=mend)]


def hired(turn: Turn) -> None:
    """Placed through the union."""
    referral = of_answer(turn)
    turn.facts["vacancy"] = referral.vacancy.number
    _placed(turn, "referral")
    turn.then(vacancies.close, referral=referral.pk, result="hired")
    turn.then(vacancies.drop_open)


def found(turn: Turn) -> None:
    """Placed by himself: he is followed up all the same."""
    _placed(turn, "himself")
    turn.then(vacancies.drop_open)


def _placed(turn: Turn, how: str) -> None:
    common.note_opinion(turn, "pass")
    contract = match_form.contract(turn)
    turn.facts |= {"placed": True, "contract": contract}
    turn.case.facts = {**turn.case.facts, "placed": True, "placed_by": how, "contract": contract}
    flow.pass_step(turn)


def declined(turn: Turn) -> None:
    """Nothing came of it; why is kept, and the search goes on."""
    referral, result = of_answer(turn), str(turn.answers["result"])
    common.note_opinion(turn, "declined")
    turn.facts |= {"vacancy": referral.vacancy.number, "referral_result": result}
    turn.then(vacancies.close, referral=referral.pk, result=result, reason=str(turn.answers["opinion"]))
    if len(vacancies.referred(turn.case)) == 1:
        turn.then(effects.set_phase, phase="")
    turn.then(in_touch)


def spoke(turn: Turn) -> None:
    """A talk with the seeker is written down."""
    common.note_opinion(turn, "contact")
    turn.then(in_touch)


def not_placed(turn: Turn) -> None:
    """No work was found; he may come again."""
    turn.facts["reply_to_person"] = turn.answers["opinion"]
    _ended(turn, "pass", str(turn.answers["code"]))


def lost(turn: Turn) -> None:
    """Three months without contact (domain §5.3)."""
    _ended(turn, "silence", "NO_CONTACT")


def _ended(turn: Turn, decision: str, why: str) -> None:
    common.note_opinion(turn, decision)
    turn.facts |= {"placed": False, "not_placed": why}
    turn.case.facts = {**turn.case.facts, "placed": False, "not_placed": why}
    flow.pass_step(turn, decision)
    turn.then(vacancies.drop_open)


KIND = StepKind(
    "match",
    _("Matching and referral"),
    (
        Choice("hired", _("Hired after a referral"), hired, match_form.hired_form, post_left, when=phase("referred"),
               style="primary", leads="on"),
        Choice("refer", _("Refer to a vacancy"), refer, match_form.refer_form, ready=match_form.some_fit,
               style="primary"),
        Choice("declined", _("Nothing came of a referral"), declined, match_form.declined_form, when=phase("referred")),
        Choice("found", _("Found work by himself"), found, match_form.contract_form, match_form.check_contract,
               leads="on"),
        Choice("contact", _("Write down a talk"), spoke, match_form.said_form),
        Choice("not_placed", _("End without a placement"), not_placed, match_form.ending_form,
               match_form.check_ending,
               leads="on"),
        Choice("lost", _("Three months without contact"), lost, side="system", decides=False, leads="on"),
        common.OVERDUE,
    ),
    {"reopens": Option("yes")},
)
