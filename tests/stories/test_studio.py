"""A policy officer changes a tier and a ceiling, tries it on last year's cases, a second person puts it in force: the
next case is reckoned by it, the running one is not. All through the pages."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from casework.access.models import User
from casework.core import clock
from casework.core.calendar import local_date
from casework.demo.accounts import PASSWORD
from casework.oversight.invariants import invariants
from tests import walk
from tests.office import Office
from tests.stories.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False)]
LINE = 72_000


class House:
    """The running site on the small federation of the tests."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.office = Office(clock.now() - dt.timedelta(days=70))
        for name in ("policy", "policy_2"):
            self.office.hire(name, "policy_officer", "city")
        for name in ("policy", "policy_2", "reviewer"):
            user = User.objects.get(username=name)
            user.set_password(PASSWORD)
            user.save()

    @contextmanager
    def person(self, username: str) -> Iterator[Walker]:
        """One officer at his own desk."""
        walker = Walker(self.browser, self.base, username).login(username)
        yield walker
        walker.close()

    def accepted(self, who: str) -> Any:
        """A request for living aid by a worker with a dossier, whose papers are complete: its numbers are frozen."""
        case = walk.living_case(self.office, who, amount=900_000)
        walk.accept(self.office, case)
        return self.office.fresh(case)


@pytest.fixture
def house(chromium: Browser, live_server: Any) -> House:
    """Last year's case decided, two workers with dossiers, one request running."""
    house = House(chromium, live_server.url)
    walk.dossier(house.office, "earlier")
    decided = house.accepted("earlier")
    walk.review(house.office, decided)
    house.office.do(decided, "approve.deny", "approver", code="FALSE_DATA", opinion="申报与事实不符")
    for who in ("running", "next"):
        house.office.now = clock.now() - dt.timedelta(days=69)
        walk.dossier(house.office, who)
    house.office.now = clock.now() - dt.timedelta(hours=1)
    return house


def propose(desk: Walker) -> None:
    """Eight lines become six, and the ceiling of accidental hardship rises, from today on."""
    desk.go("/studio/numbers/")
    desk.page.locator("main a[href$='/numbers/living_aid/']").click()
    desk.page.locator("[name='value.relative_multiple']").fill("six")
    desk.answer("source", "商区工发〔2026〕9号")
    desk.answer("effective_from", local_date(clock.now()).isoformat())
    desk.page.locator("main form button.btn-primary").click()
    desk.page.wait_for_selector("#problems")
    assert desk.page.locator("[name='value.relative_multiple']").input_value() == "six"
    desk.look()
    desk.page.locator("[name=region]").select_option("611002")
    desk.page.locator("[name='value.relative_multiple']").fill("6")
    desk.page.locator("[name='value.accidental_cap_fen']").fill("12000")
    desk.page.locator("main form button.btn-primary").click()
    desk.page.wait_for_selector(".flash-success")
    desk.look()


def write_version(desk: Walker) -> str:
    """The next version: the review has six office days. Returns the address of the draft."""
    desk.go("/studio/")
    desk.page.locator("main a[href$='/services/living_aid/']").click()
    desk.look()
    desk.page.locator("main form[action$='/begin/'] button").click()
    desk.page.wait_for_url("**/studio/drafts/**")
    draft = desk.page.url
    desk.page.locator(".section-links a[href$='/route/']").click()
    desk.look()
    desk.page.locator("[name='programme.route.accepted.review.limit']").fill("6")
    desk.page.locator(".studio-save button").click()
    desk.page.wait_for_selector(".flash-success")
    desk.go(draft)
    assert desk.says("10") and desk.says("6")
    return draft


def try_on_last_year(desk: Walker, draft: str) -> None:
    """The decided case, refused by a person, stays refused; the run is counted, and the page says so."""
    desk.page.goto(draft)
    desk.page.locator("main a[href$='/shadow/']").click()
    desk.page.locator("main [name=number]").check()
    desk.look()
    desk.page.locator("main form button.btn-primary").click()
    desk.page.wait_for_selector("#run-cases")
    desk.page.reload()
    desk.look()
    assert desk.page.inner_text("#run-cases") == "1"


def step_on(desk: Walker, act: str) -> None:
    desk.page.locator(f"main button[name=act][value={act}]").click()
    desk.page.wait_for_selector(".flash-success")
    desk.look()


def test_a_changed_tier_counts_for_the_next_case_and_not_for_the_running_one(house: House) -> None:
    office = house.office
    running = house.accepted("running")
    with house.person("policy") as desk:
        propose(desk)
        draft = write_version(desk)
        desk.page.goto(f"{draft}try/")
        desk.fill(year=str(office.now.year), months="6", amount="9000", reason="家中收入低", account_name="李建国",
                  card_no="6222021234567890128", bank="中国银行", region="611002", category="relative")
        desk.page.locator(".studio-save button").click()
        desk.page.wait_for_selector("#result")
        desk.look()
        assert desk.says("5,760.00"), "the proposed number does not count before it is in force"
        try_on_last_year(desk, draft)
        desk.page.goto(draft)
        step_on(desk, "check")
        desk.page.locator("main button[name=act][value=approve]").click()
        desk.page.wait_for_selector("#problems")  # his own work
    with house.person("policy_2") as desk:
        desk.go("/studio/numbers/")
        desk.page.locator("main a[href*='/numbers/drafts/']").first.click()
        desk.look()
        step_on(desk, "approve")
        desk.page.goto(draft)
        step_on(desk, "approve")
        desk.answer("effective_from", local_date(clock.now()).isoformat())
        step_on(desk, "publish")
    office.now = clock.now()
    office.versions["living_aid"] = office.versions["living_aid"].__class__.objects.get(key="living_aid", version=2)
    following = house.accepted("next")
    assert (running.facts["award_fen"], following.facts["award_fen"]) == (8 * LINE, 6 * LINE)
    assert (office.task(running, "review").limit_wd, office.task(following, "review").limit_wd) == (10, 6)
    assert office.fresh(running).programme.version == 1
    with house.person("reviewer") as desk:
        for case, yuan in ((running, "5,760.00"), (following, "4,320.00")):
            desk.page.goto(f"/desk/cases/{case.public_id}/")
            assert desk.says(yuan)
    assert invariants(clock.now()) == []
