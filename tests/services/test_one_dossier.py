"""One household, one dossier (domain §4.6 no. 1, §4.10 ALREADY_OPEN): told when the second is handed in, not weeks
later at the review."""
import pytest
from django.test import Client
from django.urls import reverse

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.forms.models import Draft
from casework.registers import dossiers
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office
from tests.portal.typed import begin, fill, send, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A worker with a login of his own."""
    monkeypatch.setattr(clock, "now", lambda: office.now)
    walk.member(office)
    return office


def client_of(office: Office, who: str = "worker") -> Client:
    client = Client()
    client.force_login(office.users[who])
    return client


def refused(office: Office, by: str = "worker") -> Problem:
    with pytest.raises(Refused) as found:
        office.apply(by, "hardship_dossier", dossier_answers(office, by=by))
    assert len(found.value.problems) == 1
    return found.value.problems[0]


def test_a_second_application_is_refused_with_the_number_and_the_way_to_the_first(home: Office) -> None:
    client = client_of(home)
    draft = begin(client, "hardship_dossier")
    fill(client, draft, dossier_answers(home))
    first = walk.dossier_case(home)
    for step in ("unit_check", "visit"):
        problem = refused(home)
        assert (problem.code, first.number in str(problem.message)) == ("ALREADY_OPEN", True)
        walk.DOSSIER[step](home, first)
    answer = send(client, draft)
    assert answer.status_code == 422
    assert first.number in text_of(answer)
    assert reverse("my_case", args=[first.public_id]) in answer.content.decode()
    home.do(first, "withdraw", "worker")
    assert home.apply("worker", "hardship_dossier", dossier_answers(home)).state == "submitted"


def test_nobody_begins_to_type_a_second_one(home: Office) -> None:
    first, client = walk.dossier_case(home), client_of(home)
    answer = client.post(reverse("apply_start", args=["hardship_dossier"]), {"fresh": "1"}, follow=True)
    assert first.number in text_of(answer)
    assert not Draft.objects.filter(case__isnull=True).exists()


def test_where_a_dossier_is_in_force_the_yearly_check_is_the_way(home: Office) -> None:
    case = walk.dossier(home)
    entry = dossiers.in_force(case.applicant_id, local_date(home.now))
    assert entry is not None
    problem = refused(home)
    assert (problem.code, entry.number in str(problem.message)) == ("ALREADY_ENTERED", True)
    assert "年审" in str(problem.mend)


def test_a_handler_is_told_of_what_his_union_may_see_and_nothing_else(home: Office) -> None:
    home.hire("other_handler", "unit_handler", "other_union")
    first = walk.dossier_case(home)
    assert first.number in str(refused(home, "handler").message)
    elsewhere = dossier_answers(home, by="other_handler") | {"union": str(home.orgs["other_union"].public_id)}
    with pytest.raises(Refused) as found:
        home.apply("other_handler", "hardship_dossier", elsewhere)
    problem = found.value.problems[0]
    assert (problem.code, problem.params) == ("ALREADY_OPEN", {})
    assert first.number not in str(problem.message)


def test_what_a_relative_has_is_for_the_reviewer(home: Office) -> None:
    case = walk.dossier(home)
    wife = case.parties.get().person
    home.user("wife", wife)
    other = home.apply("wife", "hardship_dossier", dossier_answers(home, "wife", members=0, income=1_500_000))
    assert other.state == "submitted"
    walk.go(home, other, walk.DOSSIER, "review")
    with pytest.raises(Refused) as found:
        walk.review(home, other)
    assert found.value.codes == {"DUPLICATE_AID"}
