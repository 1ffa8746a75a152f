"""Recusal (promise R5): nobody decides, pays or looks into a case of himself, a relative or his household, whenever and
by whomever the tie became known. Each attempt is an event of its own, although nothing else came of it, and the page
says why. These tests commit for real: inside a transaction of the caller the note would be undone with the refusal.

Checked by hand, each in a scratch copy, each turns this file red: related_ids without declared relatives of one side or
the other, without households, with present ones only; concerned without the members, without the dossier's household;
Actor.persons without those stood for; moves.hands without recusal; refuse_relatives missing at the reveal, at the file,
at the preview; payments looking at the payee only; attempts.note silent, or in the caller's transaction."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.access.models import Substitution, User
from casework.audit.models import Event
from casework.cases.models import Case, CaseParty
from casework.core import clock
from casework.core.problems import Refused
from casework.funds.models import Batch
from casework.people import households, kin, persons
from casework.people.models import Household, HouseholdMember, Kinship, Person, Relation
from casework.workflows import moves, payruns, queries
from casework.workflows.models import Task
from tests import walk
from tests.faults.clicks import woken
from tests.filled import dossier_answers
from tests.office import Office, id_number
from tests.security.test_separation import lend

__all__ = ["woken"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.promise("R5"), pytest.mark.usefixtures("woken")]
Tie = Callable[[Office, Case, str], str]
BY = stamp_of(SYSTEM, None, "command")


@pytest.fixture
def office(transactional_db: None, moment: Any, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


def person_of(office: Office, who: str) -> Person:
    """The person of a login."""
    found = office.users[who].person
    assert found is not None
    return found


def number_of(person: Person) -> str:
    """His ID number."""
    return persons.plain_for_system(person, "id_no")


def house_of(case: Case) -> Household:
    """The household of the dossier."""
    assert case.household is not None
    return case.household


# How the officer `who` is tied to the case; each returns the login that tries.


def himself(office: Office, case: Case, who: str) -> str:
    """The case is his own: his login stands for the applicant."""
    User.objects.filter(pk=office.users[who].pk).update(person=case.applicant)
    return who


def he_declared_the_applicant(office: Office, case: Case, who: str) -> str:
    kin.declare(person_of(office, who), number_of(case.applicant), Relation.SIBLING, BY, office.now)
    return who


def the_applicant_declared_him(office: Office, case: Case, who: str) -> str:
    kin.declare(case.applicant, number_of(person_of(office, who)), Relation.CHILD, BY, office.now)
    return who


def he_declared_a_member_of_the_household(office: Office, case: Case, who: str) -> str:
    member = house_of(case).members.exclude(person=case.applicant).get().person
    kin.declare(person_of(office, who), number_of(member), Relation.PARENT, BY, office.now)
    return who


def he_lives_in_the_household(office: Office, case: Case, who: str) -> str:
    HouseholdMember.objects.create(
        household=house_of(case), person=person_of(office, who), relation="child", valid_from=office.now.date()
    )
    return who


def he_moved_out_on_paper(office: Office, case: Case, who: str) -> str:
    """He lived there once; the tie outlasts the household."""
    today = office.now.date()
    HouseholdMember.objects.create(
        household=house_of(case), person=person_of(office, who), relation="child", valid_from=today, valid_to=today
    )
    households.set_household(person_of(office, who), [], today)
    return who


def a_member_lives_with_him_too(office: Office, case: Case, who: str) -> str:
    """Two households share the case: a member named in it moved to the officer's."""
    other = office.person("李小花", id_number(901))
    CaseParty.objects.create(case=case, person=other, relation="child")
    households.set_household(person_of(office, who), [(other, "spouse")], office.now.date())
    return who


def he_is_named_in_the_form(office: Office, case: Case, who: str) -> str:
    CaseParty.objects.create(case=case, person=person_of(office, who), relation="spouse")
    return who


def his_other_login(office: Office, case: Case, who: str) -> str:
    """The relative comes with a second login."""
    he_declared_the_applicant(office, case, who)
    assignment = office.users[who].assignments.get()
    office.users.pop("second", None)
    user = User.objects.filter(username="second").first()
    if user is None:
        user = office.user("second", person_of(office, who))
    User.objects.filter(pk=user.pk).update(person=person_of(office, who))
    office.users["second"] = user
    office.hire("second", assignment.role, "county")
    return "second"


def a_colleague_stands_in_for_him(office: Office, case: Case, who: str) -> str:
    """The relative is away and sends somebody else."""
    he_declared_the_applicant(office, case, who)
    known = User.objects.filter(username="helper").first()
    office.users["helper"] = helper = known or office.user("helper", office.person("帮手", id_number(902)))
    lend(office, office.users[who], helper, office.users[who].assignments.get().role, "county")
    return "helper"


TIES: tuple[Tie, ...] = (
    himself, he_declared_the_applicant, the_applicant_declared_him, he_declared_a_member_of_the_household,
    he_lives_in_the_household, he_moved_out_on_paper, a_member_lives_with_him_too, he_is_named_in_the_form,
    his_other_login, a_colleague_stands_in_for_him,
)


class Untied:
    """Undoes a tie that was committed: what of people was added is taken away again."""

    def __init__(self, case: Case, user: User) -> None:
        self.case, self.user = case, user
        self.members = set(HouseholdMember.objects.values_list("pk", flat=True))
        self.parties = set(CaseParty.objects.values_list("pk", flat=True))

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        HouseholdMember.objects.exclude(pk__in=self.members).delete()
        CaseParty.objects.exclude(pk__in=self.parties).delete()
        Kinship.objects.all().delete()
        Substitution.objects.all().delete()
        User.objects.filter(pk=self.user.pk).update(person=self.user.person)


def attempts(case: Case) -> list[Event]:
    """Refused attempts at the case, as the access log keeps them."""
    rows = Event.objects.filter(subject_kind="access", action="refused_attempt", subject_id=str(case.public_id))
    return list(rows.order_by("n"))


def client_of(office: Office, login: str) -> Client:
    """A browser of this login."""
    client = Client(raise_request_exception=False)
    client.force_login(office.users[login])
    return client


@pytest.fixture
def case(office: Office) -> Case:
    """A request for living aid on the reviewer's desk; the dossier names a spouse."""
    walk.dossier(office)
    found = walk.go(office, walk.living_case(office), walk.LIVING, "review")
    assert found.household is not None
    return found


def refused_at_every_door(office: Office, case: Case, login: str) -> list[str]:
    """Every attempt there is; the actions tried, in their order."""
    seen, client = office.fresh(case).event_n, client_of(office, login)
    for action in ("review.take", "review.pass", "review.deny"):
        with pytest.raises(Refused) as refusal:
            office.do(case, action, login, opinion="符合条件", code="FALSE_DATA")
        assert refusal.value.status == 403
        assert refusal.value.problems[0].code == "RECUSED", refusal.value
    body = {"action": "review.pass", "seen": seen, "opinion": "符合条件"}
    file = case.documents.filter(made=False)[0].public_id
    at = {name: reverse(f"desk_{name}", args=[case.public_id]) for name in ("do", "reveal")}
    at |= {name: reverse(f"desk_{name}", args=[case.public_id, file]) for name in ("file", "preview")}
    tried = [
        client.post(at["do"], body), client.get(at["file"]), client.post(at["file"], {"reason": "identity"}),
        client.get(at["preview"]),
        client.post(at["reveal"], {"what": f"id_no:{case.applicant.public_id}", "reason": "identity"}),
    ]
    assert [answer.status_code for answer in tried] == [403] * 5
    for answer in tried:
        assert number_of(case.applicant) not in answer.content.decode()
    assert office.fresh(case).event_n == seen
    offered = moves.available(office.fresh(case), office.actor(login), office.now)
    assert all(move.problems for move in offered if move.task)
    assert {move.action for move in offered} >= {"review.pass", "review.deny", "review.take"}
    return ["review.take", "review.pass", "review.deny", "review.pass", "download", "download", "preview", "reveal"]


def test_every_tie_at_every_door(office: Office, case: Case) -> None:
    """Before the step is begun: no way in, each try an event, the page says why, a colleague is offered the task."""
    for tie in TIES:
        before = len(attempts(case))
        with Untied(case, office.users["reviewer"]):
            login = tie(office, case, "reviewer")
            wanted = refused_at_every_door(office, case, login)
            told = attempts(case)[before:]
            assert [event.data["action"] for event in told] == wanted, tie.__name__
            assert {event.actor["user"] for event in told} == {office.users[login].pk}
            assert all("RECUSED" in event.data["codes"] for event in told)
            page = client_of(office, login).get(reverse("desk_case", args=[case.public_id])).content.decode()
            assert gettext("You must keep out of this case") in page
            assert reverse("desk_reveal", args=[case.public_id]) not in page
            if tie is not himself:
                assert Task.objects.get(case=case, state="open") in queries.queue(office.actor("reviewer_2"))
                offered = moves.available(office.fresh(case), office.actor("reviewer_2"), office.now)
                assert [move.action for move in offered if not move.problems]
    office.do(case, "review.pass", "reviewer", opinion="符合条件")  # untied again, he may


def test_a_tie_known_while_he_works_on_it(office: Office, case: Case) -> None:
    """He took the task; then the tie is declared. He can only give it back; a colleague goes on."""
    office.do(case, "review.take", "reviewer")
    he_declared_the_applicant(office, case, "reviewer")
    with pytest.raises(Refused):
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    assert [event.data["action"] for event in attempts(case)] == ["review.pass"]
    page = client_of(office, "reviewer").get(reverse("desk_case", args=[case.public_id])).content.decode()
    assert gettext("You must keep out of this case") in page
    assert 'value="review.release"' in page
    assert 'value="review.pass"' not in page
    office.do(case, "review.release", "reviewer")
    office.do(case, "review.take", "reviewer_2")
    office.do(case, "review.pass", "reviewer_2", opinion="符合条件")


def test_a_tie_known_after_he_decided(office: Office, case: Case) -> None:
    """The case comes back to him by name; meanwhile the tie is known. Nothing he may do but give it back."""
    office.do(case, "review.pass", "reviewer", opinion="符合条件")
    the_applicant_declared_him(office, case, "reviewer")
    office.do(case, "approve.return", "approver", to="review", opinion="请补充说明")
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer", opinion="已补充")
    assert refusal.value.status == 403
    assert len(attempts(case)) == 1
    if Task.objects.get(case=case, state="open").assignee_id == office.users["reviewer"].pk:
        office.do(case, "review.release", "reviewer")
    office.do(case, "review.pass", "reviewer_2", opinion="已补充")
    assert office.steps(case) == ["approve"]


def test_a_member_named_in_the_form_is_known_from_the_first_day(office: Office) -> None:
    """The applicant names the handler as his wife: her hands are off the case from its first step."""
    wife = {"name": "职员", "relation": "spouse", "id_no": number_of(person_of(office, "handler")), "work": "retired"}
    walk.member(office)
    wife |= {"health": "good", "authorisation": [office.upload("worker", "means_authorisation")]}
    case = office.apply("worker", "hardship_dossier", dossier_answers(office) | {"members": [wife]})
    with pytest.raises(Refused) as refusal:
        office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    assert {problem.code for problem in refusal.value.problems} == {"RECUSED"}
    assert [event.data["action"] for event in attempts(case)] == ["unit_check.pass"]
    office.hire("handler_2", "unit_handler", "union")
    office.do(case, "unit_check.pass", "handler_2", opinion="材料齐全")


MONEY = {"make": "finance", "check": "cashier", "export": "cashier"}


def touch(office: Office, act: str, case: Case, batch: Batch | None, login: str) -> Iterator[tuple[str, Any]]:
    """Both doors to the money: the engine and the page."""
    actor, chosen = office.actor(login), list(case.payments.values_list("pk", flat=True))
    client = client_of(office, login)
    if act == "make":
        yield "engine", lambda: payruns.make(office.fund, chosen, actor, office.now)
        yield "page", client.post(reverse("desk_batch_make", args=[office.fund.public_id]), {"payment": chosen})
        return
    assert batch is not None
    yield "engine", (lambda: payruns.check(batch, actor, office.now, approve=True)) if act == "check" else (
        lambda: payruns.export(batch, actor, office.now)
    )
    yield "page", client.post(reverse(f"desk_batch_{act}", args=[batch.public_id]), {"decision": "approve"})


def test_nobody_pays_a_relative(office: Office, case: Case) -> None:
    """Maker, checker and sender: every tie, at every act, known only at that moment. Each attempt is an event of the
    case the payment belongs to, and the page names the payment."""
    case = walk.go(office, case, {step: walk.LIVING[step] for step in ("review", "approve", "county_notice")}, "pay")
    batch: Batch | None = None
    own_words = gettext("Payment %(number)s is for you or for a relative of yours.") % {
        "number": case.payments.get().number
    }
    for act, who in MONEY.items():
        for tie in TIES:
            before = len(attempts(case))
            with Untied(case, office.users[who]):
                login = tie(office, case, who)
                for door, work in touch(office, act, case, batch, login):
                    if door == "engine":
                        with pytest.raises(Refused) as refusal:
                            work()
                        assert refusal.value.problems[0].code == "OWN_PAYMENT", tie.__name__
                    else:
                        assert work.status_code == 403, f"{act} {tie.__name__}"
                        assert own_words in work.content.decode(), f"{act} {tie.__name__}"
            told = attempts(case)[before:]
            assert [event.data["action"] for event in told] == [f"batch_{act}"] * 2, f"{act} {tie.__name__}"
        actor = office.actor(who)
        if act == "make":
            batch = payruns.make(office.fund, list(case.payments.values_list("pk", flat=True)), actor, office.now)
        elif act == "check" and batch is not None:
            payruns.check(batch, actor, office.now, approve=True)


def test_the_auditor_reads_of_the_attempt(office: Office, case: Case) -> None:
    he_declared_the_applicant(office, case, "reviewer")
    with pytest.raises(Refused):
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    page = client_of(office, "auditor").get(reverse("oversight_access")).content.decode()
    for words in (gettext("Refused attempt"), gettext("Related to a person of the case"), "职员reviewer", case.number):
        assert words in page, words


def test_inside_a_transaction_of_the_caller_nothing_is_left(office: Office, case: Case) -> None:
    """The refusal undoes the caller's work; a note inside it would only seem to be kept."""
    he_declared_the_applicant(office, case, "reviewer")
    with pytest.raises(Refused), transaction.atomic():
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    assert attempts(case) == []
    with pytest.raises(Refused):
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    assert len(attempts(case)) == 1
