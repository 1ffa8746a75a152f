"""What the page of a campaign shows: its lines by key, counts and coverage, and the way from a line back to it."""

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core import clock
from tests import walk
from tests.office import Office, id_number
from tests.services import rosters, selection

pytestmark = pytest.mark.django_db


def page(office: Office, who: str, case: Case, query: str = "") -> str:
    client = Client()
    client.force_login(office.users[who])
    answer = client.get(reverse("desk_case", args=[case.public_id]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_campaign_shows_its_lines_page_by_page_and_a_line_its_campaign(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.with_campaigns()
    rosters.dossiers(office, 30, walk.dossier(office))
    office.at("2026-12-10")
    monkeypatch.setattr(clock, "now", lambda: office.now)
    campaign = rosters.planned(office, cash="0")
    assert "还没有名单" in page(office, "city_approver", campaign)
    lines = rosters.drawn(office, campaign)
    first = page(office, "officer", campaign)
    assert first.count('data-label="姓名"') == 25 and "待立案" in first
    rest = page(office, "officer", campaign, f"?lines={lines[24].pk}")
    assert rest.count('data-label="姓名"') == 6
    assert page(office, "officer", campaign, "?lines=x").count('data-label="姓名"') == 25
    rosters.posted(office, campaign)
    line = Case.objects.filter(line__campaign=campaign).order_by("pk")[0]
    rosters.approved(office, line)
    rosters.visited(office, line)
    assert "3.2 %" in page(office, "officer", campaign)
    assert campaign.number in page(office, "reviewer", line)


def test_the_form_of_a_nomination_offers_the_open_rounds_and_no_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.with_campaigns()
    monkeypatch.setattr(clock, "now", lambda: office.now)
    opened, planned = selection.opened(office), selection.planned(office)
    client = Client()
    client.force_login(office.users["handler"])
    about = {"name": "吴春生", "phone": "13900005678", "id_no": id_number(77, "19760310")}
    answer = client.post(reverse("apply_member", args=["model_nomination"]), about, follow=True)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"2026 年度市级劳动模范（{opened.number}）" in text and planned.number not in text


def test_a_case_officer_begins_a_campaign_at_his_desk_and_chooses_among_counties(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: office.now)
    client = Client()
    client.force_login(office.users["officer"])
    assert "送温暖走访慰问" in client.get(reverse("desk_new")).content.decode()
    answer = client.post(reverse("desk_new"), {"key": "condolence"}, follow=True)
    assert answer.status_code == 200 and 'name="plan_on"' in answer.content.decode()
    quotas = answer.redirect_chain[-1][0].replace("/plan/", "/quotas/")
    text = client.get(quotas).content.decode()
    assert office.orgs["county"].name in text and office.orgs["union"].name not in text
    assert client.post(reverse("desk_new"), {"key": "condolence_visit"}).status_code == 404
