"""The administrator sees no case (promise R7): a login that an office keeps, whose password he hands over, opens
nothing of what the person behind it applied for. That lies in the login the person made, which is told of every such
step.

Checked by hand, each turns this file red: actor_of without of_office; capacity.still_held, guards._in_person or
queries.my_cases by `person`; applicant_users with every login of the person."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from casework.access.models import User
from casework.cases.models import Case
from casework.core import clock
from casework.core.problems import Refused
from casework.documents.models import Document
from casework.forms import drafts
from casework.forms.models import Draft
from casework.notifications.models import Message
from casework.people import persons
from tests import walk
from tests.office import Office
from tests.offices.desk import Desk, told
from tests.offices.test_logins import OWN, enter, password_in

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R7")]


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation with a worker whose dossier waits for better papers; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    case = walk.dossier_case(made)
    made.do(case, "unit_check.one_time_notice", "handler", items=walk.ITEMS)
    return made


def taken_over(office: Office, answer_page: str, username: str) -> Client:
    """The administrator logs in himself with the first password that he was shown."""
    secret = password_in(answer_page)
    client = enter(username, secret)
    client.raise_request_exception = False
    assert client.post(reverse("password"), {"old": secret, "new": OWN, "again": OWN}).status_code == 302
    return client


def made_for_the_worker(office: Office) -> Client:
    """He makes a staff login for the worker, as his number and name allow."""
    worker = office.users["worker"].person
    assert worker is not None
    answer = Desk(office, "admin").send(
        "offices_staff_new", name=worker.name, id_no=persons.plain_for_system(worker, "id_no"), phone="13900007777",
        username="li.jianguo", office="商州区总工会",
    )
    office.users["taken"] = User.objects.get(username="li.jianguo")
    return taken_over(office, answer.content.decode(), "li.jianguo")


def reset_with_duty(office: Office) -> Client:
    """The worker handles another union, and the administrator gives that login a new password."""
    office.hire("taken", "unit_handler", "other_union", person=office.users["worker"].person)
    return taken_over(office, Desk(office, "admin").on_login("taken", "reset").content.decode(), "taken")


def reset_without_duty(office: Office) -> Client:
    """He did so before the administrator ended that duty."""
    office.hire("taken", "unit_handler", "other_union", person=office.users["worker"].person)
    admin = Desk(office, "admin")
    row = office.users["taken"].assignments.get()
    assert admin.end(row).status_code == 302
    office.now += dt.timedelta(minutes=1)
    return taken_over(office, admin.on_login("taken", "reset").content.decode(), "taken")


WAYS = [made_for_the_worker, reset_with_duty, reset_without_duty]


@pytest.mark.parametrize("way", WAYS)
def test_a_login_that_was_handed_over_opens_nothing_private(office: Office, way: object) -> None:
    case = Case.objects.get()
    client = way(office)  # type: ignore[operator]
    taken = office.users["taken"]
    Document.objects.filter(case=case).update(owner=taken)  # as if he had filed with it once
    Message.objects.filter(case=case, recipient=office.users["worker"]).update(recipient=taken)
    for name in ("my_case", "receipt", "desk_case"):
        assert client.get(reverse(name, args=[case.public_id])).status_code in (403, 404), name
    for action in ("withdraw", "supplement"):
        assert client.post(reverse("my_act", args=[case.public_id, action])).status_code in (403, 404), action
    for name in ("my_home", "my_cases", "inbox", "catalogue"):
        page = client.get(reverse(name)).content.decode()
        assert case.number not in page, name
        assert str(case.public_id) not in page, name
    for document in Document.objects.filter(case=case):
        assert client.get(reverse("my_file", args=[document.public_id])).status_code == 404
    with pytest.raises(Refused) as refused:
        office.do(case, "withdraw", "taken")
    assert refused.value.status == 404
    told_before = Message.objects.filter(case=case, recipient=taken, channel="inapp")
    assert client.post(reverse("inbox_read")).status_code == 302
    assert not told_before.filter(read_at__isnull=False).exists()
    assert told_before.exists()


@pytest.mark.parametrize("way", WAYS)
def test_the_person_reads_in_his_own_login_that_it_was_done(office: Office, way: object) -> None:
    client = way(office)  # type: ignore[operator]
    assert {"login_made", "login_reset"} & set(told(office.users["worker"]))
    assert client.get(reverse("inbox")).status_code == 200


def test_what_was_begun_for_oneself_in_an_office_login_is_closed(office: Office) -> None:
    office.hire("side", "unit_handler", "other_union", person=office.users["worker"].person)
    draft = drafts.start(office.users["side"], office.version("living_aid"), office.now, {"reason": ["生病"]})
    client = Desk(office, "side").client
    assert client.get(reverse("apply_check", args=[draft.public_id])).status_code == 404
    assert str(draft.public_id) not in client.get(reverse("my_cases")).content.decode()


@pytest.mark.parametrize("key", ["living_aid", "temporary_aid"])
def test_an_office_login_begins_nothing_of_ones_own(office: Office, key: str) -> None:
    handler = Desk(office, "handler").client
    page = handler.get(reverse("programme", args=[key])).content.decode()
    assert reverse("apply_start", args=[key]) not in page
    assert handler.post(reverse("apply_start", args=[key]), {"fresh": "1"}).url == reverse("programme", args=[key])
    assert not Draft.objects.exists()
    with pytest.raises(Refused) as refused:
        office.apply("handler", "living_aid", {})
    assert refused.value.problems[0].code == "PRIVATE_LOGIN"


def test_an_officer_who_is_himself_a_worker_applies_with_his_private_login(office: Office) -> None:
    office.user("private", office.users["reviewer"].person)  # type: ignore[arg-type]
    case = walk.dossier_case(office, "private")
    client = Desk(office, "private").client
    assert client.get(reverse("my_case", args=[case.public_id])).status_code == 200
    assert Message.objects.filter(case=case, recipient=office.users["private"]).exists()
    assert not Message.objects.filter(case=case, recipient=office.users["reviewer"]).exists()
    assert office.actor("reviewer").persons == office.actor("private").persons, "kinship goes by person"
