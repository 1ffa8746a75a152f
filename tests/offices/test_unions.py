"""Organisations through the pages: added below one's own, changed, closed from a day on."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.access.models import RoleAssignment
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.forms.kinds import reference
from casework.organisations import tree
from casework.organisations.models import Organisation
from casework.programmes.loader import programme_of
from tests import walk
from tests.conftest import SHANGHAI
from tests.filled import dossier_answers
from tests.office import Office
from tests.offices.desk import Desk, codes, held, last_event, later, told

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = "81610825000000019E", "81611000MC0000020N"


def fresh(**fields: str) -> dict[str, str]:
    """What is typed for a new union."""
    return {"name": "示范光伏厂工会", "level": "grassroots", "region": "611002", "credit_code": CODE, **fields}


def test_a_union_is_added_below_and_people_may_choose_it(office: Office, admin: Desk) -> None:
    answer = admin.on_union("town", "add", **fresh())
    node = Organisation.objects.get(name="示范光伏厂工会")
    assert answer.url == reverse("offices_union", args=[node.public_id])
    assert node.path == f"{office.orgs['town'].path}{node.pk}/"
    event = last_event("organisation", node.public_id)
    assert (event.action, event.data["credit_code"], event.data["reason"]) == ("organisation_add", CODE, "岗位调整")
    assert tree.named(node.public_id) == node


@pytest.mark.parametrize(("fields", "code"), [
    ({"name": "工会"}, "UNION_NAME"), ({"credit_code": CODE[:-1] + "F"}, "CREDIT_CHECK"),
    ({"credit_code": "12"}, "CREDIT_SHAPE"), ({"level": "city"}, "UNION_LEVEL"), ({"region": "610825"}, "UNION_REGION"),
    ({"name": "秦岭纺织厂工会"}, "UNION_KNOWN"), ({"reason": ""}, "REASON_MISSING"),
])
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    office: Office, admin: Desk, fields: dict[str, str], code: str
) -> None:
    answer = admin.on_union("town", "add", **fresh(**fields))
    assert codes(answer) == {code}
    assert fresh(**fields)["name"] in answer.content.decode()


def test_a_credit_code_is_taken_as_people_write_it(office: Office, admin: Desk) -> None:
    spaced = " ".join(CODE[start:start + 2] for start in range(0, len(CODE), 2))
    assert admin.on_union("town", "add", **fresh(credit_code=spaced)).status_code == 302
    assert Organisation.objects.get(name="示范光伏厂工会").credit_code == CODE


def test_two_unions_never_share_a_credit_code(office: Office, admin: Desk) -> None:
    admin.on_union("town", "add", **fresh())
    assert codes(admin.on_union("town", "add", **fresh(name="示范风电厂工会"))) == {"CREDIT_KNOWN"}


def test_a_new_name_is_told_from_what_to_what(office: Office, admin: Desk) -> None:
    union = office.orgs["union"]
    assert admin.on_union("union", "change", name="秦岭纺织集团工会", credit_code=OTHER_CODE).status_code == 302
    event = last_event("organisation", union.public_id)
    assert event.data["changes"]["name"] == {"before": "秦岭纺织厂工会", "after": "秦岭纺织集团工会"}
    assert told(office.users["handler"]) == ["union_changed"]
    page = admin.get("offices_union", union.public_id).content.decode()
    assert "秦岭纺织厂工会 → 秦岭纺织集团工会" in page


def test_a_mobile_number_does_not_enter_the_log(office: Office, admin: Desk) -> None:
    assert admin.on_union("union", "change", name="秦岭纺织厂工会", phone="13900001234").status_code == 302
    assert "…1234" in str(last_event("organisation", office.orgs["union"].public_id).data)


@pytest.mark.promise("R6")
def test_a_closed_union_is_there_until_its_day_and_its_duties_end_with_it(office: Office, admin: Desk) -> None:
    union, day = office.orgs["union"], later(office, days=5).date()
    assert admin.on_union("union", "close", closes_on=day.isoformat()).status_code == 302
    assert tree.named(union.public_id) is not None
    assert told(office.users["handler"]) == ["union_closed"]
    assert office.actor("handler").duties
    office.now = dt.datetime.combine(day, dt.time(0, 1), tzinfo=dt.UTC)
    assert tree.named(union.public_id) is None
    assert not office.actor("handler").duties
    assert not RoleAssignment.objects.filter(organisation=union, valid_to__isnull=True).exists()
    assert last_event("organisation", union.public_id).data["changes"]["closes_on"]["after"] == day.isoformat()


def test_what_is_still_needed_is_not_closed(office: Office, admin: Desk) -> None:
    walk.dossier_case(office)
    today = office.now.date().isoformat()
    assert codes(admin.on_union("union", "close", closes_on=today)) == {"UNION_CASES"}
    assert codes(admin.on_union("town", "close", closes_on=today)) == {"UNION_BELOW", "UNION_CASES"}
    assert codes(admin.on_union("city", "close", closes_on=today)) == {"OWN_OFFICE"}
    assert codes(admin.on_union("other_union", "close", closes_on="2020-01-01")) == {"CLOSE_DAY"}


def test_a_closing_is_moved_and_taken_back_until_its_day(office: Office, admin: Desk) -> None:
    union, first = office.orgs["union"], later(office, days=5).date()
    open_end, dated = held(office, "handler"), held(office, "chair")
    planned = later(office, days=30)
    RoleAssignment.objects.filter(pk=dated.pk).update(valid_to=planned)
    admin.on_union("union", "close", closes_on=first.isoformat())
    second = first + dt.timedelta(days=5)
    assert first.isoformat() in admin.get("offices_union", union.public_id).content.decode()
    assert admin.on_union("union", "close", closes_on=second.isoformat()).status_code == 302
    cut = dt.datetime.combine(second, dt.time(), tzinfo=SHANGHAI)
    for row in (open_end, dated):
        row.refresh_from_db()
        assert row.valid_to == cut
    assert admin.on_union("union", "keep", reason="").status_code == 422
    assert admin.on_union("union", "keep").status_code == 302
    union.refresh_from_db()
    assert union.closes_on is None
    for row, end in ((open_end, None), (dated, planned)):
        row.refresh_from_db()
        assert row.valid_to == end
    assert told(office.users["handler"]) == ["union_closed", "union_closed", "union_stays"]
    assert last_event("organisation", union.public_id).action == "organisation_keep"
    assert last_event("user", office.users["handler"].pk).action == "go_on"
    page = admin.get("offices_login", office.users["handler"].public_id).content.decode()
    assert "go_on" not in page


def test_once_its_day_has_come_it_is_closed(office: Office, admin: Desk) -> None:
    admin.on_union("union", "close", closes_on=office.now.date().isoformat())
    office.now += dt.timedelta(minutes=1)
    later_day = later(office, days=5).date().isoformat()
    assert codes(admin.on_union("union", "close", closes_on=later_day)) == {"UNION_CLOSED"}
    assert codes(admin.on_union("union", "keep")) == {"UNION_CLOSED"}
    assert 'value="keep"' not in admin.get("offices_union", office.orgs["union"].public_id).content.decode()


def test_nothing_outlasts_what_it_stands_below(office: Office, admin: Desk) -> None:
    first, second = (later(office, days=days).date().isoformat() for days in (5, 9))
    for place in ("union", "other_union", "town"):
        assert admin.on_union(place, "close", closes_on=first).status_code == 302
    assert codes(admin.on_union("union", "close", closes_on=second)) == {"UNION_ABOVE"}
    assert codes(admin.on_union("union", "keep")) == {"UNION_ABOVE"}
    assert admin.on_union("town", "keep").status_code == 302
    assert admin.on_union("union", "keep").status_code == 302


def test_nor_does_it_come_back_beside_another_of_its_name(office: Office, admin: Desk) -> None:
    admin.on_union("union", "close", closes_on=later(office, days=5).date().isoformat())
    assert admin.on_union("town", "add", **fresh(name=office.orgs["union"].name)).status_code == 302
    assert codes(admin.on_union("union", "keep")) == {"UNION_KNOWN"}


def test_from_the_entry_on_nobody_applies_there(office: Office, admin: Desk) -> None:
    """A case begun in its last days would find nobody who may end it."""
    walk.member(office)
    answers = dossier_answers(office, "worker")
    admin.on_union("union", "close", closes_on=later(office, days=5).date().isoformat())
    with pytest.raises(Refused) as refused:
        office.apply("worker", "hardship_dossier", answers)
    assert refused.value.problems[0].code == "UNION_CLOSING"
    assert not Case.objects.exists()
    form = office.version("hardship_dossier")
    field = next(item for item in programme_of(form).form.items() if item.key == "union")
    name = office.orgs["union"].name
    assert name not in str(reference.unions(field))
    admin.on_union("union", "keep")
    assert name in str(reference.unions(field))
    assert office.apply("worker", "hardship_dossier", answers).organisation == office.orgs["union"]


def test_money_keeps_an_organisation_open(office: Office, admin: Desk) -> None:
    day = later(office, days=5).date().isoformat()
    for place in ("union", "other_union", "town"):
        admin.on_union(place, "close", closes_on=day)
    assert codes(admin.on_union("county", "close", closes_on=day)) == {"UNION_MONEY"}
    assert admin.on_union("other_county", "close", closes_on=day).status_code == 302


def test_a_duty_at_a_closing_organisation_ends_with_it(office: Office, admin: Desk) -> None:
    day, last = later(office, days=5).date(), later(office, days=4).date()
    admin.on_union("union", "close", closes_on=day.isoformat())
    for until in ("", day.isoformat()):
        assert codes(admin.give("organiser", "unit_handler", "union", valid_to=until)) == {"UNION_CLOSING"}
    assert admin.give("organiser", "unit_handler", "union", valid_to=last.isoformat()).status_code == 302


@pytest.mark.promise("R2")
def test_what_lies_outside_is_not_there(office: Office) -> None:
    office.hire("county_admin", "admin", "county")
    desk = Desk(office, "county_admin")
    for place in ("city", "other_county", "province"):
        assert desk.get("offices_union", office.orgs[place].public_id).status_code == 404
        for act in ("add", "change", "close"):
            assert desk.on_union(place, act, **fresh()).status_code == 404
    assert "柞水县总工会" not in desk.get("offices_unions").content.decode()
    assert "柞水县总工会" not in desk.get("offices_staff_new").content.decode()
