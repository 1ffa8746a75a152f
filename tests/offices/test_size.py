"""A thousand unions, a thousand colleagues: pages stay pages, and ask the same few questions."""

from typing import Any

import pytest
from django.http import HttpResponse

from casework.access.models import RoleAssignment, User
from casework.organisations.models import Organisation
from tests.office import Office
from tests.offices.desk import Desk

pytestmark = pytest.mark.django_db
MANY = 1000


def crowd(office: Office) -> None:
    """Unions of the town and reviewers of the county, each with a duty."""
    town, county = office.orgs["town"], office.orgs["county"]
    rows = Organisation.objects.bulk_create(
        Organisation(name=f"示范第{n}工会", level="grassroots", parent=town, path=f"{town.path}x{n}/", region="611002")
        for n in range(MANY)
    )
    assert len(rows) == MANY
    person = office.users["officer"].person
    users = User.objects.bulk_create(
        User(username=f"many{n:04}", first_name=f"众人{n}", office=county, person=person, password="!")
        for n in range(MANY)
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role="case_officer", organisation=county, valid_from=office.now) for user in users
    )


def pages(office: Office, desk: Desk, chair: Desk) -> dict[str, HttpResponse]:
    """Every list."""
    return {
        "unions": desk.get("offices_unions"), "below": desk.get("offices_union", office.orgs["town"].public_id),
        "staff": desk.get("offices_staff"), "at": desk.get("offices_union", office.orgs["county"].public_id),
        "new": desk.get("offices_staff_new"), "covers": chair.get("substitutes"),
    }


def test_long_lists_are_paged_and_ask_no_more(
    office: Office, admin: Desk, django_assert_max_num_queries: Any
) -> None:
    chair = Desk(office, "approver")
    pages(office, admin, chair)
    crowd(office)
    with django_assert_max_num_queries(66):
        found = pages(office, admin, chair)
    for name, page in found.items():
        text = page.content.decode()
        assert len(text) < 120_000, name
        assert text.count("示范第") + text.count("众人") < 1000, name


def test_the_next_page_goes_on_where_this_one_ended(office: Office, admin: Desk) -> None:
    crowd(office)
    for name in ("offices_staff", "offices_unions"):
        first = admin.get(name)
        second = admin.client.get(first.context["next"])
        keys = [{row.pk for row in page.context["rows"]} for page in (first, second)]
        assert len(keys[0]) == len(keys[1]) == 50
        assert not keys[0] & keys[1]
        assert admin.client.get(second.context["prev"]).context["rows"] == first.context["rows"]


def test_one_finds_by_name_and_is_told_when_nothing_is_found(office: Office, admin: Desk) -> None:
    crowd(office)
    assert [row.username for row in admin.get("offices_staff", q="众人77").context["rows"]][:1] == ["many0077"]
    assert [row.name for row in admin.get("offices_unions", q="示范第777").context["rows"]] == ["示范第777工会"]
    for name in ("offices_staff", "offices_unions"):
        assert admin.get(name, q="没有这个").status_code == 200
