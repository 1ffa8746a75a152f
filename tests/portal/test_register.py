"""Making a login of one's own: it works for a newcomer, tells a stranger nothing, and keeps no number in clear."""
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.access.models import User
from casework.audit.models import Event
from casework.people import persons
from casework.people.models import Consent, Person
from tests.office import Office, id_number
from tests.portal.typed import bare, text_of, values_in

pytestmark = pytest.mark.django_db
PASSWORD = "橙子-拖拉机-小云朵"
NEWCOMER = {"name": "冯大勇", "id_no": id_number(141, "19760214"), "phone": "13900007777"}
NEWCOMER |= {"password": PASSWORD, "agree": "true"}


def sign_up(**changes: str) -> HttpResponse:
    return Client().post(reverse("register"), NEWCOMER | changes)


def log_in_with(id_no: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("login"), {"username": id_no, "password": password})
    return client


def test_a_newcomer_makes_a_login_and_gets_in_with_the_id_number(office: Office) -> None:
    answer = sign_up(next="/services/living_aid/")
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('login')}?next=%2Fservices%2Fliving_aid%2F"
    person = Person.objects.get(name="冯大勇")
    assert persons.plain_for_system(person, "phone") == "13900007777"
    assert Consent.objects.filter(person=person, kind="account").exists()
    home = log_in_with(NEWCOMER["id_no"].lower() + " ").get(reverse("my_home"))
    assert "冯大勇" in text_of(home)


@pytest.mark.promise("P1")
def test_the_table_of_logins_holds_no_number(office: Office) -> None:
    sign_up()
    user = User.objects.get(person__name="冯大勇")
    assert NEWCOMER["id_no"] not in str(vars(user))
    assert NEWCOMER["phone"] not in str(vars(user))
    events = Event.objects.filter(subject_kind="person", subject_id=str(user.person.public_id))
    assert list(events.values_list("action", flat=True)) == ["sign_up"]


@pytest.mark.promise("W2")
def test_known_and_unknown_people_get_the_same_answer(office: Office) -> None:
    taken = persons.plain_for_system(office.users["worker"].person, "id_no")
    before = User.objects.count()
    known, fresh = sign_up(id_no=taken, name="李建国", phone="13900001234"), sign_up()
    assert known.status_code == fresh.status_code == 302
    assert known["Location"] == fresh["Location"]
    pages = [client.get(answer["Location"]) for client, answer in ((known.client, known), (fresh.client, fresh))]
    assert bare(pages[0]) == bare(pages[1])
    assert User.objects.count() == before + 1
    assert log_in_with(taken).get(reverse("my_home")).status_code == 302, "the known person's login is untouched"


@pytest.mark.promise("R2")
def test_a_stranger_cannot_take_the_number_of_somebody_known(office: Office) -> None:
    victim = office.person("吴春生", id_number(77, "19760310"))
    sign_up(id_no=id_number(77, "19760310"), name="吴春生", phone="13911112222")
    sign_up(id_no=id_number(77, "19760310"), name="别的人", phone="13900001234")
    assert not User.objects.filter(person=victim).exists()
    sign_up(id_no=id_number(77, "19760310"), name="吴春生", phone="13900001234")
    assert User.objects.filter(person=victim).count() == 1, "name and phone as they are known"


def test_an_officer_may_have_a_private_login(office: Office) -> None:
    person = office.users["reviewer"].person
    number = persons.plain_for_system(person, "id_no")
    Person.objects.filter(pk=person.pk).update(name="宋明哲")
    sign_up(id_no=number, name="宋明哲", phone="13900001234")
    assert log_in_with(number).get(reverse("my_home")).status_code == 200


@pytest.mark.parametrize(("change", "place"), [
    ({"name": "1"}, "f-name"), ({"id_no": "123"}, "f-id_no"), ({"phone": "12"}, "f-phone"),
    ({"password": "short"}, "f-password"),
    ({"password": "password1234"}, "f-password"), ({"agree": ""}, "f-agree"),
    ({"password": NEWCOMER["id_no"]}, "f-password"), ({"password": "x" * 300}, "f-password"),
])
def test_mistakes_are_named_and_all_but_the_password_stays(office: Office, change: dict[str, str], place: str) -> None:
    answer = sign_up(**change)
    assert answer.status_code == 422
    assert f'href="#{place}"' in answer.content.decode()
    typed = NEWCOMER | change
    assert {typed["name"], typed["id_no"], typed["phone"]} <= set(values_in(answer))
    assert typed["password"] not in values_in(answer) or typed["password"] == typed["id_no"]
    assert not User.objects.filter(first_name=typed["name"]).exists()


@pytest.mark.promise("W1")
def test_trying_out_numbers_is_slowed_down(office: Office) -> None:
    answers = [sign_up(phone=f"1390000{n:04d}").status_code for n in range(8)]
    assert answers[0] == 302
    assert answers[-1] == 429
    assert User.objects.filter(person__name="冯大勇").count() == 1


def test_login_and_service_pages_lead_there(office: Office) -> None:
    assert reverse("register") in Client().get(reverse("login")).content.decode()
    assert reverse("register") in Client().get(reverse("programme", args=["living_aid"])).content.decode()
