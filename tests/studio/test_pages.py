"""The studio over HTTP: from the version in force to the next one, by two people, every fault told at its place."""
import datetime as dt
import html
import re
from typing import Any

import pytest

from casework.programmes import drafts, numbers, versions
from casework.programmes.loader import programme_of
from casework.programmes.models import DraftState, Parameter, ProgrammeVersion
from casework.workflows import shadow
from casework.workflows.models import ShadowRun
from tests import walk
from tests.office import Office, id_number
from tests.studio.conftest import Desk

pytestmark = pytest.mark.django_db
HOME, SERVICE = "/studio/", "/studio/services/living_aid/"


@pytest.fixture(autouse=True)
def _now(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.core.clock.now", lambda: moment)


def section(page: str) -> dict[str, Any]:
    """The inputs of a section as a browser would send them back."""
    found: dict[str, Any] = dict(re.findall(r'<input class="form-control[^>]* name="([^"]+)" value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea class="form-control[^"]*"[^>]* name="([^"]+)">([^<]*)</textarea>', page))
    found |= dict.fromkeys(re.findall(r'type="checkbox" id="[^"]*" name="([^"]+)" value="yes" checked', page), "yes")
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.findall(r'value="([^"]*)" selected', options) or re.findall(r'<option value="([^"]*)"', options)
        found[name] = chosen[0]
    found["revision"] = re.findall(r'name="revision" value="(\d+)"', page)[0]
    for name in re.findall(r'<input type="hidden" name="([^"]+)" value="">', page):
        ticks = re.findall(rf'type="checkbox" name="{re.escape(name)}" value="([^"]*)" checked', page)
        found[name] = ["", *(html.unescape(value) for value in ticks)]
    return {name: html.unescape(value) if isinstance(value, str) else value for name, value in found.items()}


def test_every_service_is_listed_with_its_version_and_its_running_cases(policy: Desk) -> None:
    page = policy.get(HOME)
    assert "生活救助" in page and "困难职工建档" in page and SERVICE in page


def test_a_service_shows_its_steps_conditions_numbers_and_versions(policy: Desk) -> None:
    page = policy.get(SERVICE)
    for words in ("县（区）总工会审核", "没有在档的困难职工档案", "不符合困难标准", "月低保标准"):
        assert words in page
    picture = policy.get(f"{SERVICE}route.svg")
    assert picture.startswith("<svg") and "审批" in picture and "script" not in picture
    assert "近期收入证明" in policy.get(f"{SERVICE}form/")


def test_a_draft_is_changed_checked_approved_by_a_second_person_and_published(
    policy: Desk, second: Desk, office: Office
) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    typed = section(policy.get(f"{draft}route/"))
    typed["programme.route.accepted.review.limit"] = "6wd"
    policy.post(f"{draft}route/", **typed)
    assert "6" in policy.get(draft)
    revision = str(drafts.live("living_aid").revision)  # type: ignore[union-attr]
    policy.post(f"{draft}step/", act="check", revision=revision)
    refused = policy.post(f"{draft}step/", 403, act="approve", revision=revision)
    assert 'id="problems"' in refused and drafts.live("living_aid").state == DraftState.CHECKED  # type: ignore[union-attr]
    second.post(f"{draft}step/", act="approve", revision=revision)
    second.post(f"{draft}step/", act="publish", effective_from="2026-11-23")
    row = versions.current("living_aid", office.now.date())
    assert (row.version, programme_of(row).step("review").limit_wd) == (2, 6)
    assert "6" in policy.get(f"{SERVICE}compare/?version=2")


def test_a_stale_screen_overwrites_nothing(policy: Desk, second: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    first, other = section(policy.get(f"{draft}texts/")), section(second.get(f"{draft}texts/"))
    policy.post(f"{draft}texts/", **(first | {"programme.title.en": "Living help"}))
    page = second.post(f"{draft}texts/", 409, **(other | {"programme.title.en": "Other words"}))
    assert "Other words" in page
    assert drafts.content_of_draft(drafts.live("living_aid"))["programme"]["title"]["en"] == "Living help"  # type: ignore[arg-type]


def test_what_was_typed_wrong_is_told_at_its_place_and_stays(policy: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    typed = section(policy.get(f"{draft}route/")) | {"programme.route.accepted.review.limit": "a week"}
    page = policy.post(f"{draft}route/", 422, **typed)
    assert 'value="a week"' in page and "is-invalid" in page


def test_a_fault_that_lint_finds_stops_the_check_and_stands_at_its_step(policy: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    typed = section(policy.get(f"{draft}route/")) | {"programme.route.accepted.review.by": "applicant"}
    policy.post(f"{draft}route/", **typed)
    revision = str(drafts.live("living_aid").revision)  # type: ignore[union-attr]
    page = policy.post(f"{draft}step/", 422, act="check", revision=revision)
    assert "applicant 不能办理 review" in page
    assert "applicant 不能办理 review" in policy.get(f"{draft}route/")


def test_a_role_that_does_not_exist_is_refused_at_its_place(policy: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    typed = section(policy.get(f"{draft}route/")) | {"programme.route.accepted.review.by": "king"}
    assert "is-invalid" in policy.post(f"{draft}route/", 422, **typed)


def test_steps_are_switched_off_on_and_moved_with_buttons(policy: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    typed = section(policy.get(f"{draft}route/"))
    policy.post(f"{draft}route/", **(typed | {"act": "off:programme.route.accepted.county_notice"}))
    page = policy.get(f"{draft}route/")
    assert "on:programme.route.accepted.county_notice" in page
    policy.post(f"{draft}route/", **(section(page) | {"act": "on:programme.route.accepted.county_notice"}))
    assert "on:programme.route" not in policy.get(f"{draft}route/")
    policy.post(f"{draft}route/", 404, **(section(policy.get(f"{draft}route/")) | {"act": "remove:programme.key"}))


def test_a_dropped_draft_changes_nothing(policy: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    policy.post(f"{draft}step/", act="drop", revision="1")
    assert drafts.live("living_aid") is None and ProgrammeVersion.objects.filter(key="living_aid").count() == 1


def test_a_number_is_proposed_as_a_table_and_put_in_force_by_a_second_person(policy: Desk, second: Desk) -> None:
    page = policy.get("/studio/numbers/living_aid/")
    assert "意外致困：封顶" in page and "10000.00" in page
    typed = {
        "region": "611002", "effective_from": "2026-12-01", "source": "商区工发〔2026〕9号",
        "value.accidental_cap_fen": "12000", "value.deep_multiple": "12",
    }
    proposal = policy.post("/studio/numbers/living_aid/", **typed)
    assert "12,000.00" in second.get(proposal)
    policy.post(f"{proposal}step/", 403, act="approve")
    second.post(f"{proposal}step/", act="approve")
    row = Parameter.objects.get(key="living_aid", region="611002")
    assert row.value["accidental_cap_fen"] == 1_200_000 and row.value["deep_multiple"] == 12
    assert row.value["relative_multiple"] == 8


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"effective_from": "soon", "source": "文件"}, "soon"),
        ({"effective_from": "2020-01-01", "source": "文件"}, "2020-01-01"),
        ({"effective_from": "2026-12-01", "source": ""}, "problems"),
        ({"effective_from": "2026-12-01", "source": "文件", "value.deep_multiple": "ten"}, "ten"),
    ],
)
def test_a_number_that_cannot_be_is_told_and_what_was_typed_stays(
    policy: Desk, typed: dict[str, str], words: str
) -> None:
    page = policy.post("/studio/numbers/living_aid/", 422, region="610000", **typed)
    assert words in page and 'id="problems"' in page


def test_an_auditor_reads_the_studio_and_writes_nothing(office: Office, policy: Desk) -> None:
    auditor = Desk(office, "auditor")
    assert "生活救助" in auditor.get(HOME)
    draft = policy.post(f"{SERVICE}begin/")
    auditor.get(draft)
    auditor.post(f"{SERVICE}begin/", 403)
    auditor.post(f"{draft}step/", 403, act="check", revision="1")
    auditor.post("/studio/numbers/living_aid/", 403, region="610000", effective_from="2026-12-01", source="文件")
    assert drafts.live("living_aid").state == DraftState.DRAFT  # type: ignore[union-attr]


def test_sample_answers_show_the_award_the_conditions_and_the_way(policy: Desk) -> None:
    draft = policy.post(f"{SERVICE}begin/")
    typed = {"year": "2026", "months": "6", "amount": "9000", "reason": "家中收入低", "account_name": "李建国",
             "card_no": "6222021234567890128", "bank": "中国银行", "region": "611002", "category": "deep"}
    answer = policy.client.post(f"{draft}try/", typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and "7,200.00" in page, "ten lines of 720 yuan"
    assert "县（区）总工会审批" in page
    none = policy.client.post(f"{draft}try/", typed | {"category": "none"}).content.decode()
    assert "没有在档的困难职工档案" in none
    wrong = policy.client.post(f"{draft}try/", typed | {"amount": "much"})
    assert wrong.status_code == 422 and "much" in wrong.content.decode()


def test_what_the_registers_hold_is_said_or_not_judged(policy: Desk, office: Office) -> None:
    draft = policy.post("/studio/services/mutual_claim_hospital/begin/")
    typed = {
        "union": str(office.orgs["union"].public_id), "claimant": "same", "name": "李建国", "id_no": id_number(1),
        "phone": "13900001234",
        "admitted": "2026-10-05", "discharged": "2026-10-12", "hospital": "市中心医院", "hospital_level": "3",
        "cause": "illness", "total": "12000", "insured_paid": "6000", "catastrophic": "0", "other": "0",
        "outside_list": "1000", "settlement_no": "JS2026100512", "diagnosis": "K35.8", "account_name": "李建国",
        "card_no": "6222021234567890128", "bank": "中国银行", "region": "611002",
    }
    page = policy.post(f"{draft}try/", 200, **typed)
    assert page.count("此处未判断") > 4 and "没有条件" not in page, "nobody said whether he is insured"
    page = policy.post(f"{draft}try/", 200, **typed, cover="no")
    assert "审核不通过" in page or "NOT_INSURED" in page or "未参加" in page
    told = policy.post(f"{draft}try/", 200, **typed, cover="yes", cover_from="2026-09-20")
    assert "等待期" in told
    policy.post(f"{draft}try/", 422, **typed, cover="yes", cover_from="soon")


def test_last_years_cases_are_run_under_a_draft_and_proposed_numbers(policy: Desk, office: Office) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office, amount=900_000), walk.LIVING)
    walk.settle(office, case)
    table = {"deep_multiple": 10, "relative_multiple": 4, "accidental_percent": 15, "accidental_cap_fen": 1_000_000}
    actor = office.actor("policy")
    number = numbers.propose("living_aid", "611002", table, dt.date(2027, 12, 1), "文件9号", actor, office.now)
    draft = policy.post(f"{SERVICE}begin/")
    assert "生活救助标准" in policy.get(f"{draft}shadow/")
    page = policy.post(f"{draft}shadow/", number=str(number.public_id), until="2027-06-30")
    run = ShadowRun.objects.get()
    while shadow.work_off(ShadowRun.objects.get(), office.now):
        pass
    told = policy.get(page)
    run.refresh_from_db()
    assert run.totals["changed"] == 1 and run.totals["need_fen"] == -4 * 72_000
    assert case.number in told and "-2,880.00" in told and "原决定" in told
    auditor = Desk(office, "auditor")
    auditor.get(page)
    auditor.post(f"{draft}shadow/", 403)
    policy.post(f"{draft}shadow/", 422, since="yesterday")


def test_a_table_no_rule_could_reckon_with_is_refused_at_its_row(policy: Desk) -> None:
    typed = {"region": "610000", "effective_from": "2026-12-01", "source": "文件"}
    page = policy.post("/studio/numbers/mutual_hospital/", 422, **typed, **{"value.tiers.1.to_fen": "100"})
    assert "mutual_hospital.tiers" in page and 'value="100"' in page
