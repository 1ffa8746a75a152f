"""Duties: dated from–to, for a node and all below it, lent at most one hop, and gone the moment they end."""
import datetime as dt
from typing import Any

import pytest
from guardian.shortcuts import assign_perm

from casework.access import assign
from casework.access.actor import SYSTEM, Actor, Duty
from casework.access.duties import actor_of, covers, find_duty, holders, stamp_of
from casework.access.models import RoleAssignment, User
from casework.audit.models import Event
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.people import persons
from tests.office import id_number
from tests.papers.conftest import STAMP

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


class Federation:
    """A city, two counties and a union below the first; users with a person each."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.city = tree.make("商洛市总工会", Level.CITY, None, region="611000")
        self.county = tree.make("商州区总工会", Level.COUNTY, self.city, region="611002")
        self.other = tree.make("柞水县总工会", Level.COUNTY, self.city, region="611026")
        self.union = tree.make("秦岭纺织厂工会", Level.GRASSROOTS, self.county, region="611002")
        self.serial = 0

    def user(self, name: str) -> User:
        """A login with a person of its own."""
        self.serial += 1
        person = persons.find_or_make(id_number(self.serial), name, now=self.now)
        return User.objects.create(username=name, first_name=name, person=person)

    def give(
        self, user: User, place: Organisation, role: str = "reviewer", start: dt.datetime | None = None,
        end: dt.datetime | None = None,
    ) -> RoleAssignment:
        """Assign a role."""
        return assign.assign(user, role, place, start or self.now - DAY, end, STAMP, self.now)[0]

    def lend(self, absent: User, substitute: User, place: Organisation, role: str = "reviewer", **dates: Any) -> None:
        """Appoint a substitute for tomorrow's and yesterday's sake."""
        start, end = dates.get("start", self.now - DAY), dates.get("end", self.now + DAY)
        assign.substitute(absent, substitute, role, place, start, end, STAMP, self.now)


@pytest.fixture
def fed(db: None, moment: dt.datetime) -> Federation:
    """The federation at the moment of the tests."""
    return Federation(moment)


def roles(user: User, now: dt.datetime) -> list[tuple[str, int, int | None]]:
    """(role, organisation, person stood in for) of each duty."""
    fresh = User.objects.get(pk=user.pk)
    return [(duty.role, duty.organisation, duty.for_person) for duty in actor_of(fresh, now).duties]


# From–to.

def test_a_duty_begins_and_ends_on_the_second(fed: Federation) -> None:
    """From inclusive, to exclusive."""
    user, start, end = fed.user("李审核"), fed.now, fed.now + DAY
    fed.give(user, fed.county, start=start, end=end)
    held = [("reviewer", fed.county.pk, None)]
    for moment, duties in (
        (start - SECOND, []), (start, held), (end - SECOND, held), (end, []), (end + SECOND, []),
    ):
        assert roles(user, moment) == duties
        assert (user in holders("reviewer", fed.union.path, moment)) == bool(duties)


def test_an_open_end_lasts(fed: Federation) -> None:
    user = fed.user("李审核")
    fed.give(user, fed.county)
    assert roles(user, fed.now + 3650 * DAY) == [("reviewer", fed.county.pk, None)]


def test_what_was_ended_is_gone_at_once(fed: Federation) -> None:
    user = fed.user("李审核")
    row = fed.give(user, fed.county)
    assert roles(user, fed.now) != []
    assign.end(row, STAMP, fed.now)
    assert roles(user, fed.now) == [] and holders("reviewer", fed.union.path, fed.now) == []
    # The past is kept: who held it then can still be told.
    assert roles(user, fed.now - SECOND) == [("reviewer", fed.county.pk, None)]


def test_what_was_given_holds_at_once(fed: Federation) -> None:
    user = fed.user("李审核")
    assert roles(user, fed.now) == []
    fed.give(user, fed.county, start=fed.now)
    assert roles(user, fed.now) == [("reviewer", fed.county.pk, None)]


def test_each_change_of_rights_is_an_event(fed: Federation) -> None:
    user, other = fed.user("李审核"), fed.user("王审核")
    row = fed.give(user, fed.county)
    fed.lend(user, other, fed.county)
    assign.end(row, STAMP, fed.now)
    events = Event.objects.filter(subject_kind="user").order_by("id")
    assert [(event.subject_id, event.action) for event in events] == [
        (str(user.pk), "assign"), (str(other.pk), "substitute"), (str(user.pk), "end"),
    ]
    assert events[0].data["role"] == events[2].data["role"] == "reviewer"
    assert events[0].data["organisation"] == str(fed.county.public_id)
    assert (events[1].data["absent"], events[1].data["substitute"]) == (user.pk, other.pk)


def test_a_change_without_its_event_does_not_happen(fed: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_values: Any, **_more: Any) -> None:
        raise OSError("no log")

    user, other = fed.user("李审核"), fed.user("王审核")
    row = fed.give(user, fed.county)
    monkeypatch.setattr(assign.record, "record", broken)
    for change in (
        lambda: fed.give(other, fed.county), lambda: fed.lend(user, other, fed.county),
        lambda: assign.end(row, STAMP, fed.now),
    ):
        with pytest.raises(OSError, match="no log"):
            change()
    assert roles(user, fed.now) == [("reviewer", fed.county.pk, None)] and roles(other, fed.now) == []


def test_a_disabled_login_has_no_duties(fed: Federation) -> None:
    user = fed.user("李审核")
    fed.give(user, fed.county)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert roles(user, fed.now) == [] and holders("reviewer", fed.county.path, fed.now) == []
    actor = actor_of(User.objects.get(pk=user.pk), fed.now)
    assert (actor.person, actor.granted) == (user.person_id, frozenset())


# Where.

def test_a_duty_reaches_its_node_and_all_below(fed: Federation) -> None:
    user = fed.user("李审核")
    fed.give(user, fed.county)
    actor = actor_of(user, fed.now)
    for place, reached in ((fed.county, True), (fed.union, True), (fed.city, False), (fed.other, False)):
        assert (find_duty(actor, "reviewer", place.path) is not None) is reached
    assert find_duty(actor, "approver", fed.county.path) is None


def test_a_node_whose_number_begins_alike_is_another_node() -> None:
    duty = Duty("reviewer", 4, "/1/4/", "county")
    assert covers(duty, "/1/4/") and covers(duty, "/1/4/7/")
    assert not covers(duty, "/1/40/") and not covers(duty, "/1/") and not covers(duty, "/14/")


def test_holders_are_the_nearest_first(fed: Federation) -> None:
    far, near, late, elsewhere, other_role = (fed.user(f"{name}审核") for name in "张王赵钱孙")
    fed.give(far, fed.city)
    fed.give(near, fed.county)
    fed.give(late, fed.county)
    fed.give(elsewhere, fed.other)
    fed.give(other_role, fed.county, "approver")
    assert holders("reviewer", fed.union.path, fed.now) == [near, late, far]
    assert holders("reviewer", fed.other.path, fed.now) == [elsewhere, far]
    assert holders("reviewer", fed.city.path, fed.now) == [far]


# Substitutes.

def test_a_substitute_acts_in_the_role_and_stands_for_both_persons(fed: Federation) -> None:
    absent, substitute = fed.user("李审核"), fed.user("王审核")
    fed.give(absent, fed.county)
    fed.lend(absent, substitute, fed.county)
    assert roles(substitute, fed.now) == [("reviewer", fed.county.pk, absent.person_id)]
    actor = actor_of(substitute, fed.now)
    assert actor.persons == {substitute.person_id, absent.person_id}
    assert find_duty(actor, "reviewer", fed.union.path) is not None
    assert actor_of(absent, fed.now).persons == {absent.person_id}


def test_a_substitution_begins_and_ends_on_the_second(fed: Federation) -> None:
    absent, substitute = fed.user("李审核"), fed.user("王审核")
    fed.give(absent, fed.county)
    fed.lend(absent, substitute, fed.county, start=fed.now, end=fed.now + DAY)
    counts = [len(roles(substitute, fed.now + step)) for step in (-SECOND, 0 * SECOND, DAY - SECOND, DAY)]
    assert counts == [0, 1, 1, 0]


def test_nobody_lends_what_he_does_not_hold_any_more(fed: Federation) -> None:
    absent, substitute = fed.user("李审核"), fed.user("王审核")
    row = fed.give(absent, fed.county)
    fed.lend(absent, substitute, fed.county)
    fed.lend(absent, substitute, fed.county, "approver")  # never held
    fed.lend(absent, substitute, fed.other)  # nor there
    assert roles(substitute, fed.now) == [("reviewer", fed.county.pk, absent.person_id)]
    assign.end(row, STAMP, fed.now)
    assert roles(substitute, fed.now) == []


def test_a_substitute_of_a_disabled_login_has_nothing(fed: Federation) -> None:
    absent, substitute = fed.user("李审核"), fed.user("王审核")
    fed.give(absent, fed.county)
    fed.lend(absent, substitute, fed.county)
    User.objects.filter(pk=absent.pk).update(is_active=False)
    assert roles(substitute, fed.now) == []


def test_a_substitute_cannot_pass_the_duty_on(fed: Federation) -> None:
    first, second, third = (fed.user(f"{name}审核") for name in "李王赵")
    fed.give(first, fed.county)
    fed.lend(first, second, fed.county)
    fed.lend(second, third, fed.county)
    assert len(roles(second, fed.now)) == 1 and roles(third, fed.now) == []


# The actor.

def test_two_logins_of_one_person_are_one_person(fed: Federation) -> None:
    user = fed.user("李审核")
    second = User.objects.create(username="li-2", person=user.person)
    fed.give(second, fed.county, "approver")
    assert actor_of(second, fed.now).persons == actor_of(user, fed.now).persons == {user.person_id}
    assert actor_of(second, fed.now).name == "li-2"


def test_a_login_without_a_person_is_nobody(fed: Federation) -> None:
    actor = actor_of(User.objects.create(username="nobody"), fed.now)
    assert (actor.person, actor.persons, actor.duties) == (None, frozenset(), ())
    assert SYSTEM.persons == frozenset() and SYSTEM.duties == ()


def test_cases_opened_one_by_one_are_read_afresh(fed: Federation) -> None:
    from django.contrib.contenttypes.models import ContentType
    from guardian.models import UserObjectPermission

    user = fed.user("陈律师")
    from casework.cases.models import Case

    case = Case(pk=41)
    assign_perm("cases.read_case", user, case)
    assert actor_of(user, fed.now).granted == {41}
    kind = ContentType.objects.get_for_model(Case)
    UserObjectPermission.objects.filter(user=user, content_type=kind).delete()
    assert actor_of(user, fed.now).granted == frozenset()


def test_the_stamp_is_plain_and_stands_alone(fed: Federation) -> None:
    user = fed.user("李审核")
    fed.give(user, fed.county)
    actor = actor_of(user, fed.now)
    stamp = stamp_of(actor, actor.duties[0], "online", "10.0.0.7")
    assert stamp == {
        "user": user.pk, "person": str(user.person_id), "name": "李审核", "role": "reviewer",
        "organisation": str(fed.county.pk), "via": "online", "system": "", "address": "10.0.0.7",
    }
    nobody = stamp_of(SYSTEM, None, "timer")
    assert (nobody["user"], nobody["person"], nobody["role"], nobody["system"]) == (None, "", "", "system")


def test_an_actor_cannot_be_changed_on_the_way() -> None:
    actor = Actor(user=1, person=1, name="李审核")
    with pytest.raises(AttributeError):
        actor.duties = (Duty("approver", 1, "/1/", "county"),)  # type: ignore[misc]
