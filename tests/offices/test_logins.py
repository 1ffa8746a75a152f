"""Staff logins through the pages: made with a first password that opens one page, locked at once, reset."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from casework.access.models import Substitution, User
from casework.audit.models import Event
from casework.organisations import tree
from casework.organisations.models import Level
from tests.office import Office, id_number
from tests.offices.desk import REASON, Desk, codes, last_event, told

pytestmark = pytest.mark.django_db
OWN = "three words of my own"


def fresh(**fields: str) -> dict[str, str]:
    """What is typed for a new login."""
    return {
        "name": "赵新来", "id_no": id_number(777), "phone": "13900007777", "username": "zhao.xinlai",
        "office": "商州区总工会", "reason": REASON, **fields,
    }


def password_in(page: str) -> str:
    """The first password that a page shows."""
    found = re.search(r"<b>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</b>", page)
    assert found, page
    return found[1]


def enter(username: str, password: str) -> Client:
    """Log in as anybody does."""
    client = Client()
    client.post(reverse("login"), {"username": username, "password": password})
    return client


def test_a_new_colleague_gets_in_and_chooses_his_own_password(office: Office, admin: Desk) -> None:
    secret = password_in(admin.send("offices_staff_new", **fresh()).content.decode())
    user = User.objects.get(username="zhao.xinlai")
    assert told(user) == ["login_made"]
    event = last_event("user", user.pk)
    assert (event.action, event.data["reason"]) == ("login_make", REASON)
    assert secret not in str(list(Event.objects.values("data")))
    assert secret not in admin.get("offices_login", user.public_id).content.decode(), "it is shown once"
    client = enter("zhao.xinlai", secret)
    for name in ("desk_queue", "catalogue", "inbox"):
        assert client.get(reverse(name)).url == reverse("password")
    weak = client.post(reverse("password"), {"old": secret, "new": "short", "again": "short"})
    assert weak.status_code == 422
    assert client.post(reverse("password"), {"old": secret, "new": OWN, "again": OWN}).status_code == 302
    assert client.get(reverse("catalogue")).status_code == 200, "he stays logged in"
    assert enter("zhao.xinlai", OWN).get(reverse("inbox")).status_code == 200
    assert last_event("user", user.pk).action == "password_chosen"


def test_every_form_beside_the_first_password_goes_to_the_page_of_the_login(office: Office, admin: Desk) -> None:
    page = admin.send("offices_staff_new", **fresh()).content.decode()
    own = reverse("offices_login", args=[User.objects.get(username="zhao.xinlai").public_id])
    forms = re.findall(r'<form method="post"[^>]*>', page[page.index("<main"):page.index("</main>")])
    assert forms
    assert all(f'action="{own}"' in form for form in forms), forms


def test_a_first_password_counts_for_a_week(office: Office, admin: Desk) -> None:
    secret = password_in(admin.send("offices_staff_new", **fresh()).content.decode())
    office.now += dt.timedelta(days=7)
    assert enter("zhao.xinlai", secret).get(reverse("inbox")).status_code == 302
    answer = admin.send("offices_login", User.objects.get(username="zhao.xinlai").public_id, act="reset")
    assert enter("zhao.xinlai", password_in(answer.content.decode())).get(reverse("inbox")).url == reverse("password")


@pytest.mark.parametrize(("fields", "code"), [
    ({"username": "X"}, "LOGIN_NAME"), ({"username": "officer"}, "LOGIN_TAKEN"), ({"id_no": "1"}, "ID_SHAPE"),
    ({"reason": ""}, "REASON_MISSING"), ({"reason": "电话13900001234"}, "PRIVATE_DATA"),
    ({"office": "柞水县"}, "OFFICE"), ({"office": "陕西省总工会"}, "OFFICE"),
])
def test_what_is_wrong_is_told_and_what_was_typed_stays(admin: Desk, fields: dict[str, str], code: str) -> None:
    answer = admin.send("offices_staff_new", **fresh(**fields))
    assert (answer.status_code, codes(answer)) == (422, {code})
    assert fresh()["phone"] in answer.content.decode()
    assert not User.objects.filter(first_name="赵新来").exists()


def test_a_number_known_under_another_name_is_refused(office: Office, admin: Desk) -> None:
    office.person("钱有别", id_number(778))
    assert codes(admin.send("offices_staff_new", **fresh(id_no=id_number(778)))) == {"NAME_DIFFERS"}


def test_the_phone_is_explained_as_that_of_a_login_and_a_known_one_stays(office: Office, admin: Desk) -> None:
    kept = "系统中已有此人，保留原登记的手机号码。"
    page = admin.get("offices_staff_new").content.decode()
    assert "办理进度会通知到这个号码" not in page
    assert "账号和岗位职责通知" in page
    assert kept not in admin.send("offices_staff_new", **fresh()).content.decode()
    known = office.person("钱有别", id_number(778))
    again = fresh(id_no=id_number(778), name="钱有别", username="qian.youbie")
    assert kept in admin.send("offices_staff_new", **again).content.decode()
    assert User.objects.get(username="qian.youbie").person == known


def test_nobody_makes_a_second_login_for_himself(office: Office, admin: Desk) -> None:
    from casework.people import persons

    person = admin.user.person
    assert person is not None
    number = persons.plain_for_system(person, "id_no")
    assert codes(admin.send("offices_staff_new", **fresh(id_no=number, name=person.name))) == {"FOR_ONESELF"}


def test_of_two_organisations_of_one_name_the_one_above_decides(office: Office, admin: Desk) -> None:
    twin = tree.make("商州区总工会", Level.TOWN, office.orgs["other_county"], region="611026")
    names = admin.get("offices_staff_new").context["offices"]
    assert {"商州区总工会 · 商洛市总工会", "商州区总工会 · 柞水县总工会"} <= set(names)
    assert "商州区总工会" not in names
    answer = admin.send("offices_staff_new", **fresh())
    assert codes(answer) == {"OFFICE_TWICE"}
    assert admin.send("offices_staff_new", **fresh(office="商州区总工会 · 柞水县总工会")).status_code == 200
    assert User.objects.get(username="zhao.xinlai").office == twin


def test_the_field_shows_the_name_of_the_organisation_one_came_from(office: Office, admin: Desk) -> None:
    page = admin.get("offices_staff_new", office=str(office.orgs["union"].public_id))
    assert page.context["typed"]["office"] == "秦岭纺织厂工会"
    elsewhere = admin.get("offices_staff_new", office=str(office.orgs["province"].public_id))
    assert elsewhere.context["typed"]["office"] == ""


@pytest.mark.promise("R6")
def test_a_locked_login_is_out_at_once_and_back_when_opened(office: Office, admin: Desk) -> None:
    officer = Desk(office, "officer")
    assert officer.get("desk_queue").status_code == 200
    assert admin.on_login("officer", "lock").status_code == 302
    assert officer.get("desk_queue").status_code == 302
    event = last_event("user", officer.user.pk)
    assert event.data["changes"] == {"is_active": {"before": True, "after": False}}
    assert admin.on_login("officer", "unlock").status_code == 302
    assert told(officer.user) == ["login_unlocked"]
    assert Desk(office, "officer").get("desk_queue").status_code == 200


@pytest.mark.promise("R6")
def test_a_reset_ends_every_open_login(office: Office, admin: Desk) -> None:
    officer = Desk(office, "officer")
    admin.on_login("officer", "reset")
    assert officer.get("desk_queue").status_code == 302
    assert told(officer.user) == ["login_reset"]


@pytest.mark.parametrize("act", ["lock", "reset"])
def test_nobody_locks_or_resets_himself(admin: Desk, act: str) -> None:
    answer = admin.on_login("admin", act)
    assert (answer.status_code, codes(answer)) == (403, {"FOR_ONESELF"})


def test_who_also_works_elsewhere_is_kept_by_the_level_above(office: Office, admin: Desk) -> None:
    office.hire("officer", "supervisor", "province")
    answer = admin.on_login("officer", "lock")
    assert (answer.status_code, codes(answer)) == (403, {"KEPT_ELSEWHERE"})


@pytest.mark.parametrize("days", [0, 3])
@pytest.mark.parametrize("act", ["lock", "reset"])
def test_who_stands_in_elsewhere_is_kept_by_the_level_above(office: Office, admin: Desk, act: str, days: int) -> None:
    """Whoever resets the login of a substitute could act in the duty that was lent to him."""
    office.hire("county_admin", "admin", "county")
    lend(office, "city_approver", "officer", days)
    answer = Desk(office, "county_admin").on_login("officer", act)
    assert (answer.status_code, codes(answer)) == (403, {"KEPT_ELSEWHERE"})
    assert admin.on_login("officer", act).status_code in (200, 302)


def test_a_reset_is_told_at_every_place_of_a_right_over_money(office: Office, admin: Desk) -> None:
    office.hire("far_supervisor", "supervisor", "other_county")
    office.hire("officer", "cashier", "other_county")
    lend(office, "finance", "officer", 0)
    assert admin.on_login("officer", "reset").status_code == 200
    for who in ("far_supervisor", "supervisor", "approver", "auditor"):
        assert told(office.users[who]) == ["money_password"], who


def lend(office: Office, absent: str, substitute: str, days: int) -> None:
    """Somebody stands in for a colleague, from this many days on."""
    row = office.users[absent].assignments.get()
    Substitution.objects.create(
        absent=office.users[absent], substitute=office.users[substitute], role=row.role, organisation=row.organisation,
        valid_from=office.now + dt.timedelta(days=days), valid_to=office.now + dt.timedelta(days=days + 5),
    )


def test_whom_one_does_not_administer_is_not_there(office: Office) -> None:
    office.hire("county_admin", "admin", "county")
    desk = Desk(office, "county_admin")
    assert desk.get("offices_login", office.users["officer"].public_id).status_code == 200
    for name in ("far_reviewer", "auditor", "worker" if "worker" in office.users else "admin"):
        assert desk.get("offices_login", office.users[name].public_id).status_code == 404
        assert desk.on_login(name, "lock").status_code == 404
    assert "far_reviewer" not in desk.get("offices_staff").content.decode()


def test_a_wrong_present_password_is_told_and_slowed_down(office: Office) -> None:
    officer = Desk(office, "officer")
    for _try in range(5):
        answer = officer.client.post(reverse("password"), {"old": "no", "new": OWN, "again": OWN})
        assert codes(answer) == {"PASSWORD_OLD"}
    assert officer.client.post(reverse("password"), {"old": "no", "new": OWN, "again": OWN}).status_code == 429
