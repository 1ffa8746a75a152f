"""Promise S2 under attack: what was sent again makes no second case. 500 rounds (L: 5,000 and more), each with one
case: 10 of twenty clicks at once in twenty threads of the page; 290 at the door of API and imports, two wishes under
one key, equal or of other words; 200 drafts clicked twice, and 24 of these twenty times, at the real web server
while it dies (test_submissions.py)."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Answers, Case, UsedKey
from casework.core.problems import Refused
from casework.forms.models import Draft
from casework.oversight.invariants import invariants
from casework.workflows import intake
from tests import walk
from tests.faults.clicks import clock_of, draft_of, filled_draft, woken
from tests.faults.world import at_once, in_rounds, tally, tried
from tests.filled import dossier_answers, living_answers, temporary_answers
from tests.office import Office

__all__ = ["woken"]
pytestmark = [pytest.mark.usefixtures("woken"), pytest.mark.promise("S2")]
CLICKS, KEYS = {"S": 10, "L": 200}, {"S": 290, "L": 4_800}  # rounds


@pytest.fixture
def office(transactional_db: None, moment: dt.datetime) -> Office:
    """A federation whose work is really committed."""
    made = Office(moment)
    walk.member(made)
    return made


def post(client: Client, draft: Draft) -> HttpResponse:
    """Press "send" on the last page."""
    return client.post(reverse("apply_send", args=[draft.public_id]))


def test_twenty_equal_posts_at_once_make_one_case(
    office: Office, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    """Twenty clicks of one login reach the send page together. Two walls: the draft's lock with the look at its case,
    and its token as the key. Seen red with both down, the first by the look and, on PostgreSQL, by the lock alone."""
    clock_of(office, monkeypatch)
    for number in range(1, CLICKS[size] + 1):
        who = f"member-{number}"
        office.user(who, office.person("赵小兰"))
        browser = Client(raise_request_exception=False)
        browser.force_login(office.users[who])
        draft = filled_draft(office, who)
        answers = at_once(*[partial(post, browser, draft)] * 20)
        assert {getattr(answer, "status_code", answer) for answer in answers} == {302}
        case = Case.objects.latest("id")
        assert {answer["Location"] for answer in answers} == {reverse("receipt", args=[case.public_id])}
        assert Case.objects.count() == number
    assert UsedKey.objects.count() == Event.objects.filter(action="submit").count() == number
    assert invariants(office.now) == []


def test_a_retry_a_day_later_gets_the_same_receipt(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    clock_of(office, monkeypatch)
    draft, places = filled_draft(office, "worker"), set()
    for _day in range(3):
        browser = Client()
        browser.force_login(office.users["worker"])
        places.add(post(browser, draft)["Location"])
        office.now += dt.timedelta(days=1)
    assert places == {reverse("receipt", args=[Case.objects.get().public_id])}


def test_two_tabs_with_different_answers_make_one_case(office: Office) -> None:
    """The one draft in two hands: whoever is first decides what was answered, the others get his receipt. Seen red
    with the look at the draft's case taken away."""
    draft = draft_of(office, "worker", "hardship_dossier")
    actor = office.actor("worker")
    texts = [dossier_answers(office) | {"statement": f"第 {n} 份说明：长期患病，收入低。"} for n in range(8)]
    answers = at_once(*[partial(intake.submit_draft, draft, text, actor, office.now) for text in texts])
    assert tally(answers) == {"won": 8}
    assert {event.pk for event in answers} == {Event.objects.get(action="submit").pk}
    assert Answers.objects.get().shown["statement"] in {text["statement"] for text in texts}
    assert invariants(office.now) == []


def test_one_key_at_once_makes_one_case_whatever_it_carries(office: Office) -> None:
    """Ten equal wishes under one key, ten with other answers, ten for another programme: one case, the first event for
    its equals, 422 for the rest. Seen red without the way from a spent key to its case (equal wishes got 422), and on
    PostgreSQL with the unique index of keys left to break the request."""
    walk.dossier(office)
    actor, count = office.actor("worker"), Case.objects.count()
    aid, other = living_answers(office), temporary_answers(office)
    wishes = [("living_aid", aid), ("living_aid", aid | {"months": 3}), ("temporary_aid", other)] * 10
    answers = at_once(*[
        partial(intake.open_case, office.version(key), given, actor, "one-key", office.now) for key, given in wishes
    ])  # fmt: skip
    assert tally(answers) == {"won": 10, "422": 20}
    assert all(answer.problems[0].code == "KEY_REUSED" for answer in answers if isinstance(answer, Refused))
    assert len({answer for answer in answers if isinstance(answer, tuple)}) == 1
    assert Case.objects.count() == count + 1
    assert invariants(office.now) == []


def test_each_of_hundreds_of_keys_makes_one_case(office: Office, size: str) -> None:
    """Two wishes under one key at once, round after round: equal, or every other time the second in other words, when
    whoever is first decides what the key stands for. A day later each key is sent again. Seen red with the look at
    spent keys taken away."""
    told = {"channel": "web", "headcount": 1, "office": str(office.orgs["county"].public_id), "topic": "wages"}
    actor, firsts, before = office.actor("worker"), list[Event](), Case.objects.count()

    def send(second: int, number: int) -> Event:
        text = "单位拖欠三个月工资" if not second or number % 2 else "单位拖欠四个月工资"
        version, given = office.version("petition"), told | {"text": text}
        return intake.open_case(version, given, actor, f"key-{number}", office.now)[1]

    def judge(number: int, answers: list[Any]) -> None:
        assert tally(answers) == ({"won": 2} if number % 2 else {"won": 1, "422": 1})
        (first,) = {answer for answer in answers if isinstance(answer, Event)}
        firsts.append(first)

    in_rounds(KEYS[size], [partial(send, 0), partial(send, 1)], judge)
    office.now += dt.timedelta(days=1)
    for number, first in enumerate(firsts):
        again = [tried(partial(send, second, number)) for second in range(1 if number % 2 else 2)]
        assert first in again and tally(again)["won"] == 1
    assert Case.objects.count() - before == len({event.subject_id for event in firsts}) == KEYS[size]
    assert UsedKey.objects.filter(key__startswith="key-").count() == KEYS[size]
    assert invariants(office.now) == []
