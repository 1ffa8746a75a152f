"""The first case, walked through the pages: a worker without training signs up, has a dossier made and asks for living
aid; everybody else logs in as himself; the auditor verifies it all."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser

from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.documents import store
from casework.funds.models import Batch
from casework.oversight.invariants import invariants
from casework.oversight.verify import verify
from tests.audit.conftest import outside  # noqa: F401
from tests.doubles.bank import Bank
from tests.stories import steps
from tests.stories.walker import Walker

pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=False),
    pytest.mark.usefixtures("outside"),  # checkpoints of no other test
]


class House:
    """The running site with its demonstration people."""

    def __init__(self, browser: Browser, base: str, folder: Path) -> None:
        self.browser, self.base = browser, base
        self.photos = [str(self._photo(folder / f"{name}.jpg", n)) for n, name in enumerate(("a", "b", "c"))]

    @staticmethod
    def _photo(path: Path, n: int) -> Path:
        Image.new("RGB", (320, 240), (60 * n, 120, 90)).save(path, "JPEG")
        return path

    @contextmanager
    def person(self, username: str) -> Iterator[Walker]:
        """One member of staff at his own desk."""
        walker = Walker(self.browser, self.base, username).login(username)
        yield walker
        walker.close()

    def decide(self, username: str, action: str, *, days: int = 0, **answers: Any) -> None:
        """Open the first task of the queue, choose the move, answer its questions, send it; perhaps let days pass."""
        with self.person(username) as desk:
            desk.go("/desk/")
            desk.page.locator("main a[href*='/desk/cases/']").first.click()
            desk.look()
            move = f"#move-{action.replace('.', '-')}"
            if not desk.page.locator(move).evaluate("e => e.open"):
                desk.page.locator(f"{move} > summary").click()
            for name, value in answers.items():
                desk.answer(name, value, within=move)
            desk.page.locator(".desk-panel").evaluate("panel => panel.scrollTo(0, panel.scrollHeight)")
            desk.look()
            desk.page.locator(f"{move} [data-send]").click()
            desk.page.wait_for_selector(".flash-success")
            if days:
                desk.page.locator(f".demo-clock button[value='{days}']").click()
                desk.page.wait_for_selector(".flash-success")


@pytest.fixture
def house(chromium: Browser, live_server: Any, tmp_path: Path) -> Iterator[House]:
    settings.CLOCK_AHEAD_FILE.write_text(str(steps.until_spring()), encoding="ascii")
    call_command("load_demo")
    yield House(chromium, live_server.url, tmp_path)
    settings.CLOCK_AHEAD_FILE.unlink(missing_ok=True)


def today() -> str:
    return local_date(clock.now()).isoformat()


def sign_up(worker: Walker) -> None:
    worker.go("/")
    worker.page.locator("main a[href*='/services/hardship_dossier/']").first.click()
    worker.look()
    worker.page.locator("main a[href*='/register/']").first.click()
    worker.look()
    worker.fill(**steps.FIRST.login)
    worker.page.locator("main form button.btn-primary").click()
    worker.page.wait_for_url("**/login/**")
    worker.look()
    worker.enter(steps.FIRST.id_no, steps.OWN_WORDS)


def ask_for_dossier(house: House, worker: Walker) -> None:
    worker.go("/services/hardship_dossier/")
    worker.page.locator("main form[action*='/start/'] button, main a[href*='/start/']").first.click()
    worker.page.wait_for_url("**/apply/**")
    union = worker.page.locator("[name=union] option", has_text=steps.UNION).first.get_attribute("value")
    worker.fill(union=union, **steps.FIRST.person)
    worker.look()
    onward(worker)
    worker.fill(**steps.WORK)
    worker.look()
    onward(worker)
    worker.page.locator("[data-add]").first.click()
    worker.fill(**steps.FIRST.household)
    worker.fill(**{steps.SIGNED: house.photos[2]})
    worker.look()
    onward(worker)
    for add in worker.page.locator("[data-add]").all():
        add.click()
    worker.fill(**steps.MONEY)
    worker.fill(**{steps.PROVED: house.photos[:2]})
    worker.look()
    onward(worker)
    worker.fill(**steps.SITUATION)
    worker.look()
    onward(worker)
    worker.fill(**steps.FIRST.account)
    worker.look()
    onward(worker)
    worker.fill(id_card=house.photos[:2], income_proof=house.photos[2], **dict.fromkeys(steps.CONSENTS, True))
    worker.look()
    onward(worker)
    hand_in(worker)


def onward(worker: Walker) -> None:
    before = worker.page.url
    worker.page.locator("main form button[value=next]").click()
    worker.page.wait_for_function(
        "before => location.href !== before || document.querySelector('#problems')", arg=before
    )
    assert worker.page.locator("#problems").count() == 0, worker.page.inner_text("#problems")


def hand_in(worker: Walker) -> None:
    worker.look()
    worker.page.locator("form[action*='/send/'] button.btn-primary").click()
    worker.page.wait_for_url("**/receipt/**")
    worker.look()


def through_the_offices(house: House, way: list[steps.Step]) -> None:
    """Each step by the person whose it is."""
    for step in way:
        house.decide(step.username, step.action, days=step.days, **step.answers)


def ask_for_living_aid(house: House, worker: Walker) -> None:
    worker.go("/services/living_aid/")
    worker.page.locator("main form[action*='/start/'] button, main a[href*='/start/']").first.click()
    worker.page.wait_for_url("**/apply/**")
    worker.fill(**steps.WISH)
    worker.look()
    onward(worker)
    worker.fill(account_name=steps.FIRST.name, **steps.CARD)
    worker.look()
    onward(worker)
    worker.fill(income_proof=house.photos[2], sensitive_consent=True, truth_pledge=True)
    worker.look()
    onward(worker)
    hand_in(worker)


def pay(house: House, tmp_path: Path) -> None:
    with house.person("finance_officer") as finance:
        finance.go("/desk/funds/")
        finance.page.locator("main a[href*='/desk/funds/']:not([href*='new'])").first.click()
        finance.look()
        finance.page.locator("form[action*='/batch/'] button.btn-primary").click()
        finance.page.wait_for_url("**/desk/batches/**")
        finance.look()
    with house.person("cashier") as cashier:
        cashier.go("/desk/batches/")
        cashier.page.locator("main table a[href*='/desk/batches/']").first.click()
        cashier.page.locator("form[action*='/check/'] button.btn-primary").first.click()
        cashier.page.wait_for_selector(".flash-success")
        with cashier.page.expect_download() as download:
            cashier.page.locator("form[action*='/export/'] button").click()
        sent = Path(download.value.path()).read_bytes()
        cashier.page.reload()
        cashier.look()
        answer = tmp_path / "answer.csv"
        answer.write_bytes(Bank().answer(sent))
        cashier.page.set_input_files("[name=file]", str(answer))
        cashier.page.locator("form[action*='/result/'] button").click()
        cashier.page.wait_for_selector(".flash-success")
        cashier.look()


def audit(house: House) -> None:
    with house.person("auditor") as auditor:
        auditor.page.goto("/")
        auditor.look()
        for case in Case.objects.order_by("id"):
            auditor.page.goto(f"/oversight/?q={case.number}")
            auditor.page.locator(f"main a:has-text('{case.number}')").first.click()
            auditor.look()
            auditor.page.locator(".page-actions .btn-primary").click()
            auditor.page.wait_for_selector("#verified *")
            assert auditor.page.locator("#verified .bad, #verified [role=alert]").count() == 0


def test_from_a_workers_form_to_money_in_the_bank(house: House, tmp_path: Path) -> None:
    worker = Walker(house.browser, house.base, "worker", phone=True)
    sign_up(worker)
    ask_for_dossier(house, worker)
    through_the_offices(house, steps.dossier_way(house.photos, today()))
    assert Case.objects.get(key="hardship_dossier").state == "closed"
    ask_for_living_aid(house, worker)
    through_the_offices(house, steps.aid_way(house.photos))
    pay(house, tmp_path)
    case = Case.objects.get(key="living_aid")
    assert (case.state, case.amount_fen) == ("settled", 500_000)
    worker.go("/my/messages/")
    worker.go(f"/my/cases/{case.public_id}/")
    worker.go(f"/my/cases/{case.public_id}/do/rate.give/")
    worker.answer("stars", "5")
    worker.page.locator("main form button.btn-primary").click()
    worker.page.wait_for_url(f"**/my/cases/{case.public_id}/")
    assert Case.objects.get(key="living_aid").state == "closed"
    worker.close()
    audit(house)
    assert invariants(clock.now()) == []
    assert list(verify(clock.now())) == []
    assert Batch.objects.get().state == "reconciled"
    assert store.digest_ok(Batch.objects.get().file)
    assert local_date(clock.now()) > dt.date(2026, 1, 1)
