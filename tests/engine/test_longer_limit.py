"""The limit of an application is extended once, by the approver, and the applicant reads why (domain §4.2)."""
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core.calendar import add_working_days
from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.workflows import moves
from casework.workflows.models import Timer
from tests import walk
from tests.desk.pages import text_of
from tests.engine.test_doubts import codes
from tests.office import Office

pytestmark = pytest.mark.django_db
WHY = "需提交主席办公会集体研究"


@pytest.fixture
def case(office: Office) -> Case:
    """Living aid on the approver's desk."""
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, "approve")


def test_step_and_promise_end_later_and_the_applicant_reads_why(office: Office, case: Case) -> None:
    before, due = office.task(case, "approve"), (case.due_on, case.promised_on)
    office.do(case, "approve.extend", "approver", days=2, opinion=WHY)
    after, now = office.task(case, "approve"), office.fresh(case)
    assert after.limit_wd == before.limit_wd + 2
    assert (now.due_on, now.promised_on) == tuple(add_working_days(day, 2) for day in due if day)
    assert Timer.objects.get(case=case, action="approve.overdue", state="set").due_at == after.due_at
    assert Message.objects.filter(case=case, template="extended").exists()
    client = Client()
    client.force_login(office.users["worker"])
    assert WHY in text_of(client.get(reverse("my_case", args=[case.public_id])))
    walk.approve(office, now)
    assert office.steps(case) == ["county_notice"]
    assert invariants(office.now) == []


def test_once_with_a_reason_and_not_longer_than_the_step_had(office: Office, case: Case) -> None:
    for answers, place in (({"days": 4, "opinion": WHY}, "days"), ({"days": 2}, "opinion")):
        with pytest.raises(Refused) as found:
            office.do(case, "approve.extend", "approver", **answers)
        assert {problem.place for problem in found.value.problems} == {place}
    office.do(case, "approve.extend", "approver", days=1, opinion=WHY)
    with pytest.raises(Refused) as found:
        office.do(case, "approve.extend", "approver", days=1, opinion=WHY)
    assert codes(found) == {"EXTENDED_ONCE"}


def test_a_limit_that_has_passed_is_not_extended(office: Office, case: Case) -> None:
    due = office.task(case, "approve").due_at
    assert due is not None
    office.now = due + dt.timedelta(seconds=1)
    with pytest.raises(Refused) as found:
        office.do(case, "approve.extend", "approver", days=1, opinion=WHY)
    assert codes(found) == {"LIMIT_PASSED"}


def test_nobody_extends_it_who_may_not_approve(office: Office, case: Case) -> None:
    for who in sorted(office.users):
        offered = {move.action for move in moves.available(office.fresh(case), office.actor(who), office.now)}
        assert ("approve.extend" in offered) is ("approve.pass" in offered)
