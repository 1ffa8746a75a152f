"""Separation of duties (promises R4, M5): whoever acted on a case in one exclusive duty gets no other, whichever way he
comes: through the engine, through the desk's pages, through payment runs. Every earlier step was done by a substitute,
so two persons hold each duty: the substitute and the colleague he stood in for. Both try every way.

Checked by hand, each in a scratch copy, each turns this file red: same_hands comparing logins instead of persons, or
leaving out those a substitute stands for; keep_decision noting the substitute only; moves.hands without same_hands;
NOT_FOR_FILER emptied; recusal without the applicant, or letting a login without a person pass; payruns.barred without
the holders, or without who filed; export without them; _same_maker by login; the visit's second signature by login;
a substitute's duty that can be passed on. With the guard taken out, the unique row of duty holders still refuses."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from casework.access.models import RoleAssignment, Substitution, User
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.funds.models import Batch, Payment
from casework.people.models import Person
from casework.workflows import guards, moves, payruns
from casework.workflows.models import DutyHolder
from tests import walk
from tests.filled import dossier_answers
from tests.office import STAFF, Office
from tests.security.conftest import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.promise("R4")]

# Who does each exclusive duty in the walk, and the roles that do it.
WORKERS = {"accept": "handler", "visit": "visitor_1", "review": "reviewer", "approve": "approver"}
Way = Callable[[Office, Person, str, str], str]


@pytest.fixture
def office(house: Any) -> Iterator[Office]:
    """The federation of the module, in which each worker of an exclusive duty is absent and has a substitute; under the
    worker's own name the substitute acts."""
    office: Office = house.office
    before = dict(office.users), office.now
    for name in WORKERS.values():
        role, place = STAFF[name]
        stand_in = office.user(f"{name}_s", office.person(f"代{name}"))
        lend(office, office.users[name], stand_in, role, place)
        office.users[f"{name}_absent"], office.users[name] = office.users[name], stand_in
    yield office
    office.users, office.now = before


def lend(office: Office, absent: User, substitute: User, role: str, place: str) -> None:
    """A substitution that is in force."""
    Substitution.objects.create(
        absent=absent, substitute=substitute, role=role, organisation=office.orgs[place],
        valid_from=office.now - dt.timedelta(days=1), valid_to=office.now + dt.timedelta(days=300),
    )


def second_role(office: Office, person: Person, role: str, place: str) -> str:
    """His own login gets the role beside what it has."""
    login = next(name for name, user in office.users.items() if user.person_id == person.pk)
    return office.hire(login, role, place) and login


def other_role(office: Office, person: Person, role: str, place: str) -> str:
    """He is moved between the steps: what he was ends, what he needs begins."""
    user = User.objects.filter(person=person).first()
    RoleAssignment.objects.filter(user=user).update(valid_to=office.now)
    Substitution.objects.filter(substitute=user).update(valid_to=office.now)
    return second_role(office, person, role, place)


def second_login(office: Office, person: Person, role: str, place: str) -> str:
    """Another login of the same person."""
    office.hire("second", role, place, person)
    return "second"


def as_substitute(office: Office, person: Person, role: str, place: str) -> str:
    """He stands in for a colleague who never saw the case."""
    office.hire("away", role, place)
    user = User.objects.filter(person=person).first()
    assert user is not None
    lend(office, office.users["away"], user, role, place)
    return next(name for name, known in office.users.items() if known.pk == user.pk)


def by_substitute(office: Office, person: Person, role: str, place: str) -> str:
    """A colleague who never saw the case stands in for him."""
    login = second_role(office, person, role, place)
    lend(office, office.users[login], office.user("helper", office.person("帮手")), role, place)
    return "helper"


def second_login_as_substitute(office: Office, person: Person, role: str, place: str) -> str:
    """Another login of his stands in for a colleague."""
    office.hire("away", role, place)
    lend(office, office.users["away"], office.user("second", person), role, place)
    return "second"


def without_person(office: Office, person: Person, role: str, place: str) -> str:
    """A login that stands for nobody: whose it is cannot be told."""
    office.hire("nameless", role, place, person)
    User.objects.filter(pk=office.users["nameless"].pk).update(person=None)
    return "nameless"


WAYS: tuple[Way, ...] = (
    second_role, other_role, second_login, as_substitute, by_substitute, second_login_as_substitute, without_person,
)
CODES = {"SAME_HANDS", "RECUSED", "NO_PERSON", "TWO_PEOPLE", "OWN_PAYMENT", "NO_DUTY"}


def earlier_actors(case: Case) -> list[Person]:
    """Everybody who holds a duty of the case."""
    return list(Person.objects.filter(pk__in=DutyHolder.objects.filter(case=case).values("person")).order_by("pk"))


def refused(work: Callable[[], object]) -> set[str]:
    """The codes of the refusal; nothing else may come of it."""
    with pytest.raises(Refused) as refusal:
        work()
    assert refusal.value.status == 403, refusal.value
    return {problem.code for problem in refusal.value.problems}


def client_of(office: Office, login: str) -> Client:
    """A browser of this login."""
    client = Client(raise_request_exception=False)
    client.force_login(office.users[login])
    return client


def try_step(
    office: Office, case: Case, login: str, action: str, answers: dict[str, Any], *, desk: bool = True
) -> None:
    """Through the engine, through the read twin, through the desk's page: no."""
    seen = office.fresh(case).event_n
    for what in (action, action.partition(".")[0] + ".take"):
        assert refused(lambda what=what: office.do(case, what, login, **answers)) & CODES, f"{login} {what}"
    if desk:
        body = {"action": action, "seen": seen, "key": uuid.uuid4().hex, **answers}
        answer = client_of(office, login).post(reverse("desk_do", args=[case.public_id]), body)
        assert answer.status_code == 403, f"{login}: {answer.status_code}"
    offered = [m for m in moves.available(office.fresh(case), office.actor(login), office.now) if m.action == action]
    assert all(move.problems and move.form is None for move in offered)
    assert office.fresh(case).event_n == seen


PASSES = {
    "visit": ("visit.record", walk.SHEET),
    "review": ("review.pass", {"opinion": "符合条件"}),
    "approve": ("approve.pass", {}),
}
PLACES = {step: STAFF[name] for step, name in WORKERS.items()}
LIVING_ACTORS = {"review": 2, "approve": 4, "pay": 6}


def arrive(office: Office, key: str, step: str) -> Case:
    """A case on the desk of this step."""
    if key == "dossier":
        return walk.go(office, walk.dossier_case(office, "newcomer"), walk.DOSSIER, step)
    walk.dossier(office, "newcomer")
    return walk.go(office, walk.living_case(office, "newcomer"), walk.LIVING, step)


@pytest.mark.parametrize(("key", "step"), [
    ("dossier", "visit"), ("dossier", "review"), ("dossier", "approve"), ("living", "review"), ("living", "approve"),
])
def test_no_earlier_actor_takes_a_later_duty(office: Office, key: str, step: str) -> None:
    """Every pair of steps × every way × both persons of each earlier duty."""
    case, tried = arrive(office, key, step), 0
    (action, answers), actors = PASSES[step], earlier_actors(case)
    assert len(actors) == {"dossier": {"visit": 2, "review": 5, "approve": 7}, "living": LIVING_ACTORS}[key][step]
    for person in [*actors, office.fresh(case).applicant]:
        for way in WAYS:
            with transaction.atomic():
                login = way(office, person, *PLACES[step])
                try_step(office, case, login, action, answers, desk=person in (actors[0], actors[-1]))
                transaction.set_rollback(True)
            forget(office)
            tried += 1
    assert tried == len(WAYS) * (len(actors) + 1)
    walk.DOSSIER[step](office, case)  # whoever has clean hands may


def forget(office: Office) -> None:
    """Logins that were rolled back."""
    for name in ("second", "away", "helper", "nameless"):
        office.users.pop(name, None)


def test_the_first_visitor_does_not_sign_himself(office: Office) -> None:
    """Nor does the one he stood in for, nor a substitute of either, nor a second login (domain §4.11)."""
    case = walk.go(office, walk.dossier_case(office, "newcomer"), walk.DOSSIER, "visit")
    walk.record_visit(office, case)
    absent, stand_in = office.users["visitor_1_absent"].person, office.users["visitor_1"].person
    seen = office.fresh(case).event_n
    for person in (absent, stand_in):
        for way in (second_role, second_login, by_substitute, second_login_as_substitute):
            with transaction.atomic():
                login = way(office, person, "investigator", "union")
                for action in ("visit.sign", "visit.redo"):
                    with pytest.raises(Refused) as refusal:
                        office.do(case, action, login, opinion="所见与申报一致")
                    assert {problem.code for problem in refusal.value.problems} <= CODES, f"{way} {refusal.value}"
                transaction.set_rollback(True)
            forget(office)
    assert office.fresh(case).event_n == seen
    office.do(case, "visit.sign", "visitor_2")


@pytest.mark.parametrize("step", ["visit", "review", "approve"])
def test_who_filed_the_case_decides_nothing(office: Office, step: str) -> None:
    """A handler filed for a member; another handler found it complete."""
    walk.member(office, "newcomer")
    office.hire("filer", "unit_handler", "union")
    answers = dossier_answers(office, "newcomer", by="filer")
    case = walk.go(office, office.apply("filer", "hardship_dossier", answers), walk.DOSSIER, step)
    filer = office.users["filer"].person
    assert filer not in earlier_actors(case)
    for way in WAYS:
        with transaction.atomic():
            try_step(office, case, way(office, filer, *PLACES[step]), *PASSES[step])
            transaction.set_rollback(True)
        forget(office)


@pytest.fixture
def paying(office: Office) -> Case:
    """An approved request of a member whose handler filed it; its payment waits for a batch."""
    walk.dossier(office, "newcomer")
    office.hire("filer", "unit_handler", "union")
    case = walk.living_case(office, "newcomer")
    Case.objects.filter(pk=case.pk).update(filed_by=office.users["filer"])
    return walk.go(office, case, walk.LIVING, "pay")


def waiting(case: Case) -> list[int]:
    """The payments of the case."""
    return list(case.payments.values_list("pk", flat=True))


MONEY = {"make": "finance_officer", "check": "cashier", "export": "cashier"}


def through_the_engine(office: Office, act: str, case: Case, batch: Batch | None, login: str) -> None:
    """The same three acts as functions."""
    actor = office.actor(login)
    if act == "make":
        payruns.make(office.fund, waiting(case), actor, office.now)
    elif act == "check":
        payruns.check(batch, actor, office.now, approve=True)
    else:
        payruns.export(batch, actor, office.now)


def through_the_desk(office: Office, act: str, case: Case, batch: Batch | None, login: str) -> int:
    """The same three acts as pages; the status of the answer."""
    client = client_of(office, login)
    if act == "make":
        answer = client.post(reverse("desk_batch_make", args=[office.fund.public_id]), {"payment": waiting(case)})
    else:
        body = {"decision": "approve"} if act == "check" else {}
        answer = client.post(reverse(f"desk_batch_{act}", args=[batch.public_id]), body)
    return int(answer.status_code)


def batch_before(office: Office, act: str, case: Case) -> Batch | None:
    """The batch as this act finds it."""
    if act == "make":
        return None
    batch = payruns.make(office.fund, waiting(case), office.actor("finance"), office.now)
    return payruns.check(batch, office.actor("cashier"), office.now, approve=True) if act == "export" else batch


@pytest.mark.promise("M5")
@pytest.mark.parametrize("act", MONEY)
def test_nobody_who_acted_on_the_case_pays_it(office: Office, paying: Case, act: str) -> None:
    """Accepted, reviewed, approved, filed, or applied: neither makes, checks nor sends the money."""
    batch = batch_before(office, act, paying)
    actors = [*earlier_actors(paying), office.users["filer"].person, paying.applicant]
    assert len(actors) == LIVING_ACTORS["pay"] + 2
    if act == "check":
        actors.append(office.users["finance"].person)  # the maker
    before = Batch.objects.count(), batch and batch.state
    for person in actors:
        for way in WAYS:
            with transaction.atomic():
                login = way(office, person, MONEY[act], "county")
                codes = refused(lambda login=login: through_the_engine(office, act, paying, batch, login))
                assert codes & CODES, f"{way} {codes}"
                if person in (actors[0], actors[-1]):
                    assert through_the_desk(office, act, paying, batch, login) == 403
                transaction.set_rollback(True)
            forget(office)
    if batch:
        batch.refresh_from_db()
    assert (Batch.objects.count(), batch and batch.state) == before
    through_the_engine(office, act, paying, batch, {"make": "finance", "check": "cashier", "export": "cashier_2"}[act])


@pytest.mark.promise("M5")
def test_a_bulk_batch_is_stopped_by_one_case(office: Office, paying: Case) -> None:
    """Among others' payments one's own case does not slip through: nothing of the batch is made."""
    office.now = MORNING
    walk.dossier(office, "another")
    second = walk.go(office, walk.living_case(office, "another"), walk.LIVING, "pay")
    office.hire("reviewer", "finance_officer", "county")
    DutyHolder.objects.filter(case=second).delete()
    both = [*waiting(second), *waiting(paying)]
    codes = refused(lambda: payruns.make(office.fund, both, office.actor("reviewer"), office.now))
    assert codes == {"SAME_HANDS"}
    assert set(Payment.objects.filter(pk__in=both).values_list("state", flat=True)) == {"queued"}


def test_a_substitute_cannot_pass_the_duty_on(office: Office) -> None:
    """One hop: who stands in for a substitute gets nothing."""
    case = arrive(office, "living", "review")
    stand_in = office.users["reviewer"]
    lend(office, stand_in, office.user("third", office.person("第三人")), "reviewer", "county")
    assert office.actor("third").duties == ()
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "third", opinion="符合条件")
    assert refusal.value.status == 404


def test_the_same_duty_again_is_allowed(office: Office) -> None:
    """A returned case goes back to who did it; that is no second duty."""
    case = arrive(office, "dossier", "review")
    office.do(case, "review.return", "reviewer", to="town_check", opinion="请核实工作单位")
    office.do(case, "town_check.pass", "organiser")
    office.do(case, "review.pass", "reviewer", opinion="符合条件")
    assert office.steps(case) == ["approve"]


# The second wall


def test_the_database_holds_one_duty_a_person(office: Office) -> None:
    case = arrive(office, "living", "review")
    holder = DutyHolder.objects.filter(case=case).first()
    assert holder is not None and holder.duty == "accept"
    columns = "INSERT INTO workflows_dutyholder (case_id, person, duty) VALUES (%s, %s, %s)"
    for insert in (
        lambda: DutyHolder.objects.create(case=case, person=holder.person, duty="review"),
        lambda: DutyHolder.objects.bulk_create([DutyHolder(case=case, person=holder.person, duty="review")]),
        lambda: connection.cursor().execute(columns, [case.pk, holder.person, "review"]),
        lambda: DutyHolder.objects.filter(pk=DutyHolder.objects.filter(case=case).last().pk).update(
            person=DutyHolder.objects.filter(case=case).first().person),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            insert()
    assert DutyHolder.objects.filter(case=case, person=holder.person).count() == 1


def test_without_the_guard_the_wall_stands(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard forgets to look; the row of the second duty is refused and nothing of the decision stays."""
    case = arrive(office, "living", "review")
    login = second_role(office, office.users["handler"].person, "reviewer", "county")
    monkeypatch.setattr(guards, "same_hands", lambda *args: [])
    events = Event.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        office.do(case, "review.pass", login, opinion="符合条件")
    assert Event.objects.count() == events
    assert office.steps(case) == ["review"]


@pytest.mark.promise("M5")
def test_the_database_knows_maker_from_checker(office: Office, paying: Case) -> None:
    batch = batch_before(office, "check", paying)
    assert batch is not None
    for change in ({"checker_person": batch.maker_person}, {"maker_person": 0, "checker_person": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Batch.objects.filter(pk=batch.pk).update(**change)


def test_a_case_of_ones_own_is_not_decided(office: Office) -> None:
    """The applicant is an officer himself, with every role of the route: he gets past no step of his own case."""
    case = arrive(office, "dossier", "unit_check")
    me = office.fresh(case).applicant
    for role, place in STAFF.values():
        if place != "other_county":
            office.hire("newcomer", role, place)
    for step, move in walk.DOSSIER.items():
        for choice in moves.available(office.fresh(case), office.actor("newcomer"), office.now):
            assert choice.task is None or choice.problems or choice.action.endswith(".release")
        assert "RECUSED" in refused(lambda step=step: office.do(case, f"{step}.take", "newcomer"))
        move(office, case)
    assert me.pk not in DutyHolder.objects.filter(case=case).values_list("person", flat=True)
