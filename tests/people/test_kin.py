"""Kin and households: a tie counts from both sides, whoever declared it and whenever it began."""
import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from casework.audit.models import Event
from casework.people import kin, persons
from casework.people.households import household_of, set_household
from casework.people.models import Household, HouseholdMember, Kinship, Person
from tests.office import id_number
from tests.papers.conftest import STAMP

pytestmark = pytest.mark.django_db
NUMBERS = [id_number(serial) for serial in range(1, 7)]


@pytest.fixture
def people(moment: dt.datetime) -> list[Person]:
    """Six people who have nothing to do with each other."""
    return [persons.find_or_make(number, f"人{n}某", now=moment) for n, number in enumerate(NUMBERS)]


def related(*people: Person) -> set[int]:
    """Ids of the related ones."""
    return kin.related_ids([person.pk for person in people])


def ids(*people: Person) -> set[int]:
    """Ids of these."""
    return {person.pk for person in people}


def test_everyone_is_related_to_himself_and_to_nobody_else(people: list[Person]) -> None:
    assert related(people[0]) == ids(people[0])
    assert related() == set()


def test_a_household_ties_all_its_members(people: list[Person], today: dt.date) -> None:
    head, wife, child, *others = people
    set_household(head, [(wife, "spouse"), (child, "child")], today)
    for one in (head, wife, child):
        assert related(one) == ids(head, wife, child)
    assert related(others[0]) == ids(others[0])


def test_who_moved_out_stays_related(people: list[Person], today: dt.date) -> None:
    """Moving a relative to another household on paper must not open his case."""
    head, wife, lodger, *_others = people
    set_household(head, [(wife, "spouse")], today)
    set_household(wife, [(lodger, "other")], today + dt.timedelta(days=30))
    assert related(head) == ids(head, wife)
    assert related(wife) == ids(head, wife, lodger)
    assert related(lodger) == ids(wife, lodger)


@pytest.mark.parametrize("known_before", [True, False])
def test_a_declared_relative_counts_from_both_sides(moment: dt.datetime, known_before: bool) -> None:
    """Also when the relative becomes known only after he was declared."""
    me = persons.find_or_make(NUMBERS[0], "李建国", now=moment)
    if known_before:
        persons.find_or_make(NUMBERS[1], "李建明", now=moment)
    kin.declare(me, NUMBERS[1], "sibling", STAMP, moment)
    brother = persons.find_or_make(NUMBERS[1], "李建明", now=moment)
    assert related(me) == related(brother) == ids(me, brother)


def test_a_relative_nobody_knows_yet_is_nobody(people: list[Person], moment: dt.datetime) -> None:
    kin.declare(people[0], id_number(99), "parent", STAMP, moment)
    assert related(people[0]) == ids(people[0])


def test_the_number_of_a_relative_may_end_in_a_small_x(moment: dt.datetime) -> None:
    number = next(found for found in map(id_number, range(300)) if found.endswith("X"))
    me, father = (persons.find_or_make(each, "李某", now=moment) for each in (NUMBERS[0], number))
    kin.declare(me, number.lower(), "parent", STAMP, moment)
    assert related(father) == ids(me, father)


def test_a_declaration_is_an_event_without_the_number(people: list[Person], moment: dt.datetime) -> None:
    kin.declare(people[0], NUMBERS[1], "sibling", STAMP, moment)
    event = Event.objects.get(subject_kind="person", subject_id=str(people[0].public_id))
    assert (event.action, event.data) == ("kinship", {"relation": "sibling"})
    row = Kinship.objects.get()
    assert NUMBERS[1] not in f"{row.relative_id_hash}{event.data}{event.actor}"


def test_ties_of_several_people_at_once(people: list[Person], today: dt.date, moment: dt.datetime) -> None:
    a, b, c, d, e, f = people
    set_household(a, [(b, "spouse")], today)
    kin.declare(c, NUMBERS[3], "sibling", STAMP, moment)
    assert related(a, c) == ids(a, b, c, d)
    assert related(b, d, e) == ids(a, b, c, d, e)
    # Not the relatives of relatives: the spouse's brother recuses himself by declaring it.
    kin.declare(b, NUMBERS[5], "sibling", STAMP, moment)
    assert related(a) == ids(a, b) and related(f) == ids(b, f)


def test_the_cost_does_not_grow_with_the_people(people: list[Person], today: dt.date, moment: dt.datetime) -> None:
    set_household(people[0], [(person, "other") for person in people[1:]], today)
    kin.declare(people[0], NUMBERS[1], "sibling", STAMP, moment)
    for number in (1, 6):
        with CaptureQueriesContext(connection) as queries:
            related(*people[:number])
        assert len(queries) == 3


pairs = st.tuples(st.integers(0, 5), st.integers(0, 5))


@given(
    declared=st.lists(pairs, max_size=6),
    homes=st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True), max_size=4),
)
def test_ties_are_symmetrical_and_no_more_than_were_made(
    people: list[Person], today: dt.date, moment: dt.datetime,
    declared: list[tuple[int, int]], homes: list[list[int]],
) -> None:
    """Any declarations, and any households formed one after the other: a is tied to b exactly if b is tied to a, and
    exactly if they shared a household or one declared the other."""
    with transaction.atomic():
        Kinship.objects.all().delete()
        HouseholdMember.objects.all().delete()
        Household.objects.all().delete()
        tied = {frozenset({n}) for n in range(6)}
        for a, b in declared:
            Kinship.objects.create(person=people[a], relative_id_hash=persons.id_hash(NUMBERS[b]), relation="other")
            tied.add(frozenset({a, b}))
        for number, home in enumerate(homes):
            head, *rest = home
            set_household(people[head], [(people[n], "other") for n in rest], today + dt.timedelta(days=number))
            tied |= {frozenset(pair) for pair in itertools.combinations(home, 2)}
        for a, person in enumerate(people):
            assert related(person) == {people[b].pk for b in range(6) if frozenset({a, b}) in tied}


# Households.

def test_a_household_has_a_head_and_dated_members(people: list[Person], today: dt.date) -> None:
    head, wife, child, *_others = people
    home = set_household(head, [(head, "other"), (wife, "spouse"), (child, "child")], today)
    rows = {row.person_id: (row.relation, row.valid_from, row.valid_to) for row in home.members.all()}
    assert rows == {
        head.pk: ("self", today, None), wife.pk: ("spouse", today, None), child.pk: ("child", today, None),
    }
    assert home.head == head
    assert household_of(head) == household_of(wife) == household_of(child) == home
    assert household_of(people[3]) is None


def test_nobody_lives_in_two_households(people: list[Person], today: dt.date) -> None:
    head, wife, *_others = people
    first = set_household(head, [(wife, "spouse")], today)
    second = set_household(wife, [], today + dt.timedelta(days=1))
    assert (household_of(head), household_of(wife)) == (first, second)
    left = first.members.get(person=wife)
    assert left.valid_to == today + dt.timedelta(days=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseholdMember.objects.create(household=first, person=wife, relation="spouse", valid_from=today)


def test_forming_one_is_all_or_nothing(people: list[Person], today: dt.date, monkeypatch: pytest.MonkeyPatch) -> None:
    head, wife, *_others = people
    first = set_household(head, [(wife, "spouse")], today)

    def broken(_rows: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(HouseholdMember.objects, "bulk_create", broken)
    with pytest.raises(OSError, match="disk"):
        set_household(wife, [], today)
    assert household_of(wife) == first and Household.objects.count() == 1
