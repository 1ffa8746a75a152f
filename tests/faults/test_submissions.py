"""Promise S1 under attack: the process dies at every statement, the web server is killed under load."""

import datetime as dt
import threading
import time
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Answers, Case, UsedKey
from casework.core.problems import Refused
from casework.documents import store
from casework.documents.models import Document
from casework.forms import drafts
from casework.forms.models import Draft
from casework.funds.models import Reservation
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.workflows.models import QueuedCommand, Task
from tests import walk
from tests.faults.clicks import Action, Tried, draft_of, filled_draft, woken
from tests.faults.dying import every_death
from tests.faults.photo import Photo, counts, photograph, rehearsed
from tests.faults.server import Browser, WebServer, web_server
from tests.filled import dossier_answers, living_answers, temporary_answers
from tests.office import Office

__all__ = ["woken"]
pytestmark = pytest.mark.usefixtures("woken")
SOME = 4  # an action that takes fewer statements was not the one meant; the door sends the rows of one together
BOTH = {"submit", "approve.pass"}  # killed before and after each step; the others, in size S, before each
# The papers of an application for a dossier by a couple that spends on something.
KINDS = ["id_card", "income_proof", "means_authorisation", "rigid_proof"]


class Mortal(Tried):
    """A federation whose process dies at every step of the deadly actions. places: action → where it died."""

    def __init__(self, now: dt.datetime, both: bool) -> None:
        self.both = both
        self.deadly: set[str] = set()
        self.places: dict[str, int] = {}
        super().__init__(now)

    def tried(self, name: str, action: Action) -> Any:
        """Kill the action everywhere, or just do it. Afterwards it is done, once."""
        if name in self.deadly and name not in self.places:
            before, wanted = photograph(), counts(rehearsed(action))
            assert photograph() == before
            seen = AllOrNothing(self, before, wanted)
            self.places[name] = every_death(action, seen, both=self.both or name in BOTH)
            assert seen.done is not None
        return action()


class AllOrNothing:
    """After each death: either the database is as it was, or everything is there, the invariants hold, and no further
    try adds anything."""

    def __init__(self, office: Mortal, before: Photo, wanted: dict[str, int]) -> None:
        self.office, self.before, self.wanted = office, before, wanted
        self.done: Photo | None = None

    def __call__(self, finished: bool) -> None:
        now = photograph()
        if self.done is not None:
            assert now == self.done, "a retry changed something"
        elif finished or now != self.before:
            assert counts(now) == self.wanted, "half of it is there"
            assert invariants(self.office.now) == []
            self.done = now


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime, size: str) -> Mortal:
    """A federation whose work is really committed."""
    made = Mortal(moment, size == "L")
    walk.member(made)
    return made


# S1: what was answered "received" is never lost


@pytest.mark.promise("S1")
@pytest.mark.promise("N1")
def test_a_submission_that_dies_anywhere_is_there_whole_or_not_at_all(office: Mortal) -> None:
    """Seen red with the transaction of submit_draft taken away: a case without its draft's mark."""
    office.deadly = {"submit"}
    draft, answers = draft_of(office, "worker", "hardship_dossier"), dossier_answers(office)
    event = office.send(draft, answers)
    assert office.places["submit"] > 3 * SOME
    case = Case.objects.get()
    assert case.number and case.state == "submitted"
    assert (event.n, event.action, event.subject_id) == (1, "submit", str(case.public_id))
    assert Answers.objects.get().event == event
    assert Task.objects.get().step == "unit_check"
    assert {message.event_id for message in Message.objects.all()} == {event.pk}
    assert office.documents(case)
    assert Draft.objects.get().case == case
    office.now += dt.timedelta(days=1)
    assert office.send(draft, answers) == event
    assert Case.objects.count() == 1


@pytest.mark.promise("S1")
def test_an_application_without_a_draft_that_dies_anywhere(office: Mortal) -> None:
    """The way of the API and of imports: the key alone keeps a retry from becoming a second case. Seen red with the
    transaction of open_case taken away (a case without its event), and without the way from a spent key to its case."""
    walk.dossier(office)
    office.deadly = {"submit living_aid"}
    answers = living_answers(office)
    case = office.apply("worker", "living_aid", answers, "the-key")
    assert office.places["submit living_aid"] > 2 * SOME
    assert Case.objects.filter(key="living_aid").get() == case
    assert office.apply("worker", "living_aid", answers, "the-key") == case
    with pytest.raises(Refused, match="KEY_REUSED"):
        office.apply("worker", "living_aid", answers | {"months": 5}, "the-key")
    assert Case.objects.filter(key="living_aid").count() == 1
    assert Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).count() == 1


@pytest.mark.promise("S1")
@pytest.mark.promise("A1")
def test_every_click_on_the_way_to_a_dossier_dies_anywhere(office: Mortal) -> None:
    """Acceptance with its detour, the second investigator, a timer, the entry in the register."""
    office.deadly = {
        "unit_check.one_time_notice", "supplement", "unit_check.pass", "visit.sign", "tick", "register.pass",
    }  # fmt: skip
    case = walk.dossier_case(office)
    walk.enter_phase(office, case, "unit_check", "waiting")
    office.do(case, "supplement", "worker", id_card=[office.upload("worker", "id_card")])
    walk.go(office, case, walk.DOSSIER)
    assert set(office.places) == office.deadly
    assert min(office.places.values()) > SOME
    assert office.state(case) == "closed"


@pytest.mark.promise("S1")
@pytest.mark.promise("A1")
@pytest.mark.promise("M2")
def test_every_click_on_the_way_of_money_dies_anywhere(office: Mortal) -> None:
    """Money reserved, queued for payment, and the bank's answer that moves the case by a queued command. Seen red with
    the transaction around a queued command taken away: carried out and not marked so."""
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "approve")
    office.deadly = {"approve.pass", "county_notice.confirm", "batch.result", "tick"}
    walk.approve(office, case)
    assert Reservation.objects.get(case=case).state == "open"
    office.deadly -= {"tick"}
    walk.LIVING["county_notice"](office, case)
    batch = office.make_batch(case)
    office.check_batch(batch)
    office.export_batch(batch)
    office.answer_batch(batch)
    assert QueuedCommand.objects.get(case=case).state == "due"
    office.deadly |= {"tick"}
    office.tick()
    assert set(office.places) == office.deadly
    assert min(office.places.values()) > SOME
    assert QueuedCommand.objects.get(case=case).state == "done"
    assert office.state(case) == "settled"


@pytest.mark.promise("S1")
@pytest.mark.promise("M2")
def test_money_that_is_given_back_dies_anywhere(office: Mortal) -> None:
    """An upheld objection denies an approved case: its reservation is released exactly once. Seen red with the door's
    transaction taken away."""
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "county_notice")
    walk.enter_phase(office, case, "county_notice", "stopped")
    office.deadly = {"county_notice.uphold"}
    office.do(case, "county_notice.uphold", "publicity", reply="经查属实")
    assert office.places["county_notice.uphold"] > SOME
    assert office.state(case) == "denied"
    assert Reservation.objects.get(case=case).state == "released"


@pytest.mark.promise("S1")
def test_one_photo_in_two_drafts_is_held_by_both_cases(office: Mortal) -> None:
    """A file uploaded twice is kept once as long as it belongs to a draft; the second case must not lose it to the
    first. Seen red before the second case got a row of its own: its officer saw no paper."""
    answers = dossier_answers(office)
    for draft in [draft_of(office, "worker", "hardship_dossier") for _ in range(3)]:
        office.send(draft, answers)
        office.do(Case.objects.latest("id"), "withdraw", "worker")  # two at once are not taken
    for case in Case.objects.all():
        assert sorted(document.kind for document in office.documents(case)) == KINDS
    assert Document.objects.values("sha256").distinct().count() == len(KINDS)
    assert invariants(office.now) == []


@pytest.mark.promise("S1")
@pytest.mark.promise("I2")
def test_an_upload_that_dies_anywhere_leaves_no_row_without_its_file(office: Mortal) -> None:
    """The file is on the disk under its hash before any row names it. Seen red with the row written first."""

    def whole_or_nothing(_finished: bool) -> None:
        assert invariants(office.now) == []
        for document in Document.objects.all():
            assert store.digest_ok(document)

    for kind in ("id_card", "income_proof"):
        every_death(partial(office.upload, "worker", kind), whole_or_nothing)
    assert set(Document.objects.values_list("kind", flat=True)) == {"id_card", "income_proof"}


CLIENTS, KILLS = 8, {"S": 4, "L": 100}
SUBMISSIONS = {"S": 200, "L": 10_000}
MANY = 20  # clicks at once


@pytest.mark.promise("S1")
@pytest.mark.promise("S2")
@pytest.mark.promise("C1")
def test_no_acknowledged_submission_is_lost_when_the_web_server_is_killed(
    office: Mortal, moment: dt.datetime, size: str
) -> None:
    """Eight browsers hand 200 drafts in at the real server while it is killed with kill -9 again and again. Each draft
    is sent twice at once, the first three of each browser twenty times, and whoever got no answer sends again. What
    reached its receipt is in the database with the hash that the receipt showed, and there once: 200 rounds of promise
    S2, 24 of them with twenty connections. Seen red with one submission in fifty answered and rolled back."""
    with web_server(moment) as server:
        people = [Applicant(office, server, n, SUBMISSIONS[size] // CLIENTS) for n in range(CLIENTS)]
        threads = [threading.Thread(target=person.hand_in, daemon=True) for person in people]
        for thread in threads:
            thread.start()
        for number in range(1, KILLS[size] + 1):
            wait_for(people, number * SUBMISSIONS[size] // (KILLS[size] + 1))
            server.kill()
            server.start()
        for thread in threads:
            thread.join(timeout=600)
    assert [person.trouble for person in people if person.trouble] == []
    assert server.kills == KILLS[size] + 1
    assert sum(person.browser.lost for person in people) >= KILLS[size], "no kill met a browser at work"
    receipts = {draft: receipt for person in people for draft, receipt in person.receipts.items()}
    assert len(receipts) == Case.objects.count() == UsedKey.objects.count() == SUBMISSIONS[size]
    for draft in Draft.objects.select_related("case"):
        place, page = receipts[draft.pk]
        assert draft.case is not None and place == reverse("receipt", args=[draft.case.public_id])
        event = Event.objects.get(subject_kind="case", subject_id=str(draft.case.public_id))
        assert event.n == 1 and event.hash in page and draft.case.number in page
    assert invariants(office.now) == []


class Applicant:
    """A login with so many filled drafts. receipts: draft → (address, page) of the receipt that was reached."""

    def __init__(self, office: Office, server: WebServer, number: int, count: int) -> None:
        who = f"applicant-{number}"
        user = office.user(who, office.person("钱卫国"))
        login = Client()
        login.force_login(user)
        self.browser = Browser(server, user, login.cookies["sessionid"].value)
        first = filled_draft(office, who, "temporary_aid", temporary_answers(office, who))
        raw = drafts.load(first)
        self.drafts = [first, *(drafts.start(user, first.programme, office.now, raw) for _ in range(count - 1))]
        self.receipts: dict[int, tuple[str, str]] = {}
        self.trouble: list[str] = []

    def hand_in(self) -> None:
        """Send one draft after the other, each with many clicks, and read each receipt."""
        for number, draft in enumerate(self.drafts):
            heard = self.browser.click(MANY if number < 3 else 2, reverse("apply_send", args=[draft.public_id]))
            sent, place = next(iter(heard))
            got, _place, receipt = self.browser.ask("GET", place) if sent == 302 else (0, "", "")
            if got != 200 or len(heard) != 1:
                self.trouble.append(f"{heard} {got}: {receipt[:2000]}")
                return
            self.receipts[draft.pk] = place, receipt


def wait_for(people: list[Applicant], receipts: int) -> None:
    """Until so many receipts were read, or somebody is in trouble."""
    deadline = time.monotonic() + 300
    while sum(len(person.receipts) for person in people) < receipts and not any(person.trouble for person in people):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
