"""What its re-examination brings about in a refused case: it is noted there, and where it is upheld the case is
accepted again and the work goes on (domain §4.3; design §3). Each is a queued command of the system."""
from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Case, State
from casework.core.problems import Problem, Refused
from casework.funds import reservations
from casework.programmes.spec import Step
from casework.workflows import assess, effects, flow, re_examining, renewals
from casework.workflows.campaigns import ranking
from casework.workflows.choices import Choice
from casework.workflows.models import CampaignLine
from casework.workflows.re_examining import REFUSED, Refusal
from casework.workflows.steps import common
from casework.workflows.turn import Turn

# Standings of a re-examination that was approved.
UPHELD = (State.APPROVED, State.SETTLED, State.CLOSED)


def note(turn: Turn) -> None:
    """The refused case tells by which case it is looked at again, and how that stands or ended."""
    turn.facts |= {"re_examination": turn.answers["number"], "re_examination_state": turn.answers["state"]}


def check_uphold(turn: Turn) -> list[Problem]:
    """Nothing has come between since the refusal: no like aid, no other dossier, no round that is over, and there is
    money for what had been approved."""
    return _not_upheld(turn) or _line_over(turn) or renewals.replaced(turn) or assess.served(turn) or _no_money(turn)


def _not_upheld(turn: Turn) -> list[Problem]:
    """Only a re-examination that was approved leads out of a refusal (design §3)."""
    look = re_examining.re_examination_of(turn.case)
    if look is not None and look.state in UPHELD:
        return []
    return [Problem("NOT_UPHELD", _("No re-examination of this case was upheld."))]


def uphold(turn: Turn) -> None:
    """The refusal is taken back. What was answered and done before stays; the clocks start anew from today."""
    case, refusal = turn.case, re_examining.refusal_of(turn.case)
    if refusal is None:
        raise RuntimeError("only what was refused is upheld")
    accepted_before = case.state == State.DENIED
    note(turn)
    turn.facts["reopened"] = True
    turn.task = refusal.task  # its office speaks in the letters
    flow.fire(turn, "uphold")
    case.ended_at, case.outcome, case.paused_wd = None, "", 0
    case.facts = {**case.facts, "upheld": True}
    if turn.programme.once:
        _claim_again(turn)
    if accepted_before:
        _go_on(turn, refusal)
    else:
        _accept(turn)


def _go_on(turn: Turn, refusal: Refusal) -> None:
    """Back to the step that refused, and to those beside it that were not done; a renewed entry counts again."""
    turn.case.facts = {**turn.case.facts, "counts_from": turn.today.isoformat()}
    flow.set_due(turn)
    renewals.restore(turn, refusal.event.data)
    _reserve(turn)
    stage = _stage(turn, refusal)
    if not stage:
        raise Refused([Problem("STEP_MISSING", _("The step that refused is none of this route any more."))], 409)
    for step in stage:
        back = refusal.task.return_to if refusal.task is not None and step.key == refusal.step else ""
        turn.then(effects.open_task, step=step, return_to=back)
    turn.facts["next"] = [step.key for step in stage]
    turn.then(effects.tell, template="refusal_lifted")


def _stage(turn: Turn, refusal: Refusal) -> tuple[Step, ...]:
    programme, done = turn.programme, flow.passed_steps(turn.case)
    for group in programme.groups:
        for stage in programme.stages(group):
            if any(step.key == refusal.step for step in stage):
                return tuple(
                    step for step in stage
                    if step.key == refusal.step or (step.key not in done and flow.applies(turn, step))
                )
    return flow.next_stage(turn, programme.stages(State.ACCEPTED)) if not refusal.step else ()


def _accept(turn: Turn) -> None:
    """As an ordinary acceptance: the numbers of today are frozen, the clock starts, the letter goes out."""
    turn.case.accepted_at = turn.now
    assess.freeze(turn)
    following = flow.next_stage(turn, turn.programme.stages(State.ACCEPTED))
    if following:
        flow.open_stage(turn, following)
    else:
        flow.advance(turn)
    turn.then(effects.issue, kind="acceptance_notice")
    turn.then(effects.tell, template="accepted")


def _claim_again(turn: Turn) -> None:
    """What may be granted once is claimed again; it counts as granted where the approval had passed."""
    assess.claim(turn, case_answers.full(turn.case))
    if _approved(turn.case):
        turn.then(effects.grant_keys)


def _approved(case: Case) -> bool:
    return bool(case.decisions.filter(duty="approve", decision="pass").exists())


def _reserve(turn: Turn) -> None:
    """The money of an approval that had passed is set aside again."""
    if turn.case.amount_fen and turn.programme.fund_purpose and _approved(turn.case):
        plan = common.plan_money(turn, turn.case.amount_fen)
        turn.facts["ledger"] = plan.facts()
        turn.then(effects.reserve_money, plan=plan)


def _no_money(turn: Turn) -> list[Problem]:
    """The balance that was found stays locked until the case is opened again."""
    fen = turn.case.amount_fen
    if turn.case.state != State.DENIED or not fen or not turn.programme.fund_purpose or not _approved(turn.case):
        return []
    try:
        common.plan_money(turn, fen)
    except reservations.NoFunds:
        mend = _("Try again once there is money.")
        return [Problem("NO_FUNDS", _("No fund holds what had been approved in this case."), mend=mend)]
    return []


def _line_over(turn: Turn) -> list[Problem]:
    """A line of a campaign goes on only as long as nobody else was given its place."""
    line = CampaignLine.objects.filter(case=turn.case).select_related("campaign").first()
    if line is None:
        return []
    given = CampaignLine.objects.filter(campaign=line.campaign_id, place=ranking.SELECTED).exists()
    if not (given or line.place or line.campaign.ended_at or line.campaign.state == State.SETTLED):
        return []
    message = _("The round or class this belongs to has gone on without it.")
    return [Problem("ROUND_OVER", message, mend=_("Agree with the person what can be done in the next one."))]


CHOICES = (
    Choice(re_examining.ASKED, _("Re-examination asked for"), note, side="system", decides=False, raw=True),
    Choice(re_examining.ENDED, _("Re-examination ended: the refusal stands"), note, side="system", decides=False,
           raw=True),
    Choice(re_examining.UPHELD, _("Re-examination upheld: accepted again"), uphold, check=check_uphold, side="system",
           decides=False, raw=True),
)


def choice(key: str, case: Case) -> Choice | None:
    """The action of this key, for a case that is refused; that its re-examination ended may be told of any."""
    found = next((choice for choice in CHOICES if choice.key == key), None)
    if found is None or case.life != "application":
        return None
    return found if case.state in REFUSED or key != re_examining.UPHELD else None
