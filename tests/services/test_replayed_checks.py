"""What the check of a programme found comes out again, or stands in the log as it was found (domain §4.9)."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command

from casework.cases.models import Case
from casework.registers.models import Entry
from casework.workflows.replay import Replay
from tests.office import Office
from tests.services import bills

pytestmark = pytest.mark.django_db
CHANGED: list[dict[str, Any]] = [
    {"level_too_low": True}, {"late": True}, {"cause_excluded": True}, {"insured": False},
    {"cover_from": "2020-01-01"}, {"policy_year": 2027}, {"waiting": True},
]


@pytest.fixture
def case(office: Office) -> Case:
    """A claim that was granted on a cover of this year."""
    office.make_fund("mutual_pool", 100_000_00)
    bills.insure(office, "2025-01-01", "2025-12-31")
    bills.insure(office, "2026-01-01", "2026-12-31")
    return bills.granted(office, 720_000, "JS-1")


@pytest.mark.parametrize("changed", CHANGED)
def test_a_fact_that_was_changed_is_named(case: Case, changed: dict[str, Any]) -> None:
    [name] = changed
    assert case.facts[name] != changed[name]
    assert list(Replay().run()) == []
    Case.objects.filter(pk=case.pk).update(facts={**case.facts, **changed})
    assert [(found.number, found.what) for found in Replay().run()] == [(case.number, name)]
    Case.objects.filter(pk=case.pk).update(facts=case.facts)  # the event tells it, too: the house would not be in order


def test_a_register_that_went_on_since_changes_nothing(case: Case) -> None:
    """The cover ended early, after the decision; the decision stands as it was made."""
    Entry.objects.filter(kind="cover", person=case.applicant).update(valid_to=dt.date(2026, 2, 1))
    out = io.StringIO()
    call_command("replay_awards", stdout=out, no_color=True)
    assert out.getvalue().splitlines() == [
        "1 cases with facts looked up in registers: held against the log.", "1 cases, 0 differences",
    ]
