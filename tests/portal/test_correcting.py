"""Correcting answers of an application: what the notice names is asked again, and all that rests on it follows."""
import html
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case, CaseParty
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.people import persons
from casework.workflows import moves
from tests import walk
from tests.office import Office, id_number
from tests.portal.conftest import LogIn
from tests.portal.typed import text_of

pytestmark = pytest.mark.django_db
MONEY = {"item": "form.money.incomes", "problem": "INCONSISTENT", "wanted": "工资与银行流水不符，请核对"}
HOUSEHOLD = {"item": "form.household.members", "problem": "INCONSISTENT", "wanted": "请核对家庭成员"}
PERSON = {"item": "form.person.person", "problem": "INCONSISTENT", "wanted": "请核对联系方式"}


def asked(office: Office, *items: dict[str, str], members: int = 1) -> Case:
    case = walk.dossier_case(office, members=members)
    office.do(case, "unit_check.one_time_notice", "handler", items=list(items))
    return office.fresh(case)


def filled(answer: HttpResponse) -> dict[str, str]:
    """What the page would send if nothing were touched."""
    source = answer.content.decode()
    form = next(part for part in re.findall(r"<form[^>]*>.*?</form>", source, re.S) if 'name="seen"' in part)
    form = re.sub(r"<template.*?</template>", "", form, flags=re.S)
    sent: dict[str, str] = {}
    for tag, name in re.findall(r'(<input[^>]*name="([^"]+)"[^>]*>)', form):
        value = re.search(r'value="([^"]*)"', tag)
        if not re.search(r'type="(radio|checkbox|file)"', tag) or "checked" in tag:
            sent[name] = html.unescape(value.group(1)) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', options)
        sent[name] = html.unescape(chosen.group(1)) if chosen else ""
    return sent


def page(client: Client, case: Case) -> HttpResponse:
    answer = client.get(reverse("my_act", args=[case.public_id, "supplement"]))
    assert answer.status_code == 200
    return answer


def send(client: Client, case: Case, values: dict[str, str], go: str = "send") -> HttpResponse:
    return client.post(reverse("my_act", args=[case.public_id, "supplement"]), values | {"go": go})


def last(case: Case) -> dict[str, Any]:
    return Event.objects.filter(subject_id=str(case.public_id), action="supplement").latest("n").data


def test_a_figure_is_corrected_and_everything_is_reckoned_again(office: Office, log_in: LogIn) -> None:
    case = asked(office, MONEY)
    before, client = case.facts["pc_fen"], log_in("worker")
    opened = page(client, case)
    assert "工资与银行流水不符，请核对" in text_of(opened)
    values = filled(opened)
    assert values["incomes.0.amount"] == "30000.00"
    assert send(client, case, values | {"incomes.0.amount": "24000"}).status_code == 302
    case = office.fresh(case)
    assert case.state == "submitted"
    assert case.facts["pc_fen"] == before - 600_000 // 12 // 2
    assert case_answers.shown(case)["incomes"][0]["amount"] == 2_400_000
    assert last(case)["corrected"] == ["incomes.0.amount"]
    assert case.answers.filter(form="application").count() == 2, "the first revision stays"
    assert last(case)["answers"] == case_answers.digests(case)
    assert invariants(office.now) == []
    desk = text_of(log_in("handler").get(reverse("desk_case", args=[case.public_id])))
    assert "申请人更改的内容" in desk
    assert "30,000.00" in desk
    assert "24,000.00" in desk
    walk.go(office, case, walk.DOSSIER)
    assert office.fresh(case).facts["pc_fen"] == before - 25_000, "the frozen figure is the corrected one"


def test_what_is_sealed_is_not_shown_and_is_kept_unless_it_is_replaced(office: Office, log_in: LogIn) -> None:
    case = asked(office, PERSON)
    client, opened = log_in("worker"), page(log_in("worker"), case)
    source, full = opened.content.decode(), case_answers.full(case)
    for secret in (full["phone"], full["address"], full["id_no"]):
        assert secret not in source
    assert "139****1234" in source
    assert "留空则保留" in source
    values = filled(opened)
    assert values["phone"] == ""
    assert not {"id_no", "name", "union"} & set(values), "whose case it is stays"
    assert send(client, case, values | {"phone": "13800005678"}).status_code == 302
    after = case_answers.full(office.fresh(case))
    assert after == full | {"phone": "13800005678"}
    assert last(case)["corrected"] == ["phone"]
    assert "13800005678" not in str(last(case))
    desk = log_in("handler").get(reverse("desk_case", args=[case.public_id])).content.decode()
    assert "138****5678" in desk
    assert "13800005678" not in desk


def test_a_member_taken_away_takes_his_own_number_along(office: Office, log_in: LogIn) -> None:
    case = asked(office, HOUSEHOLD, members=2)
    full = case_answers.full(case)
    assert CaseParty.objects.filter(case=case).count() == 2
    client = log_in("worker")
    opened = page(client, case)
    assert 'name="incomes.0.member"' in opened.content.decode(), "answers that point at members are open, too"
    less = send(client, case, filled(opened), "remove:members.0")
    assert less.status_code == 200
    more = send(client, case, filled(less), "add:members")
    new = id_number(777, "19520303")
    values = filled(more) | {"members.1.name": "赵桂兰", "members.1.relation": "parent", "members.1.id_no": new,
                             "members.1.work": "retired", "members.1.health": "good"}
    unsigned = send(client, case, values)
    assert unsigned.status_code == 422, "she is of age, and has signed nothing"
    assert "家庭成员 2 · 本人签字的核对授权书" in text_of(unsigned)
    signed = office.upload("worker", "means_authorisation")
    answer = send(client, case, values | {"members.1.authorisation": signed})
    assert answer.status_code == 302, text_of(answer)
    members = case_answers.full(office.fresh(case))["members"]
    assert [row["id_no"] for row in members] == [full["members"][1]["id_no"], new]
    assert [row["authorisation"] for row in members] == [full["members"][1]["authorisation"], [signed]]
    assert "row_was" not in str(members)
    parties = set(CaseParty.objects.filter(case=case).values_list("person_id", flat=True))
    assert parties == {persons.find(row["id_no"]).pk for row in members}


def test_a_new_member_without_a_number_is_refused_and_what_was_typed_stays(office: Office, log_in: LogIn) -> None:
    case = asked(office, HOUSEHOLD)
    client = log_in("worker")
    values = filled(page(client, case)) | {"members.1.name": "赵桂兰", "members.1.relation": "parent",
                                           "members.1.work": "retired"}
    answer = send(client, case, values)
    assert answer.status_code == 422
    assert "赵桂兰" in answer.content.decode()
    assert office.state(case) == "supplement"
    assert case.answers.count() == 1


def test_only_what_the_notice_names_may_be_changed(office: Office) -> None:
    case = asked(office, MONEY)
    form = next(m.form for m in moves.available(case, office.actor("worker"), office.now) if m.action == "supplement")
    assert form is not None
    assert form.field("incomes.0.amount") is not None
    assert form.field("homes") is None
    with pytest.raises(Refused, match="UNKNOWN_FIELD"):
        office.do(case, "supplement", "worker", incomes=[], homes=2)


def test_a_correction_that_does_not_fit_is_refused(office: Office) -> None:
    case = asked(office, MONEY)
    row = {"member": "7", "kind": "wage", "amount": 1, "row_was": 0}
    with pytest.raises(Refused, match="MEMBER"):
        office.do(case, "supplement", "worker", incomes=[row])
    assert office.state(case) == "supplement"


def test_nothing_changed_is_no_new_revision(office: Office, log_in: LogIn) -> None:
    case = asked(office, MONEY)
    client = log_in("worker")
    assert send(client, case, filled(page(client, case))).status_code == 302
    assert case.answers.count() == 1
    assert "corrected" not in last(case)


def test_what_the_correction_caused_may_be_named_again(office: Office) -> None:
    case = asked(office, MONEY)
    office.do(case, "supplement", "worker", incomes=[{"member": "self", "kind": "wage", "amount": 1, "row_was": 0}])
    with pytest.raises(Refused, match="SECOND_NOTICE"):
        office.do(case, "unit_check.one_time_notice", "handler", items=[HOUSEHOLD | {"by_supplement": True}])
    office.do(case, "unit_check.one_time_notice", "handler", items=[MONEY | {"by_supplement": True}])
    assert office.state(case) == "supplement"


def test_a_number_in_a_text_is_sealed_as_at_submission_and_not_one_in_the_note(office: Office) -> None:
    cause = {"item": "form.situation.cause", "problem": "INCONSISTENT", "wanted": "请说明"}
    case = asked(office, cause, cause | {"item": "form.situation.help"})
    answers = {"disaster": False, "needs": ["living"], "statement": "联系人电话 13900001234"}
    with pytest.raises(Refused, match="PRIVATE_DATA"):
        office.do(case, "supplement", "worker", note="电话 13900001234", **answers)
    office.do(case, "supplement", "worker", **answers)
    assert case_answers.shown(case)["statement"] == "***"
    assert case_answers.full(case)["statement"] == answers["statement"]
    assert case_answers.full(case)["cause_main"] == "low_income", "sealed and left empty: kept"


def test_a_new_account_replaces_the_old_one_and_what_is_paid_goes_there(office: Office) -> None:
    walk.dossier(office)
    case = walk.living_case(office)
    old, asked_for = case.account_id, {"item": "form.bank.bank", "problem": "INCONSISTENT", "wanted": "核对卡号"}
    office.do(case, "unit_check.one_time_notice", "handler", items=[asked_for])
    full = case_answers.full(office.fresh(case))
    bank = {"account_name": full["account_name"], "bank": "中国建设银行", "card_no": "6217001234567890121"}
    with pytest.raises(Refused, match="ACCOUNT_NAME"):
        office.do(case, "supplement", "worker", **bank | {"account_name": "王秀英"})
    office.do(case, "supplement", "worker", **bank)
    case = office.fresh(case)
    assert case.account_id != old
    assert case.account is not None
    assert case.account.last4 == "0121"
    assert last(case)["after"]["account_id"] == case.account_id
    assert invariants(office.now) == []
