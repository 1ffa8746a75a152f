"""Winter condolence from plan to summary: roster, notice, lines, card and visit (domain §5.2, §5.9 no. 17)."""

import datetime as dt
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case, CaseLink
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.registers.models import Entry
from casework.workflows.campaigns import drawing, figures, opening
from casework.workflows.models import CampaignLine
from tests import walk
from tests.faults.photo import no_events
from tests.office import Office
from tests.services import rosters

pytestmark = pytest.mark.django_db
CARD = {"card_no": "6217980000000000016", "bank": "中国邮政储蓄银行"}


@pytest.fixture
def county(office: Office) -> Office:
    """A county with one dossier made by the book and two that were imported, and the city above it."""
    office.with_campaigns()
    rosters.dossiers(office, 2, walk.dossier(office), "relative")
    return office.at("2026-12-10")


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def lines_of(campaign: Case) -> list[Case]:
    return list(Case.objects.filter(line__campaign=campaign).order_by("pk"))


def running(office: Office, **changes: Any) -> Case:
    campaign = rosters.planned(office, **changes)
    rosters.drawn(office, campaign)
    rosters.posted(office, campaign)
    return campaign


def test_from_the_plan_to_the_summary(county: Office) -> None:
    campaign = running(county)
    assert county.state(campaign) == "running"
    first, second, third = lines_of(campaign)
    assert {link.target_id for link in CaseLink.objects.filter(kind="line_of", source=first)} == {campaign.pk}
    for line in (first, second):
        rosters.approved(county, line, **CARD)
        rosters.visited(county, line)
    with pytest.raises(Refused) as refusal:
        county.do(campaign, "visits.pass", "officer", opinion="总结")
    assert codes(refusal) == {"LINES_RUNNING"}
    rosters.approved(county, third, **CARD)
    county.do(third, "deliver.missed", "visitor_1", opinion="多次上门无人")
    batch = walk.send_batch(county, [first, second, third])
    walk.answer_batch(county, batch, dict.fromkeys([first.number, second.number, third.number], "paid"))
    assert [county.state(line) for line in (first, second, third)] == ["closed"] * 3
    county.do(campaign, "visits.pass", "officer", opinion="共走访三户，已送达两户")
    done = county.fresh(campaign)
    assert done.state == "closed"
    told = done.facts["figures"]
    assert (told["all"], told["done"], told["refused"], told["active"]) == (3, 2, 1, 3)
    assert figures.coverage_percent(told) == "66.6"
    assert invariants(county.now) == []


def test_coverage_is_measured_against_the_day_of_the_plan(county: Office) -> None:
    campaign = rosters.planned(county)
    rosters.drawn(county, campaign)
    before = county.fresh(campaign).facts["coverage"]
    Entry.objects.filter(pk=Entry.objects.latest("pk").pk).update(valid_to=county.now.date())
    assert county.fresh(campaign).facts["coverage"] == before == {"on": "2026-12-10", "active": 3}


def test_a_dossier_that_was_in_force_on_the_day_and_ended_since_is_drawn_and_then_struck_with_its_reason(
    county: Office,
) -> None:
    ended = Entry.objects.latest("pk")
    campaign = rosters.planned(county)
    county.at("2026-12-14")
    ended.valid_to = dt.date(2026, 12, 11)
    ended.save()
    assert len(rosters.drawn(county, campaign)) == 3
    rosters.posted(county, campaign)
    line = CampaignLine.objects.get(campaign=campaign, entry=ended)
    assert (line.state, line.trouble) == ("refused", "NO_DOSSIER")
    assert len(lines_of(campaign)) == 2
    told = Event.objects.get(subject_id=str(campaign.public_id), action="visits.refused")
    assert (told.data["line"], told.data["code"], told.actor["system"]) == (line.pk, "NO_DOSSIER", "system")


@pytest.mark.promise("A1")
def test_a_line_is_struck_with_its_event_or_not_at_all(county: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = rosters.planned(county)
    rosters.drawn(county, campaign)
    with monkeypatch.context() as patched:
        patched.setattr(opening, "open_all", lambda now: 0)
        rosters.posted(county, campaign)
    line = CampaignLine.objects.filter(campaign=campaign)[0]
    Entry.objects.filter(pk=line.entry_id).update(valid_to=county.now.date() - dt.timedelta(days=2))
    with no_events():
        opening.open_all(county.now)
    line.refresh_from_db()
    assert (line.state, line.trouble) == ("due", "")
    before = county.fresh(campaign).event_n
    opening.open_all(county.now)
    line.refresh_from_db()
    assert (line.state, line.trouble, county.fresh(campaign).event_n) == ("refused", "NO_DOSSIER", before + 1)
    opening.open_all(county.now)
    assert county.fresh(campaign).event_n == before + 1


def test_the_neediest_come_first_and_the_quota_of_a_county_is_kept(county: Office) -> None:
    rosters.dossiers(county, 3, Case.objects.get(key="hardship_dossier"), "deep")
    campaign = rosters.planned(county, quotas=[(county.orgs["county"], 4)])
    lines = rosters.drawn(county, campaign)
    assert [line.category for line in lines] == ["deep", "deep", "deep", "relative"]


def test_a_household_over_the_yearly_cap_is_struck_at_once(county: Office) -> None:
    for _round in range(2):
        campaign = rosters.planned(county, cash="2500", goods_value="500", amount="150000")
        assert {line.state for line in rosters.drawn(county, campaign)} == {"due"}
    third = rosters.planned(county, cash="1", goods_value="0", amount="150000")
    lines = rosters.drawn(county, third)
    assert {(line.state, line.trouble) for line in lines} == {("refused", "CAP_REACHED")}
    with pytest.raises(Refused) as refusal:
        county.do(third, "roster.pass", "officer")
    assert codes(refusal) == {"NO_LINES"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cash": "2900", "goods_value": "200", "amount": "900000"}, "PLAN_CAP"),
        ({"amount": "34999"}, "PLAN_MONEY"),
        ({"cash": "0", "goods_value": "0"}, "PLAN_CAP"),
    ],
)
def test_a_plan_that_does_not_add_up_is_not_approved(county: Office, changes: dict[str, str], code: str) -> None:
    campaign = rosters.planned(county, **changes)
    with pytest.raises(Refused) as refusal:
        county.do(campaign, "approve_plan.pass", "city_approver")
    assert code in codes(refusal)
    county.do(campaign, "approve_plan.deny", "city_approver", code="NOT_ELIGIBLE", opinion="资金与名额不符")
    assert county.state(campaign) == "denied"
    assert invariants(county.now) == []


def test_a_county_cannot_plan_for_another(county: Office) -> None:
    campaign = rosters.planned(county, quotas=[(county.orgs["other_county"], 1)])
    with pytest.raises(Refused) as refusal:
        county.do(campaign, "approve_plan.pass", "city_approver")
    assert codes(refusal) == {"QUOTA_PLACE"}


def test_nobody_but_case_officers_starts_a_campaign_and_nobody_a_line(county: Office) -> None:
    for who in ("worker", "handler", "reviewer", "approver"):
        with pytest.raises(Refused) as refusal:
            rosters.planned(county, who)
        assert codes(refusal) == {"NOT_YOURS_TO_START"}
    answers = {"campaign": "C-1", "household": "h", "occasion": "winter", "amount": "500", "goods_value": "0"}
    with pytest.raises(Refused) as refusal:
        county.apply("officer", "condolence_visit", answers)
    assert codes(refusal) == {"NOT_YOURS_TO_START"}


def test_a_city_plans_for_its_counties_and_each_county_decides_its_own_lines(county: Office) -> None:
    quotas = [(county.orgs["county"], 2), (county.orgs["other_county"], 1)]
    campaign = rosters.planned(county, "city_officer", quotas=quotas)
    lines = rosters.drawn(county, campaign, "city_officer")
    assert [line.county_id for line in lines] == [county.orgs["county"].pk] * 2
    rosters.posted(county, campaign, "city_officer", "city_publicity")
    rosters.approved(county, lines_of(campaign)[0], **CARD)
    assert county.state(lines_of(campaign)[0]) == "approved"


def test_an_objection_strikes_one_line_and_a_fresh_notice_lists_the_rest(county: Office) -> None:
    campaign = rosters.planned(county)
    lines = rosters.drawn(county, campaign)
    county.do(campaign, "roster.pass", "officer")
    county.do(campaign, "list_notice.post", "publicity", text="现将名单予以公示。", contact="区总工会 0914-2388888")
    county.do(campaign, "list_notice.object", "publicity", text="该户有经营性车辆")
    with pytest.raises(Refused) as refusal:
        county.do(campaign, "list_notice.uphold", "publicity", reply="属实")
    assert codes(refusal) == {"STRIKE_THE_LINE"}
    with pytest.raises(Refused) as refusal:
        county.do(campaign, "list_notice.change_list", "publicity", line=lines[-1].pk + 100, reply="属实")
    assert codes(refusal) == {"NO_SUCH_LINE"}
    county.do(campaign, "list_notice.change_list", "publicity", line=lines[0].pk, reply="属实")
    struck = CampaignLine.objects.get(pk=lines[0].pk)
    assert (struck.state, struck.trouble) == ("refused", "OBJECTION_UPHELD")
    notice = campaign.notices.get(state="running")
    assert [row["no"] for row in notice.rows] == [str(line.pk) for line in lines[1:]]
    assert all("*" in row["name"] for row in notice.rows)


def test_a_line_struck_by_the_officer_is_not_opened(county: Office) -> None:
    campaign = rosters.planned(county)
    lines = rosters.drawn(county, campaign)
    county.do(campaign, "roster.strike", "officer", line=lines[1].pk, code="DECEASED", opinion="社区证明")
    rosters.posted(county, campaign)
    assert len(lines_of(campaign)) == 2
    with pytest.raises(Refused):
        county.do(campaign, "roster.strike", "officer", line=lines[0].pk, code="DECEASED")


def test_a_household_that_is_gone_is_refused_by_the_county_or_looked_at_again(county: Office) -> None:
    line, other = lines_of(running(county))[:2]
    for case in (line, other):
        county.do(case, "household.gone", "handler", code="MOVED_AWAY", opinion="已随子女迁居外省")
        assert county.steps(case) == ["gone"]
    county.do(line, "gone.deny", "reviewer", code="NOT_ELIGIBLE", opinion="已迁出")
    assert county.state(line) == "denied"
    county.do(other, "gone.again", "reviewer", to="household", opinion="社区称仍在原址")
    county.do(other, "household.pass", "handler", **CARD)
    assert county.steps(other) == ["review"]
    county.do(other, "review.pass", "reviewer")
    assert invariants(county.now) == []


def test_whoever_drew_up_the_roster_can_neither_approve_nor_pay_its_lines(county: Office) -> None:
    for role in ("reviewer", "approver", "cashier"):
        county.hire("officer", role, "county")
    line = lines_of(running(county))[0]
    county.do(line, "household.pass", "handler", **CARD)
    with pytest.raises(Refused) as refusal:
        county.do(line, "review.pass", "officer")
    assert codes(refusal) == {"SAME_HANDS"}
    county.do(line, "review.pass", "reviewer")
    with pytest.raises(Refused) as refusal:
        county.do(line, "approve.pass", "officer", amount="500")
    assert codes(refusal) == {"SAME_HANDS"}


def test_whoever_drew_up_the_roster_does_not_speak_for_its_households(county: Office) -> None:
    line = lines_of(running(county))[0]
    with pytest.raises(Refused) as refusal:
        county.do(line, "withdraw", "officer")
    assert codes(refusal) == {"NOT_YOUR_MATTER"}
    county.user("household", line.applicant)
    county.do(line, "withdraw", "household", opinion="不需要")
    assert county.state(line) == "withdrawn"


def test_goods_alone_need_no_card_and_no_payment(county: Office) -> None:
    campaign = running(county, cash="0")
    line = lines_of(campaign)[0]
    rosters.approved(county, line)
    assert county.steps(line) == ["deliver"]
    rosters.visited(county, line)
    assert county.state(line) == "closed"
    assert not line.payments.exists() and not line.reservations.exists()


def test_money_alone_needs_no_visit_and_a_known_card_is_used_again(county: Office) -> None:
    line = lines_of(running(county, goods_value="0"))[0]
    rosters.approved(county, line, **CARD)
    assert county.steps(line) == ["pay"]
    walk.answer_batch(county, walk.send_batch(county, [line]), {line.number: "paid"})
    assert figures.figures(line.line.campaign)["done"] == 1
    again = lines_of(running(county, goods_value="0", cash="100"))[0]
    assert again.applicant_id == line.applicant_id
    rosters.approved(county, again)
    assert county.fresh(again).account_id == county.fresh(line).account_id


def test_the_same_hand_over_is_not_signed_twice_by_one_person(county: Office) -> None:
    line = lines_of(running(county, cash="0"))[0]
    rosters.approved(county, line)
    county.do(
        line, "deliver.record", "visitor_1", visited_on="2026-12-10", met="本人",
        receipt=[county.upload("visitor_1", "receipt")], photos=[county.upload("visitor_1", "photos")],
    )
    with pytest.raises(Refused) as refusal:
        county.do(line, "deliver.sign", "visitor_1")
    assert codes(refusal) == {"TWO_PEOPLE"}


def test_a_stopped_worker_goes_on_where_it_was(county: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "CHUNK", 2)
    rosters.dossiers(county, 5, Case.objects.get(key="hardship_dossier"))
    campaign = rosters.planned(county)
    county.do(campaign, "approve_plan.pass", "city_approver")
    county.do(campaign, "roster.draw", "officer")
    task = county.task(campaign, "roster")
    assert [drawing.draw(task.pk, county.now) for _chunk in range(7)] == [2, 2, 1, 2, 1, 0, 0]  # deep, then relative
    county.tick()
    rosters.posted(county, campaign)
    assert CampaignLine.objects.filter(campaign=campaign, state="made").count() == 8
    assert opening.open_all(county.now) == 0


def test_lines_are_opened_in_chunks_and_each_once(county: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = rosters.planned(county)
    rosters.drawn(county, campaign)
    county.do(campaign, "roster.pass", "officer")
    with monkeypatch.context() as patched:
        patched.setattr(opening, "open_all", lambda now: 0)
        walk.notice("list_notice", "publicity")(county, campaign)
    assert opening.open_all(county.now, 2) == 2
    assert (opening.open_all(county.now, 2), opening.open_all(county.now, 2)) == (1, 0)
    assert len(lines_of(campaign)) == 3


def test_without_money_in_the_fund_a_line_waits(county: Office) -> None:
    campaign = running(county)
    line = lines_of(campaign)[0]
    county.do(line, "household.pass", "handler", **CARD)
    county.do(line, "review.pass", "reviewer")
    type(county.condolence_fund).objects.filter(pk=county.condolence_fund.pk).update(valid_until="2020-01-01")
    county.do(line, "approve.pass", "approver", amount="500")
    assert county.task(line, "approve").phase == "no_funds"


def test_goods_are_rows_whose_value_is_worked_out_and_every_line_has_them(county: Office) -> None:
    goods = [
        {"item": "大米 10 公斤装", "quantity": 2, "unit_price": "45.5"},
        {"item": "食用油 5 升", "quantity": 1, "unit_price": "69.00"},
    ]
    campaign = running(county, goods=goods)
    assert county.fresh(campaign).facts["goods_value"] == 16_000
    line = lines_of(campaign)[0]
    told = case_answers.shown(line)
    assert [(row["item"], row["quantity"], row["unit_price"]) for row in told["goods"]] == [
        ("大米 10 公斤装", 2, 4_550), ("食用油 5 升", 1, 6_900),
    ]
    assert (told["goods_value"], told["donor"]) == (16_000, "商洛市示范商贸有限公司")


def test_visits_do_not_end_before_they_begin(county: Office) -> None:
    with pytest.raises(Refused) as refusal:
        rosters.planned(county, visit_from="2027-02-01")
    assert [problem.place for problem in refusal.value.problems] == ["visit_to"]
