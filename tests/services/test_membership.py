"""Joining a union (domain §5.5): one person, one membership in force; who moves takes it along."""

from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.people import persons
from casework.registers import entries
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db


def answers(office: Office, who: str = "worker", union: str = "union", **changes: Any) -> dict[str, Any]:
    me = office.users[who].person
    assert me is not None
    return {
        "name": me.name, "id_no": persons.plain_for_system(me, "id_no"), "phone": "13900001234",
        "employer": "秦岭纺织厂", "form": "contract", "union": str(office.orgs[union].public_id),
        "join_on": office.now.date().isoformat(), "source": "online", "accepts_charter": True, "general_consent": True,
    } | changes  # fmt: skip


def apply(office: Office, who: str = "worker", union: str = "union", **changes: Any) -> Case:
    walk.member(office, who)
    return office.apply(who, "membership", answers(office, who, union, **changes))


def join(office: Office, who: str = "worker") -> Case:
    case = apply(office, who)
    office.do(case, "unit_check.pass", "handler")
    office.do(case, "approve.pass", "chair", opinion="同意入会")
    office.do(case, "register.pass", "handler")
    return office.fresh(case)


def membership(office: Office, who: str = "worker") -> Any:
    return entries.of_person("membership", office.users[who].person_id, office.now.date())


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_from_the_form_to_the_member_number(office: Office) -> None:
    case = join(office)
    entry = membership(office)
    assert (entry.source_case, entry.organisation, entry.valid_to) == (case, office.orgs["union"], None)
    assert entry.number.startswith("ME611002-2026-")
    assert case.papers.filter(kind="approval_notice").exists()
    assert case.state == "settled"
    office.do(case, "rate.give", "worker", stars="5")
    assert office.state(case) == "closed"


def test_who_does_not_accept_the_charter_cannot_join(office: Office) -> None:
    with pytest.raises(Refused) as refusal:
        apply(office, accepts_charter=False)
    assert codes(refusal) == {"CONSENT"}


def test_a_member_cannot_join_a_second_union(office: Office) -> None:
    join(office)
    with pytest.raises(Refused) as refusal:
        apply(office, union="other_union")
    assert codes(refusal) == {"ALREADY_ENTERED"}
    assert refusal.value.problems[0].place == "transfer"


def test_a_member_moves_and_the_old_membership_ends(office: Office) -> None:
    join(office)
    old = membership(office)
    office.at("2027-03-01")
    office.hire("other_handler", "unit_handler", "other_union")
    office.hire("other_chair", "unit_chair", "other_union")
    case = apply(office, union="other_union", transfer=True, former_union="秦岭纺织厂工会")
    office.do(case, "unit_check.pass", "other_handler")
    office.do(case, "approve.pass", "other_chair")
    event = office.do(case, "register.pass", "other_handler")
    old.refresh_from_db()
    assert old.valid_to.isoformat() == "2027-02-28"
    assert event.data["ended_entry"] == old.number
    assert membership(office).organisation == office.orgs["other_union"]


def test_two_applications_at_once_end_in_one_membership(office: Office) -> None:
    first, second = apply(office), apply(office)
    for case in (first, second):
        office.do(case, "unit_check.pass", "handler")
    with pytest.raises(Refused) as refusal:
        office.do(first, "approve.pass", "chair")
    assert codes(refusal) == {"DUPLICATE_AID"}
    office.do(second, "approve.deny", "chair", code="DUPLICATE_AID", opinion="重复申请")
    office.do(first, "approve.pass", "chair")
    office.do(first, "register.pass", "handler")
    assert office.state(second) == "denied"


def test_where_the_workplace_has_no_union_the_town_takes_the_member_in(office: Office) -> None:
    case = apply(office, union="town", form="platform", employer="骑手平台")
    with pytest.raises(Refused):
        office.do(case, "unit_check.pass", "handler")
    office.do(case, "unit_check.pass", "town_handler")
    office.do(case, "approve.pass", "town_chair")
    office.do(case, "register.pass", "town_handler")
    assert membership(office).organisation == office.orgs["town"]


def test_a_form_for_unions_takes_no_town(office: Office) -> None:
    walk.member(office)
    with pytest.raises(Refused) as refusal:
        walk.dossier_case(office, union=str(office.orgs["town"].public_id))
    assert codes(refusal) == {"UNION"}


def test_silence_takes_the_application_in(office: Office) -> None:
    case = apply(office)
    office.now = office.task(case, "unit_check").due_at
    office.tick()
    assert office.state(case) == "accepted"
