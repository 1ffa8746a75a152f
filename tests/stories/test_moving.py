"""Policy officers at their browsers: a paper and a condition are added to a service, and its running cases are moved to
the next version, tried out, signed by a second person, and brought back."""

import json
from typing import Any

import pytest
from django.db import transaction

from casework.core import clock
from casework.programmes import checking, drafts
from casework.programmes.loader import build
from casework.workflows.models import MigrationPlan
from tests.engine.versions import Next
from tests.stories.test_studio import House, house  # noqa: F401  a fixture
from tests.stories.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]


def press(desk: Walker, act: str, picked: str = "") -> None:
    """A button of a section, with what is chosen beside it."""
    if picked:
        desk.page.locator(f"main [name='pick:{act}']").select_option(picked)
    desk.page.locator(f"main button[name=act][value='{act}']").click()
    desk.page.wait_for_selector(".flash-success")
    desk.look()


def save(desk: Walker) -> None:
    desk.page.locator(".studio-save button").click()
    desk.page.wait_for_selector(".flash-success")
    desk.look()


def content() -> dict[str, Any]:
    row = drafts.live("living_aid")
    assert row is not None
    return drafts.content_of_draft(row)


def test_a_paper_and_a_condition_are_added_without_a_word_of_the_language(house: House) -> None:  # noqa: F811
    with house.person("policy") as desk:
        desk.go("/studio/services/living_aid/")
        desk.page.locator("main form[action$='/begin/'] button").click()
        desk.page.wait_for_url("**/studio/drafts/**")
        draft = desk.page.url
        desk.go(f"{draft}papers/")
        press(desk, "add:paper", "form.pages.2.groups.0.items")
        desk.page.locator("[name='programme.papers.paper_1.key']").fill("household_booklet")
        desk.page.locator("[name='programme.papers.paper_1.title.zh']").fill("户口簿")
        desk.page.locator("[name='programme.papers.paper_1.title.en']").fill("Household booklet")
        desk.page.locator("[name='programme.papers.paper_1.required']").check()
        save(desk)
        desk.go(f"{draft}conditions/")
        press(desk, "add:row", "award_fen")
        desk.page.locator("[name='programme.eligibility.1.when.award_fen.at_least']").fill("")
        desk.page.locator("[name='programme.eligibility.1.when.award_fen.at_most']").fill("100")
        save(desk)
        desk.go(f"{draft}form/")
        desk.go(f"{draft}route/")
        desk.go(draft)
    programme = build(content())
    field = programme.form.field("household_booklet")
    assert field is not None and field.required and str(field.title) == "户口簿"
    assert programme.eligibility[1].when == {"award_fen": {"at_most": 10_000}}
    assert checking.findings(content()) == []


def step(desk: Walker, plan: str, act: str) -> None:
    """One act on a plan. The worker of the tests works at once."""
    desk.page.goto(plan)
    desk.page.locator(f"main button[name=act][value={act}]").click()
    desk.page.wait_for_selector(".flash-success")
    desk.page.goto(plan)
    desk.look()


def test_running_cases_are_moved_by_two_and_brought_back(house: House) -> None:  # noqa: F811
    office = house.office
    case = house.accepted("running")
    office.now = clock.now()
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.rename("review", "examination")
    new.change("examination", by="case_officer@county", limit="5wd")
    with transaction.atomic():
        new.publish(office)
    with house.person("policy") as desk:
        desk.go("/studio/services/living_aid/")
        desk.page.locator("main a[href$='/living_aid/move/']").click()
        desk.look()
        desk.page.locator("[name='step.review']").select_option("examination")
        desk.answer("note", "市工发〔2026〕9号")
        desk.page.locator("main form[method=post] button.btn-primary").click()
        desk.page.wait_for_selector(".flash-success")
        plan = desk.page.url
        step(desk, plan, "try")
        assert desk.page.inner_text("#plan-tried") == "1" and desk.says(case.number)
        step(desk, plan, "sign")
    with house.person("policy_2") as desk:
        desk.go("/studio/plans/")
        step(desk, plan, "sign")
        step(desk, plan, "start")
        assert desk.page.inner_text("#plan-moved") == "1"
        assert (office.fresh(case).programme.version, office.steps(case)) == (2, ["examination"])
        step(desk, plan, "undo")
    assert MigrationPlan.objects.get().state == "undone"
    assert (office.fresh(case).programme.version, office.steps(case)) == (1, ["review"])
