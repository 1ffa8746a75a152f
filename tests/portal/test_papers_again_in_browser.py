"""Using a paper again on a narrow phone, with and without JavaScript: one tick, and it stands among the files."""
import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from casework.core import clock
from casework.forms import drafts
from casework.forms.models import Draft
from tests import walk
from tests.office import Office
from tests.portal.test_browser import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH = 360


@pytest.fixture
def office(live_server: Any, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation behind the live server, whose pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.mark.parametrize("javascript", [True, False])
def test_a_paper_is_used_again_with_one_tick(
    chromium: Any, live_server: Any, office: Office, javascript: bool
) -> None:
    case = walk.dossier_case(office, income_proof_dated="2026-10-05")
    proof = case.documents.get(kind="income_proof")
    draft = drafts.start(office.users["worker"], office.version("living_aid"), office.now)
    context = chromium.new_context(
        base_url=live_server.url, locale="zh-CN", viewport={"width": WIDTH, "height": 740}, has_touch=True,
        java_script_enabled=javascript,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    enter(page, office, "worker")
    page.goto(reverse("apply", args=[draft.public_id, "papers"]))
    box = page.locator(f"input[type=checkbox][name=income_proof][value='{proof.public_id}']")
    assert page.locator(".again-line").get_by_text("困难职工").is_visible(), "it says with which application"
    page.locator(".again-line .file-name").first.tap()
    assert box.is_checked(), "the whole line is the button"
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    page.locator("button[name=go][value=leave]").click()
    page.wait_for_url("**/my/")
    assert drafts.load(Draft.objects.get(pk=draft.pk))["income_proof"] == [str(proof.public_id)]
    page.goto(reverse("apply", args=[draft.public_id, "papers"]))
    assert page.locator("[data-files] .file-line").count() == 1
    assert page.locator(".again-line").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    context.close()
