"""A selection from the plan to the honours: nominations, opinions, secret vote, ranks within quotas (domain §5.6)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.people import persons
from casework.registers.models import Entry
from casework.workflows import moves
from casework.workflows.campaigns import figures, ranking
from casework.workflows.campaigns.ranking import Ballot
from casework.workflows.models import CampaignLine
from tests.office import Office
from tests.services import selection

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(office: Office) -> Office:
    """The city with its people for campaigns."""
    return office.with_campaigns()


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def line(case: Case) -> CampaignLine:
    return CampaignLine.objects.get(case=case)


def test_a_round_from_the_plan_to_the_honour_and_the_refusal_of_the_rest(city: Office) -> None:
    campaign = selection.opened(city, places=1)
    first, second, third = (selection.to_committee(city, campaign, name) for name in ("甲一", "乙二", "丙三"))
    city.do(campaign, "nominations.pass", "city_officer")
    selection.vote(city, campaign, {first: 7, second: 6, third: 4})
    assert [line(case).place for case in (first, second, third)] == ["selected", "standby", "dropped"]
    assert (city.steps(first), city.steps(second), city.state(third)) == (["city_notice"], ["committee"], "denied")
    assert city.fresh(third).outcome == "VOTE_LOST"
    selection.honoured(city, first)
    assert city.state(first) == "closed"
    city.do(campaign, "honours.pass", "city_officer", opinion="评选一名")
    city.tick()
    assert (city.state(second), city.fresh(second).outcome) == ("denied", "QUOTA_FULL")
    assert city.state(campaign) == "closed"
    assert Entry.objects.get(kind="honour").person_id == first.applicant_id
    assert invariants(city.now) == []


def test_an_upheld_objection_frees_the_place_for_the_next(city: Office) -> None:
    campaign = selection.opened(city, places=1)
    first, second = (selection.to_committee(city, campaign, name) for name in ("甲一", "乙二"))
    city.do(campaign, "nominations.pass", "city_officer")
    selection.vote(city, campaign, {first: 8, second: 5})
    city.do(first, "city_notice.post", "city_publicity", text="现将拟表彰人选予以公示。", contact="市总 0914-2388888")
    city.do(first, "city_notice.object", "city_publicity", text="事迹不实")
    city.do(first, "city_notice.uphold", "city_publicity", reply="经查属实")
    city.tick()
    assert city.fresh(first).outcome == "OBJECTION_UPHELD"
    assert (line(second).place, city.steps(second)) == ("selected", ["city_notice"])
    with pytest.raises(Refused) as refusal:
        city.do(campaign, "honours.pass", "city_officer", opinion="总结")
    assert codes(refusal) == {"LINES_RUNNING"}
    assert invariants(city.now) == []


def test_the_committee_needs_two_thirds_and_no_tie_at_the_last_place(city: Office) -> None:
    campaign = selection.opened(city, places=1)
    first, second = (selection.to_committee(city, campaign, name) for name in ("甲一", "乙二"))
    city.do(campaign, "nominations.pass", "city_officer")
    for changes, code in (({"present": 5}, "NO_QUORUM"), ({"members": 7}, "VOTES")):
        with pytest.raises(Refused) as refusal:
            selection.vote(city, campaign, {first: 5, second: 3}, **changes)
        assert codes(refusal) == {code}
    with pytest.raises(Refused) as refusal:
        selection.vote(city, campaign, {first: 9, second: 3})
    assert codes(refusal) == {"VOTES"}
    with pytest.raises(Refused) as refusal:
        selection.vote(city, campaign, {first: 6, second: 6})
    assert codes(refusal) == {"TIED"}
    again = [{"line": str(line(second).pk), "votes": 5}, {"line": str(line(first).pk), "votes": 3}]
    selection.vote(city, campaign, {first: 6, second: 6}, run_off=again)
    assert (line(second).place, line(first).place) == ("selected", "standby")


def test_a_veto_of_an_outside_body_stops_a_nomination(city: Office) -> None:
    case = selection.nominated(city, selection.opened(city), "甲一")
    selection.up_to_opinions(city, case)
    selection.asked(city, case, tax="veto")
    with pytest.raises(Refused) as refusal:
        city.do(case, "city_check.pass", "city_reviewer")
    assert codes(refusal) == {"VETO_ITEM"}
    city.do(case, "city_check.deny", "city_reviewer", code="VETO_ITEM", opinion="税务部门否决")
    assert city.state(case) == "denied" and invariants(city.now) == []


def test_a_leader_needs_more_support_and_every_body(city: Office) -> None:
    case = selection.nominated(city, selection.opened(city, group="leader"), "甲一", group="leader")
    city.do(case, "accept.pass", "clerk")
    with pytest.raises(Refused) as refusal:
        city.do(case, "leader_vote.pass", "chair", held_on="2026-11-20", present=20, in_favour=16, opinion="同意")
    assert codes(refusal) == {"SUPPORT"}
    other = selection.nominated(city, selection.opened(city, group="leader"), "乙二", group="leader")
    selection.up_to_opinions(city, other, "leader_vote")
    with pytest.raises(Refused) as refusal:
        selection.asked(city, other)
    assert codes(refusal) == {"BODY_MISSING"}
    selection.asked(city, other, selection.ALL)
    assert city.steps(other) == ["city_check"]


def test_a_body_answers_once_and_its_delay_is_reminded_of(city: Office) -> None:
    case = selection.nominated(city, selection.opened(city), "甲一")
    selection.up_to_opinions(city, case)
    city.do(case, "opinions.send", "officer", bodies=list(selection.AGREED))
    day = {"replied_on": "2026-11-20"}
    city.do(case, "opinions.record", "officer", body="tax", answer="agree", **day)
    with pytest.raises(Refused):
        city.do(case, "opinions.record", "officer", body="tax", answer="veto", **day)
    due = city.task(case, "opinions").due_at
    assert due is not None
    city.now = due
    city.tick()
    assert case.messages.filter(template="task_overdue").exists() and city.steps(case) == ["opinions"]


def test_a_nomination_needs_an_open_round_with_a_place_for_its_group(city: Office) -> None:
    planned = selection.planned(city)
    with pytest.raises(Refused) as refusal:
        selection.nominated(city, planned, "甲一")
    assert codes(refusal) == {"NOT_LISTED"}
    city.do(planned, "approve_plan.pass", "city_approver")
    with pytest.raises(Refused) as refusal:
        selection.nominated(city, planned, "甲一", group="farmer")
    assert codes(refusal) == {"NO_PLACES"}
    running = selection.nominated(city, planned, "甲一")
    with pytest.raises(Refused) as refusal:
        city.do(planned, "nominations.pass", "city_officer")
    assert codes(refusal) == {"NOMINATIONS_RUNNING"}
    city.do(running, "withdraw", "handler")
    city.do(planned, "nominations.pass", "city_officer")
    with pytest.raises(Refused) as refusal:
        selection.nominated(city, planned, "乙二")
    assert codes(refusal) == {"NOT_LISTED"}


def test_one_person_may_be_honoured_again_in_a_later_round(city: Office) -> None:
    entries = []
    for _round in range(2):
        campaign = selection.opened(city)
        case = selection.nominated(city, campaign, "甲一", **({"id_no": id_of(entries[0])} if entries else {}))
        selection.up_to_opinions(city, case)
        selection.asked(city, case)
        city.do(case, "city_check.pass", "city_reviewer")
        city.do(campaign, "nominations.pass", "city_officer")
        selection.vote(city, campaign, {case: 8})
        selection.honoured(city, case)
        entries = list(Entry.objects.filter(kind="honour").select_related("person"))
    assert len({entry.number for entry in entries}) == 2 and len({entry.person_id for entry in entries}) == 1


def id_of(entry: Entry) -> str:
    return persons.plain_for_system(entry.person, "id_no")


ballots = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=8)


@given(ballots, st.integers(0, 5))
def test_places_are_never_exceeded_and_no_better_vote_stands_below_a_worse_one(
    votes: list[tuple[int, int]], places: int
) -> None:
    given = [Ballot(n, "q", yes, again) for n, (yes, again) in enumerate(votes)]
    try:
        ranked = ranking.rank(given, 9, {"q": places})
    except ranking.Tied as tied:
        assert len(tied.lines) > 1
        return
    by_place = {place: [row for row in ranked if row.place == place] for place in ("selected", "standby", "dropped")}
    assert len(by_place["selected"]) <= places and len(ranked) == len(votes)
    assert all(row.yes * 2 <= 9 for row in by_place["dropped"])
    best_below = max((row.yes for row in by_place["standby"]), default=0)
    assert all(row.yes >= best_below for row in by_place["selected"])


def test_a_collective_is_honoured_by_its_name(city: Office) -> None:
    campaign = selection.opened(city, places=1, group="collective")
    case = selection.nominated(city, campaign, "代表人甲", group="collective")
    selection.up_to_opinions(city, case)
    selection.asked(city, case)
    city.do(case, "city_check.pass", "city_reviewer")
    city.do(campaign, "nominations.pass", "city_officer")
    [ballot] = moves.available(city.fresh(campaign), city.actor("city_officer"), city.now)[:1]
    assert any("细纱车间甲班" in str(item.title) for item in ballot.form.items())
    selection.vote(city, campaign, {case: 8})
    selection.honoured(city, case)
    entry = Entry.objects.get(kind="honour")
    assert (entry.data["collective"], entry.data["headcount"]) == ("细纱车间甲班", 24)


def test_pages_show_a_collective_and_not_its_representative(city: Office) -> None:
    campaign = selection.opened(city, places=1, group="collective")
    case = selection.nominated(city, campaign, "代表人甲", group="collective")
    desk = Client()
    desk.force_login(city.users["city_officer"])
    round_page = desk.get(reverse("desk_case", args=[campaign.public_id])).content.decode()
    assert "细纱车间甲班" in round_page and "代表人甲" not in round_page
    page = desk.get(reverse("desk_case", args=[case.public_id])).content.decode()
    heading = re.findall(r"<h1.*?</h1>", page, re.S)[0]
    assert "细纱车间甲班" in heading and "代表人甲" not in heading
    assert "代表人甲" in page, "who it is represented by stands there, too"
    clerk = Client()
    clerk.force_login(city.users["clerk"])
    for address in ("desk_queue", "desk_cases"):
        listed = clerk.get(reverse(address)).content.decode()
        assert "细纱车间甲班" in listed and "代表人甲" not in listed, address
    assert figures.notice_rows(campaign, "评选")[0]["name"] == "细纱车间甲班"


@pytest.mark.parametrize("missing", ["collective", "headcount"])
def test_a_collective_says_its_name_and_how_many_it_has(city: Office, missing: str) -> None:
    campaign = selection.opened(city, group="collective")
    with pytest.raises(Refused) as refusal:
        selection.nominated(city, campaign, "代表人甲", group="collective", **{missing: None})
    assert [problem.place for problem in refusal.value.problems] == [missing]


def test_leaders_get_no_more_places_than_the_round_allows(city: Office) -> None:
    quota = {"county": str(city.orgs["county"].public_id), "group": "leader", "places": 2}
    with pytest.raises(Refused) as refusal:
        selection.planned(city, quotas=[quota], leaders_most=1)
    assert [problem.place for problem in refusal.value.problems] == ["leaders_most"]
    with pytest.raises(Refused) as refusal:
        selection.planned(city, quotas=[quota, quota], leaders_most=4)
    assert [problem.place for problem in refusal.value.problems] == ["quotas.1.group"]
    assert selection.planned(city, quotas=[quota], leaders_most=2).state == "planned"


@pytest.mark.parametrize("group", ["women", "minority"])
def test_women_and_minorities_have_places_of_their_own(city: Office, group: str) -> None:
    campaign = selection.opened(city, places=1, group=group)
    with pytest.raises(Refused) as refusal:
        selection.nominated(city, campaign, "甲一")
    assert "NO_PLACES" in codes(refusal)
    assert line(selection.nominated(city, campaign, "甲一", group=group)).quota.endswith(f":{group}")
