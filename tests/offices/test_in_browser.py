"""The administrator's pages in a browser: on a phone and a desk, with everything opened, in both languages."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Browser

from casework.access.models import User
from casework.core import clock
from casework.demo.accounts import PASSWORD
from tests.office import Office
from tests.stories.walker import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OPEN_ALL = "document.querySelectorAll('details').forEach(e => { e.open = true })"


@pytest.fixture
def office(transactional_db: None, live_server: Any) -> Office:
    """The federation, with a union of a very long name."""
    made = Office(clock.now() - dt.timedelta(days=1))
    made.orgs["union"].name = "商洛市商州区秦岭北麓现代农业产业化龙头企业联合发展集团有限责任公司第二分公司工会委员会"
    made.orgs["union"].save()
    for name in ("admin", "approver"):
        user = User.objects.get(username=name)
        user.set_password(PASSWORD)
        user.save()
    return made


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_and_every_refusal_is_clean(
    office: Office, chromium: Browser, live_server: Any, language: str
) -> None:
    admin = Walker(chromium, live_server.url, "admin", language=language).login("admin")
    for path in (
        "/offices/", "/offices/?q=nothing", f"/offices/unions/{office.orgs['town'].public_id}/",
        f"/offices/unions/{office.orgs['union'].public_id}/", "/offices/staff/", "/offices/staff/new/",
        f"/offices/staff/{office.users['handler'].public_id}/", "/password/", "/substitutes/",
    ):
        admin.page.goto(path)
        admin.page.evaluate(OPEN_ALL)
        admin.look()
    admin.page.goto(f"/offices/staff/{office.users['handler'].public_id}/")
    for act in ("give", "end"):
        admin.page.evaluate(OPEN_ALL)
        admin.page.locator(f"form:has([name=act][value={act}]) button").last.click()
        admin.page.wait_for_selector("#problems")
        admin.look()
    admin.page.evaluate(OPEN_ALL)
    admin.page.locator("#reset-reason").fill("本人忘记密码")
    admin.page.locator("button[name=act][value=reset]").click()
    admin.page.wait_for_selector("#secret")
    admin.look()
    admin.close()


def test_a_substitute_is_named_with_keys_alone(office: Office, chromium: Browser, live_server: Any) -> None:
    chair = Walker(chromium, live_server.url, "approver").login("approver")
    chair.go("/substitutes/")
    chair.page.locator("a[href^='?duty=']").first.press("Enter")
    chair.page.locator("#f-substitute").fill("supervisor")
    chair.page.keyboard.press("Tab")
    day = clock.now().date() + dt.timedelta(days=1)
    for name in ("valid_from", "valid_to"):
        chair.answer(name, day.isoformat())
    chair.page.locator("#f-reason").fill("出差")
    chair.page.locator("#f-reason").press("Enter")
    chair.page.wait_for_selector(".flash-success")
    chair.look()
    chair.close()
