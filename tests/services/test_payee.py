"""Money goes to nobody but the payee (domain §4.1, §4.5, §5.2): the name on the account is the applicant's, the dossier
holder's where the aid rests on a dossier, or the union's where a union applies."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.cases.models import Case
from casework.core.identifiers import same_name
from casework.core.problems import Refused
from casework.mutualaid import cover
from casework.people import persons
from casework.people.households import set_household
from casework.people.models import BankAccount
from casework.programmes.loader import programme_of
from casework.registers.models import Entry
from casework.workflows import payees
from tests import walk
from tests.filled import dossier_answers, living_answers, temporary_answers
from tests.office import Office
from tests.services import bills, test_home_acceptance, test_tuition_aid

Apply = Callable[..., Case]
ME, UNION = "李建国", "秦岭纺织厂工会"
OTHERS = ("王秀英", "李建", "李建国国", "国建李", "李建國", "秦岭纺织厂", "职员handler")
SEPARATORS = "·•・ .．\u3000\u00a0"
STAY = {"admitted": "2026-07-01", "discharged": "2026-07-08"}
CARD = {"card_no": "6217001234567890121", "bank": "中国建设银行", "confirm": True}


def checked(office: Office, **more: Any) -> Case:
    """The yearly check of the dossier, in the year it is due."""
    Entry.objects.filter(kind="hardship_dossier").update(verified_until=dt.date(office.now.year, 12, 31))
    return office.apply("worker", "dossier_review", dossier_answers(office) | more)


# Every service whose form asks for an account: how an application is handed in.
SERVICES: dict[str, Apply] = {
    "living_aid": lambda office, **more: office.apply("worker", "living_aid", living_answers(office) | more),
    "temporary_aid": lambda office, **more: office.apply("worker", "temporary_aid", temporary_answers(office) | more),
    "medical_aid": lambda office, **more: bills.medical(office, treatment=[bills.treatment(9_000, **{
        "from": "2026-07-01", "to": "2026-07-08"})], **more),
    "dossier_review": checked, "tuition_aid": test_tuition_aid.apply, "home_acceptance": test_home_acceptance.declared,
    "mutual_claim_hospital": lambda office, **more: bills.claim(office, **STAY, **more),
    "mutual_claim_critical": lambda office, **more: bills.critical(office, "2026-07-01", **more),
}


def right_name(key: str) -> str:
    """Whose account the service pays to."""
    return UNION if key == "home_acceptance" else ME


def written(name: str, sign: str) -> str:
    """The name as a bank might write it."""
    return f" {name[0]}{sign}{name[1:]}\u3000"


@pytest.fixture
def ready(office: Office) -> Office:
    """A family with a dossier and with cover, in August."""
    office.at("2026-06-01")
    walk.member(office)
    told = dossier_answers(office) | {"members": test_tuition_aid.at_home(office)}
    walk.go(office, office.apply("worker", "hardship_dossier", told), walk.DOSSIER)
    bills.insure(office, "2026-01-01", "2026-12-31")
    bills.insure(office, "2026-01-01", "2026-12-31", plan=cover.CRITICAL, shares=1)
    return office.at("2026-08-10")


@pytest.mark.django_db
def test_every_service_that_asks_for_an_account_is_tried_here(office: Office) -> None:
    asking = {key for key in office.versions if programme_of(office.version(key)).form.field("card_no")}
    assert asking == {*SERVICES, "hardship_dossier"}, "that of the dossier is tried in test_hardship_dossier"


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(SERVICES))
def test_no_application_names_the_account_of_somebody_else(ready: Office, key: str) -> None:
    for name in OTHERS:
        with pytest.raises(Refused) as refusal:
            SERVICES[key](ready, account_name=name)
        told = [problem for problem in refusal.value.problems if problem.code == "ACCOUNT_NAME"]
        assert len(told) == 1, (name, refusal.value.problems)
        (problem,) = told
        assert problem.place == "account_name", name
        assert (problem.mend == payees.UNIONS) == (key == "home_acceptance")
    assert not Case.objects.filter(key=key).exists()
    assert BankAccount.objects.count() == 1, "only the one the dossier names"


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(SERVICES))
def test_the_payees_own_account_is_taken_however_the_bank_writes_it(ready: Office, key: str) -> None:
    case = SERVICES[key](ready, account_name=written(right_name(key), "\u3000"))
    assert same_name(ready.fresh(case).account.holder, right_name(key))


@given(st.text("李王张建国秀阿里买提Aaｂ", min_size=1, max_size=9), st.text(SEPARATORS, max_size=4), st.integers(0, 9))
def test_signs_between_the_parts_of_a_name_make_no_other_name(name: str, signs: str, at: int) -> None:
    assert same_name(name, name[:at] + signs + name[at:])
    assert not same_name(name, name + "子")
    assert not same_name(name, "")


def test_no_name_is_nobodys() -> None:
    assert not same_name("", "")
    assert not same_name("·", " ")


@pytest.mark.django_db
def test_aid_applied_for_by_the_spouse_goes_to_the_dossier_holders_card(ready: Office) -> None:
    mother = persons.find(test_tuition_aid.MOTHER)
    assert mother is not None
    ready.user("mother", mother)
    with pytest.raises(Refused) as refusal:
        ready.apply("mother", "living_aid", living_answers(ready, "mother"))
    assert [problem.code for problem in refusal.value.problems] == ["ACCOUNT_NAME"]
    case = ready.apply("mother", "living_aid", living_answers(ready, "mother", account_name=ME))
    assert ready.fresh(case).account.person == ready.users["worker"].person
    paid = walk.go(ready, case, walk.LIVING)
    walk.settle(ready, paid, returned=True)
    ready.do(paid, "new_card", "mother", **CARD)
    account = ready.fresh(paid).account
    assert (account.holder, account.person, account.last4) == (ME, ready.users["worker"].person, "0121")
    walk.settle(ready, paid)
    assert ready.state(paid) == "settled"


@pytest.mark.django_db
def test_whoever_moved_into_the_household_of_another_dossier_is_not_paid_on_his_old_card(ready: Office) -> None:
    case = walk.go(ready, ready.apply("worker", "living_aid", living_answers(ready)), walk.LIVING, until="review")
    other = ready.person("赵大山")
    home = set_household(other, [(case.applicant, "spouse")], ready.now.date())
    old = Entry.objects.get(kind="hardship_dossier")
    Entry.objects.create(
        kind=old.kind, number="DF-OTHER", person=other, household=home, organisation=old.organisation,
        source_case=old.source_case, valid_from=old.valid_from, verified_until=old.verified_until, data=old.data,
    )
    with pytest.raises(Refused) as refusal:
        ready.do(case, "review.pass", "reviewer", opinion="同意")
    assert [problem.code for problem in refusal.value.problems] == ["ACCOUNT_NAME"]
