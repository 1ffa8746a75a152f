"""A draft begun under an older form goes over to the new one: nothing typed is lost, what has no place is told (S3).

To see it fail: leave the values that do not fit out of `carrying.fitted`.
"""
import json

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.forms import drafts
from casework.forms.models import Draft
from casework.programmes.models import ProgrammeVersion
from tests import walk
from tests.engine.versions import Next
from tests.filled import living_answers
from tests.office import Office
from tests.portal.conftest import LogIn
from tests.portal.typed import begin, fill, send_page, text_of, values_in

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S3")]
REASON = "去年以来看病花了很多钱，<家里>没有别的收入 & 老人要照顾"

CARD = "6222021234567890128"


@pytest.fixture
def client(office: Office, log_in: LogIn) -> Client:
    walk.dossier(office, members=0, income=1_500_000)
    return log_in("worker")


def typed_in(client: Client) -> Draft:
    """A draft of living aid with its first two pages filled."""
    draft = begin(client, "living_aid")
    send_page(client, draft, "request", {
        "year": "2026", "months": "6", "amount": "5000", "loss": "123.45", "reason": REASON,
    })
    send_page(client, draft, "bank", {
        "account_name": "李建国", "card_no": CARD, "card_no.again": CARD, "bank": "中国邮政储蓄银行",
        "branch": "商州支行",
    })
    return Draft.objects.get(pk=draft.pk)


def changed(office: Office) -> ProgrammeVersion:
    """A version whose form lost a question and a page's key, and asks for another kind of answer."""
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.remove_field("reason")
    new.add_field("why_now")
    for item in new.items()[0]:
        if item["key"] == "loss":
            item["kind"], item["max"] = "text", 20
    new.content["form"]["pages"][1]["key"] = "account"
    return new.publish(office)


def test_every_value_goes_over_or_is_told(office: Office, client: Client) -> None:
    draft = typed_in(client)
    before = drafts.load(draft)
    version = changed(office)
    page = client.get(reverse("apply", args=[draft.public_id, "request"]))
    draft = Draft.objects.get(pk=draft.pk)
    assert draft.programme == version
    told = text_of(page)
    assert "表单有了变化" in told and "困难原因" in told
    assert REASON in told, "as it was typed, signs and all"
    assert "意外损失金额" in told and "123.45" in told, "another kind of question is another question"
    standing = values_in(page)
    assert "6" in standing and "5000" in standing and "123.45" not in standing
    after = drafts.load(draft)
    kept = {value for values in after.values() for value in values}
    assert {value for values in before.values() for value in values} <= kept


def test_it_can_be_handed_in_under_the_new_form(office: Office, client: Client) -> None:
    draft = typed_in(client)
    version = changed(office)
    client.get(reverse("apply_resume", args=[draft.public_id]))
    answers = living_answers(office)
    answers = {key: value for key, value in answers.items() if key not in ("reason", "loss")} | {"why_now": "急需"}
    fill(client, Draft.objects.get(pk=draft.pk), answers)
    client.post(reverse("apply_send", args=[draft.public_id]), follow=True)
    case = Case.objects.get(key="living_aid")
    assert case.programme == version and "was:reason" not in case.answers.get().shown


def test_an_old_screen_is_saved_and_leads_to_the_new_form(office: Office, client: Client) -> None:
    """The page was open when the version changed: what it sends is saved as it was typed."""
    draft = typed_in(client)
    changed(office)
    answer = send_page(client, draft, "request", {
        "year": "2026", "months": "7", "amount": "6000", "loss": "", "reason": "写到一半",
    })
    assert answer.status_code == 302
    told = text_of(client.get(reverse("apply_resume", args=[draft.public_id]), follow=True))
    assert "写到一半" in told and "表单有了变化" in told
    assert drafts.load(Draft.objects.get(pk=draft.pk))["months"] == ["7"]


def test_an_old_tab_beside_a_new_one_loses_nothing_either(office: Office, client: Client) -> None:
    """One tab went over to the new form; the other still shows a page that is gone."""
    draft = typed_in(client)
    changed(office)
    client.get(reverse("apply", args=[draft.public_id, "request"]))
    answer = send_page(client, draft, "bank", {"account_name": "李建国", "bank": "商洛农商银行", "branch": "丹江支行"})
    assert answer.status_code == 302
    told = text_of(client.get(answer["Location"], follow=True))
    assert "商洛农商银行" in told and "丹江支行" in told
    assert client.post(reverse("apply", args=[draft.public_id, "no_such_page"])).status_code == 404


def test_nobody_hands_in_a_form_he_has_not_seen(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    fill(client, draft, living_answers(office))
    changed(office)
    answer = client.post(reverse("apply_send", args=[draft.public_id]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("apply_check", args=[draft.public_id]))
    assert not Case.objects.filter(key="living_aid").exists()
    assert "为何此时" in text_of(client.get(answer["Location"]))


def test_numbers_of_a_card_are_told_masked(office: Office, client: Client) -> None:
    draft = typed_in(client)
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.remove_field("card_no")
    new.publish(office)
    told = text_of(client.get(reverse("apply", args=[draft.public_id, "request"])))
    assert "银行卡号" in told and CARD not in told and told.count("0128") == 1, "once, however often it was typed"


def test_where_only_the_route_changed_nothing_is_said(office: Office, client: Client) -> None:
    draft = typed_in(client)
    before = drafts.load(draft)
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.limits(10, 8)
    version = new.publish(office)
    told = text_of(client.get(reverse("apply", args=[draft.public_id, "request"])))
    draft = Draft.objects.get(pk=draft.pk)
    assert (draft.programme, drafts.load(draft)) == (version, before) and "表单有了变化" not in told
