"""Everybody counts once in a household (domain §4.7): income a head is divided by the people in it."""
from typing import Any

import pytest
from django.test import Client

from casework.cases import answers as case_answers
from casework.core.problems import Refused
from casework.people import persons
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office
from tests.portal.typed import begin, fill, send, text_of

pytestmark = pytest.mark.django_db
WITH_X = "61100219550101003X"


@pytest.fixture
def home(office: Office) -> Office:
    """A worker with a login of his own."""
    walk.member(office)
    return office


def listed(office: Office, *numbers: str) -> dict[str, Any]:
    """A dossier with pensioners of these ID numbers in the household."""
    said = dossier_answers(office)
    wife = said["members"][0]
    return said | {"members": [wife | ({"id_no": number} if number else {}) for number in numbers]}


def refused(office: Office, answers: dict[str, Any], key: str = "hardship_dossier") -> dict[str, str]:
    """What is said at each place."""
    with pytest.raises(Refused) as found:
        office.apply("worker", key, answers)
    assert found.value.codes == {"INCONSISTENT"}
    return {problem.place: str(problem.message) for problem in found.value.problems}


def own_number(office: Office) -> str:
    me = office.users["worker"].person
    assert me is not None
    return persons.plain_for_system(me, "id_no")


def test_a_couple_that_lists_both_of_them_again_stays_a_couple(home: Office) -> None:
    """36,000 yuan are 1,500 a head for two, and would be 750 for four."""
    wrong = refused(home, listed(home, "", own_number(home), ""))
    assert set(wrong) == {"members.1.id_no", "members.2.id_no"}
    assert "申请人本人" in wrong["members.1.id_no"]
    assert "家庭成员 1" in wrong["members.2.id_no"]
    case = home.apply("worker", "hardship_dossier", listed(home, ""))
    assert case.facts["members"] == 2


def test_a_number_written_otherwise_is_the_same_number(home: Office) -> None:
    others = ("61100219550101003x", " 611002 19550101 003X ", "６１１００２１９５５０１０１００３Ｘ")
    for other in others:
        assert set(refused(home, listed(home, WITH_X, other))) == {"members.1.id_no"}
    mine = own_number(home)
    assert set(refused(home, listed(home, f"{mine[:6]} {mine[6:]}"))) == {"members.0.id_no"}


def test_the_page_says_so_beside_the_field(home: Office) -> None:
    client = Client()
    client.force_login(home.users["worker"])
    draft = begin(client, "hardship_dossier")
    fill(client, draft, listed(home, "", ""))
    answer = send(client, draft)
    assert answer.status_code == 422
    assert "与家庭成员 1 的身份证号相同" in text_of(answer)


def test_a_correction_lists_nobody_twice_either(home: Office) -> None:
    """The number of the row that is kept is sealed: it is compared all the same."""
    case = walk.dossier_case(home)
    asked = {"item": "form.household.members", "problem": "INCONSISTENT", "wanted": "请核对家庭成员"}
    home.do(case, "unit_check.one_time_notice", "handler", items=[asked])
    full = case_answers.full(case)
    kept = {key: full["members"][0][key] for key in ("name", "relation", "work", "authorisation")} | {"row_was": 0}
    money = {
        "incomes": [{"member": "self", "kind": "wage", "amount": 3_000_000, "row_was": 0}],
        "rigid": [{key: value for key, value in full["rigid"][0].items() if key != "net"} | {"row_was": 0}],
    }
    for number in (full["members"][0]["id_no"].lower(), full["id_no"]):
        more = {key: full["members"][0][key] for key in ("name", "relation", "work", "authorisation", "health")}
        with pytest.raises(Refused) as found:
            home.do(case, "supplement", "worker", members=[kept, more | {"id_no": number}], **money)
        assert {problem.place for problem in found.value.problems} == {"members.1.id_no"}
    assert home.state(case) == "supplement"
    home.do(case, "supplement", "worker", members=[kept], **money)
    assert home.fresh(case).facts["members"] == 2


def test_the_yearly_check_inherits_it(home: Office) -> None:
    walk.dossier(home)
    home.at("2027-09-06")
    assert set(refused(home, listed(home, "", ""), "dossier_review")) == {"members.1.id_no"}
