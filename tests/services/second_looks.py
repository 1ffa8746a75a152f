"""Refused cases and their re-examination, for stories and for the walker."""
from typing import Any

from casework.cases.models import Case
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.workflows import intake
from tests import walk
from tests.office import Office

CITY_STAFF = {
    "city_clerk": ("window_clerk", "city"), "city_reviewer": ("reviewer", "city"),
    "city_approver_2": ("approver", "city"),
}
GROUNDS: dict[str, Any] = {
    "wrong": ["facts"], "grounds": "家庭收入已按月提供工资单，认定与事实不符。", "truth_pledge": True,
}


def with_city(office: Office) -> Office:
    """The people of the city who look again."""
    for name, (role, place) in CITY_STAFF.items():
        office.hire(name, role, place)
    return office


def denied(office: Office, who: str = "worker") -> Case:
    """Temporary aid that the county's reviewer did not approve."""
    case = walk.temporary_case(office, who)
    walk.accept(office, case)
    office.do(case, "review.deny", "reviewer", code="NOT_ELIGIBLE", opinion="未发现突发困难")
    return office.fresh(case)


def not_accepted(office: Office, who: str = "worker") -> Case:
    """Temporary aid that the union's handler did not accept."""
    case = walk.temporary_case(office, who)
    office.do(case, "unit_check.not_accept", "handler", code="NOT_MEMBER", right_body="", opinion="名册中没有此人")
    return office.fresh(case)


def ask(office: Office, refused: Case, who: str = "worker", key: str = "", **answers: Any) -> Case:
    """The refusal is put before the city."""
    case, _event = intake.open_again(
        office.version("re_examination"), GROUNDS | answers, office.actor(who), key or f"look-{refused.pk}-{who}",
        office.now, refused=refused,
    )
    return Case.objects.get(pk=case.pk)


def asked_of_the_city(office: Office, who: str, answers: dict[str, Any]) -> Case:
    """A re-examination of a refusal by the county, as the walker begins with it."""
    return ask(office, denied(office, who), who, **answers)


def upheld(office: Office, refused: Case, who: str = "worker") -> Case:
    """The city finds the refusal wrong, and the refused case is told. Returns the re-examination."""
    case = ask(office, refused, who)
    office.do(case, "accept.pass", "city_clerk")
    office.do(case, "examine.pass", "city_reviewer", opinion="原决定依据不足")
    office.do(case, "decide.pass", "city_approver", opinion="撤销原决定")
    office.tick()
    return office.fresh(case)


def dismissed(office: Office, refused: Case, who: str = "worker") -> Case:
    """The city finds nothing wrong with it."""
    case = ask(office, refused, who)
    office.do(case, "accept.pass", "city_clerk")
    office.do(case, "examine.pass", "city_reviewer")
    office.do(case, "decide.deny", "city_approver", opinion="原决定事实清楚")
    office.tick()
    return office.fresh(case)


def programme(office: Office) -> Programme:
    """The service that looks again."""
    return programme_of(office.version("re_examination"))
