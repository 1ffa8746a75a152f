"""Choices that several step kinds share: pass, return, deny."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.funds import reservations
from casework.programmes.reasons import DENIALS, REFUSAL_STANDS
from casework.programmes.spec import Programme, Step
from casework.workflows import assess, awards, doubts, effects, flow, handing_up, renewals
from casework.workflows.choices import Choice
from casework.workflows.steps import asking
from casework.workflows.turn import Turn


def note_opinion(turn: Turn, decision: str) -> None:
    """Keep the opinion in the event and in the decision row."""
    words = str(turn.answers.get("opinion", "")).strip()
    turn.facts |= {
        "step": turn.step.key if turn.step else "",
        "decision": decision,
        "round": turn.task.round if turn.task else 1,
    }
    if words:
        turn.facts["opinion"] = words
    effects.decide(turn, decision, words)


def plan_money(turn: Turn, fen: int) -> reservations.Plan:
    """From which fund an amount would come: the nearest office that has one for the purpose and the year of the case.
    Its balance stays locked. Raises reservations.NoFunds."""
    case = turn.case
    return reservations.plan(
        case, fen, turn.programme.fund_purpose, case.county or case.organisation, case.year or turn.today.year,
        turn.today,
    )


def pass_form(turn: Turn) -> FormSpec | None:
    """An opinion, if the office wants to give one."""
    return asking.decision_form("pass", asking.opinion(required=False))


def apply_pass(turn: Turn) -> None:
    """The step is done."""
    note_opinion(turn, "pass")
    doubts.support(turn, given=True)
    awards.refresh(turn)
    flow.pass_step(turn)


def not_supported_form(turn: Turn) -> FormSpec | None:
    """Why the desk does not support the application."""
    why = asking.opinion(required=True, zh="不予支持的理由", en="Why it is not supported")
    return asking.decision_form("not_supported", why)


def apply_not_supported(turn: Turn) -> None:
    """On up the route, with the desk's opinion against it: to refuse with a code is the county's (domain §4.3)."""
    note_opinion(turn, "not_supported")
    doubts.support(turn, given=False)
    awards.refresh(turn)
    flow.pass_step(turn)


def return_form(turn: Turn) -> FormSpec | None:
    """Where to and why."""
    steps = turn.programme.returnable(turn.step.key) if turn.step else []
    return asking.decision_form(
        "return", asking.earlier_step(steps), asking.opinion(required=True, zh="退回原因", en="Why it goes back")
    )


def apply_return(turn: Turn) -> None:
    """Back to the step that erred."""
    note_opinion(turn, "return")
    flow.return_to(turn, str(turn.answers["to"]))
    turn.then(effects.tell, template="returned")


def denial_codes(programme: Programme) -> dict[str, dict[str, str]]:
    """Reason codes a denial may give, with their texts: first those that the service's own rules know, in their order,
    then all others (domain §4.10)."""
    codes = dict.fromkeys([*(row.deny for row in programme.eligibility), *DENIALS])
    return {code: asking.words(DENIALS[code].text.zh, DENIALS[code].text.en) for code in codes}


def deny_form(turn: Turn) -> FormSpec | None:
    """The reason code and the facts found; the reason that the rules found stands there already. Of a re-examination
    the facts alone, for it ends in one way."""
    if turn.programme.re_examines:
        grounds = asking.opinion(required=True, zh="维持原决定的事实和理由", en="Facts and grounds: the refusal stands")
        return asking.decision_form("deny", grounds)
    codes = asking.reason_code(denial_codes(turn.programme))
    form = asking.decision_form("deny", codes, asking.opinion(required=True, zh="认定的事实", en="Facts found"))
    found = assess.denial(turn)
    return replace(form, given={**form.given, "code": [found]}) if found else form


def apply_deny(turn: Turn) -> None:
    """The application is refused with a code, a clause and a way to appeal (domain §4.3)."""
    note_opinion(turn, "deny")
    flow.deny(turn, REFUSAL_STANDS if turn.programme.re_examines else str(turn.answers["code"]))


def deniable(turn: Turn) -> list[Problem]:
    """Only an application or a plan can be refused; an enquiry is answered."""
    if flow.can(turn.case, "deny"):
        return []
    return [Problem("NO_DENIAL", _("This kind of case is answered, not refused."))]


def returnable(turn: Turn) -> list[Problem]:
    """There must be an earlier step to return to."""
    if turn.step is None or not turn.programme.returnable(turn.step.key):
        return [NO_EARLIER_STEP]
    return []


def earlier(turn: Turn) -> list[Step]:
    """The steps of the same standing from which the case would go on, and not straight back."""
    return turn.programme.before(turn.step.key) if turn.step else []


def undoable(turn: Turn) -> list[Problem]:
    """There must be an earlier step of this standing to go on from."""
    return [] if earlier(turn) else [NO_EARLIER_STEP]


NO_EARLIER_STEP = Problem("NO_EARLIER_STEP", _("There is no earlier step to return to."))


PASS = Choice("pass", _("Pass"), apply_pass, pass_form, style="primary", leads="on", many="together",
              check_many=doubts.one_by_one)
NOT_SUPPORTED = Choice(
    "not_supported", _("Pass on without support"), apply_not_supported, not_supported_form, leads="on",
    life="application",
)
RETURN = Choice("return", _("Return to an earlier step"), apply_return, return_form, ready=returnable, leads="back")
DENY = Choice(
    "deny", _("Do not approve"), apply_deny, deny_form, renewals.unfounded, ready=deniable, style="danger", leads="deny"
)


def overdue(turn: Turn) -> None:
    """The limit passed: the office and its supervisor are told (domain §2). The case stays where it is, and the task
    on its desk, unless the step names a higher one."""
    turn.facts |= {"step": turn.step.key if turn.step else "", "overdue": True}
    if desk := handing_up.next_desk(turn):
        turn.facts["handed_to"] = desk
        turn.then(handing_up.hand_up)
    turn.then(effects.tell_overdue)


OVERDUE = Choice("overdue", _("Limit passed"), overdue, side="system", decides=False)


def pause_over(turn: Turn, reason: str, *, back: bool = False) -> None:
    """The longest pause has passed: the clock runs again, and the office is told. back: the step stands again where it
    began."""
    turn.facts |= {"step": turn.step.key if turn.step else "", "overdue": True}
    assess.resume(turn, reason)
    if back:
        turn.then(effects.set_phase, phase="")
    turn.then(effects.tell_overdue)


def document_facts(turn: Turn, *keys: str) -> list[str]:
    """Public ids of the files given in these answers; they are attached to the case and named in the event."""
    ids: list[str] = []
    for key in keys:
        value: Any = turn.answers.get(key) or []
        ids += [value] if isinstance(value, str) else list(value)
    return ids
