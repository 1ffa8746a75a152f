"""Approval of the plan of a campaign: quotas, money and days are looked at, and the regional numbers frozen."""

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.organisations.models import Organisation
from casework.programmes import parameters
from casework.workflows import assess, flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def worth(turn: Turn) -> int:
    """Fen that one household gets by the plan, money and goods together."""
    facts = turn.case.facts
    return int(facts.get("cash") or 0) + int(facts.get("goods_value") or 0)


def check_plan(turn: Turn) -> list[Problem]:
    """Counties below this office, each once; the money is enough for the quotas; nobody gets more than the cap of one
    occasion (domain §4.6 no. 6)."""
    quotas = turn.case.facts.get("quotas") or []
    return _counties(turn, [str(quota["county"]) for quota in quotas if "county" in quota]) + _amounts(turn, quotas)


def _counties(turn: Turn, given: list[str]) -> list[Problem]:
    below = Organisation.objects.filter(public_id__in=given, path__startswith=turn.case.organisation.path)
    if below.count() == len(set(given)):
        return []
    mend = _("Do not approve it; a new plan names only counties of this office.")
    return [Problem("QUOTA_PLACE", _("The plan names a county outside this office."), mend=mend)]


def _amounts(turn: Turn, quotas: list[dict[str, object]]) -> list[Problem]:
    households = sum(int(str(quota.get("households") or 0)) for quota in quotas)
    if not households:
        return []
    problems, each = [], worth(turn)
    needed, given = households * each, turn.case.requested_fen or 0
    if needed > given:
        problems.append(
            Problem(
                "PLAN_MONEY",
                _("The quotas need %(needed)s yuan; the plan has %(given)s yuan.")
                % {"needed": money.show(needed), "given": money.show(given)},
                mend=_("Do not approve it; the plan is made anew."),
            )
        )
    numbers = parameters.snapshot(turn.programme.numbers, assess.region_of(turn.case), turn.today)
    cap = int(numbers["condolence"]["cap_occasion_fen"])
    if not 0 < each <= cap:
        problems.append(
            Problem(
                "PLAN_CAP",
                _("Each household gets %(each)s yuan; it must be more than nothing and at most %(cap)s yuan.")
                % {"each": money.show(each), "cap": money.show(cap)},
                mend=_("Do not approve it; the plan is made anew."),
            )
        )
    return problems


def approve(turn: Turn) -> None:
    """The plan holds; whatever it reckons with is that of this day."""
    common.note_opinion(turn, "pass")
    turn.case.accepted_at = turn.now
    assess.freeze(turn)
    turn.case.facts = {**turn.case.facts, "year": turn.today.year}
    flow.pass_step(turn)


KIND = StepKind(
    "plan",
    _("Approval of the plan"),
    (
        Choice("pass", _("Approve the plan"), approve, common.pass_form, ready=check_plan, style="primary",
               leads="on"),
        common.RETURN,
        common.DENY,
        common.OVERDUE,
    ),
)
