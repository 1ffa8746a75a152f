"""The desk in a real browser: keys, one click one decision, forms without JavaScript, narrow screens."""
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import clock
from casework.documents import store
from casework.documents.models import Document
from tests import ready, walk
from tests.desk.pages import case_url
from tests.documents import samples
from tests.office import Office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def with_a_case_at_review(moment: dt.datetime) -> Office:
    """A federation with a dossier application on the reviewers' desk."""
    made = Office(moment)
    walk.go(made, walk.dossier_case(made), walk.DOSSIER, "review")
    return made


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation with its case; the pages read its clock. Its letters are laid out once for all tests."""
    made = ready.once(("a case at review", moment), lambda: with_a_case_at_review(moment))
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def at_review(office: Office) -> Case:
    """The one case there is."""
    return Case.objects.get()


def enter(context: "BrowserContext", office: Office, who: str, address: str) -> None:
    """Give the browser the session of this person."""
    client = Client()
    client.force_login(office.users[who])
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])


@pytest.fixture
def desk(page: "Page", office: Office, at_review: Case, live_server: object) -> "Page":
    """The reviewer's browser."""
    enter(page.context, office, "reviewer", live_server.url)  # type: ignore[attr-defined]
    return page


def test_keys_of_the_queue(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto("/desk/")
    desk.keyboard.press("j")
    assert desk.locator("tr.is-here").count() == 1
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**{case_url(at_review)}")
    desk.keyboard.press("u")
    desk.wait_for_url("**/desk/")
    desk.keyboard.press("?")
    assert desk.locator(".keys-sheet").is_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("/")
    desk.wait_for_url("**/desk/cases/")


def test_keys_can_be_switched_off(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto("/desk/")
    desk.locator("[data-keys] summary").click()
    desk.locator("[data-keys-switch]").uncheck()
    desk.reload()
    desk.keyboard.press("j")
    assert desk.locator("tr.is-here").count() == 0


def test_decide_with_keys_alone(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto(case_url(at_review))
    desk.keyboard.press("1")
    desk.keyboard.type("符合条件")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_selector(".flash-success")
    assert office.steps(at_review) == ["approve"]
    assert Event.objects.get(subject_id=str(at_review.public_id), action="review.pass").data["opinion"] == "符合条件"


def test_one_choice_is_open_at_a_time(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto(case_url(at_review))
    desk.keyboard.press("3")
    assert desk.locator("details[data-move][open]").count() == 1
    assert desk.locator("details[data-move][open] summary").inner_text().startswith("3") or desk.locator(
        "#move-review-deny[open]"
    ).count() == 1


def test_double_click_decides_once(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto(case_url(at_review))
    desk.locator("#move-review-pass [data-send]").dblclick()
    desk.wait_for_selector(".flash-success")
    assert Event.objects.filter(subject_id=str(at_review.public_id), action="review.pass").count() == 1
    assert desk.locator(".problems").count() == 0


def test_preview_stands_beside_the_papers(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto(case_url(at_review))
    desk.locator("[data-preview]").nth(1).click()
    image = desk.locator("[data-pane-image]")
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert image.get_attribute("src") == f"{desk.locator('[data-preview]').nth(1).get_attribute('data-preview')}?page=1"
    assert not desk.locator("[data-pane-pages]").is_visible()


def test_the_pages_of_a_pdf_are_leafed_through(desk: "Page", office: Office, at_review: Case) -> None:
    first, second = office.documents(at_review)[:2]
    data = samples.pdf(pages=2)
    kept = store.keep(data, "sheet", "发票.pdf", "application/pdf", office.now, owner=office.users["worker"])
    Document.objects.filter(pk=first.pk).update(
        sha256=kept.sha256, content_type=kept.content_type, name=kept.name, size=kept.size, pages=2
    )
    desk.goto(case_url(at_review))
    image, line = desk.locator("[data-pane-image]"), desk.locator("[data-pane-page]")
    forth, back = desk.locator("[data-leaf='1']"), desk.locator("[data-leaf='-1']")
    desk.locator(f"[data-preview*='{first.public_id}']").click()
    assert line.inner_text() == "第 1 页，共 2 页" and back.get_attribute("aria-disabled") == "true"
    forth.click()
    assert line.inner_text() == "第 2 页，共 2 页" and forth.get_attribute("aria-disabled") == "true"
    assert image.evaluate("image => image.decode().then(() => image.naturalHeight)") == 1600
    back.click()
    desk.keyboard.press("p")
    assert line.inner_text() == "第 2 页，共 2 页"
    desk.keyboard.press("p")
    assert str(second.public_id) in str(image.get_attribute("src"))


def test_a_page_that_cannot_be_drawn_is_told(desk: "Page", office: Office, at_review: Case) -> None:
    first = office.documents(at_review)[0]
    desk.route(f"**/{first.public_id}/preview/*", lambda route: route.fulfill(status=404, body="gone"))
    desk.goto(case_url(at_review))
    desk.locator(f"[data-preview*='{first.public_id}']").click()
    desk.wait_for_selector("[data-pane-lack]:visible")
    assert not desk.locator("[data-pane-image]").is_visible()
    desk.locator("[data-preview]").nth(1).click()
    desk.wait_for_selector("[data-pane-lack]", state="hidden")
    assert desk.locator("[data-pane-image]").is_visible()


def test_full_value_appears_in_place(desk: "Page", office: Office, at_review: Case) -> None:
    desk.goto(case_url(at_review))
    desk.locator(".reveal-box summary").click()
    desk.locator(".reveal-form select[name=what]").select_option(index=1)
    desk.locator(".reveal-form select[name=reason]").select_option("contact")
    desk.locator(".reveal-form button").click()
    desk.wait_for_selector(".revealed-value")
    assert desk.locator(".revealed-value").inner_text() == "13900001234"
    desk.reload()
    assert "13900001234" not in desk.content()


@pytest.fixture
def plain(chromium: "Browser", live_server: object, office: Office, at_review: Case) -> "Iterator[Page]":
    """The reviewer's browser without JavaScript."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)  # type: ignore[attr-defined]
    enter(context, office, "reviewer", live_server.url)  # type: ignore[attr-defined]
    yield context.new_page()
    context.close()


def test_decide_without_javascript(plain: "Page", office: Office, at_review: Case) -> None:
    plain.goto(case_url(at_review))
    plain.locator("#move-review-deny summary").click()
    plain.locator("#move-review-deny textarea").fill("名下两套住房")
    plain.locator("#move-review-deny [data-send]").click()
    assert plain.locator("#move-review-deny textarea").input_value() == "名下两套住房"
    plain.locator("#move-review-deny select").select_option("EXCL_HOMES")
    plain.locator("#move-review-deny [data-send]").click()
    assert office.state(at_review) == "denied"


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_runs_over_its_edge(
    chromium: "Browser", live_server: object, office: Office, at_review: Case, width: int
) -> None:
    base, fund = live_server.url, f"/desk/funds/{office.fund.public_id}/"  # type: ignore[attr-defined]
    visits = {
        "reviewer": ["/desk/", "/desk/?who=mine", "/desk/cases/", case_url(at_review)],
        "finance": ["/desk/funds/", fund, "/desk/batches/"],
    }
    faults: list[str] = []
    for who, addresses in visits.items():
        context = chromium.new_context(base_url=base, viewport={"width": width, "height": 800})
        enter(context, office, who, base)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        for address in addresses:
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        context.close()
    assert faults == []
