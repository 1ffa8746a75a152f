"""The page of what is left to people in a real browser: keys alone, a narrow screen, nothing for axe to find."""
from typing import TYPE_CHECKING

import pytest

from casework.notifications.models import Message
from casework.workflows.models import QueuedCommand
from tests import walk
from tests.desk.test_in_browser import enter
from tests.office import Office
from tests.stories.walker import Walker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.promise("N3")]


def test_seen_narrow_and_done_with_keys(chromium: "Browser", live_server: object, office: Office) -> None:
    base = live_server.url  # type: ignore[attr-defined]
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")
    case.messages.filter(channel="sms").update(state="dead", trouble="NOT_MOBILE")
    case.papers.update(state="held", next_try=None, trouble="GLYPH U+2CDDE")
    QueuedCommand.objects.bulk_create(
        QueuedCommand(
            case=case, action="pay.returned", key=f"payment:{n}", due_at=office.now, state="refused",
            trouble="MOVED_ON 您打开页面后，此件已有新的进展。", answers={"payment": f"{case.number}-01-R{n}"},
        )
        for n in range(30)
    )
    first = Message.objects.filter(state="dead").latest("pk")
    walker = Walker(chromium, base, "officer")
    enter(walker.context, office, "officer", base)
    walker.go("/desk/attention/")
    assert walker.says("收不到短信")
    walker.page.get_by_role("button", name="已另行处理").first.focus()
    assert walker.page.locator(":focus").evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    walker.page.keyboard.press("Enter")
    walker.page.wait_for_selector(".flash-success")
    walker.look()
    first.refresh_from_db()
    assert first.read_at is not None
    Message.objects.filter(state="dead").update(read_at=office.now)
    case.papers.update(state="due")
    QueuedCommand.objects.all().delete()
    walker.go("/desk/attention/")
    assert walker.says("没有待处理的事项")
    walker.close()
