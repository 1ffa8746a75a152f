"""Approvals of several cases at once: each gets exactly what its rule found, seen and summed before it is granted; what
asks for a second look, or no longer fits into the fund, is refused by itself (promise M2).

Checked by hand, each in a scratch copy, each turns this file red: check_many left out of the door, or of the way one by
one after a trouble; its amount, its hits, its ceiling or its fund not asked; confirming not asked for."""
import datetime as dt
import re
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import money
from casework.core.problems import Refused
from casework.funds.models import Balance, Fund, Reservation
from casework.oversight.invariants import invariants
from casework.programmes.loader import programme_of
from casework.workflows import door_many
from casework.workflows.commands import Command
from casework.workflows.door_many import perform_many
from casework.workflows.models import Task
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.office import Office

pytestmark = pytest.mark.django_db
PAGE, DO = reverse("desk_together"), reverse("desk_together_do")
WHO = ("one", "two", "three", "four")


@pytest.fixture
def cases(office: Office) -> list[Case]:
    """Four applications for living aid on the desk of the approver, begun so early that the fund's year is not over."""
    office.now -= dt.timedelta(days=120)
    for who in WHO:
        walk.dossier(office, who)
    return [walk.go(office, walk.living_case(office, who), walk.LIVING, "approve") for who in WHO]


def award(case: Case) -> int:
    found: int = case.facts["award_fen"]
    assert found > 0
    return found


def hidden(page: HttpResponse) -> dict[str, list[str]]:
    """What the page would send again."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode()):
        found.setdefault(name, []).append(value)
    return found


def ask(client: Client, cases: list[Case], **typed: Any) -> HttpResponse:
    """Tick these cases in the list and press the button; the answer is the page with the amounts."""
    page = client.get(PAGE, {"version": cases[0].programme_id, "step": "approve", "all": "1"})
    assert page.status_code == 200
    ids = [str(case.public_id) for case in cases]
    return client.post(DO, {**hidden(page), "action": "approve.pass", "case": ids, **typed})


def confirm(client: Client, asked: HttpResponse, **changed: Any) -> HttpResponse:
    assert asked.status_code == 200
    return client.post(DO, {**hidden(asked), "action": "approve.pass", **changed})


def granted(cases: list[Case]) -> list[bool]:
    rows = Case.objects.in_bulk([case.pk for case in cases])
    return [rows[case.pk].amount_fen == award(case) for case in cases]


def only_fund(office: Office, fen: int) -> Fund:
    """A fund with so much in it, and no other for this purpose."""
    Fund.objects.filter(pk=office.fund.pk).update(purposes=[])
    return office.make_fund("living", fen)


def wishes(office: Office, cases: list[Case], **answers: Any) -> list[Command]:
    actor = office.actor("approver")
    return [
        Command(
            case.pk, "approve.pass", actor, office.fresh(case).event_n, f"bulk-{case.pk}",
            {"amount": award(case), **answers},
        )
        for case in cases
    ]


def codes(results: list[Any]) -> list[Any]:
    return [sorted(one.codes) if isinstance(one, Refused) else one.action for one in results]


def test_each_amount_and_the_sum_are_seen_before_anything_is_granted(
    office: Office, log_in: LogIn, cases: list[Case]
) -> None:
    client = log_in("approver")
    assert "step=approve" in client.get(PAGE).content.decode()
    listed = text_of(client.get(PAGE, {"version": cases[0].programme_id, "step": "approve"}))
    for case in cases:
        assert money.show(award(case)) in listed
    asked = ask(client, cases[:3], opinion="同意")
    told = text_of(asked)
    assert money.show(sum(award(case) for case in cases[:3])) in told
    assert all(case.number in told for case in cases[:3]) and cases[3].number not in told
    assert not Event.objects.filter(action="approve.pass", subject_id__in=[c.public_id for c in cases]).exists()
    assert granted(cases) == [False] * 4
    answer = confirm(client, asked)
    assert "已办理：3 件。未办理：0 件。" in text_of(answer)
    assert granted(cases) == [True, True, True, False]
    held = Reservation.objects.filter(case__in=cases, state="open")
    assert sorted(held.values_list("case", "fen")) == sorted((case.pk, award(case)) for case in cases[:3])
    assert office.steps(cases[3]) == ["approve"]
    assert "同意" in str(Event.objects.filter(subject_id=str(cases[0].public_id)).latest("n").data)
    assert invariants(office.now) == []


@pytest.mark.promise("M2")
def test_a_bulk_larger_than_the_fund_spends_what_is_there(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    """Two of four fit; the others stay on the desk, refused by themselves and not put on the waiting list."""
    fund = only_fund(office, award(cases[0]) + award(cases[1]) + award(cases[2]) - 1)
    client = log_in("approver")
    answer = confirm(client, ask(client, cases))
    assert answer.status_code == 200
    assert "已办理：2 件。未办理：2 件。" in text_of(answer)
    assert sorted(granted(cases)) == [False, False, True, True]
    left = [case for case, one in zip(cases, granted(cases), strict=True) if not one]
    assert [office.steps(case) for case in left] == [["approve"]] * 2
    assert set(Task.objects.filter(case__in=left, state="open").values_list("phase", flat=True)) == {""}
    spent = sum(award(case) for case, one in zip(cases, granted(cases), strict=True) if one)
    balance = Balance.objects.get(fund=fund)
    assert balance.reserved == spent and balance.available >= 0
    assert invariants(office.now) == []


@pytest.mark.promise("M2")
def test_it_is_the_same_one_by_one_after_a_trouble(
    office: Office, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chunk was undone: each command goes through the door alone, under the same checks."""

    def trouble(self: Any) -> Any:
        raise IntegrityError

    monkeypatch.setattr(door_many._Together, "results", trouble)
    only_fund(office, award(cases[0]) + award(cases[1]) - 1)
    commands = wishes(office, cases[:2]) + wishes(office, cases[2:3], amount=award(cases[2]) - 1)
    assert codes(list(perform_many(commands, office.now))) == ["approve.pass", ["NO_FUNDS"], ["NOT_THE_RULES_AMOUNT"]]
    assert invariants(office.now) == []


@pytest.mark.promise("M2")
def test_a_single_approval_after_the_list_was_drawn_takes_the_money(
    office: Office, log_in: LogIn, cases: list[Case]
) -> None:
    only_fund(office, award(cases[0]))
    client = log_in("approver")
    asked = ask(client, cases[:3])
    office.do(cases[3], "approve.pass", "approver_2", amount=award(cases[3]))
    answer = confirm(client, asked)
    assert answer.status_code == 422
    assert "已办理：0 件。未办理：3 件。" in text_of(answer)
    assert granted(cases) == [False, False, False, True]
    assert invariants(office.now) == []


def test_another_amount_than_the_rules_is_refused_by_itself(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    client = log_in("approver")
    asked = ask(client, cases)
    fields = [f"fen-{case.public_id}" for case in cases]
    forged = {fields[0]: award(cases[0]) - 1, fields[1]: award(cases[1]) + 1, fields[2]: "x"}
    answer = confirm(client, asked, **forged)
    assert "已办理：1 件。未办理：3 件。" in text_of(answer)
    assert granted(cases) == [False, False, False, True]
    assert codes(list(perform_many(wishes(office, cases[:1], amount=1), office.now))) == [["NOT_THE_RULES_AMOUNT"]]


def test_what_asks_for_a_second_look_is_refused_by_itself(office: Office, cases: list[Case]) -> None:
    """A category put aside, a like case however it was explained, none by a rule."""
    first, second, _third, fourth = (office.fresh(case) for case in cases)
    commands = wishes(office, cases)
    Case.objects.filter(pk=first.pk).update(facts={**first.facts, "overridden": True})
    hit = walk.living_case(office, "two")
    Case.objects.filter(pk=second.pk).update(facts={**second.facts, "not_duplicate": [hit.number]})
    Case.objects.filter(pk=fourth.pk).update(facts={**fourth.facts, "award_fen": 0})
    found = codes(list(perform_many(commands, office.now)))
    assert found[:3] == [["OVERRIDDEN"], ["DUPLICATE_AID"], "approve.pass"]
    assert isinstance(found[3], list)
    assert granted(cases) == [False, False, True, False]
    office.do(second, "approve.pass", "approver", amount=award(second))


def test_a_case_without_an_amount_is_not_offered(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    facts = cases[0].facts
    Case.objects.filter(pk=cases[0].pk).update(facts={key: facts[key] for key in facts if key != "award_fen"})
    page = log_in("approver").get(PAGE, {"version": cases[0].programme_id, "step": "approve", "all": "1"})
    assert page.status_code == 200
    assert str(cases[0].public_id) not in page.content.decode()
    assert str(cases[1].public_id) in page.content.decode()


def test_an_approval_that_grants_no_money_is_made_case_by_case(office: Office, log_in: LogIn) -> None:
    assert "approve.pass" not in door_many.allowed(programme_of(office.version("hardship_dossier")))
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "approve")
    wish = Command(case.pk, "approve.pass", office.actor("approver"), case.event_n, "x")
    assert codes(list(perform_many([wish], office.now))) == [["ONE_BY_ONE"]]
    client = log_in("approver")
    assert client.get(PAGE, {"version": case.programme_id, "step": "approve"}).status_code == 404


@pytest.mark.promise("R1")
def test_who_may_not_approve_grants_nothing(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    sent = hidden(ask(log_in("approver"), cases))
    office.hire("far", "approver", "other_county")
    for who, status in (("reviewer", 403), ("far", 404), ("finance", 403)):
        answer = log_in(who).post(DO, {**sent, "action": "approve.pass"})
        assert answer.status_code == status, who
    assert granted(cases) == [False] * 4


@pytest.mark.promise("S2")
def test_the_same_click_again_grants_once(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    client = log_in("approver")
    asked = ask(client, cases)
    for _ in range(2):
        assert "已办理：4 件。未办理：0 件。" in text_of(confirm(client, asked))
    assert Reservation.objects.filter(case__in=cases).count() == 4
    assert invariants(office.now) == []
