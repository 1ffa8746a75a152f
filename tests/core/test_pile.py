"""Rows that are written together: the same rows as one by one, in one statement where the database can."""
import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.cases.models import Series
from casework.core.counting import take_next
from casework.core.pile import NextRound, Pile
from casework.core.pile_many import send_many
from casework.organisations import tree
from casework.organisations.models import Organisation
from casework.people.models import Household, HouseholdMember, Person

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)


def person(name: str) -> Person:
    return Person.objects.create(name=name, id_hash=name)


def test_new_rows_point_to_each_other_before_they_have_ids() -> None:
    pile, head = Pile(), person("甲")
    household = Household(head=head, created_at=dt.datetime.now(dt.UTC))
    member = HouseholdMember(household=household, person=head, relation="self", valid_from=DAY)
    pile.insert(household)
    pile.insert(member)
    member.relation = "spouse"  # values are read when the pile is sent
    with CaptureQueriesContext(connection) as seen:
        pile.flush()
    assert len(seen) == (1 if connection.vendor == "postgresql" else 2)
    row = HouseholdMember.objects.get(pk=member.pk)
    assert (row.household_id, row.person_id, row.relation) == (household.pk, head.pk, "spouse")
    assert not member._state.adding


def test_changes_come_after_what_was_collected_before() -> None:
    pile, one = Pile(), person("甲")
    one.name = "乙"
    pile.update(one, "name")
    one.name_pinyin = "yi"
    pile.update(one, "name_pinyin")
    pile.change(Person, {"id_hash": ["甲", "丙"]}, phone_hash="x")
    pile.flush()
    assert Person.objects.values_list("name", "name_pinyin").get() == ("乙", "yi")
    assert not pile.writes


def test_two_objects_of_one_row_are_written_one_after_the_other() -> None:
    pile, one = Pile(), person("甲")
    other = Person.objects.get(pk=one.pk)
    one.name, other.name = "乙", "丙"
    pile.update(one, "name")
    pile.update(other, "name")
    pile.flush()
    assert Person.objects.get().name == "丙"


def test_what_was_lost_is_raised_and_what_is_taken_is_refused() -> None:
    pile = Pile()
    pile.change(Person, {"id_hash": "nobody"}, LookupError("gone"), name="x")
    with pytest.raises(LookupError, match="gone"):
        pile.flush()
    person("甲")
    pile.insert(Person(name="乙", id_hash="甲"))
    with pytest.raises(IntegrityError), transaction.atomic():
        pile.flush()
    pile.insert(Person(name="乙", id_hash="甲"), ignore=True)
    pile.flush()
    assert Person.objects.count() == 1


def test_rounds_are_counted_by_the_statement_itself() -> None:
    city = tree.make("市", "city", None, region="611000")
    pile = Pile()
    new = Organisation(name="x", level="county", path="x", region="1")
    counted = NextRound(Organisation, {"level": "city"})
    pile.insert(new, short_name=counted)
    pile.flush()
    assert str(new.short_name) == "2" == Organisation.objects.get(pk=new.pk).short_name
    assert city.pk != new.pk


def test_many_piles_write_what_each_alone_would() -> None:
    people = [person(f"人{n}") for n in range(5)]
    piles = []
    for n, one in enumerate(people):
        pile = Pile()
        household = Household(head=one, created_at=dt.datetime.now(dt.UTC))
        pile.insert(household)
        pile.insert(HouseholdMember(household=household, person=one, relation="self", valid_from=DAY))
        one.name = f"名{n}"
        pile.update(one, "name")
        pile.change(Person, {"pk": one.pk, "phone_hash": ""}, LookupError(one.name), phone_hash=f"p{n}")
        piles.append(pile)
    with CaptureQueriesContext(connection) as seen:
        send_many(piles)
    assert len(seen) == 4 if connection.vendor == "postgresql" else len(seen) <= 12
    assert [p.name for p in Person.objects.order_by("pk")] == [f"名{n}" for n in range(5)]
    assert [p.phone_hash for p in Person.objects.order_by("pk")] == [f"p{n}" for n in range(5)]
    pairs = HouseholdMember.objects.values_list("person_id", "household__head_id")
    assert len(pairs) == 5 and all(member == head for member, head in pairs)


def test_a_lost_row_among_many_is_told() -> None:
    piles = [Pile(), Pile()]
    piles[0].change(Person, {"pk": person("甲").pk}, LookupError("one"), name="x")
    piles[1].change(Person, {"pk": -1}, LookupError("other"), name="x")
    with pytest.raises(LookupError), transaction.atomic():
        send_many(piles)
    assert Person.objects.get().name == "甲"


def test_numbers_follow_each_other_without_gaps() -> None:
    assert [take_next(Series, "name", "A"), take_next(Series, "name", "A"), take_next(Series, "name", "B")] == [1, 2, 1]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert take_next(Series, "name", "A") == 3
        raise ZeroDivisionError
    assert take_next(Series, "name", "A") == 3
