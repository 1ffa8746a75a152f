"""What happens to people while they type, and the ordinary way back. Each mishap leaves the page of the form open."""
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from casework.forms import drafts
from casework.forms.models import Draft
from casework.programmes.loader import programme_of
from tests.documents.samples import jpeg
from tests.engine.versions import Next
from tests.faults.typed_pages import BAD, GONE, PAGES, Typed, lost, other_text, type_in, type_page
from tests.office import Office

PASSWORD = "橙子-拖拉机-小云朵"
NEXT = "main form button[name=go][value=next].btn-big"


@dataclass
class Walk:
    """A person at a page. expected: what was typed, by field; told: texts that must stand beside the form instead."""

    office: Office
    page: Any
    where: str
    patch: pytest.MonkeyPatch
    draft: Draft
    expected: dict[str, list[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The page of the form."""
        return reverse("apply", args=[self.draft.public_id, self.where.split("/")[1]])

    @property
    def typed(self) -> Typed:
        """What is typed on this page."""
        return PAGES[self.where]

    def held(self) -> dict[str, list[str]]:
        """What the draft holds now."""
        return drafts.load(Draft.objects.get(pk=self.draft.pk))

    def type(self) -> None:
        """Fill the page in."""
        self.expected = type_page(self.page, self.typed)

    def on(self) -> None:
        """Press "next" and arrive at the next page."""
        self.page.click(NEXT)
        self.page.wait_for_url(lambda url: self.draft_page(url) not in ("", self.where.split("/")[1]))

    def draft_page(self, url: str) -> str:
        """The page of the draft an address leads to, "" for any other."""
        found = re.search(rf"/{self.draft.public_id}/(\w+)/", url)
        return found.group(1) if found else ""

    def come_back(self, page: Any = None) -> None:
        """Open "my applications" and go on with the one begun, then to the page that was being filled in."""
        self.page = page or self.page
        self.page.goto(reverse("my_cases"))
        self.page.locator("main .row-side a.btn-primary").first.click()
        self.page.wait_for_url(f"**/{self.draft.public_id}/**")
        if not self.page.url.endswith(self.address):
            self.page.goto(self.address)

    def tab(self) -> Any:
        """Another tab of the same browser."""
        made = self.page.context.new_page()
        made.on("dialog", lambda dialog: dialog.accept())
        return made

    def saved(self) -> None:
        """Wait for the page to say that it is saved."""
        expect(self.page.locator("[data-save-line]")).to_have_attribute("data-state", "saved")

    def log_in(self, page: Any) -> None:
        """Type name and password where the login asks for them."""
        page.fill("#id_username", self.draft.owner.username)
        page.fill("#id_password", PASSWORD)
        page.press("#id_password", "Enter")


def enter(context: Any, office: Office, who: str, url: str) -> None:
    """Log a browser in."""
    client = Client()
    client.force_login(office.users[who])
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def login_ended(walk: Walk) -> None:
    """The login ran out while the person typed; "next" stays on the page and leads to the login and back."""
    walk.type()
    Session.objects.all().delete()
    walk.page.click(NEXT)
    walk.page.locator("[data-save-line] a").click()
    walk.page.wait_for_url("**/login/**")
    walk.log_in(walk.page)
    walk.page.wait_for_url(f"**{walk.address}")


def logged_out_in_another_tab(walk: Walk) -> None:
    """Logged out and in again beside the page: its mark against forgery is old now."""
    walk.type()
    tab = walk.tab()
    tab.goto(reverse("my_home"))
    tab.locator("form[data-logout]").evaluate("form => form.requestSubmit()")
    tab.wait_for_url(lambda url: not url.endswith("/my/"))
    tab.goto(reverse("login"))
    walk.log_in(tab)
    tab.wait_for_url("**/my/")
    walk.on()
    walk.come_back()


def tab_closed(walk: Walk) -> None:
    """Closed right after the last letter; the person comes back a moment later."""
    tab = walk.tab()
    walk.type()
    walk.page.close()
    tab.wait_for_timeout(500)
    walk.come_back(tab)


def offline(walk: Walk) -> None:
    """The connection is gone while he types and when he presses "next", then comes back."""
    walk.page.context.set_offline(True)
    walk.type()
    walk.page.click(NEXT)
    expect(walk.page.locator("[data-save-line]")).to_have_attribute("data-state", "offline")
    walk.page.context.set_offline(False)
    walk.saved()
    walk.on()
    walk.come_back()


def back_and_forward(walk: Walk) -> None:
    """The browser's own buttons, at once."""
    walk.type()
    walk.page.go_back()
    walk.page.wait_for_url("**/my/**")
    walk.page.go_forward()
    walk.page.wait_for_url(f"**{walk.address}")


def reloaded(walk: Walk) -> None:
    """The page is loaded again in mid-typing."""
    walk.type()
    walk.page.reload()


def reloaded_while_a_save_is_on_its_way(walk: Walk) -> None:
    """The new page was made before the last save arrived, and comes after that save was confirmed. Seen red with the
    text let go at the confirmation."""
    older = walk.page.request.get(walk.address).text()

    def late(route: Any) -> None:
        until_held(walk)
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=older)

    walk.type()
    walk.page.route(f"**{walk.address}", late, times=1)
    walk.page.reload()


def _two_texts(walk: Walk) -> dict[str, list[str]]:
    tab = walk.tab()
    tab.goto(walk.address)
    theirs = type_page(tab, {**walk.typed, **other_text(walk.typed)})
    tab.click(NEXT)
    tab.wait_for_url(lambda url: not url.endswith(walk.address))
    walk.type()
    walk.page.click(NEXT)
    walk.page.locator(".two-texts").wait_for()
    shown = "\n".join(walk.page.locator(".kept-text").all_inner_texts())
    for name in other_text(walk.typed):
        for text in (walk.expected[name][0], theirs[name][0]):
            assert text in shown, f"{name}: {text!r} is shown nowhere in {shown!r}"
    return theirs


def two_tabs_mine_stays(walk: Walk) -> None:
    """Two tabs with different texts: both are shown, and the person keeps this one."""
    _two_texts(walk)
    walk.page.click("main form button[value=stay]")
    walk.page.wait_for_url(f"**{walk.address}")
    walk.page.wait_for_selector("[data-form-body]")


def two_tabs_theirs_stays(walk: Walk) -> None:
    """Two tabs with different texts: both are shown, and the person takes the other."""
    walk.expected = _two_texts(walk)
    walk.page.click("main form a.btn")
    walk.page.wait_for_selector("[data-form-body]")


def bad_file(walk: Walk) -> None:
    """A file of a wrong kind and one too big among good answers; the good picture beside them stays."""
    walk.type()
    places = walk.page.locator("[data-file-input]")
    good = {"name": "好.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    evil = {"name": "程序.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00" * 9}
    big = {"name": "大.jpg", "mimeType": "image/jpeg", "buffer": jpeg() + b"\0" * (10 * 1024 * 1024 + 1)}
    places.first.set_input_files([good, evil, big])
    if walk.page.evaluate("document.documentElement.classList.contains('js')"):
        for name in ("程序.pdf", "大.jpg"):
            walk.page.locator(".wrong-slot", has_text=name).wait_for()
        walk.on()
        walk.come_back()
    else:
        walk.page.click(NEXT)
        walk.page.wait_for_selector("#problems")
    assert walk.page.locator("[data-file]", has_text="好.jpg").count() == 1


def _published(walk: Walk) -> str:
    key, gone = walk.where.split("/")[0], GONE[walk.where]
    new = Next(json.loads(walk.office.version(key).content["text"]))
    new.remove_field(gone)
    with transaction.atomic():
        new.publish(walk.office)
    return gone


def new_version(walk: Walk) -> None:
    """The service changed in mid-form: what has no place any more is told beside it."""
    walk.type()
    gone = _published(walk)
    walk.on()
    walk.come_back()
    walk.told = walk.expected.pop(gone)


def new_version_seen_first_elsewhere(walk: Walk) -> None:
    """Another tab is on the new form already when the old one is sent."""
    tab = walk.tab()
    walk.type()
    gone = _published(walk)
    tab.goto(walk.address)
    walk.page.click(NEXT)
    walk.page.locator(".two-texts").wait_for()
    walk.page.click("main form button[value=stay]")
    walk.page.wait_for_url(f"**{walk.address}")
    walk.page.wait_for_selector("[data-form-body]")
    walk.told = walk.expected.pop(gone)


def one_bad_value(walk: Walk) -> None:
    """One answer is wrong: all of them come back, the wrong one, too."""
    walk.type()
    name, value = BAD[walk.where]
    walk.expected[name] = type_in(walk.page, name, value)
    walk.page.click(NEXT)
    walk.page.wait_for_selector("#problems")


def broken_500(walk: Walk) -> None:
    """The office's machine fails once; the second try goes through."""
    real, calls = drafts.save, []

    def save(*args: Any, **more: Any) -> Draft:
        calls.append(time.monotonic())
        if len(calls) == 1:
            raise OperationalError("the disk is full")
        return real(*args, **more)

    walk.patch.setattr(drafts, "save", save)
    walk.type()
    walk.page.click(NEXT)
    expect(walk.page.locator("[data-save-line]")).to_have_attribute("data-state", "failed")
    assert len(calls) == 1
    walk.on()
    walk.come_back()


def away_503(walk: Walk) -> None:
    """The machine in front answers 503 to the page itself; the person presses "back"."""
    answer = {"status": 503, "body": "<h1>503</h1>", "content_type": "text/html"}
    walk.page.route(f"**{walk.address}", lambda route: route.fulfill(**answer), times=1)
    walk.type()
    walk.page.click(NEXT)
    walk.page.get_by_text("503").wait_for()
    walk.page.go_back()
    walk.page.wait_for_selector("[data-form-body]")


def double_click(walk: Walk) -> None:
    """Pressed twice: one page on, not two."""
    walk.type()
    walk.page.dblclick(NEXT)
    walk.page.wait_for_url(lambda url: not url.endswith(walk.address))
    walk.page.wait_for_load_state()
    now = walk.draft_page(walk.page.url)
    keys = [page.key for page in programme_of(walk.draft.programme).form.pages]
    assert keys.index(now) == keys.index(walk.where.split("/")[1]) + 1 if now in keys else now == "check"
    walk.come_back()


def another_device(walk: Walk) -> None:
    """Begun here, gone on with elsewhere, and looked at here again: this screen shows what was typed there."""
    walk.type()
    walk.saved()
    here = walk.page
    context = here.context.browser.new_context(base_url=here.evaluate("location.origin"), locale="zh-CN")
    enter(context, walk.office, walk.draft.owner.username, here.evaluate("location.origin"))
    walk.come_back(context.new_page())
    name = next(name for name, value in walk.typed.items() if name in other_text(walk.typed))
    walk.expected[name] = type_in(walk.page, name, "在手机上接着写：𠮷é")
    walk.saved()
    walk.page = here
    here.go_back()
    here.go_forward()
    here.wait_for_selector("[data-form-body]")
    context.close()


def until_held(walk: Walk, seconds: float = 4.0) -> dict[str, list[str]]:
    """What the draft holds as soon as it holds everything expected, or after so many seconds."""
    end = time.monotonic() + seconds
    while lost(walk.expected, held := walk.held()) and time.monotonic() < end:
        time.sleep(0.1)
    return held
