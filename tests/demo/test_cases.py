"""The cases of the demonstration: something true on every desk, all made through the doors, and only once."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from casework.access.duties import actor_of
from casework.access.models import Role, RoleAssignment, User
from casework.audit.models import Event
from casework.audit.skew import steps_back
from casework.cases.models import Case
from casework.demo.accounts import ACCOUNTS
from casework.demo.cases import people, telling
from casework.documents import formats, preview
from casework.documents.models import Document
from casework.funds.models import Batch, Payment
from casework.organisations.models import Level, Organisation
from casework.oversight.invariants import invariants
from casework.oversight.verify import verify
from casework.workflows import moves, queries
from casework.workflows.models import Task
from tests.conftest import SHANGHAI

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
# Whose work comes as a task; the others find theirs on pages of their own.
DESKS = (
    "unit_handler", "unit_chair", "investigator", "investigator2", "organiser", "town_handler", "town_chair",
    "window_clerk", "case_officer", "reviewer", "reviewer2", "approver", "approver2", "publicity_officer", "cashier",
    "cashier2", "hotline_agent", "petition_officer", "city_petition_officer", "county_legal_officer", "lawyer",
)

COUNTIES = ("611002", "611021", "611022", "611023", "611024", "611025", "611026", "610825")
COUNTY_POSTS = Counter(
    ("case_officer", "reviewer", "approver", "publicity_officer", "finance_officer", "cashier", "supervisor")
)
UNION_POSTS = Counter({"unit_handler": 1, "unit_chair": 1, "investigator": 2})


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The stories, told once for this module: how many cases there are."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield telling.load(NOW)
        transaction.set_rollback(True)


def tasks(login: str) -> list[Task]:
    return queries.queue(actor_of(User.objects.get(username=login), NOW))


@pytest.mark.parametrize("login", DESKS)
def test_every_desk_has_something_to_do_now(login: str) -> None:
    actor = actor_of(User.objects.get(username=login), NOW)
    found = tasks(login)
    assert found
    free = [move for task in found for move in moves.available(task.case, actor, NOW) if not move.problems]
    assert free or login.startswith("cashier")  # the cashiers' work is the batch


@pytest.mark.parametrize("county", COUNTIES)
def test_every_county_has_unions_and_the_people_of_the_whole_way(county: str) -> None:
    place = Organisation.objects.get(region=county, level=Level.COUNTY)
    unions = Organisation.objects.filter(region=county, level=Level.GRASSROOTS)
    assert unions and Organisation.objects.filter(region=county, level=Level.TOWN)
    for where, roles in ((place, COUNTY_POSTS), (unions[0], UNION_POSTS)):
        held = Counter(RoleAssignment.objects.filter(organisation=where).values_list("role", flat=True))
        assert roles - held == Counter(), f"{where.name} lacks them"
    assert RoleAssignment.objects.filter(role=Role.ORGANISER, organisation__region=county)
    assert {union.phone[:5] for union in unions} == {"0912-" if county == "610825" else "0914-"}


def test_the_readme_names_a_login_of_every_role() -> None:
    for name in ("README.md", "README.zh.md"):
        text = (settings.BASE_DIR / name).read_text()
        named = {account.role for account in ACCOUNTS if f"`{account.username}`" in text}
        assert {role.value for role in Role} - named == set(), name


def test_the_reviewer_has_calm_pressing_and_late_work() -> None:
    found = tasks("reviewer")
    late = [task for task in found if task.due_at and task.due_at <= NOW]
    pressing = [task for task in found if task not in late and task.amber_at and task.amber_at <= NOW]
    assert (len(late), len(pressing), len(found)) == (1, 2, 6)
    assert Event.objects.filter(action="review.overdue", actor__system="system").exists()


def test_the_approver_may_not_touch_the_case_of_his_brother() -> None:
    actor = actor_of(User.objects.get(username="approver"), NOW)
    cases = {task.case.applicant.name: task.case for task in tasks("approver")}
    barred = {
        name for name, case in cases.items() for move in moves.available(case, actor, NOW)
        if "RECUSED" in {problem.code for problem in move.problems}
    }
    assert barred == {"许庆平"}
    assert len(cases) == 3


def test_money_waits_at_both_desks_and_some_has_arrived() -> None:
    assert sorted(Batch.objects.values_list("state", flat=True)) == ["made", "reconciled"]
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["batched", "paid", "paid", "queued", "queued"]


def test_a_notice_hangs_for_everybody_to_see() -> None:
    assert [notice.case.applicant.name for notice in queries.running_notices()] == ["谢桂芳"]


def test_cases_ended_and_stand_still_in_every_way() -> None:
    states = set(Case.objects.values_list("key", "state"))
    assert {
        ("living_aid", "closed"), ("living_aid", "settled"), ("hardship_dossier", "denied"),
        ("hardship_dossier", "supplement"), ("temporary_aid", "withdrawn"), ("temporary_aid", "approved"),
        ("hotline_ticket", "answered"), ("membership", "closed"), ("union_card", "accepted"),
        ("employer_vacancy", "settled"), ("employer_vacancy", "submitted"), ("job_assistance", "accepted"),
        ("job_assistance", "registered"), ("training_class", "open"), ("training_enrolment", "accepted"),
        ("petition", "registered"), ("petition", "answered"), ("legal_aid", "submitted"), ("legal_aid", "approved"),
    } <= states
    denied = Case.objects.get(state="denied")
    assert denied.outcome == "INCOME_ABOVE_LINE"


def test_the_logins_of_the_tour_begin_with_nothing() -> None:
    people_of = dict(User.objects.values_list("person", "username"))
    own = {people_of[person] for person in Case.objects.values_list("applicant", flat=True) if person in people_of}
    offered = {account.username for account in ACCOUNTS if account.role == Role.APPLICANT}
    assert own & offered == {"applicant3", "applicant4", "applicant5"}


def test_invented_workers_cannot_log_in() -> None:
    offered = {account.username for account in ACCOUNTS if account.role == Role.APPLICANT}
    invented = User.objects.filter(username__in=set(people.BY_LOGIN) - offered)
    assert len(invented) == len(people.WORKERS) - 3
    assert not [user for user in invented if user.has_usable_password()]


def test_everything_agrees_and_no_clock_goes_back() -> None:
    assert list(verify(NOW, [])) == []
    assert invariants(NOW) == []
    assert list(steps_back()) == []
    chain = ("subject_kind", "subject_id", "n")
    events = list(Event.objects.order_by(*chain).values_list(*chain[:2], "at"))
    pairs = itertools.pairwise(events)
    assert all(first[2] <= second[2] for first, second in pairs if first[:2] == second[:2])
    assert max(at for _kind, _subject, at in events) <= NOW


def test_telling_them_again_adds_nothing(told: int) -> None:
    before = (Case.objects.count(), Event.objects.count(), Task.objects.count(), User.objects.count())
    assert before[0] == told
    assert telling.load(NOW + dt.timedelta(hours=1)) == 0
    assert (Case.objects.count(), Event.objects.count(), Task.objects.count(), User.objects.count()) == before


def test_it_is_refused_in_a_city(settings: Any) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError):
        call_command("load_demo", "--cases")


def test_a_bill_of_two_pages_can_be_leafed_through() -> None:
    bill = Document.objects.filter(kind="settlement", content_type=formats.PDF).first()
    assert bill is not None and bill.pages == 2
    first, second = (preview.preview(bill, preview.Side.LARGE, page) for page in (1, 2))
    assert first.startswith(b"\xff\xd8\xff") and first != second
