"""The applicants' pages in a real browser: by keyboard alone, on a narrow phone, with long words and no JavaScript."""
import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from casework.access.models import User
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core import clock
from tests import walk
from tests.office import Office, id_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "橙子-拖拉机-小云朵"
LONG = "无标点的长词" * 40 + "x" * 200


@pytest.fixture
def office(live_server: Any, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation behind the live server, whose pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    walk.member(made, "worker")
    return made


def enter(page: Any, office: Office, who: str) -> None:
    """Log in by name and password."""
    user = office.users[who]
    user.set_password(PASSWORD)
    user.save()
    page.goto(reverse("login"))
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/my/")


def tab_to(page: Any, selector: str) -> None:
    """Reach a control with the tab key alone."""
    for _press in range(120):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key never reaches {selector}")


def test_by_keyboard_from_the_catalogue_to_a_saved_first_page(page: Any, office: Office) -> None:
    page.goto(reverse("catalogue"))
    tab_to(page, "a.tile[href$='/living_aid/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/living_aid/")
    tab_to(page, "main a[href^='/register/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/**")
    for place, words in (("name", "冯大勇"), ("id_no", id_number(141, "19760214")), ("phone", "13900007777"),
                         ("password", PASSWORD)):
        tab_to(page, f"#f-{place}")
        page.keyboard.insert_text(words)
    tab_to(page, "#f-agree")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/**")
    assert User.objects.filter(first_name="冯大勇").exists()
    for place, words in (("#id_username", id_number(141, "19760214")), ("#id_password", PASSWORD)):
        tab_to(page, place)
        page.keyboard.insert_text(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/living_aid/")
    tab_to(page, "main form[action$='/start/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/request/")
    tab_to(page, "[name=reason]")
    page.keyboard.insert_text("孩子上学")
    tab_to(page, "button[name=go][value=next].btn-big")
    page.keyboard.press("Enter")
    page.wait_for_selector("#problems")
    assert page.evaluate("document.activeElement.id") == "problems", "the reader is put where the mistakes are listed"
    assert page.input_value("[name=reason]") == "孩子上学"


MEMBERS = {"item": "form.household.members", "problem": "INCONSISTENT", "wanted": "请核对家庭成员"}


def test_a_member_is_taken_away_and_another_added_in_a_correction(page: Any, office: Office) -> None:
    case = walk.dossier_case(office, members=2)
    office.do(case, "unit_check.one_time_notice", "handler", items=[MEMBERS])
    kept = case_answers.full(case)["members"][1]["id_no"]
    enter(page, office, "worker")
    page.goto(reverse("my_act", args=[case.public_id, "supplement"]))
    page.locator("[name='go'][value='remove:members.0']").click()
    page.wait_for_load_state()
    page.locator("[name='go'][value='add:members']").click()
    page.fill("[name='members.1.name']", "赵桂兰")
    page.select_option("[name='members.1.relation']", "grandchild")
    page.fill("[name='members.1.id_no']", new := id_number(777, "20150303"))
    page.locator("[name='members.1.health'][value='good']").check()
    page.locator("[name='members.1.work'][value='unable']").check()
    page.locator("[name='go'][value='send']").click()
    page.wait_for_url(f"**{reverse('my_case', args=[case.public_id])}")
    assert [row["id_no"] for row in case_answers.full(office.fresh(case))["members"]] == [kept, new]


@pytest.mark.parametrize("javascript", [True, False])
def test_no_page_is_wider_than_a_narrow_phone(
    chromium: Any, live_server: Any, office: Office, javascript: bool
) -> None:
    office.orgs["union"].name = LONG[:120]
    office.orgs["union"].save()
    case = walk.dossier_case(office)
    items = [{"item": "id_card", "problem": "UNCLEAR", "wanted": LONG[:200]}, MEMBERS]
    office.do(case, "unit_check.one_time_notice", "handler", items=items)
    context = chromium.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": 360, "height": 740}, java_script_enabled=javascript
    )
    page = context.new_page()
    enter(page, office, "worker")
    key = Case.objects.get().public_id
    for address in (reverse("my_home"), reverse("my_cases"), reverse("my_case", args=[key]), reverse("inbox"),
                    reverse("receipt", args=[key]), reverse("my_act", args=[key, "supplement"]), reverse("catalogue"),
                    reverse("programme", args=["hardship_dossier"]), reverse("notices"), reverse("case_status")):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, (address, wide)
    context.close()


def test_every_page_has_one_heading_and_named_controls(page: Any, office: Office) -> None:
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=[*walk.ITEMS, MEMBERS])
    enter(page, office, "worker")
    for address in (reverse("my_home"), reverse("my_case", args=[case.public_id]), reverse("inbox"), reverse("notices"),
                    reverse("receipt", args=[case.public_id]), reverse("my_act", args=[case.public_id, "supplement"]),
                    reverse("programme", args=["living_aid"]), reverse("case_status"), reverse("paper_check_form")):
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        for control in page.locator("main :is(input:not([type=hidden]), select, textarea):visible").all():
            named = control.evaluate("control => control.labels.length > 0 || control.getAttribute('aria-label')")
            assert named, address
