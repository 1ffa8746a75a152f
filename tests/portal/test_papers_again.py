"""Papers and their dates: one that has run out is refused beside its upload; one that was handed in before, with a case
of one's own, is offered again, and nobody else's ever is."""
import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.documents.models import Document
from casework.forms import drafts
from casework.forms.models import Draft
from casework.oversight import bundle
from casework.people import persons
from casework.programmes.loader import programme_of
from tests import walk
from tests.filled import dossier_answers, living_answers
from tests.office import Office
from tests.portal.conftest import LogIn
from tests.portal.typed import begin, fill, loaded, send, send_page, text_of, typed_page
from tests.services import bills

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(log_in: LogIn) -> Client:
    return log_in("worker")


def page_of(client: Client, draft: Draft, key: str) -> Any:
    return client.get(reverse("apply", args=[draft.public_id, key]))


def page_with(draft: Draft, field: str) -> Any:
    form = programme_of(draft.programme).form
    return next(page for page in form.pages if any(item.key == field for item in page.items()))


def ticks(answer: Any, field: str) -> list[str]:
    """The files that are offered again for a question."""
    box = rf'<input type="checkbox"[^>]*name="{field}" value="([0-9a-f-]+)" data-again'
    return re.findall(box, answer.content.decode())


def offered(client: Client, key: str, field: str) -> list[str]:
    draft = begin(client, key)
    return ticks(page_of(client, draft, page_with(draft, field).key), field)


def days_ago(office: Office, days: int) -> str:
    return (office.now.date() - dt.timedelta(days=days)).isoformat()


def ids(documents: Iterable[Document]) -> list[str]:
    return [str(one.public_id) for one in documents]


def test_a_paper_older_than_it_counts_is_refused_beside_its_date(office: Office, client: Client) -> None:
    walk.dossier(office)
    draft = begin(client, "living_aid")
    page = page_with(draft, "income_proof")
    answers = living_answers(office)
    old = typed_page(page, answers) | {"income_proof_dated": days_ago(office, 200)}
    answer = send_page(client, draft, page.key, old)
    assert answer.status_code == 422
    told = text_of(answer)
    assert "只到" in told and "请向开具单位重新开具" in told
    assert old["income_proof_dated"] in answer.content.decode(), "the date stands there still"
    assert loaded(draft)["income_proof"] == answers["income_proof"], "the file is kept"
    fresh = send_page(client, draft, page.key, old | {"income_proof_dated": days_ago(office, 20)})
    assert fresh.status_code == 302


@pytest.mark.parametrize("key", ["hardship_dossier", "living_aid"])
def test_of_payslips_over_a_period_the_date_of_the_latest_is_asked(office: Office, client: Client, key: str) -> None:
    """Twelve of them begin a year ago; the earliest would never count."""
    if key == "living_aid":
        walk.dossier(office)
    draft = begin(client, key)
    page = page_of(client, draft, page_with(draft, "income_proof").key).content.decode()
    field = page.partition('id="r-income_proof_dated"')[2].partition("</p>")[0]
    assert "最近的一份" in field and "最早" not in field


def test_an_ended_labour_contract_proves_that_work_was_lost(office: Office, client: Client) -> None:
    draft = begin(client, "hardship_dossier")
    page = page_with(draft, "labour_contract")
    assert "labour_contract_dated" not in page_of(client, draft, page.key).content.decode()
    contract = office.upload("worker", "labour_contract")
    fill(client, draft, dossier_answers(office, labour_contract=[contract]))
    assert send(client, draft).status_code == 302
    assert Case.objects.latest("id").documents.filter(kind="labour_contract").count() == 1


def test_it_must_count_on_the_day_of_handing_in(office: Office, client: Client) -> None:
    walk.dossier(office)
    draft = begin(client, "living_aid")
    fill(client, draft, living_answers(office) | {"income_proof_dated": days_ago(office, 150)})
    office.now += dt.timedelta(days=60)
    answer = send(client, draft)
    assert answer.status_code == 422
    assert "只到" in text_of(answer)


def test_without_a_date_the_application_is_taken_and_the_desk_is_told(
    office: Office, client: Client, log_in: LogIn
) -> None:
    walk.dossier(office)
    draft = begin(client, "living_aid")
    fill(client, draft, living_answers(office))
    assert send(client, draft).status_code == 302
    case = Case.objects.latest("id")
    desk = text_of(log_in("handler").get(reverse("desk_case", args=[case.public_id])))
    assert "没有填写日期" in desk


def test_what_was_handed_in_before_is_used_again(office: Office, client: Client, log_in: LogIn) -> None:
    dossier = walk.dossier(office, income_proof_dated=days_ago(office, 30))
    first = dossier.documents.get(kind="income_proof")
    draft = begin(client, "living_aid")
    page = page_with(draft, "income_proof")
    shown = page_of(client, draft, page.key)
    assert str(first.public_id) in ticks(shown, "income_proof")
    assert "随“困难职工建档”提交的“收入证明”" in text_of(shown)
    fill(client, draft, living_answers(office, income_proof=[str(first.public_id)]))
    again = page_of(client, draft, page.key)
    assert ticks(again, "income_proof") == [], "it stands among the files now"
    assert send(client, draft).status_code == 302
    case = Case.objects.latest("id")
    own = case.documents.get(kind="income_proof")
    first.refresh_from_db()
    assert (own.sha256, own.dated, own.came_from) == (first.sha256, first.dated, dossier.number)
    assert own.public_id != first.public_id and first.case == dossier, "each case has its own row"
    event = Event.objects.get(subject_kind="case", subject_id=str(case.public_id), n=1)
    assert event.data["documents"][0]["came_from"] == dossier.number
    desk = log_in("handler")
    told = text_of(desk.get(reverse("desk_case", args=[case.public_id])))
    assert f"沿用案件 {dossier.number}" in told
    assert desk.get(reverse("desk_file", args=[case.public_id, own.public_id])).status_code == 200
    names = bundle.build(case, office.now)
    assert str(own.public_id).encode() in names.read()
    call_command("audit_verify")


def test_day_service_and_name_of_an_offer_are_those_of_the_first_hand_in(office: Office, client: Client) -> None:
    first = walk.dossier(office, income_proof_dated=days_ago(office, 30)).documents.get(kind="income_proof")
    handed_in = local_date(first.uploaded_at)
    office.now += dt.timedelta(days=3)
    draft = begin(client, "living_aid")
    fill(client, draft, living_answers(office, income_proof=[str(first.public_id)]))
    assert send(client, draft).status_code == 302
    office.now += dt.timedelta(days=3)
    later = begin(client, "living_aid")
    shown = page_of(client, later, page_with(later, "income_proof").key)
    assert len(ticks(shown, "income_proof")) == 1, "once for each file"
    words = f"{handed_in.year}年{handed_in.month}月{handed_in.day}日 随“困难职工建档”提交的“收入证明”"
    assert words in text_of(shown)
    assert "随“生活救助”提交" not in text_of(shown)


def test_an_old_paper_is_not_offered(office: Office, client: Client) -> None:
    walk.dossier(office, income_proof_dated=days_ago(office, 30))
    assert offered(client, "living_aid", "income_proof")
    office.now += dt.timedelta(days=170)
    assert offered(client, "living_aid", "income_proof") == []


def test_the_card_of_a_parent_is_not_offered_as_that_of_the_child(office: Office, client: Client) -> None:
    walk.dossier(office.at("2026-06-01"))
    office.at("2026-08-10")
    assert offered(client, "mutual_claim_hospital", "id_card"), "his own is"
    assert offered(client, "tuition_aid", "student_id") == []


def test_the_papers_of_a_stay_in_hospital_are_offered_for_the_illness_found_there(
    office: Office, client: Client
) -> None:
    claim = bills.claim(office, id_card_dated=days_ago(office, -20))
    card, discharge = claim.documents.get(kind="id_card"), claim.documents.get(kind="discharge")
    assert offered(client, "mutual_claim_critical", "id_card") == ids([card])
    assert str(discharge.public_id) in offered(client, "mutual_claim_critical", "medical_record")
    assert str(discharge.public_id) in offered(client, "mutual_claim_critical", "pathology")
    draft = begin(client, "mutual_claim_critical")
    page = page_with(draft, "id_card")
    typed = typed_page(page, {"id_card": [office.upload("worker", "id_card")]})
    answer = send_page(client, draft, page.key, typed | {"id_card_dated": days_ago(office, 1)})
    assert answer.status_code == 422 and "只到" in text_of(answer), "a card that has run out"
    office.now += dt.timedelta(days=30)
    assert offered(client, "mutual_claim_critical", "id_card") == []


def test_a_paper_without_a_date_is_offered_as_long_as_it_may_count(office: Office, client: Client) -> None:
    walk.dossier(office)
    assert len(offered(client, "living_aid", "income_proof")) == 1
    office.now += dt.timedelta(days=200)
    assert offered(client, "living_aid", "income_proof") == [], "it was made out before it was handed in"


def test_a_paper_of_another_name_is_offered_under_the_word_both_services_share(office: Office, client: Client) -> None:
    claim = bills.claim(office)
    bill, discharge = (claim.documents.get(kind=kind) for kind in ("settlement", "discharge"))
    assert offered(client, "medical_aid", "diagnosis_paper") == ids([discharge, bill])
    assert offered(client, "living_aid", "application") == []


@pytest.mark.parametrize("outcome", ["withdrawn", "unclear"])
def test_what_was_withdrawn_or_found_wanting_is_not_offered(office: Office, client: Client, outcome: str) -> None:
    case = walk.dossier_case(office)
    if outcome == "withdrawn":
        office.do(case, "withdraw", "worker")
    else:
        office.now += dt.timedelta(hours=1)
        office.do(case, "unit_check.one_time_notice", "handler", items=walk.ITEMS)
    assert offered(client, "legal_aid", "id_card") == []


def paper_of_the_neighbour(office: Office) -> Document:
    """A paper of somebody else's case, with a name of its own."""
    paper = walk.dossier_case(office, "neighbour").documents.get(kind="income_proof")
    paper.name = "邻居的流水.jpg"
    paper.save()
    return paper


def noted_on(paper: Document) -> tuple[str, int]:
    """What the access log of a paper's case says of the one attempt on it: the action and the user."""
    assert paper.case is not None
    noted = Event.objects.get(subject_kind="access", subject_id=str(paper.case.public_id), action="refused_attempt")
    return noted.data["action"], noted.actor["user"]


@pytest.mark.promise("R2")
def test_nobody_elses_paper_is_offered_or_taken(office: Office, client: Client, log_in: LogIn) -> None:
    card = paper_of_the_neighbour(office)
    assert offered(client, "hardship_dossier", "income_proof") == []
    draft = begin(client, "hardship_dossier")
    page = page_with(draft, "income_proof")
    typed = typed_page(page, dossier_answers(office, income_proof=[str(card.public_id)]))
    answer = send_page(client, draft, page.key, typed)
    assert answer.status_code == 422, "as if nothing had been uploaded"
    assert card.name not in text_of(answer)
    assert loaded(draft)["income_proof"] == []
    assert noted_on(card) == ("use_file", office.users["worker"].pk)


@pytest.mark.promise("R2")
def test_a_draft_that_saves_itself_takes_nobody_elses_paper(office: Office, client: Client) -> None:
    paper = paper_of_the_neighbour(office)
    draft = begin(client, "hardship_dossier")
    page = page_with(draft, "income_proof")
    own = dossier_answers(office)["income_proof"]
    typed = typed_page(page, dossier_answers(office, income_proof=[str(paper.public_id), *own]))
    where = reverse("apply_save", args=[draft.public_id, page.key])
    assert client.post(where, typed | {"seen_revision": "0"}).status_code == 200
    assert loaded(draft)["income_proof"] == own
    assert paper.name not in text_of(page_of(client, draft, page.key))
    assert noted_on(paper) == ("use_file", office.users["worker"].pk)


@pytest.mark.promise("R2")
def test_nobody_elses_paper_comes_back_with_what_was_typed_before_a_login_ended(
    office: Office, client: Client
) -> None:
    paper = paper_of_the_neighbour(office)
    draft = begin(client, "hardship_dossier")
    page = page_with(draft, "income_proof")
    mark = re.search(r'name="page_of" value="([^"]+)"', page_of(client, draft, page.key).content.decode())
    assert mark is not None
    client.logout()
    typed = typed_page(page, dossier_answers(office, income_proof=[str(paper.public_id)]))
    send_page(client, draft, page.key, typed, page_of=mark[1])
    client.force_login(office.users["worker"])
    shown = page_of(client, draft, page.key)
    assert "已恢复到本页" in text_of(shown)
    assert paper.name not in text_of(shown)
    assert noted_on(paper) == ("use_file", office.users["worker"].pk)


@pytest.mark.promise("R2")
def test_a_draft_shows_the_files_of_its_owner_whatever_stands_in_it(office: Office, client: Client) -> None:
    paper = paper_of_the_neighbour(office)
    draft = begin(client, "hardship_dossier")
    page = page_with(draft, "income_proof")
    own = dossier_answers(office)["income_proof"]
    Document.objects.filter(public_id__in=own).update(name="我的.pdf")
    drafts.save(draft, {"income_proof": [str(paper.public_id), *own]}, page.key, 0, office.now)
    for shown in (page_of(client, draft, page.key), client.get(reverse("apply_check", args=[draft.public_id]))):
        assert paper.name not in text_of(shown)
        assert "我的.pdf" in text_of(shown)


@pytest.mark.promise("R2")
def test_the_household_of_another_login_is_not_ones_own(office: Office, client: Client) -> None:
    me = office.users["worker"].person
    assert me is not None
    answers = dossier_answers(office, "neighbour")
    answers["members"][0] |= {"name": me.name, "id_no": persons.plain_for_system(me, "id_no")}
    office.apply("neighbour", "hardship_dossier", answers)
    assert offered(client, "legal_aid", "id_card") == []


def test_a_handler_is_offered_no_paper_of_his_members(office: Office, log_in: LogIn) -> None:
    """Neither theirs nor his own, though it is the login with which he applied for himself before."""
    login = office.users["handler"]
    login.office = None
    login.save()
    walk.dossier_case(office)
    own = walk.dossier_case(office, "handler")
    assert own.documents.filter(kind="income_proof", owner=login, duty_role="").exists()
    handler = log_in("handler")
    me = office.users["worker"].person
    assert me is not None
    about = {"name": me.name, "id_no": persons.plain_for_system(me, "id_no"), "phone": "13900001234"}
    answer = handler.post(reverse("apply_member", args=["hardship_dossier"]), about)
    assert answer.status_code == 302
    draft = Draft.objects.latest("id")
    shown = page_of(handler, draft, page_with(draft, "income_proof").key)
    assert ticks(shown, "income_proof") == []
