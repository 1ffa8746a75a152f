"""What a transition costs in queries: a ceiling that does not grow with the case, 8 for a plain one.

PostgreSQL takes all rows of a transition in one statement; SQLite, in the same process, takes them one after the other.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.workflows import moves
from casework.workflows.commands import Command
from casework.workflows.door import perform
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office

pytestmark = pytest.mark.django_db
# Savepoints and the lock timeout are no work on rows.
FREE = ("SAVEPOINT", "RELEASE", "SET LOCAL", "BEGIN", "COMMIT")


def ceiling(most: tuple[int, int]) -> int:
    """The one of this engine: PostgreSQL, SQLite."""
    return most[0] if connection.vendor == "postgresql" else most[1]


def cost(work: Callable[[], Any]) -> list[str]:
    """The statements on rows that this work sends."""
    with CaptureQueriesContext(connection) as seen:
        work()
    return [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(FREE)]


def cost_of(office: Office, case: Any, action: str, who: str, **answers: Any) -> list[str]:
    """The statements of one transition; the actor is read beforehand, as a page does it."""
    command = Command(case.pk, action, office.actor(who), office.fresh(case).event_n, f"cost-{action}", answers)
    return cost(lambda: perform(command, office.now))


@pytest.mark.parametrize(
    ("step", "action", "who", "most"),
    [
        ("town_check", "town_check.pass", "organiser", (4, 12)),
        ("review", "review.take", "reviewer", (4, 8)),
        ("review", "review.pass", "reviewer", (7, 16)),
        # It also locks the household's persons, and looks for dossiers and like cases of theirs.
        ("approve", "approve.pass", "approver", (9, 18)),
    ],
)
def test_a_transition_of_a_dossier_stays_below_its_ceiling(
    office: Office, step: str, action: str, who: str, most: tuple[int, int]
) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until=step)
    seen = cost_of(office, case, action, who)
    assert len(seen) <= ceiling(most), "\n".join(seen)


@pytest.mark.parametrize(("step", "action", "who", "most"), [("approve", "approve.pass", "approver", (20, 28))])
def test_a_transition_with_money_stays_below_its_ceiling(
    office: Office, step: str, action: str, who: str, most: tuple[int, int]
) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, until=step)
    seen = cost_of(office, case, action, who, amount=500_000)
    assert len(seen) <= ceiling(most), "\n".join(seen)


def test_a_submission_stays_below_its_ceiling(office: Office) -> None:
    walk.member(office)
    answers = dossier_answers(office)
    seen = cost(lambda: office.apply("worker", "hardship_dossier", answers))
    # An account and four consents are rows of their own; PostgreSQL takes the consents in one statement. One statement
    # asks for another application under way (domain §4.10, ALREADY_OPEN).
    assert len(seen) <= ceiling((22, 36)), "\n".join(seen)


def test_what_an_officer_may_do_costs_the_same_late_in_a_case(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="review")
    actor, case = office.actor("reviewer"), office.fresh(case)
    seen = cost(lambda: moves.available(case, actor, office.now))
    assert len(seen) <= 12, "\n".join(seen)
