"""A step that nobody did in time goes to a higher desk, where the programme says so (domain §5.8)."""
import json
from typing import Any

import pytest

from casework.audit.models import Event
from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.workflows.models import Timer
from tests import walk
from tests.engine.versions import Next
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Any:
    """A case of living aid whose review goes to the city when the county is late."""
    content = json.loads(office.version("living_aid").content["text"])
    new = Next(content)
    new.change("review", on_timeout="reviewer@city")
    office.versions["living_aid"] = new.publish(office)
    office.hire("city_reviewer", "reviewer", "city")
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, until="review")


def late(office: Office, case: Any) -> None:
    """The limit passes, and the timers run."""
    due = office.task(case, "review").due_at
    assert due is not None
    office.now = due
    office.tick()


def test_the_late_step_lies_on_the_higher_desk_with_its_limit_once_more(office: Office, case: Any) -> None:
    before = office.task(case, "review")
    late(office, case)
    task = office.task(case, "review")
    assert (task.role, task.level, task.organisation) == ("reviewer", "city", office.orgs["city"])
    assert (task.pk, task.limit_wd, task.assignee) == (before.pk, 2 * before.limit_wd, None)
    assert task.due_at is not None and task.due_at > office.now
    event = Event.objects.filter(subject_id=str(case.public_id)).latest("n")
    assert (event.action, event.data["handed_to"]) == ("review.overdue", "reviewer@city")
    told = Message.objects.filter(template="task_overdue").values_list("recipient__username", flat=True)
    assert "city_reviewer" in set(told)
    assert invariants(office.now) == []


def test_who_was_late_can_do_it_no_longer_and_the_higher_office_can(office: Office, case: Any) -> None:
    office.do(case, "review.take", "reviewer")
    late(office, case)
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    assert refusal.value.status == 403
    office.do(case, "review.pass", "city_reviewer", opinion="符合条件")
    assert office.steps(case) == ["approve"]


def test_it_is_handed_up_once(office: Office, case: Any) -> None:
    late(office, case)
    late(office, case)
    events = Event.objects.filter(subject_id=str(case.public_id), action="review.overdue").order_by("n")
    assert [event.data.get("handed_to", "") for event in events] == ["reviewer@city", ""]
    assert office.task(case, "review").limit_wd == 20
    assert not Timer.objects.filter(case=case, state="set", action="review.overdue").exists()
