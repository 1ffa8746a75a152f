"""A person who is not satisfied, or whose trouble is back, has his matter opened once more (domain §5.4: once)."""
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case, State
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme, Step
from casework.workflows import effects, flow
from casework.workflows.steps import asking
from casework.workflows.turn import Turn

# A closed matter may be opened again for this long; afterwards it is a new one.
OPEN_FOR = timedelta(days=30)


def restart_of(programme: Programme) -> Step | None:
    """The step with which a matter starts anew, None where the service has none."""
    return next((step for step in programme.steps() if step.options.get("reopens")), None)


def offered(case: Case) -> bool:
    """Was it answered, and not opened once more before?"""
    if case.life != "enquiry" or case.state not in (State.ANSWERED, State.CLOSED) or case.facts.get("reopened"):
        return False
    return restart_of(programme_of(case.programme)) is not None


def in_time(turn: Turn) -> list[Problem]:
    """The end is not too long ago."""
    ended = turn.case.ended_at
    if ended is None or turn.now <= ended + OPEN_FOR:
        return []
    message = _("A matter may be opened again within 30 days of its end.")
    return [Problem("LIMIT_PASSED", message, mend=_("Tell us as a new matter."))]


def form(turn: Turn) -> FormSpec | None:
    """What is still not right."""
    return asking.decision_form("reopen", asking.opinion(required=True, zh="还有什么没有解决", en="What is not solved"))


def by_person(turn: Turn) -> None:
    """The person asks for it."""
    turn.facts["opinion"] = turn.answers["opinion"]
    reopen(turn)


def reopen(turn: Turn) -> None:
    """Back to the office that answered: every desk is cleared, and the handling begins anew with a limit of its own."""
    case, step = turn.case, restart_of(turn.programme)
    if step is None:
        raise RuntimeError("offered only where there is a step to begin with")
    flow.fire(turn, "reopen")
    case.ended_at, case.outcome = None, ""
    case.facts = {**case.facts, "reopened": True, "answered": False, "counts_from": turn.today.isoformat()}
    turn.facts["reopened"] = True
    flow.set_due(turn)
    turn.then(effects.clear_desks)
    flow.open_stage(turn, (step,))
    turn.then(effects.tell, template="reopened")
