"""The first case as a city runs it: web server, worker and beat are processes of their own on PostgreSQL and Redis;
every person logs in over HTTP. Then the worker is killed, the queue is lost, and what is due is done nevertheless."""
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from casework.core.calendar import local_date
from casework.demo.accounts import PASSWORD
from tests.doubles.bank import Bank
from tests.stories import steps
from tests.stories.town import Town, alone, until
from tests.stories.visitor import Visitor

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.pango]
SWEEP = 30.0  # seconds between two beats of the slowest sweep that people wait for
SEAL = 50.0
CLOCK = "//form[contains(@class, 'demo-clock')]"


class City:
    """The town and its people, each with a session that lasts."""

    def __init__(self, town: Town, folder: Path) -> None:
        self.town, self.people = town, dict[str, Visitor]()
        self.photos = [str(self._photo(folder / f"{name}.jpg", n)) for n, name in enumerate("abc")]

    @staticmethod
    def _photo(path: Path, n: int) -> Path:
        Image.new("RGB", (320, 240), (60 * n, 120, 90)).save(path, "JPEG")
        return path

    def person(self, username: str, password: str = PASSWORD) -> Visitor:
        """One person, logged in the first time he is called."""
        if username not in self.people:
            self.people[username] = Visitor(self.town.base).login(username, password)
        return self.people[username]

    def decide(self, step: steps.Step, number: str) -> None:
        """Open the case from the queue, choose the move, answer its questions, send it; perhaps let days pass."""
        desk = self.person(step.username).go("/desk/")
        desk.follow("/desk/cases/", number)
        desk.send(desk.form(f"//*[@id='move-{step.action.replace('.', '-')}']//form"), step.answers)
        assert desk.page.xpath("//*[contains(@class, 'flash-success')]"), f"{step}: {desk.words()}"
        if step.days:
            self.pass_days(step.days)

    def pass_days(self, days: int) -> None:
        """Turn the clock of the demonstration, whose form stands on every page."""
        page = self.person("auditor").go("/oversight/")
        page.send(page.form(CLOCK), days=str(days))

    def fill(self, who: Visitor, answers: dict[str, Any]) -> None:
        """Answer one page of an application and go on."""
        rows = {name.split("__")[0] for name in answers if "__0__" in name}
        for row in sorted(rows):
            if not who.page.xpath(f"//*[starts-with(@name, '{row}.0.')]"):
                who.send(self._sheet(who), go=f"add:{row}")
        before = who.url
        who.send(self._sheet(who), answers, go="next")
        assert who.url != before, who.words()

    @staticmethod
    def _sheet(who: Visitor) -> Any:
        return who.form("//main//form[.//button[@name='go']]")

    def apply(self, who: Visitor, service: str, *pages: dict[str, Any]) -> str:
        """Fill in an application page by page and hand it in; its number."""
        who.go(f"/services/{service}/")
        who.send(who.form(f"//main//form[contains(@action, '/services/{service}/start/')]"))
        for page in pages:
            self.fill(who, page)
        who.send(who.form("//main//form[contains(@action, '/send/')]"))
        assert "/receipt/" in who.url, who.words()
        public_id = who.url.split("/")[-3]
        return str(self.town.ask("SELECT number FROM cases_case WHERE public_id = %s", public_id)[0][0])

    def state(self, number: str) -> str:
        """Where the case stands."""
        return str(self.town.ask("SELECT state FROM cases_case WHERE number = %s", number)[0][0])

    def today(self) -> str:
        """The town's day, as its pages show it."""
        page = self.person("auditor").go("/oversight/").page
        shown = page.xpath(f"{CLOCK}//time/@datetime")
        return local_date(datetime.fromisoformat(shown[0])).isoformat()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("city")
    with alone():
        town = Town(folder)
        try:
            town.build()
            for name in ("web", "worker", "beat"):
                town.start(name)
            until(town.answers, 40, f"the web server answers\n{town.tail()}")
            yield City(town, folder)
        finally:
            town.close()


def sign_up(city: City, who: steps.Worker) -> Visitor:
    worker = Visitor(city.town.base).go("/register/")
    worker.send(worker.form(), who.login)
    return worker.login(who.id_no, steps.OWN_WORDS)


def ask_for_dossier(city: City, worker: Visitor, who: steps.Worker) -> str:
    papers = {"id_card": city.photos[:2], "income_proof": city.photos[2], **dict.fromkeys(steps.CONSENTS, True)}
    signed, proved = {steps.SIGNED: city.photos[2]}, {steps.PROVED: city.photos[:2]}
    home, money = who.household | signed, steps.MONEY | proved
    pages = {"union": union_of(city), **who.person}, steps.WORK, home, money, steps.SITUATION, who.account, papers
    return city.apply(worker, "hardship_dossier", *pages)


def union_of(city: City) -> str:
    return str(city.town.ask("SELECT public_id FROM organisations_organisation WHERE name = %s", steps.UNION)[0][0])


def ask_for_living_aid(city: City, worker: Visitor, who: steps.Worker) -> str:
    papers = {"income_proof": city.photos[2], "sensitive_consent": True, "truth_pledge": True}
    return city.apply(worker, "living_aid", steps.WISH, {"account_name": who.name, **steps.CARD}, papers)


def pay(city: City) -> None:
    """A batch by the finance officer, checked and sent by the cashier, answered by the bank."""
    finance = city.person("finance_officer").go("/desk/funds/")
    finance.go(finance.page.xpath("//main//a[contains(@href, '/desk/funds/')][not(contains(@href, '/new/'))]/@href")[0])
    finance.send(finance.form("//form[contains(@action, '/batch/')]"))
    batch = finance.url
    cashier = city.person("cashier").go(batch)
    form = cashier.form("//form[contains(@action, '/check/')]")
    button = form.xpath(".//button[contains(@class, 'btn-primary')]")[0]
    cashier.send(form, **({button.get("name"): button.get("value")} if button.get("name") else {}))
    cashier.send(cashier.form("//form[contains(@action, '/export/')]"))
    answer = city.town.logs / "answer.csv"
    answer.write_bytes(Bank().answer(cashier.body))
    cashier.go(batch)
    cashier.send(cashier.form("//form[contains(@action, '/result/')]"), {"file": str(answer)})


def check_deliveries(city: City) -> None:
    """Every message that is called sent lies there as a file, once; every paper that is called made can be read."""
    town = city.town
    told = {str(row[0]) for row in town.ask("SELECT public_id FROM notifications_message WHERE channel = 'sms'")}
    sms = [json.loads(path.read_text()) for path in (town.var / "sms").glob("*.json")]
    assert {line["reference"] for line in sms} == told
    assert len(sms) == len(told) > 0
    assert not any(re.search(r"1[3-9]\d{9}", line["phone"] + line["text"]) for line in sms)
    files = town.ask(
        "SELECT d.sha256 FROM papers_paper p JOIN documents_document d ON d.id = p.document_id WHERE p.state = 'made'"
    )
    assert files
    for (sha256,) in files:
        assert (town.var / "files" / sha256[:2] / sha256[2:]).read_bytes().startswith(b"%PDF-")


def check_audit(city: City) -> None:
    """The command that whoever doubts runs."""
    code, said = city.town.manage("audit_verify")
    assert code == 0, said
    assert "All is as it was written" in said


def dossier_of(city: City, worker: Visitor, who: steps.Worker, before: Callable[[], None] = lambda: None) -> None:
    """The dossier from the form to the register. before: what happens after the first decision."""
    number = ask_for_dossier(city, worker, who)
    first, *others = steps.dossier_way(city.photos, city.today())
    city.decide(first, number)
    before()
    for step in others:
        city.decide(step, number)
    assert city.state(number) == "closed"


def aid_of(city: City, worker: Visitor, who: steps.Worker) -> str:
    """Living aid from the form to the bank's answer; its number."""
    number = ask_for_living_aid(city, worker, who)
    for step in steps.aid_way(city.photos):
        city.decide(step, number)
    assert city.state(number) == "approved"
    pay(city)
    return number


@pytest.mark.promise("C1")
def test_from_a_form_to_money_with_every_part_a_process_of_its_own(city: City) -> None:
    worker = sign_up(city, steps.FIRST)
    dossier_of(city, worker, steps.FIRST)
    aid = aid_of(city, worker, steps.FIRST)
    until(lambda: city.state(aid) == "settled", SWEEP, f"the worker carries out the queued command\n{city.town.tail()}")
    assert city.town.ask("SELECT amount_fen FROM cases_case WHERE number = %s", aid) == [(500_000,)]
    city.town.done(SWEEP, ("papers", "messages", "commands"))
    check_deliveries(city)
    check_audit(city)


def claimed(city: City) -> bool:
    """Whether a worker took a letter and has not finished it."""
    return bool(city.town.ask("SELECT 1 FROM papers_paper WHERE state = 'due' AND next_try IS NOT NULL"))


@pytest.mark.promise("C1")
def test_a_worker_killed_and_a_queue_lost_leave_nothing_undone(city: City) -> None:
    """kill -9 while a letter is being made. The offices go on without worker and beat until the bank has answered;
    then the broker forgets everything, and new processes do what is due within their sweep."""
    town, who = city.town, steps.SECOND
    worker = sign_up(city, who)

    def die() -> None:
        until(lambda: claimed(city), SWEEP, f"a worker takes a letter\n{town.tail()}")
        town.kill("worker")
        town.kill("beat")

    dossier_of(city, worker, who, die)
    aid = aid_of(city, worker, who)
    assert claimed(city), "the dead worker's letter still waits"
    assert {kind for kind, _count in town.waiting()} == {"papers", "messages", "commands", "unsealed"}
    assert city.state(aid) == "approved"
    town.empty_queue()
    for name in ("worker", "beat"):
        town.start(name)
    town.done(SWEEP + SEAL, ("papers", "messages", "commands", "unsealed"))
    assert city.state(aid) == "settled"
    check_deliveries(city)
    check_audit(city)


KILLS = 20


class Unrest:
    """Kills one process after the other with kill -9, the next in a drawn order, and starts it anew."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        chance = random.Random(seed)
        self.left = [name for name in ("web", "worker", "beat") for _ in range(KILLS // 3 + 1)][:KILLS]
        chance.shuffle(self.left)

    def strike(self) -> None:
        """One death between two clicks; people wait until the first page is served again."""
        if self.left:
            name = self.left.pop()
            self.town.kill(name)
            self.town.start(name)
            until(self.town.answers, 40, f"the web server answers again\n{self.town.tail()}")


@pytest.mark.promise("C1")
def test_twenty_deaths_of_any_part_between_the_clicks_lose_and_double_nothing(city: City) -> None:
    """kill -9 of web server, worker and beat in a drawn order through a whole case, two beats at once. All that is due
    is done within a sweep of the last return."""
    town, who, unrest = city.town, steps.THIRD, Unrest(city.town, 7)
    town.start("second beat")
    worker = sign_up(city, who)
    number = ask_for_dossier(city, worker, who)
    for step in steps.dossier_way(city.photos, city.today()):
        unrest.strike()
        unrest.strike()
        city.decide(step, number)
    aid = ask_for_living_aid(city, worker, who)
    for step in steps.aid_way(city.photos):
        unrest.strike()
        city.decide(step, aid)
    while unrest.left:
        unrest.strike()
    pay(city)
    town.done(SWEEP + SEAL, ("papers", "messages", "commands", "unsealed"))
    assert city.state(aid) == "settled"
    paid = "SELECT count(*) FROM funds_payment p JOIN cases_case c ON c.id = p.case_id WHERE c.number = %s"
    assert town.ask(paid, aid) == [(1,)]
    check_deliveries(city)
    check_audit(city)
