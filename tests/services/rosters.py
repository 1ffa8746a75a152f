"""A campaign of condolence and its lines, step by step, for the stories."""

import datetime as dt
from typing import Any

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.organisations.models import Organisation
from casework.people import households
from casework.registers.models import Entry
from casework.workflows import intake
from casework.workflows.models import CampaignLine
from tests import walk
from tests.office import Office


def dossiers(office: Office, many: int, source: Case, category: str = "deep", place: str = "union") -> list[Entry]:
    """Dossiers in force of as many households, as an import leaves them."""
    made, union = [], office.orgs[place]
    for number in range(many):
        person = office.person(f"困难职工{Entry.objects.count()}号")
        household = households.set_household(person, [], office.now.date())
        made.append(
            Entry.objects.create(
                kind="hardship_dossier", number=f"import-{Entry.objects.count()}-{number}", person=person,
                household=household, organisation=union, source_case=source, valid_from=dt.date(2026, 1, 10),
                verified_until=dt.date(2027, 12, 31), data={"category": category},
            )
        )
    return made


def gift(value: str) -> list[dict[str, Any]]:
    """Goods of this value in yuan: two halves of it; none where it is nothing."""
    if not float(value):
        return []
    return [{"item": "大米 10 公斤装", "quantity": 2, "unit_price": f"{float(value) / 2:.2f}"}]


def plan_answers(office: Office, *quotas: tuple[Organisation, int], **changes: Any) -> dict[str, Any]:
    """A plan of 500 yuan and goods of 200 yuan a household."""
    answers = {
        "occasion": "winter", "plan_on": local_date(office.now).isoformat(), "visit_from": "2026-12-20",
        "visit_to": "2027-01-31", "cash": "500", "donor": "商洛市示范商贸有限公司", "amount": "70000",
        "goods": gift(changes.pop("goods_value", "200")),
        "quotas": [{"county": str(county.public_id), "households": many} for county, many in quotas],
    }
    return answers | changes


def planned(office: Office, who: str = "officer", **changes: Any) -> Case:
    """A plan handed in for the county."""
    quotas = changes.pop("quotas", [(office.orgs["county"], 50)])
    return office.apply(who, "condolence", plan_answers(office, *quotas, **changes))


def drawn(office: Office, campaign: Case, who: str = "officer") -> list[CampaignLine]:
    """The plan is approved and the roster drawn."""
    office.do(campaign, "approve_plan.pass", "city_approver")
    office.do(campaign, "roster.draw", who)
    while office.task(campaign, "roster").phase == "drawing":
        office.tick()
    return list(CampaignLine.objects.filter(campaign=campaign).order_by("id"))


def posted(office: Office, campaign: Case, officer: str = "officer", publicity: str = "publicity") -> None:
    """The roster is confirmed and its notice is over: the lines are opened."""
    office.do(campaign, "roster.pass", officer)
    walk.notice("list_notice", publicity)(office, campaign)
    office.tick()


def approved(office: Office, line: Case, **card: str) -> None:
    """A line up to its approval."""
    office.do(line, "household.pass", "handler", **card)
    office.do(line, "review.pass", "reviewer")
    award = office.fresh(line).facts["award_fen"]
    office.do(line, "approve.pass", "approver", **({"amount": f"{award / 100:.2f}"} if award else {}))


def visited(office: Office, line: Case) -> None:
    """The goods are handed over and signed for."""
    office.do(
        line, "deliver.record", "visitor_1", visited_on=local_date(office.now).isoformat(), met="本人",
        receipt=[office.upload("visitor_1", "receipt")], photos=[office.upload("visitor_1", "photos")],
    )
    office.do(line, "deliver.sign", "visitor_2")


# For the walker of all routes


def ended_since(office: Office, filer: str) -> None:
    """Two households whose dossier ended since the day of the plan: their lines end by themselves when opened."""
    day = local_date(office.now)
    source = walk.dossier_case(office, "somebody") if "somebody" not in office.users else None
    for entry in dossiers(office, 2, source or Case.objects.get(applicant=office.users["somebody"].person)):
        entry.valid_to = day - dt.timedelta(days=1)
        entry.save()


def small_plan(office: Office, filer: str) -> dict[str, Any]:
    """A plan as of yesterday."""
    yesterday = local_date(office.now) - dt.timedelta(days=1)
    return plan_answers(office, (office.orgs["county"], 9), plan_on=yesterday.isoformat())


def last_line() -> int:
    """The number of a line that can be struck."""
    return CampaignLine.objects.filter(state="due").latest("pk").pk


def one_line(office: Office, filer: str, answers: dict[str, Any]) -> Case:
    """A line opened for a household, as the campaign opens it."""
    if "officer" not in office.users:
        office.hire("officer", "case_officer", "county")
    person = office.users[filer].person
    assert person is not None
    given = {"campaign": "C-1", "household": "h-1", "occasion": "winter", "amount": 50_000, "goods_value": 20_000}
    campaign = planned(office)
    version = office.version("condolence_visit")
    actor = office.actor("officer")
    return intake.open_line(
        version, given | answers, person, office.orgs["union"], campaign, actor, f"walk-{campaign.pk}", office.now
    )
