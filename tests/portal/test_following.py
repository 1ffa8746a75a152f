"""Following one's own cases: what is told in each standing, what can be done, and that nobody else's exist."""
import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.cases.models import Case
from casework.documents import store
from casework.notifications.models import Message
from casework.papers.models import Paper
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office, picture
from tests.portal.conftest import LogIn
from tests.portal.typed import bare, text_of, values_in

pytestmark = pytest.mark.django_db
NOTICE = [
    {"item": "id_card", "problem": "UNCLEAR", "wanted": "身份证正反面清晰照片"},
    {"item": "income_proof", "problem": "MISSING", "wanted": "近 12 个月收入证明"},
]


@pytest.fixture
def client(log_in: LogIn) -> Client:
    return log_in("worker")


@pytest.fixture
def asked(office: Office) -> Case:
    """A case whose applicant is to hand in what is missing."""
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=NOTICE)
    return office.fresh(case)


def page_of(client: Client, case: Case) -> str:
    return text_of(client.get(reverse("my_case", args=[case.public_id])))


def act(case: Case, action: str) -> str:
    return reverse("my_act", args=[case.public_id, action])


def test_what_is_missing_stands_first(client: Client, asked: Case) -> None:
    told = page_of(client, asked)
    assert told.index("现在请您") < told.index("身份证正反面清晰照片") < told.index("办理步骤")
    for words in ("不清晰", "近 12 个月收入证明", "2026年12月14日", "等待您补正材料", act(asked, "supplement")):
        assert words in told or words in client.get(reverse("my_case", args=[asked.public_id])).content.decode(), words
    assert act(asked, "supplement") in client.get(reverse("my_home")).content.decode(), "and on the start page"


def test_what_a_missing_paper_looks_like_is_told_on_the_page_and_in_the_letter(office: Office, client: Client) -> None:
    walk.dossier(office)
    case = walk.living_case(office)
    wanted = {"item": "application", "problem": "UNSIGNED", "wanted": "本人签名的申请书"}
    office.do(case, "unit_check.one_time_notice", "handler", items=[wanted])
    sample = "特申请生活救助"
    assert sample in page_of(client, case)
    assert sample in text_of(client.get(act(case, "supplement")))
    assert sample in text_of(client.get(reverse("programme", args=["living_aid"])))
    assert sample in Paper.objects.get(case=case, kind="one_time_notice").data["items"][0]["sample"]


def test_the_reckoning_is_told_line_by_line(office: Office, client: Client) -> None:
    told = page_of(client, walk.dossier_case(office, income=3_000_000, rigid=900_000))
    for words in ("申请人 · 工资", "30,000.00 元", "申请人 · 护理", "9,000.00 元", "875.00 元", "2 人", "相对困难"):
        assert words in told, words


def test_a_refusal_says_why_by_which_rule_and_how_to_appeal(office: Office, client: Client) -> None:
    case = walk.go(office, walk.dossier_case(office, income=60_000_000), walk.DOSSIER, until="review")
    office.do(case, "review.deny", "reviewer", code="INCOME_ABOVE_LINE", opinion="工资单与申报一致,超过标准")
    told = page_of(client, case)
    reason, appeal = "家庭人均月收入不低于低保标准的两倍", "15 日内向上一级工会申请复核"
    for words in (reason, "困难职工建档标准", "工资单与申报一致", appeal):
        assert words in told, words


def test_not_accepted_names_the_right_body(office: Office, client: Client) -> None:
    case = walk.dossier_case(office)
    body = "区民政局社会救助股"
    office.do(case, "unit_check.not_accept", "handler", code="NOT_OUR_MATTER", right_body=body, opinion="属低保")
    assert "区民政局社会救助股" in page_of(client, case)


def test_handing_in_what_was_missing(office: Office, client: Client, asked: Case) -> None:
    page = client.get(act(asked, "supplement"))
    assert page.status_code == 200
    values = {"seen": asked.event_n, "key": str(uuid.uuid4()), "go": "send", "note": "补拍了身份证"}
    card, proof = SimpleUploadedFile("id.jpg", picture(3)), SimpleUploadedFile("pay.jpg", picture(4))
    answer = client.post(act(asked, "supplement"), values | {"id_card": card, "income_proof": proof})
    assert answer.status_code == 302
    assert office.state(asked) == "submitted"
    told = page_of(client, asked)
    assert "id.jpg" in told
    assert "pay.jpg" in told
    again = client.post(act(asked, "supplement"), values, follow=True)
    assert "材料已收到" in text_of(again), "a second click is told the same"


def test_a_supplement_that_lacks_a_paper_keeps_the_rest(office: Office, client: Client, asked: Case) -> None:
    values = {"seen": asked.event_n, "key": "k", "go": "send", "note": "先交一部分，<收入>证明明天开",
              "id_card": SimpleUploadedFile("id.jpg", picture(3))}
    answer = client.post(act(asked, "supplement"), values)
    assert answer.status_code == 422
    assert "先交一部分，<收入>证明明天开" in values_in(answer)
    assert "id.jpg" in text_of(answer)
    assert office.state(asked) == "supplement"


def test_from_an_old_screen_nothing_is_done(office: Office, client: Client, asked: Case) -> None:
    old = {"seen": asked.event_n - 1, "key": "k", "go": "send", "opinion": "不需要了"}
    answer = client.post(act(asked, "withdraw"), old)
    assert answer.status_code == 409
    assert "不需要了" in values_in(answer)
    assert office.state(asked) == "supplement"


def test_a_mangled_key_is_no_error(office: Office, client: Client, asked: Case) -> None:
    answer = client.post(act(asked, "withdraw"), {"seen": asked.event_n, "key": "\0", "go": "send"})
    assert answer.status_code == 302
    assert office.state(asked) == "withdrawn"


def test_withdrawing(office: Office, client: Client, asked: Case) -> None:
    client.post(act(asked, "withdraw"), {"seen": asked.event_n, "key": "k", "go": "send"})
    assert office.state(asked) == "withdrawn"
    assert "申请已撤回" in page_of(client, asked)


@pytest.fixture
def living(office: Office) -> Case:
    """An approved aid, before its payment."""
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING)


def test_a_payment_that_came_back_asks_for_another_card(office: Office, client: Client, living: Case) -> None:
    walk.settle(office, living, returned=True)
    told = page_of(client, living)
    for words in ("银行退回了款项", "账户已销户", "****0128", "5,000.00"):
        assert words in told, words
    living = office.fresh(living)
    number = "6217001234567890123"
    card = {"card_no": number, "card_no.again": number, "bank": "中国邮政储蓄银行", "confirm": "true"}
    mistyped = card | {"card_no.again": "6217001234567890132"}
    refused = client.post(act(living, "new_card"), {"seen": living.event_n, "key": "k", "go": "send"} | mistyped)
    assert refused.status_code == 422 and "两次输入不一致" in refused.content.decode()
    answer = client.post(act(living, "new_card"), {"seen": living.event_n, "key": "k", "go": "send"} | card)
    assert answer.status_code == 302
    assert office.fresh(living).account.last4 == "0123"


def test_rating_ends_the_case(office: Office, client: Client, living: Case) -> None:
    walk.settle(office, living)
    living = office.fresh(living)
    assert act(living, "rate.give") in client.get(reverse("my_case", args=[living.public_id])).content.decode()
    assert client.post(act(living, "rate.give"), {"seen": living.event_n, "key": "k", "go": "send"}).status_code == 422
    client.post(act(living, "rate.give"), {"seen": living.event_n, "key": "k", "go": "send", "stars": "5"})
    assert office.state(living) == "closed"


@pytest.mark.promise("R2")
@pytest.mark.parametrize("name", ["my_case", "receipt"])
def test_absent_and_another_persons_case_answer_alike(log_in: LogIn, asked: Case, name: str) -> None:
    stranger = log_in("neighbour")
    foreign, absent = (stranger.get(reverse(name, args=[key])) for key in (asked.public_id, uuid.uuid4()))
    assert foreign.status_code == absent.status_code == 404
    pages = [bare(one).replace(one.request["PATH_INFO"].split("/")[3], "") for one in (foreign, absent)]
    assert pages[0] == pages[1]


@pytest.mark.promise("R2")
@pytest.mark.parametrize("action", ["supplement", "withdraw", "unit_check.pass", "nonsense"])
def test_nobody_acts_on_another_persons_case(office: Office, log_in: LogIn, asked: Case, action: str) -> None:
    stranger = log_in("neighbour")
    assert stranger.get(act(asked, action)).status_code == 404
    assert stranger.post(act(asked, action), {"seen": asked.event_n, "key": "k", "go": "send"}).status_code == 404
    assert office.state(asked) == "supplement"


def test_the_offices_moves_are_not_the_applicants(client: Client, asked: Case) -> None:
    assert client.get(act(asked, "unit_check.pass")).status_code == 404


@pytest.mark.promise("R2")
def test_files_open_for_their_owner_only(office: Office, log_in: LogIn, asked: Case) -> None:
    document = asked.documents.order_by("id").first()
    address = reverse("my_file", args=[document.public_id])
    assert log_in("worker").get(address).status_code == 200
    assert log_in("worker").get(address + "?small")["Content-Type"] == "image/jpeg"
    assert log_in("neighbour").get(address).status_code == 404


def test_papers_of_offices_are_not_listed(office: Office, client: Client) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="discuss")
    told = page_of(client, case)
    assert "id_card.jpg" in told
    assert "photos.jpg" not in told


@pytest.mark.promise("R2")
def test_letters_open_for_the_applicant_only(office: Office, log_in: LogIn, asked: Case) -> None:
    letter = Paper.objects.get(case=asked, kind="one_time_notice")
    letter.document = store.keep(b"%PDF-1.7", letter.kind, "notice.pdf", "application/pdf", office.now, case=asked)
    letter.save()
    address = reverse("my_letter", args=[letter.public_id])
    assert address in log_in("worker").get(reverse("my_case", args=[asked.public_id])).content.decode()
    assert log_in("worker").get(address).status_code == 200
    assert log_in("neighbour").get(address).status_code == 404
    Paper.objects.filter(pk=letter.pk).update(kind="approval_form")
    assert log_in("worker").get(address).status_code == 404, "what offices wrote to each other stays inside"


def test_a_thousand_cases_come_page_by_page(office: Office, client: Client) -> None:
    first = walk.dossier_case(office)
    rows = [
        Case(number=f"HD-{n:04d}", query_code="x", programme=first.programme, key=first.key, applicant=first.applicant,
             filed_by=first.filed_by, organisation=first.organisation, state="draft", created_at=office.now)
        for n in range(999)
    ]
    Case.objects.bulk_create(rows)
    client.get(reverse("my_cases"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("my_cases"))
    assert len(queries) <= 14, [query["sql"][:80] for query in queries]
    assert page.content.decode().count("HD-") == 20
    seen, address = 0, reverse("my_cases")
    while address:
        page = client.get(address)
        seen += len(page.context["rows"])
        address = page.context["next"]
    assert seen == 1000
    assert client.get(reverse("my_cases") + "?before=%F0%9F%98%80").status_code == 200


def test_home_without_anything_invites(log_in: LogIn) -> None:
    assert "您还没有申请过" in text_of(log_in("neighbour").get(reverse("my_home")))
    assert "还没有申请" in text_of(log_in("neighbour").get(reverse("my_cases")))
    assert "还没有消息" in text_of(log_in("neighbour").get(reverse("inbox")))


def test_messages_are_read_and_counted(office: Office, client: Client, asked: Case) -> None:
    page = client.get(reverse("inbox"))
    assert "请补正材料" in text_of(page)
    assert reverse("my_case", args=[asked.public_id]) in page.content.decode()
    unread = Message.objects.filter(recipient=office.users["worker"], read_at__isnull=True, channel="inapp")
    assert unread.exists()
    newest = unread.order_by("-id")[0]
    there = reverse("my_case", args=[newest.case.public_id])
    assert there in client.get(reverse("my_home")).content.decode(), "the start page leads to its case"
    client.post(reverse("inbox_read"))
    assert not unread.exists()


def test_an_officers_message_leads_to_the_desk(office: Office, log_in: LogIn, asked: Case) -> None:
    row = Message.objects.filter(case=asked).first()
    Message.objects.create(event=row.event, case=asked, recipient=office.users["reviewer"], channel="inapp",
                           template="task_overdue", params={}, next_try=office.now, created_at=office.now)
    page = log_in("reviewer").get(reverse("inbox")).content.decode()
    assert reverse("desk_case", args=[asked.public_id]) in page


def test_the_last_day_of_a_limit_is_told_not_the_day_after(office: Office, client: Client) -> None:
    case = walk.dossier_case(office)
    assert office.task(case, "unit_check").due_at == dt.datetime(2026, 11, 26, 16, tzinfo=dt.UTC)
    assert "2026年11月26日" in page_of(client, case)
    assert "2026年11月27日" not in page_of(client, case)


def test_filed_by_a_handler_the_case_is_on_both_sides(office: Office, log_in: LogIn) -> None:
    answers = dossier_answers(office, "worker", by="handler")
    case = office.apply("handler", "hardship_dossier", answers)
    for who in ("handler", "worker"):
        assert case.number in page_of(log_in(who), case), who
    assert "李建国" in text_of(log_in("handler").get(reverse("my_cases")))


def test_while_the_notice_hangs_the_clock_rests_and_its_days_are_given_back(client: Client, office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, until="unit_notice")
    assert "正在公示" not in page_of(client, case)
    walk.enter_phase(office, case, "unit_notice", "posted")
    assert "正在公示" in page_of(client, case)
    office.now = case.notices.get().ends_at
    office.tick()
    told = page_of(client, case)
    assert "正在公示" not in told
    assert "暂停顺延 5 个工作日" in told
