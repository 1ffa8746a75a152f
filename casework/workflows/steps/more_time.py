"""More time to hand in what was asked for: once for each notice, with a reason that the applicant reads (domain §4.2,
"supplement limit, one extension")."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import clocks, effects
from casework.workflows.choices import Choice, phase
from casework.workflows.models import Hold
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

REASON = "supplement"


def _hold(turn: Turn) -> Hold | None:
    return turn.case.holds.filter(reason=REASON, ended_at__isnull=True).first()


def may_give(turn: Turn) -> list[Problem]:
    """Once for each notice, as long as its time runs, and where the service gives any."""
    hold = _hold(turn)
    if not turn.programme.clock.longer_wd:
        return [Problem("NO_MORE_TIME", _("This service gives no further time to supplement."))]
    if hold is None or hold.max_until is None or hold.max_until <= turn.now:
        return [Problem("LIMIT_PASSED", _("The time to supplement has passed."))]
    if turn.case.facts.get("more_time") == hold.pk:
        return [Problem("EXTENDED_ONCE", _("More time was given already; it is given once."))]
    return []


def form(turn: Turn) -> FormSpec | None:
    """How many office days more, and why."""
    most = turn.programme.clock.longer_wd
    return asking.decision_form(
        "more_time",
        {
            "key": "days",
            "kind": "int",
            "min": 1,
            "max": most,
            "required": True,
            "title": asking.words("延长的工作日", "Working days more"),
            "help": asking.words(
                f"最多 {most} 个工作日，只能延长一次。", f"At most {most} working days, and only once."
            ),
        },
        asking.opinion(required=True, zh="延长的理由（申请人可见）", en="Reason, which the applicant reads"),
    )


def give(turn: Turn) -> None:
    """The time to supplement ends later, and so does the timer that would end it."""
    hold, days = _hold(turn), int(turn.answers["days"])
    if hold is None or hold.max_until is None:
        raise RuntimeError("only time that runs is made longer")
    common.note_opinion(turn, "more_time")
    last = clocks.last_day(clocks.longer(hold.max_until, days)).isoformat()
    turn.facts |= {"more_wd": days, "hand_in_by": last}
    turn.case.facts = {**turn.case.facts, "more_time": hold.pk}
    turn.then(effects.give_time, hold=hold, days=days)
    turn.then(effects.tell, template="more_time", params={"hand_in_by": last})


MORE_TIME = Choice("more_time", _("Give more time"), give, form, ready=may_give, when=phase("waiting"))
