"""A household in relative hardship gets one kind of aid a year (domain §4.6 no. 3): what it has, or asks for, of other
kinds is a hit that the reviewer explains. Deep hardship may get several; condolences follow their own caps."""
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.programmes.loader import programme_of
from casework.programmes.models import Parameter
from casework.workflows import guards, likeness
from casework.workflows.commands import Command
from casework.workflows.door_many import perform_many
from tests import walk
from tests.desk.pages import text_of
from tests.engine.test_doubts import codes
from tests.office import Office
from tests.services import bills, rosters

pytestmark = pytest.mark.django_db
WHY = "两项救助用途不同，经研究同意"


@pytest.fixture
def home(office: Office) -> Office:
    """A household in relative hardship, and money for its aid."""
    assert walk.dossier(office).category == "relative"
    office.make_fund("medical", 10_000_000_00)
    return office


def living_at(office: Office, step: str = "review") -> Case:
    return walk.go(office, walk.living_case(office), walk.LIVING, step)


def page(office: Office, case: Case) -> str:
    client = Client()
    client.force_login(office.users["reviewer"])
    return text_of(client.get(reverse("desk_case", args=[case.public_id])))


def kinds_a_year(office: Office, many: int) -> None:
    Parameter.objects.create(
        key=likeness.RELATIVE_KINDS, region="611002", effective_from=dt.date(2026, 1, 1), value=many, source="test",
    )


def hits_of(case: Case) -> set[str]:
    programme = programme_of(case.programme)
    return {other.number for other in likeness.cases(case, guards.concerned(case), programme)}


def test_another_kind_of_aid_is_a_hit_that_the_reviewer_explains(home: Office) -> None:
    medical = bills.medical(home)
    case = living_at(home)
    told = page(home, case)
    assert medical.number in told
    assert "相对困难家庭每年只能享受" in told
    with pytest.raises(Refused) as found:
        home.do(case, "review.pass", "reviewer", opinion="符合条件")
    assert codes(found) == {"DUPLICATE_AID"}
    home.do(case, "review.pass", "reviewer", opinion="符合条件", not_duplicate=WHY)
    walk.approve(home, case)
    assert home.steps(case) == ["county_notice"]


def test_aid_that_came_in_between_blocks_the_approval(home: Office) -> None:
    case = living_at(home, "approve")
    bills.medical(home)
    with pytest.raises(Refused) as found:
        walk.approve(home, case)
    assert codes(found) == {"DUPLICATE_AID"}


def test_it_is_not_approved_together_with_others(home: Office) -> None:
    case = living_at(home, "approve")
    bills.medical(home)
    answers = {"amount": home.fresh(case).facts["award_fen"]}
    command = Command(case.pk, "approve.pass", home.actor("approver"), home.fresh(case).event_n, "many", answers)
    answer = next(iter(perform_many([command], home.now)))
    assert isinstance(answer, Refused)
    assert answer.codes == {"DUPLICATE_AID"}


def test_aid_that_names_no_year_is_of_the_year_it_was_handed_in(home: Office) -> None:
    medical = bills.medical(home)
    Case.objects.filter(pk=medical.pk).update(year=None)
    case = living_at(home)
    assert hits_of(case) == {medical.number}
    Case.objects.filter(pk=medical.pk).update(submitted_at=home.now - dt.timedelta(days=400))
    assert hits_of(case) == set()


def test_what_ended_without_aid_or_belongs_to_another_year_is_none(home: Office) -> None:
    home.do(bills.medical(home), "withdraw", "worker")
    assert hits_of(living_at(home)) == set()


@pytest.mark.parametrize(("many", "hit"), [(0, False), (1, True), (2, False)])
def test_the_region_says_how_many_kinds(home: Office, many: int, hit: bool) -> None:
    kinds_a_year(home, many)
    bills.medical(home)
    assert bool(hits_of(living_at(home))) is hit


def test_deep_hardship_may_get_several(office: Office) -> None:
    assert walk.dossier(office, rigid=2_800_000).category == "deep"
    bills.medical(office)
    case = living_at(office)
    assert hits_of(case) == set()
    walk.review(office, case)
    assert office.steps(case) == ["approve"]


def test_a_neighbours_aid_is_none_of_it(home: Office) -> None:
    walk.dossier(home, "two")
    bills.medical(home, "two")
    assert hits_of(living_at(home)) == set()


def test_condolences_do_not_count(home: Office) -> None:
    case = living_at(home)
    condolence = rosters.one_line(home, "worker", {})
    assert condolence.category == "relative"
    assert hits_of(case) == hits_of(condolence) == set()
