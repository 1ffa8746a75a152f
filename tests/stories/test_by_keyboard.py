"""Without a mouse: a worker asks for aid from the login page to the receipt, and an officer accepts it. Nothing but
keys is pressed, and wherever the tab key stops it can be seen where one is."""
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image

from casework.cases.models import Case, State
from casework.core import clock
from tests import walk
from tests.filled import temporary_answers
from tests.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "橙子-拖拉机-小云朵"
# Of a style alone it cannot be said what is seen; that it differs from the same control without the focus can.
MARKED = """() => {
  const e = document.activeElement, style = ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor',
    'backgroundColor', 'textDecorationLine'];
  const around = [e, e.closest('label, .upload, .option') || e, e.nextElementSibling || e];
  const look = () => around.map(x => style.map(name => getComputedStyle(x)[name]).join()).join();
  const held = look(); e.blur(); const bare = look(); e.focus();
  return held !== bare }"""


@pytest.fixture
def office(transactional_db: None, live_server: Any, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation behind the live server, whose pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    walk.member(made, "worker")
    return made


class Keys:
    """Somebody with a keyboard alone."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Press the tab key until the control has the focus; every stop must be seen."""
        for _press in range(150):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                assert self.page.evaluate(MARKED), f"the focus on {selector} cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the tab key never reaches {selector} on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Go to a control and press a key on it."""
        self.to(selector)
        self.page.keyboard.press(key)

    def write(self, selector: str, words: str) -> None:
        """Go to a box and write."""
        self.to(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)

    def enter(self, office: Office, who: str) -> None:
        """Log in."""
        user = office.users[who]
        user.set_password(PASSWORD)
        user.save()
        self.page.goto(reverse("login"))
        self.write("#id_username", user.username)
        self.write("#id_password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def answer(self, name: str, value: Any) -> None:
        """Answer one question, whatever control it has."""
        control = f"[name='{name}']:not([type=hidden]), [data-place='{name}'] [type=file]"
        self.to(control)
        kind = self.page.evaluate("document.activeElement.type")
        if kind in ("radio", "select-one"):
            self._choose(value)
        elif kind == "checkbox":
            self.page.keyboard.press("Space")
        elif kind == "date":
            self._day(dt.date.fromisoformat(value))
        elif kind == "file":  # here the window of the system opens, which no script can press keys in
            self.page.locator(control).first.set_input_files(str(value))
            self.page.wait_for_selector(f"[data-place='{name}'] li [type=hidden]", state="attached")
        else:
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(str(value))

    def _choose(self, value: str) -> None:
        held = "v => { const e = document.activeElement; return e.value === v && e.checked !== false }"
        self.page.keyboard.press("Space")
        if self.page.evaluate("document.activeElement.type") == "select-one":
            self.page.keyboard.press("Escape")
        for _press in range(60):
            if self.page.evaluate(held, value):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrow keys never reach {value}")

    def _day(self, day: dt.date) -> None:
        """Part by part, in the order in which the browser's language has them."""
        for parts in (("%m", "%d", "%Y"), ("%Y", "%m", "%d")):
            for part in parts:
                self.page.keyboard.type(day.strftime(part))
                if part == "%Y":  # a year may be longer than four digits, so the box does not go on by itself
                    self.page.keyboard.press("ArrowRight")
            if self.page.evaluate("document.activeElement.value") == day.isoformat():
                return
            for _part in parts:
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError("no day could be typed")

    def next_page(self, ending: str) -> None:
        """On to the next page of the form."""
        self.press("button[name=go][value=next].btn-big")
        self.page.wait_for_url(f"**/{ending}/")


PAGES = {
    "request": ("union", "name", "id_no", "phone"),
    "bank": ("event", "event_on", "event_proof_no", "loss", "amount", "reason"),
    "papers": ("account_name", "card_no", "card_no.again", "bank"),
    "check": ("event_proof", "general_consent", "sensitive_consent", "truth_pledge"),
}


def test_a_worker_asks_and_an_officer_accepts_without_a_mouse(page: Any, office: Office, tmp_path: Path) -> None:
    paper = tmp_path / "proof.jpg"
    Image.new("RGB", (320, 240), (60, 120, 90)).save(paper, "JPEG")
    answers = temporary_answers(office) | {"loss": "8000", "amount": "2000", "event_proof": paper}
    answers["card_no.again"] = answers["card_no"]
    keys = Keys(page)
    keys.enter(office, "worker")
    page.goto(reverse("programme", args=["temporary_aid"]))
    keys.press("main form[action$='/start/'] button")
    page.wait_for_url("**/person/")
    for following, places in PAGES.items():
        for place in places:
            keys.answer(place, answers[place])
        keys.next_page(following)
    keys.press("form[action$='/send/'] button.btn-primary")
    page.wait_for_url("**/receipt/")
    case = Case.objects.get()
    assert case.state == State.SUBMITTED

    page.context.clear_cookies()
    keys.enter(office, "handler")
    page.goto(reverse("desk_queue"))
    keys.press(f"main a[href*='{case.public_id}']")
    page.wait_for_url(f"**/{case.public_id}/")
    summary = "#move-unit_check-pass > summary"
    if not page.locator("#move-unit_check-pass").evaluate("e => e.open"):
        keys.press(summary)
    keys.answer("opinion", "材料齐全")
    keys.press("#move-unit_check-pass [data-send]")
    page.wait_for_selector(".flash-success")
    assert office.fresh(case).state == State.ACCEPTED
