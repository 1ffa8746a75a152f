"""Applying, page by page: nothing typed is lost, one application however often it is sent, no stranger in a draft."""
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.documents.models import Document
from casework.forms.models import Draft
from casework.people import persons
from casework.programmes.loader import programme_of
from tests import walk
from tests.filled import dossier_answers, living_answers
from tests.office import Office, id_number, picture
from tests.portal.conftest import LogIn
from tests.portal.typed import begin, fill, loaded, send, send_page, text_of, typed_page, union_of, values_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(log_in: LogIn) -> Client:
    return log_in("worker")


def test_from_the_first_page_to_the_receipt(office: Office, client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    first = client.get(reverse("apply_resume", args=[draft.public_id]), follow=True)
    assert "本人信息" in text_of(first)
    assert "李建国" in values_in(first), "the name is known already"
    fill(client, draft, dossier_answers(office))
    check = text_of(client.get(reverse("apply_check", args=[draft.public_id])))
    number = persons.plain_for_system(office.users["worker"].person, "id_no")
    assert f"{number[:6]}********{number[-4:]}" in check
    assert number not in check, "answers are read back masked"
    receipt = client.post(reverse("apply_send", args=[draft.public_id]), follow=True)
    case = Case.objects.get()
    event = Event.objects.get(subject_kind="case", subject_id=str(case.public_id), n=1)
    told = text_of(receipt)
    for words in (case.number, event.hash, "秦岭纺织厂工会", "基层工会受理"):
        assert words in told, words
    assert case.state == "submitted"


def test_a_page_with_a_mistake_keeps_every_typed_value(office: Office, client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    page = programme_of(draft.programme).form.pages[0]
    typed = typed_page(page, dossier_answers(office)) | {"id_no": "61100219800101001", "address": "东背街 <12> 号 & 院"}
    answer = send_page(client, draft, "person", typed)
    assert answer.status_code == 422
    standing = values_in(answer)
    for name, value in typed.items():
        assert value in standing, name
    assert "身份证号" in text_of(answer).split("请先改正")[1][:60], "the summary names the question"
    assert loaded(draft)["id_no"] == ["61100219800101001"], "saved before it was judged"


def test_a_refused_file_costs_no_text_and_no_good_file(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    good, bad = SimpleUploadedFile("good.jpg", picture(9)), SimpleUploadedFile("bad.txt", b"no picture")
    answer = send_page(client, draft, "papers", {"sensitive_consent": "true", "income_proof": [good, bad]})
    assert answer.status_code == 422
    assert "bad.txt" in text_of(answer)
    assert "good.jpg" in text_of(answer)
    assert loaded(draft)["sensitive_consent"] == ["true"]
    assert len(loaded(draft)["income_proof"]) == 1


@pytest.mark.promise("S2")
def test_sending_twice_makes_one_case(office: Office, client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    fill(client, draft, dossier_answers(office))
    first, second = send(client, draft), send(client, draft)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_an_unfinished_form_is_not_sent(office: Office, client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    page = programme_of(draft.programme).form.pages[0]
    send_page(client, draft, "person", typed_page(page, dossier_answers(office)))
    answer = send(client, draft)
    assert answer.status_code == 422
    assert Case.objects.count() == 0
    assert f"{reverse('apply', args=[draft.public_id, 'situation'])}?look#f-homes" in answer.content.decode()


def test_without_a_dossier_living_aid_is_refused_and_the_draft_stays(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    answers = living_answers(office)
    fill(client, draft, answers)
    answer = send(client, draft)
    assert answer.status_code == 422
    assert Case.objects.count() == 0
    assert loaded(draft)["card_no"] == [answers["card_no"]]


@pytest.mark.promise("S3")
def test_an_old_screen_overwrites_nothing_and_shows_both_texts(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    send_page(client, draft, "request", {"reason": "先写的一段", "months": "6"}, go="leave")
    answer = send_page(client, draft, "request", {"reason": "后写的一段", "months": "6"}, seen_revision=0)
    assert answer.status_code == 409
    assert "先写的一段" in text_of(answer)
    assert "后写的一段" in text_of(answer)
    assert loaded(draft)["reason"] == ["先写的一段"]
    kept = send_page(client, draft, "request", {"reason": "后写的一段", "months": "6"}, go="stay")
    assert kept.status_code == 302
    assert loaded(draft)["reason"] == ["后写的一段"]


def two_texts(client: Client, draft: Draft, page: str, values: Any) -> list[str]:
    """The texts that an old screen and the one saved since are shown with."""
    answer = send_page(client, draft, page, values, seen_revision=0)
    assert answer.status_code == 409
    return re.findall(r'<p class="kept-text">(.*?)</p>', answer.content.decode(), re.S)


def test_files_and_unions_of_two_screens_are_shown_by_name(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    send_page(client, draft, "papers", {"income_proof": SimpleUploadedFile("三月.jpg", picture(3))}, go="leave")
    assert two_texts(client, draft, "papers", {"income_proof": SimpleUploadedFile("四月.jpg", picture(4))}) == [
        "四月.jpg", "三月.jpg"
    ]
    other = Document.objects.filter(name="三月.jpg")
    other.update(owner=office.users["clerk"])
    assert two_texts(client, draft, "papers", {"income_proof": ""}) == ["—", "—"]
    dossier = begin(client, "hardship_dossier")
    send_page(client, dossier, "person", {"union": union_of(office)}, go="leave")
    assert two_texts(client, dossier, "person", {}) == ["—", office.orgs["union"].name]


@pytest.mark.promise("S3")
def test_autosave_saves_and_knows_when_it_is_old(client: Client) -> None:
    draft = begin(client, "living_aid")
    address = reverse("apply_save", args=[draft.public_id, "request"])
    saved = client.post(address, {"seen_revision": 0, "reason": "写到一半"})
    assert (saved.status_code, saved.json()) == (200, {"revision": 1})
    assert client.post(address, {"seen_revision": 0, "reason": "别处"}).status_code == 409
    assert loaded(draft)["reason"] == ["写到一半"]


@pytest.mark.promise("R3")
def test_only_fields_of_the_page_are_taken(client: Client) -> None:
    draft = begin(client, "living_aid")
    foreign = {"state": "approved", "card_no": "1", "members.0.name": "x"}
    send_page(client, draft, "request", {"reason": "困难"} | foreign, go="leave")
    assert loaded(draft)["reason"] == ["困难"]
    assert not set(loaded(draft)) & set(foreign)


@pytest.mark.promise("R2")
@pytest.mark.parametrize("name", ["apply_resume", "apply", "apply_check", "apply_send", "apply_save", "apply_live",
                                  "apply_upload", "apply_discard"])
def test_another_persons_draft_does_not_exist(log_in: LogIn, client: Client, name: str) -> None:
    draft = begin(client, "living_aid")
    more = ["request"] if name in ("apply", "apply_save", "apply_live", "apply_upload") else []
    stranger = log_in("neighbour")
    ask = stranger.get if name in ("apply_resume", "apply", "apply_check") else stranger.post
    assert ask(reverse(name, args=[draft.public_id, *more])).status_code == 404
    assert ask(reverse(name, args=[uuid.uuid4(), *more])).status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists()


@pytest.mark.promise("R2")
def test_a_file_of_another_person_cannot_be_named(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    foreign, mine = office.upload("neighbour", "income_proof"), office.upload("worker", "income_proof")
    send_page(client, draft, "papers", {"income_proof": [foreign, mine]}, go="leave")
    assert loaded(draft)["income_proof"] == [mine]


def test_rows_are_added_and_removed_without_javascript(client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    send_page(client, draft, "household", {"members.0.name": "王秀英"}, go="add:members")
    assert {"members.0.name", "members.1.name"} <= set(loaded(draft))
    both = {"members.0.name": "王秀英", "members.1.name": "李小明"}
    answer = send_page(client, draft, "household", both, go="remove:members.0")
    assert answer["Location"].endswith("#r-members")
    assert loaded(draft)["members.0.name"] == ["李小明"]
    assert "members.1.name" not in loaded(draft)


def test_a_file_is_taken_out_again(office: Office, client: Client) -> None:
    draft = begin(client, "living_aid")
    one, two = office.upload("worker", "income_proof"), office.upload("worker", "income_proof")
    send_page(client, draft, "papers", {"income_proof": [one, two]}, go=f"unfile:income_proof.{one}")
    assert loaded(draft)["income_proof"] == [two]


def test_one_draft_of_a_service_is_gone_on_with(client: Client) -> None:
    address = reverse("apply_start", args=["living_aid"])
    assert client.post(address)["Location"] == client.post(address)["Location"]
    assert Draft.objects.count() == 1


def test_a_draft_is_thrown_away(client: Client) -> None:
    draft = begin(client, "living_aid")
    client.post(reverse("apply_discard", args=[draft.public_id]))
    assert not Draft.objects.exists()


def test_the_receipt_meets_whoever_comes_back_to_a_sent_draft(office: Office, client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    fill(client, draft, dossier_answers(office))
    send(client, draft)
    receipt = reverse("receipt", args=[Case.objects.get().public_id])
    for name, more in (("apply_resume", []), ("apply_check", []), ("apply", ["person"])):
        assert client.get(reverse(name, args=[draft.public_id, *more]))["Location"] == receipt


MEMBER = {"name": "吴春生", "phone": "13900005678"}


def test_a_handler_files_for_a_member(office: Office, log_in: LogIn) -> None:
    handler, number = log_in("handler"), id_number(77, "19760310")
    handler.post(reverse("apply_member", args=["hardship_dossier"]), MEMBER | {"id_no": number})
    draft = Draft.objects.get()
    name = ["吴春生"]
    assert loaded(draft) == {"name": name, "account_name": name, "id_no": [number], "phone": ["13900005678"]}
    fill(handler, draft, dossier_answers(office, "worker", name="吴春生", id_no=number, by="handler"))
    assert send(handler, draft).status_code == 302
    case = Case.objects.get()
    assert (case.applicant.name, case.filed_by) == ("吴春生", office.users["handler"])
    assert "吴春生" in text_of(handler.get(reverse("my_case", args=[case.public_id])))


def test_a_handler_files_where_the_form_does_not_ask_for_the_person(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    handler, person = log_in("handler"), office.users["worker"].person
    about = {"name": person.name, "id_no": persons.plain_for_system(person, "id_no"), "phone": "13900001234"}
    handler.post(reverse("apply_member", args=["living_aid"]), about)
    draft = Draft.objects.get(for_person=person)
    assert person.name in text_of(handler.get(reverse("apply", args=[draft.public_id, "request"])))
    answers = living_answers(office) | {"income_proof": [office.upload("handler", "income_proof")]}
    fill(handler, draft, answers)
    assert send(handler, draft).status_code == 302
    assert Case.objects.filter(key="living_aid", applicant=person, filed_by=office.users["handler"]).exists()


@pytest.mark.promise("R2")
def test_a_handler_of_another_union_cannot_file(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    office.hire("other_handler", "unit_handler", "other_union")
    handler, person = log_in("other_handler"), office.users["worker"].person
    about = {"name": person.name, "id_no": persons.plain_for_system(person, "id_no"), "phone": "13900001234"}
    handler.post(reverse("apply_member", args=["living_aid"]), about)
    draft = Draft.objects.get(for_person=person)
    fill(handler, draft, living_answers(office) | {"income_proof": [office.upload("other_handler", "income_proof")]})
    assert send(handler, draft).status_code == 403
    assert not Case.objects.filter(key="living_aid").exists()


def test_the_member_page_keeps_what_was_typed(log_in: LogIn) -> None:
    answer = log_in("handler").post(reverse("apply_member", args=["living_aid"]), MEMBER | {"id_no": "123"})
    assert answer.status_code == 422
    assert {"吴春生", "13900005678", "123"} <= set(values_in(answer))
    assert not Draft.objects.exists()


def test_only_handlers_have_the_member_page(client: Client) -> None:
    assert client.get(reverse("apply_member", args=["living_aid"])).status_code == 404
