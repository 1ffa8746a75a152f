"""A round of a selection and its nominations, step by step, for the stories."""

from typing import Any

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.people import persons
from casework.workflows.models import CampaignLine
from tests import walk
from tests.office import Office

AGREED = ("police", "discipline", "tax")
ALL = (*AGREED, "labour", "emergency", "environment", "market", "audit")


def planned(
    office: Office, places: int = 1, group: str = "front_line", who: str = "city_officer", **changes: Any
) -> Case:
    """A round with places for one county and group, handed in."""
    quota = {"county": str(office.orgs["county"].public_id), "group": group, "places": places}
    answers = {
        "title": "2026 年度市级劳动模范", "honour": "model_worker", "nominate_until": "2027-06-30",
        "conditions": "爱岗敬业，贡献突出。", "quotas": [quota],
        "leaders_most": places if group == "leader" else 0,
    }
    return office.apply(who, "model_selection", answers | changes)


def opened(office: Office, places: int = 1, group: str = "front_line") -> Case:
    """A round that takes nominations."""
    campaign = planned(office, places, group)
    office.do(campaign, "approve_plan.pass", "city_approver")
    return campaign


def nomination(office: Office, campaign: Case, name: str, filer: str = "handler", **changes: Any) -> dict[str, Any]:
    """The answers of a nomination; of a person known already where his number is among the changes."""
    person = persons.find(changes["id_no"]) if "id_no" in changes else office.person(name)
    assert person is not None
    group = changes.get("group", "front_line")
    own = {"collective": "细纱车间甲班", "headcount": 24} if group == "collective" else {"working_years": 22}
    return {
        "round": str(campaign.public_id), "group": group, "union": str(office.orgs["union"].public_id),
        "name": name, "id_no": persons.plain_for_system(person, "id_no"), "phone": "13900001234", "post": "挡车工",
        **own, "deeds_short": "扎根一线二十二年。", "sensitive_consent": True, "truth_pledge": True,
        **{key: [office.upload(filer, key)] for key in ("recommendation", "deeds", "photo")},
    } | changes


def nominated(office: Office, campaign: Case, name: str, **changes: Any) -> Case:
    """A nomination handed in by the union's handler."""
    return office.apply("handler", "model_nomination", nomination(office, campaign, name, **changes))


def up_to_opinions(office: Office, case: Case, step: str = "unit_vote") -> None:
    """Vote and notice in the unit, review and notice in the county."""
    office.do(case, "accept.pass", "clerk")
    day = local_date(office.now).isoformat()
    office.do(case, f"{step}.pass", "chair", held_on=day, present=20, in_favour=18, opinion="同意推荐")
    walk.notice("unit_notice", "chair")(office, case)
    office.do(case, "county_review.pass", "reviewer")
    walk.notice("county_notice", "publicity")(office, case)


def asked(office: Office, case: Case, bodies: tuple[str, ...] = AGREED, **answers: str) -> None:
    """Every body is asked and answers; agree unless told otherwise."""
    step = office.steps(case)[0]
    office.do(case, f"{step}.send", "officer", bodies=list(bodies))
    for body in bodies:
        day = local_date(office.now).isoformat()
        office.do(
            case, f"{step}.record", "officer", body=body, answer=answers.get(body, "agree"), replied_on=day
        )


def to_committee(office: Office, campaign: Case, name: str) -> Case:
    """A nomination that waits for the committee."""
    case = nominated(office, campaign, name)
    up_to_opinions(office, case)
    asked(office, case)
    office.do(case, "city_check.pass", "city_reviewer")
    return case


def vote(office: Office, campaign: Case, votes: dict[Case, int], **changes: Any) -> None:
    """The committee of nine votes; the queue carries the result to the nominations."""
    lines = dict(CampaignLine.objects.filter(campaign=campaign).values_list("case_id", "pk"))
    counts = {f"line_{lines[case.pk]}": yes for case, yes in votes.items()}
    meeting = {"held_on": local_date(office.now).isoformat(), "members": 9, "present": 8}
    office.do(campaign, "vote.pass", "city_officer", **(meeting | counts | changes))
    office.tick()


def honoured(office: Office, case: Case) -> None:
    """From the place to the honour."""
    walk.notice("city_notice", "city_publicity")(office, case)
    office.do(case, "decision.pass", "city_approver")
    office.do(case, "honour.pass", "city_officer")


# For the walker of all routes


def one_nomination(office: Office, filer: str, answers: dict[str, Any]) -> Case:
    """A nomination in an open round, filed by the walker's handler."""
    if "city_officer" not in office.users:
        office.hire("city_officer", "case_officer", "city")
        office.hire("city_approver", "approver", "city")
    group = str(answers.get("group") or "front_line")
    campaign = opened(office, 5, group)
    given = nomination(office, campaign, "郑有为", filer, group=group)
    return office.apply(filer, "model_nomination", given)
