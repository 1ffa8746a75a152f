"""Union cards in a batch (domain §5.5): roster, review, bank, and into the hands of the members, always counted."""

from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.problems import Refused
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office, id_number

pytestmark = pytest.mark.django_db


def row(serial: int, **changes: Any) -> dict[str, Any]:
    return {"name": "张小花", "id_no": id_number(serial), "phone": "13900001234", "job": "挡车工"} | changes


def apply(office: Office, rows: list[dict[str, Any]], who: str = "handler", **changes: Any) -> Case:
    answers = {
        "union": str(office.orgs["union"].public_id), "contact": "苏小梅", "contact_phone": "13900001234",
        "bank": "中国工商银行", "rows": rows, "consents": [office.upload(who, "consents")], "share_consent": True,
        "truth_pledge": True,
    } | changes  # fmt: skip
    return office.apply(who, "union_card", answers)


def to_the_bank(office: Office, rows: list[dict[str, Any]]) -> Case:
    case = apply(office, rows)
    office.do(case, "accept.pass", "clerk")
    office.do(case, "review.pass", "reviewer", opinion="名册属实")
    return case


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def test_from_the_roster_into_the_members_hands(office: Office) -> None:
    case = to_the_bank(office, [row(901), row(902), row(903)])
    assert office.state(case) == "approved"
    for count in (3, 3):
        office.do(case, "order.note", "officer", count=count)
    office.do(case, "order.note", "officer", count=2, opinion="一张印刷有误，已退回银行")
    office.do(case, "hand_out.note", "handler", count=2, signed_list=[office.upload("handler", "signed_list")])
    case = office.fresh(case)
    assert case.facts["handed"] == {"sent": 3, "made": 3, "received": 2, "delivered": 2}
    assert case.state == "settled"


def test_the_coverage_tells_dossiers_and_members(office: Office) -> None:
    walk.dossier(office)
    mine = dossier_answers(office)["id_no"]
    case = office.fresh(apply(office, [row(901), row(902, id_no=mine)]))
    assert (case.facts["cards"], case.facts["of_dossiers"], case.facts["of_members"]) == (2, 1, 0)


def test_missing_cards_are_explained_and_none_come_from_nowhere(office: Office) -> None:
    case = to_the_bank(office, [row(901), row(902)])
    with pytest.raises(Refused) as refusal:
        office.do(case, "order.note", "officer", count=1)
    assert codes(refusal) == {"SOME_MISSING"}
    with pytest.raises(Refused) as refusal:
        office.do(case, "order.note", "officer", count=3)
    assert codes(refusal) == {"RANGE"}


def test_cards_are_handed_out_against_a_signed_list(office: Office) -> None:
    case = to_the_bank(office, [row(901)])
    for _stage in ("sent", "made", "received"):
        office.do(case, "order.note", "officer", count=1)
    with pytest.raises(Refused) as refusal:
        office.do(case, "hand_out.note", "handler", count=1)
    assert codes(refusal) == {"NEEDED"}
    with pytest.raises(Refused):
        office.do(case, "hand_out.note", "officer", count=1)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([row(901), row(901)], "rows.1.id_no"),
        ([row(901, id_valid_to="2026-11-22")], "rows.0.id_valid_to"),
    ],
)
def test_a_roster_that_does_not_fit_is_not_taken(office: Office, rows: list[dict[str, Any]], place: str) -> None:
    with pytest.raises(Refused) as refusal:
        apply(office, rows)
    assert [problem.place for problem in refusal.value.problems] == [place]


def test_only_the_handler_of_the_union_files_it(office: Office) -> None:
    walk.member(office)
    with pytest.raises(Refused) as refusal:
        apply(office, [row(901)], who="worker")
    assert codes(refusal) == {"NOT_YOURS_TO_START"}


def test_a_second_batch_of_the_same_handler_is_no_duplicate(office: Office) -> None:
    to_the_bank(office, [row(901)])
    assert office.state(to_the_bank(office, [row(902)])) == "approved"


def test_the_roster_is_refused_with_its_reason(office: Office) -> None:
    case = apply(office, [row(901)])
    office.do(case, "accept.pass", "clerk")
    office.do(case, "review.deny", "reviewer", code="FALSE_DATA", opinion="名册与会员登记不符")
    assert office.state(case) == "denied"
